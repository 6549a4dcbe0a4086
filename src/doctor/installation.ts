import { type ExtProcSettings, overriddenBy, type RouteSettings, readExtProc } from './ext-proc.ts';
import { durationMsIn, enumIn, type Fields, fieldsOf, integerIn, isSet, messageIn, messagesIn, textIn, typeOf } from './fields.ts';
import type { RawConfig } from './read-config.ts';
import { type Route, readRoutes, upgradesIn } from './routes.ts';
import { shown } from './shown.ts';

/** One entry of a connection manager's `http_filters`. */
export interface HttpFilter {
  readonly name: string;
  /** Type of its configuration, e.g. `envoy.extensions.filters.http.router.v3.Router`; empty when it comes from elsewhere. */
  readonly type: string;
  readonly config: Fields;
  /** Off unless a route switches it on. */
  readonly disabled: boolean;
  /** Runs only where a matcher says so. */
  readonly conditional: boolean;
}

export interface ConnectionManager {
  readonly filters: readonly HttpFilter[];
  /** Undefined: absent; 0: off. */
  readonly streamIdleTimeoutMs: number | undefined;
  readonly upgrades: boolean;
  readonly normalizesPath: boolean;
  /** `early_header_mutation_extensions`: what changes the headers of a request before anything else looks at them. */
  readonly earlyMutations: readonly Fields[];
  /** What becomes of `x-forwarded-client-cert`. */
  readonly forwardedCertificates: (typeof FORWARD_CLIENT_CERT)[number];
}

/** Envoy's names, in the order of their numbers. */
const FORWARD_CLIENT_CERT = ['SANITIZE', 'FORWARD_ONLY', 'APPEND_FORWARD', 'SANITIZE_SET', 'ALWAYS_FORWARD_ONLY'] as const;

/** The settings that count for some of the routes. */
export interface FilterUse {
  readonly settings: RouteSettings;
  /** Whether a route overrides something. */
  readonly overridden: boolean;
  /** Routes that use them; empty when the routes are not known. */
  readonly routes: readonly Route[];
}

/** An ext_proc filter with everything around it that decides what it sees. */
export interface FilterPlace {
  /** `listener x, filter y`. */
  readonly where: string;
  readonly filter: HttpFilter;
  /** Its index in `manager.filters`. */
  readonly index: number;
  readonly settings: ExtProcSettings;
  readonly manager: ConnectionManager;
  /** Undefined: absent; Envoy's default is 1 MiB. */
  readonly bufferBytes: number | undefined;
  /** Undefined: they come from elsewhere (RDS in a bootstrap, scoped routes). */
  readonly routes: readonly Route[] | undefined;
  readonly uses: readonly FilterUse[];
}

/** What a configuration says about ext_proc. */
export interface Installation {
  readonly filters: readonly FilterPlace[];
  /** Listeners with HTTP and no such filter in any of their filter chains, and single filter chains without one. */
  readonly bare: readonly string[];
}

/** Finds the filters of Sluice: those whose cluster is `cluster`; without one those whose cluster is called after Sluice, else all. */
export function findFilters(config: RawConfig, cluster: string | undefined): Installation {
  const chains = config.listeners.flatMap((listener) => httpChains(listener, config));
  const all = chains.flatMap(({ places }) => places);
  const isOurs = ownFilters(all, cluster);
  return {
    filters: all.filter(isOurs),
    bare: chains.filter(({ places }) => !places.some(isOurs)).map(({ where }) => where),
  };
}

function ownFilters(all: readonly FilterPlace[], cluster: string | undefined): (place: FilterPlace) => boolean {
  if (cluster !== undefined) return ({ settings }) => settings.cluster === cluster;
  const isNamed = ({ settings }: FilterPlace) => settings.cluster?.toLowerCase().includes('sluice') === true;
  return all.some(isNamed) ? isNamed : () => true;
}

interface HttpChain {
  readonly where: string;
  readonly places: readonly FilterPlace[];
}

function httpChains(listener: Fields, config: RawConfig): readonly HttpChain[] {
  const name = `listener ${shown(listener['name'] ?? '')}`;
  const chains = messagesIn(listener['filter_chains']);
  const ownDefault = messageIn(listener['default_filter_chain']);
  const all = ownDefault === undefined ? chains : [...chains, ownDefault];
  const chainName = (chain: Fields, index: number) =>
    chain === ownDefault ? 'default filter chain' : `filter chain ${shown(chain['name'] ?? index)}`;
  const managers = all.flatMap((chain, index) =>
    messagesIn(chain['filters'])
      .map((filter) => fieldsOf(filter['typed_config']))
      .filter((message) => typeOf(message).endsWith('.HttpConnectionManager'))
      .map((message) => ({ message, where: all.length === 1 ? name : `${name}, ${chainName(chain, index)}` })),
  );
  return managers.map(({ message, where }) => ({ where, places: placesIn(message, { where, listener, config }) }));
}

interface Around {
  readonly where: string;
  readonly listener: Fields;
  readonly config: RawConfig;
}

function placesIn(message: Fields, { where, listener, config }: Around): readonly FilterPlace[] {
  const manager = readManager(message, config);
  const routeConfig =
    messageIn(message['route_config']) ?? config.routeConfigs.get(textIn(fieldsOf(message['rds'])['route_config_name']) ?? '');
  return manager.filters.flatMap((filter, index): readonly FilterPlace[] => {
    if (!filter.type.endsWith('.ext_proc.v3.ExternalProcessor')) return [];
    const settings = readExtProc(filter.config);
    const routes = routeConfig === undefined ? undefined : readRoutes(routeConfig, filter.name);
    return [
      {
        where: `${where}, filter ${shown(filter.name)}`,
        filter,
        index,
        settings,
        manager,
        bufferBytes: integerIn(listener['per_connection_buffer_limit_bytes']),
        routes,
        uses: usesOf({ filter, settings, routes }),
      },
    ];
  });
}

function readManager(message: Fields, config: RawConfig): ConnectionManager {
  return {
    filters: messagesIn(message['http_filters']).map((entry) => readHttpFilter(entry, config)),
    streamIdleTimeoutMs: durationMsIn(message['stream_idle_timeout']),
    earlyMutations: messagesIn(message['early_header_mutation_extensions']),
    forwardedCertificates: enumIn(message['forward_client_cert_details'], FORWARD_CLIENT_CERT) ?? 'SANITIZE',
    upgrades: upgradesIn(message['upgrade_configs']) === true,
    normalizesPath:
      isSet(message['normalize_path']) &&
      isSet(message['merge_slashes']) &&
      ['REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD'].includes(
        textIn(message['path_with_escaped_slashes_action']) ?? '',
      ),
  };
}

/** Looks through what may be wrapped around a filter's configuration: discovery, a matcher. */
function readHttpFilter(entry: Fields, { extensions }: RawConfig): HttpFilter {
  const name = textIn(entry['name']) ?? '';
  const written = messageIn(entry['typed_config']) ?? extensions.get(name) ?? {};
  const conditional = typeOf(written).endsWith('.ExtensionWithMatcher');
  const config = conditional ? fieldsOf(fieldsOf(written['extension_config'])['typed_config']) : written;
  return { name, type: typeOf(config), config, disabled: isSet(entry['disabled']), conditional };
}

interface Used {
  readonly filter: HttpFilter;
  readonly settings: ExtProcSettings;
  readonly routes: readonly Route[] | undefined;
}

/** Whether traffic of a route passes through the filter. */
export function isInspected(route: Route, filter: HttpFilter): boolean {
  return route.filter === 'unset' ? !filter.disabled : route.filter === 'on';
}

function usesOf({ filter, settings, routes }: Used): readonly FilterUse[] {
  const inspected = (routes ?? []).filter((route) => isInspected(route, filter));
  if (routes === undefined || routes.length === 0) return filter.disabled ? [] : [{ settings, overridden: false, routes: [] }];
  const groups = Map.groupBy(inspected, ({ overrides }) => JSON.stringify(overrides));
  return [...groups.values()].map((group) => {
    const overrides = group[0]!.overrides;
    const overridden = Object.keys(overrides).length > 0;
    return { settings: overridden ? overriddenBy(settings, overrides) : settings, overridden, routes: group };
  });
}
