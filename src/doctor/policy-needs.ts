import type { FailMode, Policy } from '../policy/policy.ts';
import type { PolicyDocument } from '../policy/schema.ts';

/** What a policy needs from Envoy. */
export interface PolicyNeeds {
  readonly mode: Policy['mode'];
  readonly failMode: FailMode;
  /** Largest body the policy inspects, in bytes. */
  readonly bodyBytes: number;
  /** What its routes match on. */
  readonly routesBy: { readonly routeName: boolean; readonly host: boolean; readonly path: boolean };
}

/** Of a compiled policy and the document it came from. */
export function policyNeeds({ mode, failMode, limits }: Policy, { routes = [] }: PolicyDocument): PolicyNeeds {
  const by = (key: 'routeName' | 'host' | 'path') => routes.some(({ match }) => match[key] !== undefined);
  return {
    mode,
    failMode,
    bodyBytes: limits.bodyBytes,
    routesBy: { routeName: by('routeName'), host: by('host'), path: by('path') },
  };
}
