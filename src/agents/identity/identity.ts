import type { ClaimRefusal } from '../refusal.ts';
import type { CertificateVia, PersonSource, ProvingSource, SessionSource, Source, TokenPayload } from './claim.ts';

/** Who calls, as far as it is known. Made by `identify`; what the body says is added by `addClaims`, which proves nothing. */
export interface Identity {
  /** What is verified, strongest first. The first decides the agent. */
  readonly proofs: readonly Proof[];
  /** What the client says of itself and nobody verified: MCP's `clientInfo`, the user agent. */
  readonly hints: readonly Hint[];
  /** For whom it acts, proven ones first. */
  readonly persons: readonly Person[];
  /** What the exchange belongs to, the most lasting first. */
  readonly sessions: readonly Session[];
  /** Claims that were not believed, and why. */
  readonly refusals: readonly { readonly source: Source; readonly reason: ClaimRefusal }[];
}

export type Proof =
  | { readonly source: 'spiffe'; readonly id: string; readonly via: CertificateVia }
  | { readonly source: 'jwt'; readonly payload: TokenPayload; readonly by: 'sluice' | 'envoy' }
  | { readonly source: 'mtls-san'; readonly name: string; readonly via: CertificateVia }
  | { readonly source: 'mtls-cn'; readonly name: string; readonly via: CertificateVia }
  | { readonly source: 'api-key'; readonly hash: string }
  | { readonly source: 'header'; readonly name: string; readonly value: string };

export type Hint = { readonly source: 'mcp-client'; readonly name: string } | { readonly source: 'user-agent'; readonly value: string };

/** `hash`: keyed, hex. Proven: named by a verified token, not by the request's body. */
export interface Person {
  readonly hash: string;
  readonly from: PersonSource;
  readonly proven: boolean;
}

/** `id`: keyed hash, hex; a trace id is itself. */
export interface Session {
  readonly id: string;
  readonly from: SessionSource;
}

/** How well the caller is known: by its strongest proof. */
export type Strength = ProvingSource | 'none';

export function strengthOf({ proofs }: Pick<Identity, 'proofs'>): Strength {
  return proofs[0]?.source ?? 'none';
}

/** Nobody is known to call. */
export const ANONYMOUS: Identity = { proofs: [], hints: [], persons: [], sessions: [], refusals: [] };
