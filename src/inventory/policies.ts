import { FIXED, INVENTORY } from '../lib/limits.ts';
import { ATTR, SCOPE_NAME } from '../telemetry/semconv.ts';
import type { IncomingSpan } from './incoming.ts';
import { boundedTime } from './iso-time.ts';
import type { Cleaner, Reader } from './span-reading.ts';
import type { StoredDocument } from './store.ts';

/** What is known of a policy that some filter goes or went by. */
export interface KnownPolicy {
  /** Whole Unix milliseconds: when a filter took it last, and when one that goes by it was heard of last. */
  readonly loadedMs: number;
  readonly heardMs: number;
  /** By the names of the policy's agents. */
  readonly agents: Readonly<Record<string, KnownGrants>>;
}

export interface KnownGrants {
  /** Only told by what a client says of itself. */
  readonly stated: boolean;
  /** As `grantLines` has them, each once, in alphabetical order. */
  readonly lines: readonly string[];
  /** Entries that are not among them: beyond what a filter tells, or not fit to keep. */
  readonly leftOut: number;
}

/** Document kind of known policies; ids are their versions. */
export const POLICY_DOCUMENT = 'policy';

/** A filter that goes by a policy says so every minute; of one that was silent for longer nothing is known any more. */
export const HEARD_MS = 180_000;

/** Policies by their versions. */
export type Policies = ReadonlyMap<string, KnownPolicy>;

/** What a span `policy` of a filter, or one of the `grants <agent>` below it, says; undefined for any other span. */
export function policyOfSpan(
  { scope, name, startUnixMs, endUnixMs }: IncomingSpan,
  { read, cleaner }: { readonly read: Reader; readonly cleaner: Cleaner },
): { readonly version: string; readonly policy: KnownPolicy } | undefined {
  if (scope !== SCOPE_NAME || (name !== 'policy' && read.raw(ATTR.policyAgent) === undefined)) return undefined;
  const [version, agent] = [read.name(ATTR.policyVersion), read.name(ATTR.policyAgent)];
  if (version === undefined) return undefined;
  const loadedMs = boundedTime(startUnixMs);
  const heardMs = Math.max(loadedMs, boundedTime(endUnixMs));
  return { version, policy: { loadedMs, heardMs, agents: agent === undefined ? {} : { [agent]: grantsOf(read, cleaner) } } };
}

function grantsOf(read: Reader, cleaner: Cleaner): KnownGrants {
  const sent = read.lines(ATTR.policyAgentGrants);
  const fit = sent.filter((line) => cleaner.name(line) === line);
  const leftOut = read.count(ATTR.policyGrantsLeftOut) + sent.length - fit.length;
  return { stated: read.raw(ATTR.policyAgentStanding) === 'stated', lines: [...new Set(fit)].toSorted(), leftOut };
}

/** Both together: the latest times and every entry; commutative and associative. */
export function mergePolicy(left: KnownPolicy | undefined, right: KnownPolicy): KnownPolicy {
  if (left === undefined) return right;
  const names = [...new Set([...Object.keys(left.agents), ...Object.keys(right.agents)])].toSorted().slice(0, FIXED.toldAgents);
  return {
    loadedMs: Math.max(left.loadedMs, right.loadedMs),
    heardMs: Math.max(left.heardMs, right.heardMs),
    agents: Object.fromEntries(names.map((name) => [name, mergeGrants(left.agents[name], right.agents[name])])),
  };
}

const NOTHING: KnownGrants = { stated: false, lines: [], leftOut: 0 };

function mergeGrants(left: KnownGrants = NOTHING, right: KnownGrants = NOTHING): KnownGrants {
  return {
    stated: left.stated || right.stated,
    lines: [...new Set([...left.lines, ...right.lines])].toSorted().slice(0, FIXED.toldGrants),
    leftOut: Math.max(left.leftOut, right.leftOut),
  };
}

export const mergePolicies = (left: Policies, right: Policies): Policies =>
  new Map([...left, ...[...right].map(([version, policy]) => [version, mergePolicy(left.get(version), policy)] as const)]);

type Documents = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The policies that are kept, by their versions. */
export const readPolicies = (documents: Documents): Policies =>
  new Map([...(documents.get(POLICY_DOCUMENT) ?? [])].map(([version, text]) => [version, JSON.parse(text) as KnownPolicy])); // written below

/** What changes when more is heard; over `INVENTORY.policies` those that nobody was heard of for longest go. */
export function policyDocuments(documents: Documents, heard: Policies): readonly StoredDocument[] {
  if (heard.size === 0) return [];
  const all = mergePolicies(readPolicies(documents), heard);
  const kept = new Set(
    [...all]
      .toSorted(([a, left], [b, right]) => right.heardMs - left.heardMs || (a < b ? -1 : 1))
      .slice(0, INVENTORY.policies)
      .map(([version]) => version),
  );
  const changed = [...heard.keys()].filter((version) => kept.has(version));
  const gone = [...all.keys()].filter((version) => !kept.has(version) && documents.get(POLICY_DOCUMENT)?.has(version) === true);
  return [
    ...changed.map((version) => ({ kind: POLICY_DOCUMENT, id: version, doc: JSON.stringify(all.get(version)) })),
    ...gone.map((version) => ({ kind: POLICY_DOCUMENT, id: version, doc: undefined })),
  ];
}
