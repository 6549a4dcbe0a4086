import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type DiagnoseInput, diagnose } from '../../src/doctor/diagnose.ts';
import type { ConfigFinding } from '../../src/doctor/finding.ts';
import { type PolicyNeeds, policyNeeds } from '../../src/doctor/policy-needs.ts';
import { type RawConfig, readEnvoyConfig } from '../../src/doctor/read-config.ts';
import { presetSource } from '../../src/policy/presets.ts';
import { readDocument } from '../../src/policy/read-document.ts';
import { loaded } from '../policy/compiled.ts';

/** A message of a configuration that a test changes in place. */
// biome-ignore lint/suspicious/noExplicitAny: test configurations are written freely
export type Message = Record<string, any>;

/** The messages of a shipped configuration, by the names that findings use. */
export interface Parts {
  readonly root: Message;
  readonly listener: Message;
  readonly manager: Message;
  /** The entry of `http_filters`. */
  readonly entry: Message;
  /** Its ExternalProcessor message. */
  readonly filter: Message;
  readonly host: Message;
  readonly route: Message;
  readonly cluster: Message;
}

export function shippedText(profile: string): string {
  return readFileSync(path.resolve(import.meta.dirname, `../../envoy/${profile}.yaml`), 'utf8');
}

/** Finds the parts of a configuration with one listener. */
export function partsOf(root: Message): Parts {
  const listener = root['static_resources'].listeners[0];
  const manager = listener.filter_chains[0].filters[0].typed_config;
  const entry = manager.http_filters.find(({ name }: Message) => name === 'envoy.filters.http.ext_proc');
  const host = manager.route_config?.virtual_hosts[0] ?? {};
  const cluster = root['static_resources'].clusters.find(({ name }: Message) => name === 'sluice');
  return { root, listener, manager, entry, filter: entry?.typed_config, host, route: host.routes?.[0] ?? {}, cluster };
}

/** `envoy/<profile>.yaml` with changes. */
export function changed(profile: string, change: (parts: Parts) => void): Message {
  const root: Message = parse(shippedText(profile));
  change(partsOf(root));
  return root;
}

export const BALANCED = presetSource('balanced').text;

export interface Against extends Partial<Pick<DiagnoseInput, 'cluster' | 'stats'>> {
  /** Text of the policy. Default: balanced. */
  readonly policy?: string;
}

/** What the doctor says about a configuration. Throws when it cannot be read. */
export function findingsOf(
  config: Message | string,
  { policy = BALANCED, cluster, stats = new Map() }: Against = {},
): readonly ConfigFinding[] {
  return diagnose({ config: configOf(config), needs: needsOf(policy), cluster, stats });
}

/** Throws when it cannot be read. */
export function configOf(config: Message | string): RawConfig {
  const read = readEnvoyConfig(typeof config === 'string' ? config : JSON.stringify(config));
  if (!read.ok) throw new Error(read.reason);
  return read.config;
}

const known = new Map<string, PolicyNeeds>();

/** What a policy's text needs. */
export function needsOf(policy: string): PolicyNeeds {
  const document = readDocument({ file: 'p.yaml', text: policy });
  if (!document.ok) throw new Error('the policy does not load');
  const needs = known.get(policy) ?? policyNeeds(loaded(policy), document.value);
  known.set(policy, needs);
  return needs;
}

/** A bootstrap as a running Envoy's `config_dump` shows it. */
export function asDump(root: Message, version = { major_number: 1, minor_number: 40 }): Message {
  const { listeners, clusters } = root['static_resources'];
  const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
  return {
    configs: [
      { '@type': type('BootstrapConfigDump'), bootstrap: { node: { user_agent_build_version: { version } } } },
      { '@type': type('ClustersConfigDump'), static_clusters: clusters.map((cluster: Message) => ({ cluster })) },
      { '@type': type('ListenersConfigDump'), dynamic_listeners: listeners.map((listener: Message) => ({ active_state: { listener } })) },
      { '@type': type('RoutesConfigDump') },
    ],
  };
}

/** Puts a finding's remedy where it says. */
export function apply({ put }: ConfigFinding, parts: Parts): void {
  if (put === undefined) throw new Error('the finding has no remedy');
  const into: Record<typeof put.into, Message> = {
    'ext_proc filter': parts.filter,
    'http_filters entry': parts.entry,
    route: parts.route,
    'connection manager': parts.manager,
    listener: parts.listener,
    cluster: parts.cluster,
  };
  merge(into[put.into], parse(put.yaml));
}

/** Messages in which a remedy names single fields; any other field is replaced whole. */
const MERGED = new Set([
  'route',
  'typed_per_filter_config',
  'envoy.filters.http.ext_proc',
  'overrides',
  'typed_extension_protocol_options',
]);

/** Filters are put in the order of their names. */
function merge(target: Message, fields: Message): void {
  if ('overrides' in fields) delete target['disabled']; // one of the two, says the message
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'http_filters') target[key] = value.map(({ name }: Message) => target[key].find((one: Message) => one['name'] === name));
    else if (MERGED.has(key) && target[key] !== undefined) merge(target[key], value);
    else target[key] = value;
  }
}
