import { decodeProtectedHeader } from 'jose/decode/protected_header';
import * as errors from 'jose/errors';
import { decodeJwt } from 'jose/jwt/decode';
import { jwtVerify } from 'jose/jwt/verify';
import { assembleIdentity, type TokenResult } from '../agents/identity/assemble.ts';
import type { Claim, TokenPayload } from '../agents/identity/claim.ts';
import type { Identity } from '../agents/identity/identity.ts';
import type { IdentityPolicy, KeySource, TokenAlgorithm, TokenIssuer } from '../agents/identity/identity-policy.ts';
import { isActorChainTooLong } from '../agents/identity/token-person.ts';
import type { ClaimRefusal } from '../agents/refusal.ts';
import { FIXED } from '../lib/limits.ts';
import { createKeySet, type KeySet, type Keys } from './jwks.ts';

/** Says who calls. One for a process: keys and verified tokens are shared by all its exchanges and outlive a reload of the policy. */
export interface Identifier {
  /**
   * The identity of a request. At once when nothing has to be verified, when the token was verified before and still holds, and when its
   * refusal is certain without its signature; a promise otherwise. Never throws, never rejects: a refusal is in `refusals`.
   */
  identify(claims: readonly Claim[], policy: IdentityPolicy): Identity | Promise<Identity>;
  /** Tokens that are remembered; for metrics. */
  readonly remembered: number;
}

export interface IdentifierOptions {
  /** Keyed hash, hex: what persons and remembered tokens are known by. */
  readonly hash: (secret: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A key set that cannot be fetched, by the issuer as policy names it. */
  readonly onKeySetFailure?: (issuer: string, message: string) => void;
}

export function createIdentifier({ hash, now, onKeySetFailure }: IdentifierOptions): Identifier {
  const tokens = createTokenMemory(now);
  const keySets = createKeySets({ now, onKeySetFailure });
  let waiting = 0;

  async function verified(token: string, tokenHash: string, row: TokenIssuer): Promise<TokenResult> {
    const result = await verifyToken(token, row, { keySet: keySets(row), nowMs: now() });
    if (!result.ok) return result;
    tokens.remember(tokenHash, { row, keys: result.keys, payload: result.payload, expiresMs: expiryOf(result.payload, row) });
    return result;
  }

  return {
    identify(claims, policy) {
      const token = claims.find((claim) => claim.kind === 'jwt')?.token;
      if (token === undefined) return assembleIdentity(claims, undefined, hash);
      const read = readToken(token, policy.issuers, now());
      if (!read.ok) return assembleIdentity(claims, read, hash);
      const tokenHash = hash(token);
      const known = tokens.recall(tokenHash, read.row, keySets(read.row).atHand());
      if (known !== undefined) return assembleIdentity(claims, { ok: true, payload: known }, hash);
      if (waiting >= FIXED.verifications) return assembleIdentity(claims, refused('verifier-busy'), hash);
      waiting++;
      return verified(token, tokenHash, read.row)
        .then((result) => assembleIdentity(claims, result, hash))
        .finally(() => {
          waiting--;
        });
    },
    get remembered() {
      return tokens.size;
    },
  };
}

type Refused = Extract<TokenResult, { ok: false }>;

function refused(reason: ClaimRefusal): Refused {
  return { ok: false, reason };
}

/** The row that judges a token. What can be refused without its signature is refused here: it costs a caller more than us. */
function readToken(
  token: string,
  issuers: readonly TokenIssuer[],
  nowMs: number,
): { readonly ok: true; readonly row: TokenIssuer } | Refused {
  if (token.length > FIXED.tokenUnits) return refused('claim-oversized');
  const parts = decodeParts(token);
  if (parts === undefined) return refused('token-malformed');
  const { header, payload } = parts;
  const row = issuers.find(({ issuer }) => issuer === payload.iss);
  if (row === undefined) return refused('token-issuer');
  if (!row.algorithms.some((algorithm) => algorithm === header.alg)) return refused('token-algorithm');
  if (isActorChainTooLong(payload)) return refused('claim-oversized');
  const { exp } = payload;
  if (typeof exp === 'number' && (exp + row.clockSkewS) * 1000 <= nowMs) return refused('token-expired');
  return { ok: true, row };
}

function decodeParts(token: string) {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    return undefined; // the reason for every way in which it is no token is the same
  }
}

type Verified = { readonly ok: true; readonly payload: TokenPayload; readonly keys: Keys } | Refused;

interface VerifyContext {
  readonly keySet: KeySet;
  readonly nowMs: number;
}

/** Signature and claims. A key that is not among the issuer's is looked for once more in keys fetched anew: they may have been rotated. */
async function verifyToken(token: string, row: TokenIssuer, { keySet, nowMs }: VerifyContext): Promise<Verified> {
  const keys = await keySet.current();
  if (keys === undefined) return refused('keys-unavailable');
  const result = await verifyWith(keys, token, row, nowMs);
  if (result.ok || result.reason !== 'token-key-unknown') return result;
  const renewed = await keySet.renewed();
  return renewed === undefined ? result : verifyWith(renewed, token, row, nowMs);
}

async function verifyWith(keys: Keys, token: string, row: TokenIssuer, nowMs: number): Promise<Verified> {
  const options = {
    algorithms: [...row.algorithms] satisfies TokenAlgorithm[],
    issuer: row.issuer,
    audience: [...row.audiences],
    clockTolerance: row.clockSkewS,
    currentDate: new Date(nowMs),
    requiredClaims: ['exp', ...row.required],
    ...(row.type === undefined ? {} : { typ: row.type }),
    ...(row.maxAgeS === undefined ? {} : { maxTokenAge: row.maxAgeS }),
  };
  try {
    const { payload } =
      keys.key instanceof Uint8Array ? await jwtVerify(token, keys.key, options) : await jwtVerify(token, keys.key, options);
    return isIssuedLater(payload, row, nowMs) ? refused('token-issued-at') : { ok: true, payload, keys };
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** `jose` looks at `iat` only with a largest age; a token from the future is wrong without one too. */
function isIssuedLater({ iat }: { readonly iat?: number }, row: TokenIssuer, nowMs: number): boolean {
  return iat !== undefined && (iat - row.clockSkewS) * 1000 > nowMs;
}

function reasonOf(error: unknown): ClaimRefusal {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'token-issued-at' : 'token-expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'token-algorithm';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'token-key-unknown';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token-signature';
  if (error instanceof errors.JOSENotSupported) return 'token-critical';
  if (error instanceof errors.JOSEError) return 'token-malformed';
  return 'token-key-unknown'; // a key of the set that cannot be used: too short, or of another curve than it says
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): ClaimRefusal {
  if (reason === 'missing') return 'token-claim-missing';
  if (reason === 'invalid' && claim !== 'typ') return 'token-malformed'; // of the wrong type
  return CLAIM_REASONS[claim] ?? 'token-claim-missing';
}

const CLAIM_REASONS: Readonly<Record<string, ClaimRefusal>> = {
  iss: 'token-issuer',
  aud: 'token-audience',
  typ: 'token-type',
  nbf: 'token-not-yet-valid',
  iat: 'token-issued-at',
};

/** `exp` is there: it is required. */
function expiryOf({ exp }: TokenPayload, row: TokenIssuer): number {
  return typeof exp === 'number' ? (exp + row.clockSkewS) * 1000 : 0;
}

interface RememberedToken {
  readonly row: TokenIssuer;
  readonly keys: Keys;
  readonly payload: TokenPayload;
  readonly expiresMs: number;
}

/** Tokens that were verified, by their keyed hash. A changed policy, rotated keys or the expiry make one forgotten. */
function createTokenMemory(now: () => number) {
  const tokens = new Map<string, RememberedToken>();
  return {
    recall(hash: string, row: TokenIssuer, keys: Keys | undefined): TokenPayload | undefined {
      const known = tokens.get(hash);
      if (known === undefined) return undefined;
      tokens.delete(hash);
      if (known.row !== row || known.keys !== keys || known.expiresMs <= now() || isTooOld(known, now())) return undefined;
      tokens.set(hash, known); // the last one used stands last
      return known.payload;
    },
    remember(hash: string, token: RememberedToken): void {
      tokens.set(hash, token);
      if (tokens.size <= FIXED.tokensRemembered) return;
      const [oldest] = tokens.keys();
      if (oldest !== undefined) tokens.delete(oldest);
    },
    get size() {
      return tokens.size;
    },
  };
}

function isTooOld({ row, payload }: RememberedToken, nowMs: number): boolean {
  const { iat } = payload;
  return row.maxAgeS !== undefined && typeof iat === 'number' && (iat + row.maxAgeS + row.clockSkewS) * 1000 <= nowMs;
}

/** Key sets of the policies of this process, by where they come from. */
function createKeySets({
  now,
  onKeySetFailure,
}: Pick<IdentifierOptions, 'now'> & { onKeySetFailure: IdentifierOptions['onKeySetFailure'] }) {
  const sets = new Map<string, KeySet>();
  return ({ issuer, keys }: TokenIssuer): KeySet => {
    const name = nameOf(keys);
    const known = sets.get(name);
    if (known !== undefined) return known;
    const made = createKeySet(keys, { now, onFailure: (message) => onKeySetFailure?.(issuer, message) });
    sets.set(name, made);
    if (sets.size > KEY_SETS_MAX) sets.delete([...sets.keys()][0] ?? name);
    return made;
  };
}

/** Far more than a policy has rows; reloads that change addresses leave old ones behind. */
const KEY_SETS_MAX = 256;

function nameOf(keys: KeySource): string {
  return keys.kind === 'url' ? `url ${keys.url}` : `${keys.kind} ${keys.path}`;
}
