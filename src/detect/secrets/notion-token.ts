import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'notion-token',
  family: 'secret',
  summary: 'Notion integration tokens: ntn_ with 11 digits and 35 characters, older ones secret_ and 43.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:ntn_\d{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `NOTION_TOKEN=${'ntn_'}21267835046r7Q4MKFUXgPq481NlQoVOimh3pMcLfKzoiZ`,
    `curl -H "X-Token: ${'secret_'}r7QzuVOjI84bvJynyQV5cWPorzbOyUjL9qS6RmD4yuu" https://api.example.com/v1`,
    `const client = new Client("${'ntn_'}42256542555r7QaNsIdW1jkxNqQbEO4o521BV9DrtHcnH6");`,
    `the key is ${'secret_'}r7QqLK61SEY9qQhOr1xBV888wdJTct4EK6CuKmdBuu3, please rotate it`,
  ],
  ignores: [
    `${'ntn_'}6995359564`,
    `x${'ntn_'}69953595645r7QRcCmJoCtOjHUiC4BJXlkq89zAsgkNWUe`,
    `${'ntn_'}${'x'.repeat(46)}`,
    'ntn_ is how such a token begins',
    'ntn_2024112012ab',
    'secret_manager_configuration_for_the_production_env',
  ],
});
