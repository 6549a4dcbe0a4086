import { createHash } from 'node:crypto';
import { createShape, encodeShape, mergeShape, readShape, type Shape } from './shape.ts';

/** The kinds of facts: what identifies one, and what of it is added up. */
export const FACTS = {
  /** Requests that something answered. `path` is templated; see `path-trie.ts` for how its segments are bounded. */
  endpoints: {
    key: ['method', 'host', 'path'],
    sums: [
      'count',
      'errors',
      'clientErrors',
      'open',
      'findings',
      'prevented',
      'flagged',
      'redacted',
      'denied',
      'requestBytes',
      'responseBytes',
      'inputTokens',
      'outputTokens',
      'durationUs',
    ],
  },
  /** Requests that nothing answered for: 404, 401 and their like. They make no endpoint; where there is one they are its refusals. */
  probes: { key: ['method', 'host', 'path'], sums: ['count', 'findings', 'denied'] },
  models: {
    key: ['provider', 'name'],
    sums: ['count', 'errors', 'findings', 'flagged', 'redacted', 'denied', 'inputTokens', 'outputTokens', 'durationUs'],
  },
  /** `kind`: `credential` (keyed hash), `user-agent`, `service` (the reporting service of a foreign client span) or `unknown`. */
  callers: {
    key: ['kind', 'id'],
    sums: ['count', 'errors', 'findings', 'flagged', 'redacted', 'denied', 'toolCalls', 'inputTokens', 'outputTokens'],
  },
  /** `kind`: `agent` (`gen_ai.agent.name`) or `mcp-client` (what an MCP client calls itself). */
  agents: { key: ['kind', 'name'], sums: ['count', 'errors', 'findings', 'denied', 'toolCalls'] },
  /** What an agent of a policy used; `list` and `name` as in its row. An empty name: names that may not be shown. */
  uses: { key: ['agent', 'list', 'name'], sums: ['permitted', 'refused'] },
  /** Hash of a pseudonym that came as `sluice.person.hash`, `enduser.pseudo.id` or `user.hash`. */
  people: { key: ['id'], sums: ['count', 'findings', 'denied'] },
  /** `server`: host of the MCP server that offers it; empty for a tool that a model was told of. */
  tools: { key: ['server', 'name'], sums: ['declared', 'called', 'errors', 'findings', 'denied'] },
  /** `protocol`: `mcp` or `a2a`. */
  servers: { key: ['protocol', 'host', 'path'], sums: ['count', 'errors', 'findings', 'denied', 'durationUs'] },
  /** Who sends what where. `sourceKind` as of callers, or `agent`; `targetKind`: `api` (host), `model` (provider/name), `server`, `tool`. */
  flows: { key: ['sourceKind', 'source', 'targetKind', 'target'], sums: ['count', 'findings', 'denied', 'requestBytes', 'responseBytes'] },
} as const;

export type FactKind = keyof typeof FACTS;
export const FACT_KINDS = Object.keys(FACTS) as readonly FactKind[];

/** Words seen with a fact, each with how often and when. */
export const LABELS = [
  'dialects',
  'providers',
  'operations',
  /** Detector ids seen in requests and in answers: the sensitive kinds that flow here. */
  'requestKinds',
  'responseKinds',
  'auth',
  /** `answered`: a success without any credential. */
  'open',
  'statuses',
  'requestTypes',
  'responseTypes',
  'models',
  /** Names a model answered under. */
  'servedAs',
  'callers',
  'agents',
  'tools',
  /** What a server calls itself. */
  'names',
  'methods',
  'prompts',
  'resources',
  /** Hashes of a tool's description. */
  'descriptions',
  'userAgents',
  'uninspected',
  'policies',
  /** `sluice`, or the instrumentation scope of a foreign span. */
  'sources',
] as const;
export type Label = (typeof LABELS)[number];

/** How often a word was seen, and when, in whole Unix milliseconds. */
export interface Sight {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export type Sights = ReadonlyMap<string, Sight>;

/** One row: everything in it merges the same in any order and grouping, and all numbers are whole, so that sums do not drift. */
export interface Fact {
  readonly kind: FactKind;
  /** Values of `FACTS[kind].key`. */
  readonly key: readonly string[];
  readonly sums: Readonly<Record<string, number>>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly seen: ReadonlyMap<Label, Sights>;
  /** Exchanges by duration: one count for each bound of `LATENCY_MS` and one for what took longer. Empty: nobody measured. */
  readonly latency: readonly number[];
  readonly request: Shape;
  readonly response: Shape;
}

/** A fact under construction. */
export interface FactDraft extends Fact {
  readonly sums: Record<string, number>;
  firstSeenMs: number;
  lastSeenMs: number;
  readonly seen: Map<Label, Map<string, { count: number; firstMs: number; lastMs: number }>>;
  latency: number[];
  request: Shape;
  response: Shape;
}

/** Upper bounds of the latency buckets, in milliseconds. */
export const LATENCY_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000] as const;

/**
 * Values kept of one label: the first in alphabetical order, because that choice does not depend on the order of arrival; a value that
 * is kept at the end was kept all along, so its count is exact. The others are one value, `MORE`.
 */
const VALUES_MAX = 64;

/** Stands for what had no room: a label's value, a path's segment, every part of a key. */
export const MORE = '{more}';

/** Identifies a fact in a store: 24 hex digits of a hash of kind and key. */
export function factId(kind: string, key: readonly string[]): string {
  return createHash('sha256')
    .update(`${kind}\0${key.join('\0')}`)
    .digest('hex')
    .slice(0, 24);
}

export function draftFact(kind: FactKind, key: readonly string[]): FactDraft {
  const never = { firstSeenMs: Number.MAX_SAFE_INTEGER, lastSeenMs: 0 };
  return { kind, key, sums: {}, ...never, seen: new Map(), latency: [], request: createShape(), response: createShape() };
}

export function addSum(draft: FactDraft, name: string, value: number): void {
  if (value > 0) draft.sums[name] = Math.min(Number.MAX_SAFE_INTEGER, (draft.sums[name] ?? 0) + value);
}

export function addSight(draft: FactDraft, label: Label, value: string, sight: Sight): void {
  let values = draft.seen.get(label);
  if (values === undefined) {
    values = new Map();
    draft.seen.set(label, values);
  }
  const known = values.get(value);
  if (known === undefined) {
    values.set(value, { ...sight });
    if (values.size > VALUES_MAX * 2) prune(values);
    return;
  }
  known.count += sight.count;
  known.firstMs = Math.min(known.firstMs, sight.firstMs);
  known.lastMs = Math.max(known.lastMs, sight.lastMs);
}

/** Adds what `fact` says to `draft`; commutative and associative. The key stays the draft's. */
export function absorb(draft: FactDraft, fact: Fact): FactDraft {
  for (const [name, value] of Object.entries(fact.sums)) addSum(draft, name, value);
  draft.firstSeenMs = Math.min(draft.firstSeenMs, fact.firstSeenMs);
  draft.lastSeenMs = Math.max(draft.lastSeenMs, fact.lastSeenMs);
  for (const [label, values] of fact.seen) for (const [value, sight] of values) addSight(draft, label, value, sight);
  if (fact.latency.length > 0) draft.latency = fact.latency.map((count, at) => count + (draft.latency[at] ?? 0));
  draft.request = mergeShape(draft.request, fact.request);
  draft.response = mergeShape(draft.response, fact.response);
  return draft;
}

export function addLatency(draft: FactDraft, durationMs: number): void {
  if (draft.latency.length === 0) draft.latency = new Array<number>(LATENCY_MS.length + 1).fill(0);
  const found = LATENCY_MS.findIndex((bound) => durationMs <= bound);
  const at = found < 0 ? LATENCY_MS.length : found;
  draft.latency[at] = (draft.latency[at] ?? 0) + 1;
}

/** Under `p` of the exchanges took at most so many milliseconds (a bound of `LATENCY_MS`); null when unknown, Infinity beyond the last. */
export function latencyAt(latency: readonly number[], p: number): number | null {
  const total = latency.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const at = latency.findIndex((count) => {
    seen += count;
    return seen >= total * p;
  });
  return LATENCY_MS[at] ?? Number.POSITIVE_INFINITY;
}

function prune(values: Map<string, { count: number; firstMs: number; lastMs: number }>): void {
  const names = [...values.keys()].filter((value) => value !== MORE).sort();
  const rest = values.get(MORE) ?? { count: 0, firstMs: Number.MAX_SAFE_INTEGER, lastMs: 0 };
  for (const name of names.slice(VALUES_MAX)) {
    const sight = values.get(name)!;
    rest.count += sight.count;
    rest.firstMs = Math.min(rest.firstMs, sight.firstMs);
    rest.lastMs = Math.max(rest.lastMs, sight.lastMs);
    values.delete(name);
  }
  if (rest.count > 0) values.set(MORE, rest);
}

type Row = readonly [value: string, count: number, firstMs: number, lastMs: number];

/** The fact as JSON, the same text for the same fact: labels and values in order, zero and empty left out. */
export function encodeFact(fact: Fact): string {
  return JSON.stringify({
    key: fact.key,
    sums: Object.fromEntries(FACTS[fact.kind].sums.flatMap((name) => (fact.sums[name] ? [[name, fact.sums[name]]] : []))),
    first: fact.firstSeenMs,
    last: fact.lastSeenMs,
    seen: Object.fromEntries(LABELS.flatMap((label) => (fact.seen.has(label) ? [[label, encodeSights(fact.seen.get(label)!)]] : []))),
    latency: fact.latency.length > 0 ? fact.latency : undefined,
    request: encodeShape(fact.request),
    response: encodeShape(fact.response),
  });
}

function encodeSights(sights: Sights): readonly Row[] {
  let values = sights;
  if (values.size > VALUES_MAX) {
    const copy = new Map([...sights].map(([value, sight]) => [value, { ...sight }]));
    prune(copy);
    values = copy;
  }
  return [...values].map(([value, { count, firstMs, lastMs }]): Row => [value, count, firstMs, lastMs]).sort(byValue);
}

const byValue = ([left]: Row, [right]: Row): number => (left < right ? -1 : left > right ? 1 : 0);

/** What `encodeFact` wrote. The text comes from our own store: its shape is trusted, its values are not. */
export function decodeFact(kind: FactKind, text: string): FactDraft {
  const stored = JSON.parse(text) as {
    readonly key: readonly string[];
    readonly sums: Record<string, number>;
    readonly first: number;
    readonly last: number;
    readonly seen: Readonly<Partial<Record<Label, readonly Row[]>>>;
    readonly latency?: number[];
    readonly request?: unknown;
    readonly response?: unknown;
  };
  const seen = new Map<Label, Map<string, { count: number; firstMs: number; lastMs: number }>>();
  for (const label of LABELS) {
    const rows = stored.seen[label];
    if (rows !== undefined) seen.set(label, new Map(rows.map(([value, count, firstMs, lastMs]) => [value, { count, firstMs, lastMs }])));
  }
  return {
    kind,
    key: stored.key,
    sums: stored.sums,
    firstSeenMs: stored.first,
    lastSeenMs: stored.last,
    seen,
    latency: stored.latency ?? [],
    request: readShape(stored.request),
    response: readShape(stored.response),
  };
}

/** A copy that can be changed without the original noticing. */
export const copyFact = (fact: Fact): FactDraft => absorb(draftFact(fact.kind, fact.key), fact);
