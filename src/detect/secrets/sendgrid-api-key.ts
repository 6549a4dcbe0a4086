import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sendgrid-api-key',
  family: 'secret',
  summary: 'SendGrid API keys: SG, an id of 22 and a secret of 43 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `const client = new Client("${'SG.'}a-vbdx1BmUeKa8571J4Mf4.LQ4_LRgFvTbNl0ZlX-D28JN4yxgxZvOfMn26YyVLBi6");`,
    `--token ${'SG.'}3tqyNQC8aMHGp6PG3IJjeq.QzZhxWvCcJVuNLgTut5OVy9B0r8D3_FpqEkzQPj0BiR --verbose`,
    `curl -H "X-Token: ${'SG.'}x6FyfSRU8WvEx-HkQrd1cf.EdfM81MgkvJasvq48dt8kwfHgStamlAgcaq9qsRkKg4" https://api.example.com/v1`,
    `sendgrid_api_key: '${'SG.'}2FQEAo-Z9DZWO7tjgXPRGO.8Xs7P68DxiTRXrIFOBWTy9-5fwy7n7ZHM__zlSXhE_7'`,
  ],
  ignores: [
    `${'SG.'}kVRC_zO0VBDHAqJ`,
    `x${'SG.'}kVRC_zO0VBDHAqJJUxYLni.Ra_3FX4gUqK70vjQTKuwZklev2gn-1DJ8qZrPAzl5ld`,
    `${'SG.'}${'x'.repeat(66)}`,
    'SG. is how such a token begins',
    'SENDGRID_API_KEY=process.env.SENDGRID_API_KEY',
    'sendgrid_api_key: <your token>',
  ],
});
