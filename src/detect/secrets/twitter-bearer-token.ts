import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'twitter-bearer-token',
  family: 'secret',
  summary: 'X (Twitter) bearer tokens of apps: 22 times A and about 90 characters, often URL-encoded.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\bA{20,22}[A-Za-z0-9%]{60,104}/,
  check: isBearer,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `curl -H "X-Token: ${'AAAAAAAAAAAAAAAAAAAAA'}r7QlOifajKUkVXVrxVegMca1%2Br7QL94KhV9xRhpPBQiD9QVlCprvhz6B2Od923KzM%3Dr7QJfBdJ2rUqITRx" https://api.example.com/v1`,
    `export TWITTER_BEARER_TOKEN="${'AAAAAAAAAAAAAAAAAAAAAA'}r7QRoeBxfLBQRqvTpPuWyVhAJTuomqwbbY0DCQluSXaXV6kKu9rylHvIF5uHpBxq3mWcbzSgRwKDZy7I"`,
    `the key is ${'AAAAAAAAAAAAAAAAAAAAA'}r7QEliEt6mdD3iCwgAMHkgId%2Br7Qk0ZO9jE6K8kGMAoq7ChNWyKPaEf8FFGz0PVvq%3Dr7QTJWaBv4hS1Lh7, please rotate it`,
    `| TWITTER_BEARER_TOKEN | ${'AAAAAAAAAAAAAAAAAAAAAA'}r7Qkxxsmy58oksf1usVGfpnfkwsXOYEkMQc32ndChKPFxlz7epcDh9FCsnBxDcWIw0wcH7e61FascEhl |`,
  ],
  ignores: [
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAh',
    'TWITTER_BEARER_TOKEN=process.env.TWITTER_BEARER_TOKEN',
    'twitter_bearer_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});

/** Zero bytes in base 64 are 22 times `A`: that, in the middle of a picture, is followed by more of it, not by a token. */
const PADDING = 22;

/** The check of a candidate: what follows the zeros is drawn at random. */
function isBearer(candidate: string): boolean {
  return looksRandomMixed(candidate.slice(PADDING));
}
