import { detector } from '../detector.ts';

export default detector({
  name: 'openai-key',
  family: 'secret',
  summary: 'OpenAI API keys, legacy and of projects, service accounts and administrators: all carry the marker T3BlbkFJ.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  pattern: /\bsk-(?:[A-Za-z0-9]{20}|(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,100})T3BlbkFJ[A-Za-z0-9_-]{20,100}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `OPENAI_API_KEY=${'sk-'}abcdefghijABCDEFGHIJ${'T3Blbk'}FJabcdefghijABCDEFGHIJ`,
    `Bearer ${'sk-'}proj-${'aB3_'.repeat(18)}ab${'T3Blbk'}FJ${'cD4-'.repeat(18)}cd`,
    `key: ${'sk-'}svcacct-${'aB3x'.repeat(8)}${'T3Blbk'}FJ${'cD4y'.repeat(8)}.`,
    `"${'sk-'}admin-${'aB3x'.repeat(14)}${'T3Blbk'}FJ${'cD4y'.repeat(14)}"`,
  ],
  ignores: [
    `${'sk-'}abcdefghijABCDEFGHIJabcdefghijABCDEFGHIJabcdefgh`,
    `${'sk-'}proj-short${'T3Blbk'}FJshort`,
    `risk-${'abcdefghij'.repeat(4)}`,
    `${'sk_'}live_abcdefghijABCDEFGHIJ${'T3Blbk'}FJabcdefghijABCDEFGHIJ`,
    'T3BlbkFJ is base64 for OpenAI',
    'sk-your-key-here',
  ],
});
