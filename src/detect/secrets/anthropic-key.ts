import { shannonBits } from '../checks/entropy.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'anthropic-key',
  family: 'secret',
  summary: 'Anthropic API and admin keys: prefix with version, 93 characters and the fixed end AA.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // Console keys; 93 characters in base64url and then the padding-free end of the last byte.
  pattern: /\bsk-ant-(?:api|admin)\d{2}-[A-Za-z0-9_-]{93}AA\b/,
  check: isSpread,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ANTHROPIC_API_KEY="${'sk-ant-api03-'}AR7PQvkprkU4c3HPSlsuuOe2rKTUpq4Nv8GVUNBZRhfA6MnYT_NdaylgyEXTAGG7HVFXqDgZYC9H21Z4J7GQE24CafuoqAA"`,
    `{"token":"${'sk-ant-api03-'}MZ7QQBkjaySIMFVsz04Fqay6lBV3996qSplx-uFoWnpIo4gLPFjw-3vxNywUNhnK7MS441jRr9vjb2Uitfo2nuH17-sDoAA"}`,
    `my Anthropic key is ${'sk-ant-api03-'}xr7jQYkHyjsPpaPwvZac7YyUTCkhRUAxW06Q0vMSY_CVDURAgnO-lsF0qH32QeoMsPp1uq5POKi3xw_akGJUDmMyfmoPBAA, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'sk-ant-api03-'}8j7jQpkwHMoffRJhmJaZi_fqEY7O8C4kTn83khQsbCQ_AQTLxkq6QtbAVJ5LyXaqVpeGqs2RZ0ks5qxa0PrccAgrviTwaAA" https://api.example.org/v1`,
    `${'sk-ant-api03-'}yt7FQrkhUtBxkpaRYCYCU4AxgXN36i4E9AuCW_gQo2TsrDyjrl5tEABbHjfQpJkY2qAo9K6NqFnVbgexxDVDtuIx0C442AA`,
    `ADMIN=${'sk-ant-admin01-'}1W7bQNkHOqU761amRAuSbFPtCuoGGPB-zM9a1GCMigIMNlnXDH7AngFPDnmM8A5U2Vs341OPdGDZYCNd7TwtHVBRoXyRIAA`,
  ],
  ignores: [
    `${'sk-ant-api03-'}lp7tQYkaRSgjoUSLlXQ3TC3Nw2Q5EOclnYyYu-MGyKv9HWLxnoSewNgDNRkrouGktPWw51ida9AeIozKDOQae6lJwSvQ0q`,
    `${'sk-ant-api03-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAA`,
    `a${'sk-ant-api03-'}eV74QZkg1C4zSjT90E2rSBOdSSU48CXjgvVxHL2p_1ynUX66D-dbRDQX3ccpiRX75N-uyhbLmiRMsj8XlCEtUE2M5UVxzAA`,
    'tokens of Anthropic begin with sk-ant-api03- and are kept in the vault',
    'ANTHROPIC_API_KEY=<your Anthropic key>',
    `${'sk-ant-api03-'}A77RQ5kv8cjwjqT3Cp1ITBZZbtZvy-YIpswEOs8ASPlDfuYktzHANx9mIpUMK9JgAJjUXiwFscgvblT_J9-Lm0zjtDs_7BB`,
  ],
});

/** The check of a candidate: no run of one character. Prefix, length and end are distinctive enough to need no more. */
function isSpread(candidate: string): boolean {
  return shannonBits(candidate) >= 3;
}
