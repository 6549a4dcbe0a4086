import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'scalingo-token',
  family: 'secret',
  summary: 'Scalingo API tokens: prefix tk-us- and 48 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developers.scalingo.com, "Authentication".
  pattern: /\btk-us-[A-Za-z0-9_-]{47}(?:\w\b|-\B)/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SCALINGO_API_TOKEN="${'tk-us-'}rc7KQnk0HvcrqfX-MmzyprXaNus5H8nmFsnbR1SaQCUrVsk9"`,
    `{"token":"${'tk-us-'}iV7eQwkRKN2wpl0FjnkLqUmc-yNQL4acrdUzyCFE2utxDXng"}`,
    `my Scalingo key is ${'tk-us-'}ai7_QCk_LwQXNIiygDFb3F9bd-_v2EDC5Nj9lL9aSepX2xPa, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'tk-us-'}Ir74Q6kFh8rVw6YtWVsUTr-h582IOZ9cV9oYE1byRBREIGuy" https://api.example.org/v1`,
    `${'tk-us-'}Tp7uQqkwgWJYF-84uGnz7ID4UvT2KJ8i057k38PEu2_RGKfg`,
  ],
  ignores: [
    `${'tk-us-'}n67_QgkpLxhjUf9WlAkyzseZrZY0Jk5FUd4obHm1nxgac5A`,
    `${'tk-us-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'tk-us-'}HF7iQvkucxV6keDtmfS-A1THz0VFr-OsPrzkzffn6GoHK5Qg`,
    'tokens of Scalingo begin with tk-us- and are kept in the vault',
    'SCALINGO_API_TOKEN=<your Scalingo key>',
  ],
});
