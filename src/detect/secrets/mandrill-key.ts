import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mandrill-key',
  family: 'secret',
  summary: 'Mandrill API keys: md- and 22 characters in mixed case.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\bmd-[A-Za-z0-9_-]{22}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `curl -H "X-Token: ${'md-'}NnWz3tuzkco-2gW741hIjA" https://api.example.com/v1`,
    `mandrill_key: '${'md-'}H4kUZ68n2YuEkjCl-1fxTM'`,
    `| MANDRILL_KEY | ${'md-'}UsWIooC3zE2ApvMe4-ePUY |`,
    `the key is ${'md-'}2daDLlmF_PU-Hc4tp9889A, please rotate it`,
  ],
  ignores: [
    `${'md-'}6Al4`,
    `x${'md-'}6Al433gmD1i2Of255gQ-O1`,
    `${'md-'}${'x'.repeat(22)}`,
    'md- is how such a token begins',
    'md-grid-list-with-columns-and-rows',
    'MANDRILL_KEY=process.env.MANDRILL_KEY',
  ],
});
