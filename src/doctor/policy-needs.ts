import type { IdentityPolicy } from '../agents/identity/identity-policy.ts';
import type { FailMode, Policy } from '../policy/policy.ts';
import type { PolicyDocument } from '../policy/schema.ts';

/** What a policy needs from Envoy. */
export interface PolicyNeeds {
  readonly mode: Policy['mode'];
  readonly failMode: FailMode;
  /** Largest body the policy inspects, in bytes. */
  readonly bodyBytes: number;
  /** How it tells who calls, as far as Envoy has a part in it. */
  readonly identity: {
    /** Headers that it trusts because Envoy sets or removes them, lower case. */
    readonly headers: readonly string[];
    /** Undefined: `x-forwarded-client-cert` is not believed. */
    readonly xfcc: { readonly trustedHops: number } | undefined;
    /** What of client certificates it reads. */
    readonly certificates: readonly ('spiffe' | 'mtls-san' | 'mtls-cn')[];
    /** The names (`payload_in_metadata`) under which it reads what Envoy's jwt_authn filter has verified. */
    readonly jwtAuthn: readonly string[];
  };
  /** What its routes match on. */
  readonly routesBy: { readonly routeName: boolean; readonly host: boolean; readonly path: boolean };
}

/** Of a compiled policy and the document it came from. */
export function policyNeeds({ mode, failMode, limits, agents }: Policy, { routes = [] }: PolicyDocument): PolicyNeeds {
  const by = (key: 'routeName' | 'host' | 'path') => routes.some(({ match }) => match[key] !== undefined);
  return {
    mode,
    failMode,
    bodyBytes: limits.bodyBytes,
    identity: identityNeeds(agents.identity),
    routesBy: { routeName: by('routeName'), host: by('host'), path: by('path') },
  };
}

function identityNeeds({ sources, xfcc, trustedHeaders, jwtAuthn }: IdentityPolicy): PolicyNeeds['identity'] {
  const certificates = (['spiffe', 'mtls-san', 'mtls-cn'] as const).filter((source) => sources.has(source));
  return {
    headers: sources.has('header') ? trustedHeaders : [],
    xfcc: certificates.length === 0 ? undefined : xfcc,
    certificates,
    jwtAuthn: sources.has('jwt') ? jwtAuthn : [],
  };
}
