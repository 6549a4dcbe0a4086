import type { ProvingSource } from './claim.ts';

/** `identity:` of a policy, ready to use. */
export interface IdentityPolicy {
  /** The sources that may prove; all others are not read. */
  readonly sources: ReadonlySet<ProvingSource>;
  /** How many elements of `x-forwarded-client-cert` were appended by proxies that are trusted; undefined: the header is not believed. */
  readonly xfcc: { readonly trustedHops: number } | undefined;
  /** Headers that Envoy sets or sanitises, lower case. */
  readonly trustedHeaders: readonly string[];
  /** The names under which Envoy's jwt_authn filter leaves payloads (`payload_in_metadata`). */
  readonly jwtAuthn: readonly string[];
  /** Whose tokens are verified here. */
  readonly issuers: readonly TokenIssuer[];
}

/** Signatures that are checked with a public key (RFC 7518, RFC 8037, RFC 9864): what a row lists unless it says otherwise. */
export const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
/** Signatures with a shared secret: whoever can check them can make them. Only for a row whose keys are a `secretFile`. */
export const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;
export type TokenAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number] | (typeof SECRET_ALGORITHMS)[number];

/** One row of `identity.jwt`. */
export interface TokenIssuer {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** `aud` must hold one of them. */
  readonly audiences: readonly string[];
  readonly keys: KeySource;
  readonly algorithms: readonly TokenAlgorithm[];
  /** `typ` of the header, e.g. `at+jwt`; undefined: any. */
  readonly type: string | undefined;
  /** Claims that must be there, beside `exp`. */
  readonly required: readonly string[];
  readonly clockSkewS: number;
  /** Most seconds since `iat`; undefined: only `exp` counts. */
  readonly maxAgeS: number | undefined;
}

export type KeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  /** A file with a secret for HS256, HS384 and HS512; such a row lists no other algorithm. */
  | { readonly kind: 'secret-file'; readonly path: string };
