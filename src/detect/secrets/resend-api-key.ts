import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'resend-api-key',
  family: 'secret',
  summary: 'Resend API keys: re_, 8 characters and 24 more.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `curl -H "X-Token: ${'re_'}r7QXEQ63_r7QzH2zcjajh0w4UBm2B0u0I" https://api.example.com/v1`,
    `| RESEND_API_KEY | ${'re_'}r7QQC4fp_r7QY85KXl3orYqHaKksfah6T |`,
    `the key is ${'re_'}r7QCPB3o_r7QJbD90gBKz9yFj5uWLaVnB, please rotate it`,
    `--token ${'re_'}r7QolbHb_r7Q0ffhoBWIQDShQrsSpj0Eo --verbose`,
  ],
  ignores: [
    `${'re_'}r7QpekD`,
    `x${'re_'}r7QpekDV_r7QhvTgW38EVL6Hxf8t9YRNB`,
    `${'re_'}${'x'.repeat(33)}`,
    're_ is how such a token begins',
    're_compiled_expression_cache_entries_limit',
    'RESEND_API_KEY=process.env.RESEND_API_KEY',
  ],
});
