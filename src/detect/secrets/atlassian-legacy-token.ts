import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'atlassian-legacy-token',
  family: 'secret',
  summary: 'Atlassian API tokens from before prefixes, by the name of the product: 24 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // support.atlassian.com, "API tokens" until 2022.
  pattern: assignment('(?:atlassian|jira|confluence)[\\w .-]{0,10}(?:token|key|secret)', '\\b[A-Za-z0-9]{24}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `JIRA_API_TOKEN=${'c67W'}Qxk7EUCpXAB3i0TM27eI`,
    `{"jiraApiToken": "${'CJ7m'}Qdk2HoQCEaNkj3cvGuX0"}`,
    `export JIRA_API_TOKEN='${'Pk7z'}Qlk6IsQxmmW4SnmBxeXE'; make deploy`,
    `jira_api_token: ${'5H7k'}QHkUeb3gc4Jngg7cd5Ck\nregion: eu`,
  ],
  ignores: [
    'JIRA_API_TOKEN=process.env.JIRA_API_TOKEN',
    'JIRA_API_TOKEN=<your Atlassian key>',
    `checksum=${'ad7c'}QWkxAaQtCi0M5CVF99LN`,
    'JIRA_API_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxx',
    `Atlassian answered in 120 ms, request ${'AJ7i'}QXk08tHumPHYYnxV7ocK`,
    `jiraApiToken=${'mJ7V'}Q0kNqHXGtBuYbt4xe`,
  ],
});
