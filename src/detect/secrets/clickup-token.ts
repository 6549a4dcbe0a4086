import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'clickup-token',
  family: 'secret',
  summary: 'ClickUp personal tokens: pk_, the user and 32 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bpk_\d{5,10}_[A-Z0-9]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| CLICKUP_TOKEN | ${'pk_'}94695448_I7VGBOOSLY5NPJ3639Q3NK8OI7VQPQTS |`,
    `--token ${'pk_'}35109026_5X3B37XZE9D3ZV16IKC3X0KHWDBHFE1T --verbose`,
    `clickup_token: '${'pk_'}64882873_4F4P8W89GQKT9F0OT3UL0GGYCEWENUAE'`,
    `CLICKUP_TOKEN=${'pk_'}50135623_7EHCUEAKX5LOSNUQGXTA1OOMGUYOFTLI`,
  ],
  ignores: [
    `${'pk_'}76250354_`,
    `x${'pk_'}76250354_4HB931E2A2MDISI7PWAYR0LQ6MFHXU0H`,
    `${'pk_'}${'x'.repeat(41)}`,
    'pk_ is how such a token begins',
    'CLICKUP_TOKEN=process.env.CLICKUP_TOKEN',
    'clickup_token: <your token>',
  ],
});
