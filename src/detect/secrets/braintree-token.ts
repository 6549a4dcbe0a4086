import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'braintree-token',
  family: 'secret',
  summary: 'PayPal Braintree access tokens: access_token$, the environment, the merchant and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\baccess_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}\b/,
  check: isBraintree,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export BRAINTREE_TOKEN="${'access_token$production$'}p6nl111ufbgfou8i$f6d05668998d238b6a22d0052442ba1b"`,
    `--token ${'access_token$sandbox$'}939svezz1nqv4meg$053525b6a862f808bbf857e6f6a5c1cd --verbose`,
    `braintree_token: '${'access_token$production$'}z1uwx1p8w6d9vxa4$5825cd36525325f01f449a1c1106d45d'`,
    `the key is ${'access_token$sandbox$'}6a14xi8q2szyqvf0$813d1b6aaf094cc0deb2478907f3fdc5, please rotate it`,
  ],
  ignores: [
    `${'access_token$production$'}q8gf7wc44om`,
    `x${'access_token$production$'}q8gf7wc44omg8urz$e85d6ee889dd7c1358452c0c16b052ee`,
    `${'access_token$production$'}${'x'.repeat(49)}`,
    'access_token$production$ is how such a token begins',
    'BRAINTREE_TOKEN=process.env.BRAINTREE_TOKEN',
    'braintree_token: <your token>',
  ],
});

/** The check of a candidate: its words are the same everywhere, only its last part is drawn at random. */
function isBraintree(candidate: string): boolean {
  return looksRandom(candidate.slice(candidate.lastIndexOf('$') + 1));
}
