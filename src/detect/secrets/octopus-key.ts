import { countDigits } from '../checks/digits.ts';
import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'octopus-key',
  family: 'secret',
  summary: 'Octopus Deploy API keys: API- and 26 upper-case letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // octopus.com/docs, "How to create an API key".
  pattern: /\bAPI-[A-Z0-9]{26}\b/,
  check: isOctopusKey,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OCTOPUS_API_KEY="${'API-'}2EUOEMELQ50AVUN48HOQTZ4R7P"`,
    `token: ${'API-'}QHWLL6F1V79WKM7U61U7H5B3XH\nregion: eu`,
    `my Octopus Deploy key is ${'API-'}K2WLNY76ZKZJQ617DTYQTP1MZ2, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'API-'}FKHC8XYZTVY6YOMT5RB4BV6ZRZ" https://api.example.org/v1`,
    `(${'API-'}3YCQUGB0GQCT8ASPI9S0QEGIBO)`,
  ],
  ignores: [
    `${'API-'}OHPVAEXJ4QC9VD8KU3FQH3U8F`,
    `${'API-'}xxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'API-'}S8T0778GBPJ0PEAGCO01AHBIB4`,
    'tokens of Octopus Deploy begin with API- and are kept in the vault',
    'OCTOPUS_API_KEY=<your Octopus Deploy key>',
    'GSSAPI-VIRTUALIZATIONENVIRONMENTS',
    'API-INTERNATIONALIZATIONSTRING',
  ],
});

/** The check of a candidate: words in capitals have no digits. A page id of 32 digits is longer. */
function isOctopusKey(candidate: string): boolean {
  return countDigits(candidate) > 0 && looksRandom(candidate);
}
