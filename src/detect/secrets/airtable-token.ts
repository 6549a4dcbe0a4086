import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'airtable-token',
  family: 'secret',
  summary: 'Airtable personal access tokens: pat, an id, a full stop and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'pat'}r7QS076lpwpmFP.2c34ad5cfec16afd8950b41d4d2a7a2f16f1fd903a3863e06ef7f2ab4d7f693c"}`,
    `--token ${'pat'}r7Qp6GvqpbTwQm.7114f0c7d3bd489baaaae8bbc027575a263d14dec94470409c85ab8f4913aed5 --verbose`,
    `| AIRTABLE_TOKEN | ${'pat'}r7QaaPsu3EAwow.89360c6fb3a29eed4848e5bb283d428f1021e5afd0773d2e830d764d1d03fbd0 |`,
    `AIRTABLE_TOKEN=${'pat'}r7QWguLxRzgI7g.1a458ca8340515a99e3158b0c8485468b1ba6fae4e2f8c4bdd7bb2b0b6cda224`,
  ],
  ignores: [
    `${'pat'}r7QfZrzHKzBucp.723`,
    `x${'pat'}r7QfZrzHKzBucp.723beccb828d0aa380ac39cfe3154dc3df5e3af326ef7ec21ba063c93527392e`,
    `${'pat'}${'x'.repeat(79)}`,
    'pat is how such a token begins',
    'AIRTABLE_TOKEN=process.env.AIRTABLE_TOKEN',
    'airtable_token: <your token>',
  ],
});
