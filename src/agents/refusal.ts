/**
 * Every reason for which a claim is not believed or a use is refused; a closed list, so that telemetry can count by it and a policy's
 * author can look it up. docs/agents.md says what each one means; a test keeps the two in step.
 */
export const CLAIM_REFUSALS = [
  /** A header that says who calls came twice, or one token and another beside it: nobody can say which one counts. */
  'claim-duplicate',
  /** Longer than `FIXED.claimUnits`, or a token longer than `FIXED.tokenUnits`. */
  'claim-oversized',
  /** Characters, or a shape, that this kind of claim cannot have. */
  'claim-malformed',
  /** Not three parts of base64url with a JSON header and payload. */
  'token-malformed',
  /** `none`, a symmetric algorithm, or another that the issuer's row does not list. */
  'token-algorithm',
  /** Critical header parameters that are not understood (RFC 7515, 4.1.11). */
  'token-critical',
  /** No row of `identity.jwt` has this `iss`. */
  'token-issuer',
  'token-audience',
  'token-type',
  'token-expired',
  'token-not-yet-valid',
  /** `iat` in the future, or older than the row's `maxAge`. */
  'token-issued-at',
  'token-claim-missing',
  /** The key set has no key of this `kid` and algorithm. */
  'token-key-unknown',
  'token-signature',
  /** No key set can be had: the first fetch failed or is too long ago. */
  'keys-unavailable',
  /** More tokens wait for their verification than `FIXED.verifications`. */
  'verifier-busy',
] as const;
export type ClaimRefusal = (typeof CLAIM_REFUSALS)[number];

export const USE_REFUSALS = [
  /** No agent of the policy is proven, and `agents.unknown` is `deny`. */
  'agent-unknown',
  /** An entry of a `deny` list matches. */
  'denied',
  /** There is a list of what is allowed, and nothing in it matches. */
  'not-allowed',
  /** `when` is false. */
  'condition-false',
  /** `when` failed: a missing argument, a wrong type. */
  'condition-error',
  /** What `when` reads is so large that it could take more steps than `FIXED.conditionSteps`. */
  'condition-limit',
  /** The arguments of the call are needed by `when` and cannot be read. */
  'arguments-unreadable',
] as const;
export type UseRefusal = (typeof USE_REFUSALS)[number];

export type RefusalReason = ClaimRefusal | UseRefusal;
