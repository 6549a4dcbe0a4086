import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'digitalocean-token',
  family: 'secret',
  summary: 'DigitalOcean personal, OAuth and refresh tokens: dop_v1_, doo_v1_, dor_v1_ and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.digitalocean.com, "API tokens".
  pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DIGITALOCEAN_TOKEN=${'dop_v1_'}630d245f585cd4eb179569c702b106d8be93c2a9346f7c93e5af9d1bd6bfc531`,
    `token: ${'dop_v1_'}66f3485e5b37900b2c38bfcb00f2f1239f7675ed03105ebe2b84e96fbd4e4247\nregion: eu`,
    `my DigitalOcean key is ${'dop_v1_'}8c6a316d79f7acae666fbec83abbd3726ae702915691cd7510cfde0ffe3e58c6, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'dop_v1_'}d33f21a697fc5facd88c46a9089d2d20a742ed5f953d14cb3c728045b1f1526f" https://api.example.org/v1`,
    `${'dop_v1_'}9d15fe2a73aaa81e07eef5bb963cd6687bb04324fa1d7a838330f02f26f381e3`,
    `refresh: ${'dor_v1_'}fb5865435acf1c5e30c9c681b38e4d8ae9cabb59f45d62122fcf827f6557b488`,
    `${'doo_v1_'}9ca59522197b853fc2e5fae5b0a01b060bc442ae0d5ac6ad381bfc40fea2a16d`,
  ],
  ignores: [
    `${'dop_v1_'}e740849c202026b5bd26ee9798b34001904a006bd9449fd15ce2c5ab20ba8f4`,
    `${'dop_v1_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'dop_v1_'}8bc3c93a10d98a7c5b5dcb409aae3cc3436c47ba3f7f454d4cc6668f87b5cb47`,
    'tokens of DigitalOcean begin with dop_v1_ and are kept in the vault',
    'DIGITALOCEAN_TOKEN=<your DigitalOcean key>',
  ],
});
