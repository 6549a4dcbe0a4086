import { type Check, type FilterCheckInput, perRoute, type UseCheckInput, unread } from '../check.ts';
import type { ConfigFinding, Problem } from '../finding.ts';
import type { Installation } from '../installation.ts';
import { isInspected } from '../installation.ts';
import type { PolicyNeeds } from '../policy-needs.ts';
import { shown } from '../shown.ts';

/** No filter at all, and HTTP listeners without one. */
export function uncovered({ filters, bare }: Installation, needs: PolicyNeeds, cluster: string | undefined): readonly ConfigFinding[] {
  if (filters.length === 0)
    return [
      {
        severity: unread(needs),
        check: 'no-filter',
        where: 'Envoy',
        set: cluster === undefined ? 'no ext_proc filter' : `no ext_proc filter with cluster_name: ${shown(cluster)}`,
        means: 'Nothing is inspected. `envoy/default.yaml` shows the filter and its cluster.',
        put: undefined,
      },
    ];
  return bare.map((where) => ({
    severity: 'note',
    check: 'listener-without-filter',
    where,
    set: 'no ext_proc filter for Sluice',
    means: 'What comes in here is not inspected.',
    put: undefined,
  }));
}

/** Routes that go past the filter. */
export const routesDisabled: Check<FilterCheckInput> = ({ place, needs }) => {
  const past = (place.routes ?? []).filter((route) => !isInspected(route, place.filter));
  if (place.filter.disabled && past.length === (place.routes ?? []).length) return filterDisabled(place.filter.name, needs);
  if (past.length === 0) return undefined;
  const all = past.some(({ catchesAll }) => catchesAll);
  return {
    severity: all ? unread(needs) : 'warning',
    check: 'route-disabled',
    set: 'disabled: true',
    means: `${past.length === 1 ? 'This route is' : `These ${past.length} routes are`} not inspected${all ? '; any path can come this way' : ''}.`,
    put: perRoute(place.filter.name, { overrides: {} }),
    routes: past.map(({ name }) => name),
  };
};

function filterDisabled(name: string, needs: PolicyNeeds): Problem {
  return {
    severity: unread(needs),
    check: 'filter-disabled',
    set: `${shown(name)}: {disabled: true}`,
    means: 'The filter is off unless a route switches it on, and no known route does: nothing is inspected.',
    put: { into: 'http_filters entry', fields: { disabled: false } },
  };
}

export const conditional: Check<FilterCheckInput> = ({ place }) =>
  place.filter.conditional
    ? {
        severity: 'note',
        check: 'conditional-filter',
        set: 'ExtensionWithMatcher around ext_proc',
        means: 'The filter runs where a matcher says so; which traffic that leaves out is not checked here.',
      }
    : undefined;

export const unknownRoutes: Check<FilterCheckInput> = ({ place }) =>
  place.routes === undefined
    ? {
        severity: 'note',
        check: 'routes-unknown',
        set: 'rds or scoped_routes',
        means:
          "The routes are not in this configuration: what they override or switch off is not checked. A running Envoy's admin shows RDS.",
      }
    : undefined;

/** Routes that send their exchanges to another external processor. */
export const elsewhere: Check<UseCheckInput> = (input) => {
  const { use, place, needs } = input;
  if (!use.overridden || use.settings.cluster === place.settings.cluster) return undefined;
  return {
    severity: use.routes.some(({ catchesAll }) => catchesAll) ? unread(needs) : 'warning',
    check: 'route-elsewhere',
    set: `grpc_service: ${shown(use.settings.cluster ?? 'without a cluster')}`,
    means: 'What takes this way goes to another external processor instead.',
    put: perRoute(place.filter.name, { overrides: { grpc_service: { envoy_grpc: { cluster_name: place.settings.cluster } } } }),
  };
};

/** Provider and policy may see different paths. */
export const pathNormalisation: Check<FilterCheckInput> = ({ place, needs }) =>
  needs.routesBy.path && !place.manager.normalizesPath
    ? {
        severity: 'warning',
        check: 'path-normalisation',
        set: 'normalize_path, merge_slashes or path_with_escaped_slashes_action: absent',
        means:
          'The policy matches paths as Envoy normalises them, but the provider gets them as written: `//` and `%2F` can choose another row.',
        put: {
          into: 'connection manager',
          fields: { normalize_path: true, merge_slashes: true, path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD' },
        },
      }
    : undefined;
