import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'nostr-secret-key',
  family: 'secret',
  summary: 'Nostr secret keys: nsec1 and 58 characters in bech32.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // github.com/nostr-protocol/nips, NIP-19.
  pattern: /\bnsec1[ac-hj-np-z02-9]{58}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NOSTR_KEY=${'nsec1'}32stem6m2pgx5jgl9u9e3erryzwkckpw5sdkva4kvh0lyn7wczqu9hqpg6`,
    `{"token":"${'nsec1'}v7q9r7gjy7g3mh3s783zgjcu2cd3lypf77flt9e9kjt82lf8cfsdp0y7cs"}`,
    `my Nostr key is ${'nsec1'}8486rt4me4ejhnm37xvnfjhaexr4u5q3ae8n0hs6kldal3jg8sds58qn2z, what do I do with it?`,
    `client = Client('${'nsec1'}dxz8w0yghr63c8pmhyfjyxz8eqp7d36efjy327akqkdmuky2vxmyj0lpn8')`,
  ],
  ignores: [
    `${'nsec1'}x25wpt7r299702zgjql`,
    `${'nsec1'}0000000000000000000000000000000000000000000000000000000000`,
    `q${'nsec1'}57j0r4y53n0l7wj2rkj3zsujsxvagmprsymgyx8jrq2vqqdgmnuvt70zsv`,
    'a key of Nostr begins with nsec1 and is kept in the vault',
    'NOSTR_KEY=<your Nostr key>',
  ],
});
