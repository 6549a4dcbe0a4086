import { assignedValue } from '../checks/assigned-value.ts';
import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

const HEADER =
  '(?:authorization|authentication|x-auth|x-api-key|api[-_]?key|x-api-token|x-auth-token|x-access-token|private-token|job-token|x-[a-z0-9-]{2,20}-(?:api-?key|token|secret)|subscription-key)';
const SCHEME = '(?:(?:bearer|token|basic|apikey|api-key|api-token|key|digest|ssws|genieKey|oauth|GoogleLogin auth)[ =]{1,3}["\']?)?';

// A longer one is found by its beginning: what is left of it is of no use.
const UNIT = '[A-Za-z0-9+/=_.~@-]';

export default detector({
  name: 'auth-header',
  family: 'secret',
  summary: 'Keys and tokens in authorization and API key headers, and behind the word Bearer; variables and placeholders pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: new RegExp(
    `(?:\\b${HEADER}["']?\\s?[:=]\\s{0,2}["']?${SCHEME}|\\bbearer\\s)(?:${UNIT}{9,66}(?:[A-Za-z0-9]\\b|[=+/_-])|${UNIT}{68})`,
    'i',
  ),
  check: isAuthHeader,
  references: ['owasp-llm:LLM02:2026', 'rfc:6750'],
  finds: [
    `Authorization: Bearer ${'q8Zt3'}LmW5xR1nB7vK9`,
    `curl -H "X-Api-Key: ${'kf83jd'}92lq07xnv5mz1w"`,
    `curl --header 'Authorization: ${'9b2f6f'}0c-3d52-4a1e-9a53-0b8f6c1d2e7a'`,
    `curl -H "Authorization: Token ${'3f7868'}50e387550fdab836ed7e6dc881"`,
    `PRIVATE-TOKEN: ${'Vb4n7Q'}wE2rT9yU5iO1pA`,
    `authorization: bearer ${'q8Zt3LmW'.repeat(2)}${'5xR1nB7v'.repeat(12)}`,
    `curl -H 'Authorization: Bearer ${'a8xk3q'}7zt2'`,
    `Authentication: ${'q8Zt3L'}mW5xR1nB7vK9`,
    `curl -H "Authorization: Api-Token ${'q8Zt3L'}mW5xR1nB7vK9"`,
    `send it with Bearer ${'Lk8jH5'}gF2dS9aP3oI6uY`,
  ],
  ignores: [
    'Authorization: Bearer <token>',
    `Authorization: Bearer ${'$'}{TOKEN}`,
    'Authorization: Bearer YOUR_ACCESS_TOKEN_1234',
    `Authorization: Bearer ${'X'.repeat(20)}`,
    'Authorization: Bearer $(gcloud auth print-access-token)',
    'the bearer authentication scheme of RFC6750',
    "headers: { Authorization: 'Bearer ' + token }",
    'x-api-key: process.env.API_KEY_2024_PROD',
    'Authorization: AWS4-HMAC-SHA256',
  ],
});

const SCHEMES = new Set(['bearer', 'token', 'basic', 'apikey', 'api-key', 'api-token', 'key', 'digest', 'ssws', 'geniekey', 'oauth']);

/** The check of a candidate: what follows the header's name and the scheme looks drawn at random. */
function isAuthHeader(candidate: string): boolean {
  const value = candidate.includes(':') || candidate.includes('=') ? assignedValue(candidate) : candidate;
  const space = Math.max(value.indexOf(' '), value.indexOf('\t'));
  const scheme = value.slice(0, Math.max(0, space)).toLowerCase();
  return isKeyMaterial(SCHEMES.has(scheme) ? value.slice(space).trim() : value);
}
