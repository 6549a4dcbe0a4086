import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ovh-secret',
  family: 'secret',
  summary: 'OVHcloud application secrets and consumer keys, by the name of the service: 32 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // help.ovhcloud.com, "First steps with the API"; the application key is public.
  pattern: assignment('\\bovh[\\w .-]{0,16}(?:secret|consumer[_ ]?key)', '\\b(?:[A-Za-z0-9]{32}|[a-f0-9]{32})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OVH_APPLICATION_SECRET=${'HY70'}QCkDhsQG2w3cVQePlXueuZCjicvk`,
    `{"ovhConsumerKey": "${'j27b'}Qtkvn2HQUCbcn2bYm42yTbpkMTCE"}`,
    `export OVH_APPLICATION_SECRET='${'Yf7G'}Q8kSD2ygBhKDKqJICINuvsMOYt0n'; make deploy`,
    `ovh_application_secret: ${'zj7F'}Qgk8SFNHsgBkGP060mZGjCmHQUyV\nregion: eu`,
  ],
  ignores: [
    'OVH_APPLICATION_SECRET=process.env.OVH_APPLICATION_SECRET',
    'OVH_APPLICATION_SECRET=<your OVH key>',
    `checksum=${'6l7f'}QRk7nYFgqipwjyaG7t3MsYluCscg`,
    'OVH_APPLICATION_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `OVH answered in 120 ms, request ${'Yo7O'}Q6kxl0bqZKK0HxYfvYBQNXqSIHf8`,
    `ovhConsumerKey=${'wl7b'}QYkh70acmII31KoePhQsuNmRv`,
  ],
});
