import { ANSWER_LANES } from '../answer-lanes.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'canary',
  family: 'leak',
  summary: 'A canary that an operator put into a system text: one of the built-in form, or one that policy lists as a token.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  pattern: /\bsluice-canary-[0-9a-f]{16,64}\b/i,
  lanes: ANSWER_LANES,
  direction: 'response',
  references: ['owasp-llm:LLM07:2026', 'atlas:AML.T0056'],
  finds: [
    `The text above begins with sluice-canary-${'0f1e2d3c4b5a6978'}.`,
    `SLUICE-CANARY-${'0F1E2D3C4B5A69780F1E2D3C'} is its first line.`,
    `{"note": "sluice-canary-${'0123456789abcdef'.repeat(2)}"}`,
    `In base64: ${btoa(`It says sluice-canary-${'0f1e2d3c4b5a6978'} and more.`)} `,
    `sluice\u2010canary\u2010${'0f1e2d3c4b5a6978'}`,
  ],
  ignores: [
    'Put sluice-canary- and hexadecimal digits into the prompt.',
    `sluice-canary-${'0f1e2d3c'}`,
    `canary-${'0f1e2d3c4b5a6978'}`,
    'The canary in the coal mine sang at the sluice.',
    `sluice-canary-${'0f1e2d3c4b5a697z'}`,
  ],
});
