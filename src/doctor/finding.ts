import { stringify } from 'yaml';

/** The gravest first. */
export const SEVERITIES = ['danger', 'warning', 'note'] as const;

/**
 * Danger: traffic passes that policy would stop, or every exchange fails. Warning: so under load, after a failure or for some traffic.
 * Note: works, and could be better.
 */
export type Severity = (typeof SEVERITIES)[number];

/** The message of Envoy's configuration that `put` belongs into. */
export type Place = 'ext_proc filter' | 'http_filters entry' | 'route' | 'connection manager' | 'listener' | 'cluster';

/** What one check says, without the place where. */
export interface Problem {
  readonly severity: Severity;
  /** Name of the check, e.g. `fail-open`; stable, for scripts. */
  readonly check: string;
  /** What is set, as YAML on one line, or the counter with its value. */
  readonly set: string;
  /** What that means for the user. */
  readonly means: string;
  /** What to put instead; undefined where no line of configuration is the remedy. */
  readonly put?: Remedy | undefined;
  /** Names of the routes concerned; absent: not a matter of routes. */
  readonly routes?: readonly string[];
}

export interface Remedy {
  readonly into: Place;
  /** Fields to set in that message. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One line of what `sluice doctor` reports. Names from the configuration are bounded and free of control characters. */
export interface ConfigFinding {
  readonly severity: Severity;
  readonly check: string;
  /** Listener, filter, cluster, routes. */
  readonly where: string;
  readonly set: string;
  readonly means: string;
  readonly put: { readonly into: Place; readonly yaml: string } | undefined;
}

/** Routes named in one finding; of more, the number. */
const ROUTES_NAMED_MAX = 8;

/** A problem with its place. */
export function findingAt(where: string, { severity, check, set, means, put, routes = [] }: Problem): ConfigFinding {
  return {
    severity,
    check,
    where: routes.length === 0 ? where : `${where}, ${namesOf(routes)}`,
    set,
    means,
    put: put === undefined ? undefined : { into: put.into, yaml: stringify(put.fields, { lineWidth: 0 }).trimEnd() },
  };
}

/** The gravest first; within a severity as they came. */
export function byGravity(findings: readonly ConfigFinding[]): ConfigFinding[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function namesOf(routes: readonly string[]): string {
  const named = routes.slice(0, ROUTES_NAMED_MAX).join(', ');
  const more = routes.length - ROUTES_NAMED_MAX;
  return `${routes.length === 1 ? 'route' : 'routes'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
