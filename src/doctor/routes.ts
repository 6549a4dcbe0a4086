import { durationMsIn, type Fields, fieldsOf, integerIn, isSet, messageIn, messagesIn, textIn, typeOf } from './fields.ts';
import { shown } from './shown.ts';

/** One row of a route table that sends traffic on, with what all its levels say together. */
export interface Route {
  /** Its name, else what it matches, with its virtual host; for people. */
  readonly name: string;
  /** Whether every path matches, whatever the headers. */
  readonly catchesAll: boolean;
  /** Off: the filter is switched off here. Unset: no level says. */
  readonly filter: 'on' | 'off' | 'unset';
  /** Merged `overrides` of `ExtProcPerRoute`; the most specific level wins field by field. */
  readonly overrides: Fields;
  /** 0: none. */
  readonly timeoutMs: number;
  /** Undefined: the connection manager's. */
  readonly idleTimeoutMs: number | undefined;
  /** Whether a WebSocket or CONNECT request can come this way; undefined: as the connection manager says. */
  readonly upgrades: boolean | undefined;
  /** Undefined: the listener's. */
  readonly bufferBytes: number | undefined;
}

/** Routes named by what they match are many in a mesh; a table is read up to here. */
const ROUTES_MAX = 50_000;

/** How long an answer may take on a route that says nothing, in milliseconds (Envoy's default). */
export const DEFAULT_ROUTE_TIMEOUT_MS = 15_000;

/** The routes of a route configuration that forward. `filterName` is the name of the ext_proc filter in `http_filters`. */
export function readRoutes(routeConfig: Fields, filterName: string): readonly Route[] {
  const hosts = messagesIn(routeConfig['virtual_hosts']);
  return hosts.flatMap((host) => readVirtualHost(routeConfig, host, filterName)).slice(0, ROUTES_MAX);
}

function readVirtualHost(routeConfig: Fields, host: Fields, filterName: string): readonly Route[] {
  const upgradePrefixes: string[] = [];
  return messagesIn(host['routes']).flatMap((route) => {
    const match = fieldsOf(route['match']);
    const action = messageIn(route['route']);
    if (action === undefined) return [];
    const prefix = textIn(match['prefix']);
    const shadowed = upgradePrefixes.some((one) => (prefix ?? textIn(match['path']) ?? '').startsWith(one));
    if (prefix !== undefined && takesAllUpgrades(match)) upgradePrefixes.push(prefix);
    const levels = [routeConfig, host, route];
    const name = `${nameOf(route, match)} of ${shown(host['name'] ?? '')}`;
    const row = (more: readonly Fields[], label: string): Route => ({
      name: label,
      catchesAll: catchesAll(match),
      ...filterSettings([...levels, ...more], filterName),
      timeoutMs: timeoutMs(action),
      idleTimeoutMs: durationMsIn(action['idle_timeout']),
      upgrades: shadowed ? false : upgradesIn(action['upgrade_configs'], match),
      bufferBytes: bufferBytes(route) ?? bufferBytes(host),
    });
    const split = messagesIn(fieldsOf(action['weighted_clusters'])['clusters']).filter((one) => messageIn(one['typed_per_filter_config']));
    return [row([], name), ...split.map((cluster) => row([cluster], `${name} to ${shown(cluster['name'] ?? '')}`))];
  });
}

/** Whether `upgrade_configs` let any upgrade through; undefined when there are none. */
export function upgradesIn(configs: unknown, match: Fields = {}): boolean | undefined {
  const rows = messagesIn(configs);
  if (messageIn(match['connect_matcher']) !== undefined) return true;
  return rows.length === 0 ? undefined : rows.some((row) => row['enabled'] === undefined || isSet(row['enabled']));
}

function filterSettings(levels: readonly Fields[], filterName: string): Pick<Route, 'filter' | 'overrides'> {
  let filter: Route['filter'] = 'unset';
  let overrides: Fields = {};
  for (const level of levels) {
    const config = messageIn(fieldsOf(level['typed_per_filter_config'])[filterName]);
    if (config === undefined) continue;
    const perRoute = typeOf(config).endsWith('.FilterConfig') ? fieldsOf(config['config']) : config;
    filter = isSet(config['disabled']) || isSet(perRoute['disabled']) ? 'off' : 'on';
    overrides = { ...overrides, ...fieldsOf(perRoute['overrides']) };
  }
  return { filter, overrides };
}

function timeoutMs(action: Fields): number {
  const stream = durationMsIn(fieldsOf(action['max_stream_duration'])['max_stream_duration']);
  return stream ?? durationMsIn(action['timeout']) ?? DEFAULT_ROUTE_TIMEOUT_MS;
}

function bufferBytes(level: Fields): number | undefined {
  return integerIn(level['request_body_buffer_limit']) ?? integerIn(level['per_request_buffer_limit_bytes']);
}

/** A row for `upgrade` headers alone takes every upgrade below its prefix away from the rows after it. */
function takesAllUpgrades(match: Fields): boolean {
  const headers = messagesIn(match['headers']);
  return headers.length === 1 && textIn(headers[0]?.['name'])?.toLowerCase() === 'upgrade' && isSet(headers[0]?.['present_match']);
}

function catchesAll(match: Fields): boolean {
  const conditions = Object.keys(match).filter((key) => key !== 'prefix' && key !== 'case_sensitive');
  return conditions.length === 0 && (match['prefix'] === '/' || match['prefix'] === '');
}

const PATH_KEYS = ['prefix', 'path', 'path_separated_prefix', 'safe_regex', 'path_match_policy', 'connect_matcher'] as const;

function nameOf(route: Fields, match: Fields): string {
  const name = textIn(route['name']);
  if (name !== undefined && name !== '') return shown(name);
  const key = PATH_KEYS.find((one) => match[one] !== undefined);
  return key === undefined ? 'without a name' : `${key} ${shown(match[key])}`;
}
