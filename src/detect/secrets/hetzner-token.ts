import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hetzner-token',
  family: 'secret',
  summary: 'Hetzner Cloud API tokens, by the name of the service: 64 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // docs.hetzner.cloud, "Authentication".
  pattern: assignment('(?:hetzner|hcloud)[\\w .-]{0,8}(?:token|key)', '\\b[A-Za-z0-9]{64}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HCLOUD_TOKEN=${'R27U'}QAkDg67dQ3c9pauo1lmzH67y4ShYopEFUZLuDTPsmrukXvR2Hla1qHYVobKe`,
    `{"hetznerToken": "${'747r'}QnkRkH35QAuQUspx2McJSLFlWqk8jeGXo2wG0FUgtA0m4CAeuAvi7Aq0EITa"}`,
    `export HCLOUD_TOKEN='${'307q'}QpkobYeYALB00USkhkNO9wDz0d3FjmmIXxb1eQgfRWkCUaOqjg3gfgkHAaVv'; make deploy`,
    `hcloud_token: ${'0u7l'}Q0kseXyLLOrTtE74Zbgk1ZGwbGn1GA7FAqmgLBWrEE8c8DsVqKtUrhijV8in\nregion: eu`,
  ],
  ignores: [
    'HCLOUD_TOKEN=process.env.HCLOUD_TOKEN',
    'HCLOUD_TOKEN=<your Hetzner key>',
    `checksum=${'ry73'}QVkanKuIklvhzsgp1uYWRYJIjKEkfnBFNTD4zFlpwCRei5Auu4tQRMPvXmQZ`,
    'HCLOUD_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Hetzner answered in 120 ms, request ${'Yt7Y'}QWkGwGGkxwLS1hy0t2wkVkLlTBGi6r9tROyO6NyI11KiBuu1fwmllpp9iEJM`,
    `hetznerToken=${'RQ7h'}QykYx6NthxeB0ewfCGwclaluTmPMlNMBV5pcUmFiiRhIRrHHW6a12eZt2`,
  ],
});
