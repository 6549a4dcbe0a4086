import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'replicate-token',
  family: 'secret',
  summary: 'Replicate API tokens: prefix r8_ and 37 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // replicate.com/docs, "API tokens".
  pattern: /\br8_[A-Za-z0-9_-]{36}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `REPLICATE_API_TOKEN="${'r8_'}4U7HQokfM8z7ADySJarAXuLImuaFsNTMpy8An"`,
    `{"token":"${'r8_'}MM77QzkP3AOVKpsQD17PQeG8IOMINEDNoacrA"}`,
    `my Replicate key is ${'r8_'}7479QLk8dmnoxz8QorPgDGlHBCyFbGoa9LO9K, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'r8_'}4E7vQLkGHSqhtMS3Fc6wSnYlsUxyLISO05h5S" https://api.example.org/v1`,
    `--token ${'r8_'}V374QhkBtjt6sqDjP22bADkULW06eXpldtNv6 --verbose`,
  ],
  ignores: [
    `${'r8_'}937ZQOkcegZzDUTKMkQxiNsfQCM9HveqAyQS`,
    `${'r8_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'r8_'}Ty7hQOkzGQTDlZah1PdlHH3PBc7ARsDnefnkY`,
    'tokens of Replicate begin with r8_ and are kept in the vault',
    'REPLICATE_API_TOKEN=<your Replicate key>',
  ],
});
