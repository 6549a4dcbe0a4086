import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'perplexity-key',
  family: 'secret',
  summary: 'Perplexity API keys: prefix pplx- and 48 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.perplexity.ai, "API groups".
  pattern: /\bpplx-[A-Za-z0-9]{48}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export PERPLEXITY_API_KEY='${'pplx-'}BV7uQekJ501YDXxJbD6IieU14yTjBxgaGxfjQWSHmQWxM1iP'; make deploy`,
    `token: ${'pplx-'}BH7XQhkI9DzbGIPEc7VzAG309tha5K7OhKbErBEo4NTAEyf4\nregion: eu`,
    `my Perplexity key is ${'pplx-'}Kq7EQbkOx7Gpbb5FlnEDZTQUs8Izy3XxBnCThywMhL75RtFc, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'pplx-'}827uQJkLf53VTaxqTPuAT0NHhKfq6AvP4Pb5TXCTGVrLZI52" https://api.example.org/v1`,
    `(${'pplx-'}iJ7yQOkNrdgdv6tZEegJvgkCnZqvjlM1nDUrmf4QeJBH99X7)`,
  ],
  ignores: [
    `${'pplx-'}DQ7rQSk6q1ewO9tCpDFCIDC0b8bAFCjm4rWzyGTfkTBcFs1`,
    `${'pplx-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'pplx-'}ib7GQukaJZVITF9C3OfWjCVaXqm66f2d0hKl8U3jWxndZTZJ`,
    'tokens of Perplexity begin with pplx- and are kept in the vault',
    'PERPLEXITY_API_KEY=<your Perplexity key>',
  ],
});
