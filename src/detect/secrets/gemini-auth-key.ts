import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gemini-auth-key',
  family: 'secret',
  summary: 'Google auth keys, which Gemini takes beside API keys: prefix AQ.Ab and 48 characters or more.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // ai.google.dev/gemini-api/docs/api-key.
  pattern: /\bAQ\.Ab[A-Za-z0-9_-]{47,80}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GEMINI_API_KEY=${'AQ.Ab'}exEHxCV3--dumzh8krRyv3cjc-bzhHM5s6XXmyhXQ2b5Krp0R6`,
    `{"token":"${'AQ.Ab'}uv1Czb3URj1MkPwX_ka7eVzTXR9pKO2jJckLPxfb7bsV0Hd9oI"}`,
    `my Gemini key is ${'AQ.Ab'}22jC8fqf6Ca1ezExRDDmGG1MHZlApi89aAY6sA7xxHv6l9UF9d, what do I do with it?`,
    `client = Client('${'AQ.Ab'}8dxA_raNFbMkoo5kmozpi_OvPBr2cdJLT1bc5gCO7FCOPOfsHY')`,
  ],
  ignores: [
    `${'AQ.Ab'}ao9h5SlWZCzJs6Dd`,
    `${'AQ.Ab'}0000000000000000000000000-0000000000_0000000000000`,
    `q${'AQ.Ab'}Sd37gl4jAYtzWKjRJ-l_21dIKR4W7t2IUsZsUy9uI2nicgdMBN`,
    'a key of Gemini begins with AQ.Ab and is kept in the vault',
    'GEMINI_API_KEY=<your Gemini key>',
  ],
});
