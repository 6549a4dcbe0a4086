import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cerebras-key',
  family: 'secret',
  summary: 'Cerebras API keys: prefix csk- and 48 lower-case letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // inference-docs.cerebras.ai.
  pattern: /\bcsk-[a-z0-9]{48}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export CEREBRAS_API_KEY='${'csk-'}y84tet40aa95qhq37qncnt9s9opbevf8j9sds2f5lfhj515m'; make deploy`,
    `token: ${'csk-'}vpjqlrl3loy1i0smyecuikizg3hgkan8snswokchpq5hjipd\nregion: eu`,
    `my Cerebras key is ${'csk-'}dg47maabkxi9lj515xw5grxgc1uiexnka6li6r7pac3zhoe5, what do I do with it?`,
    `client = Client("${'csk-'}7jmddaqsthauwypqyoyoddkhuk3xly08u9g6zkljxty1ivnz")`,
    `${'csk-'}06ypx2dvf85ui9xrfxq6c51ocgr2wa7v8feqnckx60zriwn8`,
  ],
  ignores: [
    `${'csk-'}3omtmh6g5du3cpirjbf5t7viszcj7esc75kw97osast8sl5`,
    `${'csk-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'csk-'}jwtyvvgdx0zws0b6pcy5iwbvx8g6a93z5vbpgmdr3t3w4me2`,
    'tokens of Cerebras begin with csk- and are kept in the vault',
    'CEREBRAS_API_KEY=<your Cerebras key>',
  ],
});
