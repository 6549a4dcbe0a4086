import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mongodb-atlas-secret',
  family: 'secret',
  summary: 'MongoDB Atlas secrets of service accounts: mdb_sa_sk_ and 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bmdb_sa_sk_[A-Za-z0-9_-]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| MONGODB_ATLAS_SECRET | ${'mdb_sa_sk_'}WwkHTRZoDmnfFR_x8XHeje3DR_7Uf37cy8orToY9 |`,
    `const client = new Client("${'mdb_sa_sk_'}e30h7DHRVYnOFTkuKpgSkpCeDoOh9FX3kVHxTIOO");`,
    `--token ${'mdb_sa_sk_'}DHnpvyzgcKmuoIAjxFQhHqWZvKxkEAs-X_Unlrhk --verbose`,
    `the key is ${'mdb_sa_sk_'}Ve-QK9j_QqDOakXGWLFxZsbgad9WXG3xxkHS9Awa, please rotate it`,
  ],
  ignores: [
    `${'mdb_sa_sk_'}Zf-6fmW9v`,
    `x${'mdb_sa_sk_'}Zf-6fmW9vrt-9d2ejxrSHiM9h3dWH37VhSH_a2Uk`,
    `${'mdb_sa_sk_'}${'x'.repeat(40)}`,
    'mdb_sa_sk_ is how such a token begins',
    'mdb_sa_id_66f1a2b3c4d5e6f708192a3b',
    'MONGODB_ATLAS_SECRET=process.env.MONGODB_ATLAS_SECRET',
  ],
});
