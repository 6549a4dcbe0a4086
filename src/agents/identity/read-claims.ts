import { isHex } from '../../lib/ascii-set.ts';
import { FIXED } from '../../lib/limits.ts';
import { certificateClaims } from './certificate-claims.ts';
import type { Claim, Source } from './claim.ts';
import { KEY_HEADERS, readCredentials } from './credentials.ts';
import type { IdentityPolicy } from './identity-policy.ts';
import { asRecord } from './plain-record.ts';

/** What the head of a request says, and what Envoy says of its connection. */
export interface RequestHead {
  /** Names lower case, in the order they came, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Envoy's attributes that are strings (`connection.…`). */
  readonly attributes: ReadonlyMap<string, string>;
  /** `filter_metadata` as plain data, by filter; undefined when Envoy sent none. */
  readonly metadata?: ReadonlyMap<string, unknown> | undefined;
}

export interface ClaimContext extends RequestHead {
  readonly policy: IdentityPolicy;
  /** Keyed hash, hex. */
  readonly hash: (secret: string) => string;
}

/**
 * Everything the head of a request claims about its sender. Proving sources that the policy does not list are not read. Total: what cannot
 * be read is a claim `refused` with its reason. Bounded by `FIXED.claimUnits`, `tokenUnits` and `xfccUnits`.
 */
export function readClaims(context: ClaimContext): readonly Claim[] {
  const claims: Claim[] = [];
  const seen = headersOf(context.headers, context.policy);
  certificateClaims(context, seen, claims);
  if (context.policy.sources.has('jwt')) payloadClaims(context, claims);
  readCredentials(context, seen, claims);
  if (context.policy.sources.has('header')) headerClaims(context.policy, seen, claims);
  statedClaims(seen, context.hash, claims);
  return claims;
}

/** The headers of a request that can claim something, by their name, each with all of its values. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

function headersOf(headers: RequestHead['headers'], { trustedHeaders }: IdentityPolicy): HeaderValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    if (!CLAIMING.has(name) && !trustedHeaders.includes(name)) continue;
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return values;
}

/** The headers that can claim something whatever the policy says. */
const CLAIMING: ReadonlySet<string> = new Set([
  ':path',
  'x-forwarded-client-cert',
  'authorization',
  ...KEY_HEADERS,
  'user-agent',
  'mcp-session-id',
  'traceparent',
]);

/** Where Envoy's jwt_authn filter leaves what it verified, by the name of `payload_in_metadata`. */
const JWT_AUTHN = 'envoy.filters.http.jwt_authn';

function payloadClaims({ policy, metadata }: ClaimContext, claims: Claim[]): void {
  if (policy.jwtAuthn.length === 0) return;
  const payloads = asRecord(metadata?.get(JWT_AUTHN));
  if (payloads === undefined) return;
  for (const name of policy.jwtAuthn) {
    const payload = asRecord(Object.hasOwn(payloads, name) ? payloads[name] : undefined);
    if (payload !== undefined) claims.push({ kind: 'jwt-payload', payload });
  }
}

/** A comma is how proxies write two headers of one name as one. */
function headerClaims({ trustedHeaders }: IdentityPolicy, seen: HeaderValues, claims: Claim[]): void {
  for (const name of trustedHeaders) {
    const [value, ...others] = seen.get(name) ?? [];
    if (value === undefined || value === '') continue;
    if (others.length > 0 || value.includes(',')) claims.push({ kind: 'refused', source: 'header', reason: 'claim-duplicate' });
    else pushBounded(claims, 'header', value, { kind: 'header', name, value });
  }
}

/** What proves nothing: how the client calls itself, and what it says that the exchange belongs to. */
function statedClaims(seen: HeaderValues, hash: ClaimContext['hash'], claims: Claim[]): void {
  const agent = seen.get('user-agent')?.[0];
  if (agent !== undefined && agent !== '') pushBounded(claims, 'user-agent', agent, { kind: 'user-agent', value: agent });
  const session = seen.get('mcp-session-id')?.[0];
  if (session !== undefined && session !== '')
    claims.push({ kind: 'session', id: hash(session.slice(0, FIXED.claimUnits)), from: 'mcp-session' });
  const trace = traceIdOf(seen.get('traceparent')?.[0]);
  if (trace !== undefined) claims.push({ kind: 'session', id: trace, from: 'trace' });
}

/** Adds a claim when its text is short enough, and its refusal otherwise. */
export function pushBounded(claims: Claim[], source: Source, text: string, claim: Claim): void {
  claims.push(text.length > FIXED.claimUnits ? { kind: 'refused', source, reason: 'claim-oversized' } : claim);
}

/** The trace id of a `traceparent` (W3C Trace Context, 3.2): 32 hex digits, not all zero. */
function traceIdOf(traceparent: string | undefined): string | undefined {
  const id = traceparent?.split('-', 2)[1];
  return id !== undefined && id.length === 32 && isHex(id) && id !== NO_TRACE ? id.toLowerCase() : undefined;
}

const NO_TRACE = '0'.repeat(32);
