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

/** One row of `identity.jwt`. */
export interface TokenIssuer {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** `aud` must hold one of them. */
  readonly audiences: readonly string[];
  readonly keys: KeySource;
  /** JWA names. */
  readonly algorithms: readonly string[];
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
  /** A file with a secret for HS256, HS384 and HS512; only where the row lists one of them. */
  | { readonly kind: 'secret-file'; readonly path: string };
