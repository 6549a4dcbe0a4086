import { asciiSet, isBase64Url } from '../../lib/ascii-set.ts';
import { FIXED } from '../../lib/limits.ts';
import type { Claim } from './claim.ts';
import type { ClaimContext, HeaderValues } from './read-claims.ts';

/** Headers that carry an API key as their whole value: Anthropic, Azure OpenAI, Google. */
export const KEY_HEADERS = ['x-api-key', 'api-key', 'x-goog-api-key'] as const;
/** Query parameters that do. */
const KEY_PARAMETERS: ReadonlySet<string> = new Set(['key', 'api_key', 'api-key', 'apikey', 'subscription-key']);
const AUTHORIZATION = 'authorization';

/** A secret that was presented, and where. `hashed`: what its keyed hash is made of, the header's whole value as telemetry has it. */
interface Credential {
  readonly secret: string;
  readonly hashed: string;
  readonly place: string;
}

/** The bearer token and the API keys of a request. Two different keys are two answers to one question: none of them is believed. */
export function readCredentials({ policy, hash }: ClaimContext, seen: HeaderValues, claims: Claim[]): void {
  const bearer = readAuthorization(seen, claims);
  const isToken = bearer !== undefined && policy.sources.has('jwt') && policy.issuers.length > 0 && looksLikeToken(bearer.secret);
  if (isToken) claims.push(tokenClaim(bearer.secret));
  if (!policy.sources.has('api-key')) return;
  const keys = [...(bearer === undefined || isToken ? [] : [bearer]), ...headerKeys(seen), ...queryKeys(seen.get(':path')?.[0] ?? '')];
  const [key] = keys;
  if (key === undefined) return;
  if (keys.some(({ secret }) => secret !== key.secret)) claims.push(refusedKey('claim-duplicate'));
  else if (key.secret.length > FIXED.tokenUnits) claims.push(refusedKey('claim-oversized'));
  else if (!isPrintable(key.secret)) claims.push(refusedKey('claim-malformed'));
  else claims.push({ kind: 'api-key', hash: hash(key.hashed), place: key.place });
}

/** Visible ASCII; a comma is in none, but in two headers that a proxy joined. */
const isPrintable = asciiSet('!-+.-~--');

function refusedKey(reason: 'claim-duplicate' | 'claim-oversized' | 'claim-malformed'): Claim {
  return { kind: 'refused', source: 'api-key', reason };
}

function readAuthorization(seen: HeaderValues, claims: Claim[]): Credential | undefined {
  const values = seen.get(AUTHORIZATION) ?? [];
  const [value] = values;
  if (value === undefined) return undefined;
  if (values.length > 1) {
    claims.push({ kind: 'refused', source: 'jwt', reason: 'claim-duplicate' }, refusedKey('claim-duplicate'));
    return undefined;
  }
  const space = value.indexOf(' ');
  const secret = value.slice(space + 1).trim();
  return value.slice(0, Math.max(space, 0)).toLowerCase() === 'bearer' && secret !== ''
    ? { secret, hashed: value, place: AUTHORIZATION }
    : undefined;
}

/** Three parts, the first of which begins as a JSON object does in base64. */
function looksLikeToken(secret: string): boolean {
  return secret.startsWith('ey') && secret.split('.', 6).length === 3;
}

function tokenClaim(token: string): Claim {
  if (token.length > FIXED.tokenUnits) return { kind: 'refused', source: 'jwt', reason: 'claim-oversized' };
  return token.split('.').every(isBase64Url) ? { kind: 'jwt', token } : { kind: 'refused', source: 'jwt', reason: 'token-malformed' };
}

function headerKeys(seen: HeaderValues): readonly Credential[] {
  return KEY_HEADERS.flatMap((place) => (seen.get(place) ?? []).filter(Boolean).map((secret) => ({ secret, hashed: secret, place })));
}

function queryKeys(target: string): readonly Credential[] {
  const start = target.indexOf('?');
  if (start < 0 || !target.includes('key', start)) return [];
  const keys: Credential[] = [];
  for (const pair of target.slice(start + 1, start + 1 + FIXED.tokenUnits).split('&')) {
    const equals = pair.indexOf('=');
    const secret = equals < 0 ? '' : pair.slice(equals + 1);
    if (secret !== '' && KEY_PARAMETERS.has(pair.slice(0, equals).toLowerCase())) keys.push({ secret, hashed: secret, place: 'query' });
  }
  return keys;
}
