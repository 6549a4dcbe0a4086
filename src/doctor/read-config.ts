import { LineCounter, parseDocument } from 'yaml';
import { type Fields, fieldsOf, integerIn, messageIn, messagesIn, textIn, typeOf } from './fields.ts';

/** Envoy's configuration from either form, not looked into yet. */
export interface RawConfig {
  readonly listeners: readonly Fields[];
  readonly clusters: readonly Fields[];
  /** Whether clusters may exist that the configuration does not show (a bootstrap with CDS). */
  readonly moreClusters: boolean;
  /** Route configurations by name; those written into a listener stand there too. */
  readonly routeConfigs: ReadonlyMap<string, Fields>;
  /** HTTP filters that came by extension discovery (ECDS), typed configurations by name. */
  readonly extensions: ReadonlyMap<string, Fields>;
  /** Of the Envoy that runs it; undefined in a bootstrap. */
  readonly version: EnvoyVersion | undefined;
}

export interface EnvoyVersion {
  readonly major: number;
  readonly minor: number;
}

export type ConfigResult = { readonly ok: true; readonly config: RawConfig } | { readonly ok: false; readonly reason: string };

/** Messages within messages that are read; protobuf's own limit. */
const DEPTH_MAX = 100;

/** What an anchor of YAML may stand for, in uses times aliases within it: hundreds of routes that share one, and no explosion. */
const ALIASES_MAX = 10_000;

/** Reads a `config_dump` (JSON) or a bootstrap (YAML or JSON, field names in snake or camel case). Bad input is a value, with its reason. */
export function readEnvoyConfig(text: string): ConfigResult {
  const parsed = parseText(text);
  if (!parsed.ok) return parsed;
  const root = messageIn(inSnakeCase(parsed.value, DEPTH_MAX));
  if (root !== undefined && Array.isArray(root['configs'])) return { ok: true, config: fromDump(messagesIn(root['configs'])) };
  if (root !== undefined && isDiscovered(root)) return { ok: false, reason: DISCOVERED };
  if (root !== undefined && messageIn(root['static_resources']) !== undefined) return { ok: true, config: fromBootstrap(root) };
  return { ok: false, reason: 'it has neither "configs" (a config_dump) nor "static_resources" (a bootstrap)' };
}

const DISCOVERED = 'its listeners come by discovery (lds_config): only a running Envoy shows them';

/** A bootstrap without a listener of its own: nothing in it says whether a filter is there. */
function isDiscovered(root: Fields): boolean {
  const own = messagesIn(fieldsOf(root['static_resources'])['listeners']);
  return own.length === 0 && messageIn(fieldsOf(root['dynamic_resources'])['lds_config']) !== undefined;
}

type ParseResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** JSON first: a YAML parser takes minutes for a large dump. */
function parseText(text: string): ParseResult {
  if (!text.trimStart().startsWith('{')) return parseYaml(text);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'it is not valid JSON' };
  }
}

/** Of a key that is written twice the last one counts, as in Envoy. */
function parseYaml(text: string): ParseResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, lineCounter: lines });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { ok: false, reason: `it is not valid YAML (line ${line}, column ${col})` };
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch {
    return { ok: false, reason: 'it is not valid YAML: an alias without its anchor, or too many of them' };
  }
}

function fromDump(sections: readonly Fields[]): RawConfig {
  const inSections = (list: string, pick: (entry: Fields) => unknown): Fields[] =>
    sections.flatMap((section) => messagesIn(section[list]).map((entry) => fieldsOf(pick(entry))));
  const routeConfigs = ['static_route_configs', 'dynamic_route_configs'].flatMap((list) => inSections(list, (one) => one['route_config']));
  const bootstrap = sections.find((section) => typeOf(section).endsWith('.BootstrapConfigDump'));
  return {
    listeners: [
      ...inSections('static_listeners', (one) => one['listener']),
      ...inSections('dynamic_listeners', (one) => fieldsOf(one['active_state'])['listener']),
    ],
    clusters: ['static_clusters', 'dynamic_active_clusters', 'dynamic_warming_clusters'].flatMap((list) =>
      inSections(list, (one) => one['cluster']),
    ),
    moreClusters: false,
    routeConfigs: byName(routeConfigs),
    extensions: new Map(
      inSections('ecds_filters', (one) => one['ecds_filter']).map((one) => [textIn(one['name']) ?? '', fieldsOf(one['typed_config'])]),
    ),
    version: versionOf(fieldsOf(fieldsOf(bootstrap?.['bootstrap'])['node'])),
  };
}

function fromBootstrap(root: Fields): RawConfig {
  const resources = fieldsOf(root['static_resources']);
  return {
    listeners: messagesIn(resources['listeners']),
    clusters: messagesIn(resources['clusters']),
    moreClusters: fieldsOf(root['dynamic_resources'])['cds_config'] !== undefined,
    routeConfigs: new Map(),
    extensions: new Map(),
    version: undefined,
  };
}

function byName(messages: readonly Fields[]): ReadonlyMap<string, Fields> {
  return new Map(messages.map((one) => [textIn(one['name']) ?? '', one]));
}

function versionOf(node: Fields): EnvoyVersion | undefined {
  const version = fieldsOf(fieldsOf(node['user_agent_build_version'])['version']);
  const major = integerIn(version['major_number']);
  return major === undefined ? undefined : { major, minor: integerIn(version['minor_number']) ?? 0 };
}

/** Maps whose keys are names given by people, not names of fields. */
const NAME_MAPS = new Set(['typed_per_filter_config', 'typed_extension_protocol_options']);

/** Field names as protobuf's JSON may also write them (`failureModeAllow`), one way. What lies deeper than `depth` is absent. */
function inSnakeCase(value: unknown, depth: number, keepsKeys = false): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((one) => inSnakeCase(one, depth - 1));
  const entries = Object.entries(value).map(([key, one]) => {
    const name = keepsKeys ? key : snakeCase(key);
    return [name, inSnakeCase(one, depth - 1, NAME_MAPS.has(name))];
  });
  return Object.fromEntries(entries);
}

function snakeCase(name: string): string {
  let out = '';
  for (const letter of name) out += letter >= 'A' && letter <= 'Z' ? `_${letter.toLowerCase()}` : letter;
  return out;
}
