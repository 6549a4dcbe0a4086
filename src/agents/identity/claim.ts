import type { ClaimRefusal } from '../refusal.ts';

/**
 * What can say who calls, strongest first. The strongest source that is verified decides the agent; what stands below it can narrow the
 * choice and never widen it. `mcp-client` and `user-agent` are only ever stated: they name, they prove nothing.
 */
export const SOURCES = ['spiffe', 'jwt', 'mtls-san', 'mtls-cn', 'api-key', 'header', 'mcp-client', 'user-agent'] as const;
export type Source = (typeof SOURCES)[number];

/** Sources that can be verified, and so can give rights. */
export const PROVING_SOURCES = ['spiffe', 'jwt', 'mtls-san', 'mtls-cn', 'api-key', 'header'] as const satisfies readonly Source[];
export type ProvingSource = (typeof PROVING_SOURCES)[number];

/** Where a certificate's names come from: the connection to Envoy, or what Envoy wrote into `x-forwarded-client-cert`. */
export type CertificateVia = 'tls' | 'xfcc';

/** Payload of a token, as JSON gives it. */
export type TokenPayload = Readonly<Record<string, unknown>>;

/** Where a person was named. Only those of a verified token are proven. */
export const PERSON_SOURCES = ['jwt-sub', 'openai-user', 'safety-identifier', 'anthropic-user'] as const;
export type PersonSource = (typeof PERSON_SOURCES)[number];

/** Where a session was named, the most lasting first. */
export const SESSION_SOURCES = ['mcp-session', 'conversation', 'previous-response', 'trace'] as const;
export type SessionSource = (typeof SESSION_SOURCES)[number];

/**
 * One thing a request says about who sends it. A secret is in it as its keyed hash only, but for `jwt`: the token has to be verified and
 * is dropped then. Persons and sessions are keyed hashes, hex (a trace id is itself).
 */
export type Claim =
  | { readonly kind: 'spiffe'; readonly id: string; readonly via: CertificateVia }
  | { readonly kind: 'mtls-san'; readonly name: string; readonly via: CertificateVia }
  | { readonly kind: 'mtls-cn'; readonly name: string; readonly via: CertificateVia }
  /** A bearer token that nobody has verified. */
  | { readonly kind: 'jwt'; readonly token: string }
  /** The payload of a token that Envoy's own jwt_authn filter has verified. */
  | { readonly kind: 'jwt-payload'; readonly payload: TokenPayload }
  /** `hash`: the keyed hash, hex. Proven by being known: the hash cannot be made without the key that was presented. */
  | { readonly kind: 'api-key'; readonly hash: string; readonly place: string }
  /** A header that policy trusts because Envoy sanitises it. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'mcp-client'; readonly name: string }
  | { readonly kind: 'user-agent'; readonly value: string }
  | { readonly kind: 'person'; readonly hash: string; readonly from: PersonSource }
  | { readonly kind: 'session'; readonly id: string; readonly from: SessionSource }
  | { readonly kind: 'refused'; readonly source: Source; readonly reason: ClaimRefusal };
