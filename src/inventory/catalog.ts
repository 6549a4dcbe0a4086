import type { Approved } from './approved.ts';
import type { Declared, Operation } from './declared.ts';
import { driftOf } from './drift.ts';
import {
  absorb,
  draftFact,
  type Fact,
  type FactDraft,
  factId,
  LABELS,
  LATENCY_MS,
  type Label,
  latencyAt,
  MORE,
  type Sights,
} from './facts.ts';
import { grantRows } from './grants.ts';
import { isoTime } from './iso-time.ts';
import type { LedgerState } from './ledger.ts';
import { readPolicies } from './policies.ts';
import { bandOf, riskOf, riskReasons } from './risk.ts';
import {
  type CallerRow,
  type EndpointDetail,
  type EndpointRow,
  type EndpointStatus,
  type Labels,
  type Latency,
  type OrphanRow,
  type ProviderRow,
  REVIEW_STATES,
  type ReviewedKind,
  type ReviewState,
  type Row,
  type RowKind,
  type Rows,
  type SightRow,
} from './rows.ts';
import { schemaOf } from './shape.ts';
import { learnTemplates, type SeenPath } from './templates.ts';

/** The inventory as people read it: facts under learned templates, compared with what is declared and approved. */
export interface Catalog {
  /** Of the ledger's state it was made from. */
  readonly revision: number;
  readonly rows: { readonly [kind in RowKind]: readonly Rows[kind][] };
  /** An endpoint with everything that is known about it. */
  detail(id: string): EndpointDetail | undefined;
  /** Paths as findings have them that belong to an endpoint. */
  pathsOf(id: string): readonly string[];
  /** The endpoint that a method, host and path as findings have them belong to. */
  endpointOf(method: string, host: string, path: string): EndpointRow | undefined;
  /** What people wrote about a row; null: nothing. */
  noteOn(kind: ReviewedKind, id: string): string | null;
  /** Ids the parts of an endpoint would have alone, the most used first; of other rows none. */
  memberIds(id: string): readonly string[];
  /** Requests that nothing answered for, by host. */
  readonly refusedByHost: ReadonlyMap<string, number>;
  /** Directions of exchanges that were not inspected, by `<direction>:<reason>`. */
  readonly uninspected: ReadonlyMap<string, number>;
  /** When a filter was heard of last, whole Unix milliseconds; undefined: never, because what was seen came from others. */
  readonly heardMs: number | undefined;
}

export interface CatalogSources {
  readonly declared: Declared;
  readonly approved: Approved;
}

/** Pure: the same state and sources give the same catalog. */
export function createCatalog(state: LedgerState, sources: CatalogSources): Catalog {
  const reviews = readReviews(state);
  const groups = groupEndpoints(state, sources.declared);
  const idOf = idsByName(groups);
  const probes = probesByName(state, groups, idOf);
  const context: Context = { ...sources, reviews, newest: newestVersions(sources.declared) };
  const endpoints = [...groups.values()].map((group) => endpointRow(group, { ...context, refused: probes.get(group.id) ?? 0 }));
  const endpointsById = new Map(endpoints.map((row) => [row.id, row]));
  const models = [...state.facts.models].map(([id, fact]) => modelRow(fact, rowOf('models', id, fact, reviews), sources.approved));
  const tools = [...state.facts.tools].map(([id, fact]) => toolRow(fact, rowOf('tools', id, fact, reviews), sources.approved));
  const counted = (kind: 'callers' | 'agents' | 'people' | 'servers' | 'flows') =>
    [...state.facts[kind]].map(([id, fact]) => ({ fact, row: rowOf(kind, id, fact, reviews) }));
  const policies = readPolicies(state.documents);
  const uses = [...state.facts.uses.values()];
  let grants: readonly Rows['grants'][] | undefined;
  return {
    revision: state.revision,
    rows: {
      endpoints,
      models,
      providers: providerRows(models, { approved: sources.approved, reviews }),
      callers: counted('callers').map(({ fact, row }) => callerRow(fact, row)),
      agents: counted('agents').map(({ fact, row }) => ({
        ...row,
        kind: keyOf(fact, 0) as 'agent',
        name: keyOf(fact, 1),
        ...common(fact),
        toolCalls: sum(fact, 'toolCalls'),
      })),
      people: counted('people').map(({ fact, row }) => ({ ...row, name: keyOf(fact, 0), ...judgedCounts(fact) })),
      tools,
      servers: counted('servers').map(({ fact, row }) => ({
        ...row,
        protocol: keyOf(fact, 0) as 'mcp',
        host: keyOf(fact, 1),
        path: keyOf(fact, 2),
        approved: sources.approved.server(keyOf(fact, 1)),
        ...common(fact),
        latencyMs: latencyOf(fact),
      })),
      flows: counted('flows').map(({ fact, row }) => ({
        ...row,
        sourceKind: keyOf(fact, 0),
        source: keyOf(fact, 1),
        targetKind: keyOf(fact, 2) as 'api',
        target: keyOf(fact, 3),
        ...judgedCounts(fact),
        requestBytes: sum(fact, 'requestBytes'),
        responseBytes: sum(fact, 'responseBytes'),
      })),
      /** Made when somebody asks: it compares every name with every entry. */
      get grants() {
        grants ??= grantRows(policies, uses);
        return grants;
      },
      orphans: orphanRows(sources.declared, [...groups.values()]),
    },
    detail(id) {
      const group = groups.get(id);
      return group === undefined ? undefined : endpointDetail(group, { ...context, refused: probes.get(id) ?? 0 });
    },
    pathsOf: (id) => [...(groups.get(id)?.members.values() ?? [])].map((member) => keyOf(member, 2)),
    endpointOf: (method, host, path) => endpointsById.get(idOf.get([method, host, path].join('\0')) ?? ''),
    noteOn: (kind, id) => reviewOf(reviews, kind, [id]).note,
    memberIds: (id) => memberIdsOf(groups.get(id)),
    refusedByHost: refusedByHost(state),
    uninspected: uninspectedOf(state),
    heardMs: policies.size === 0 ? undefined : Math.max(...[...policies.values()].map((policy) => policy.heardMs)),
  };
}

interface Review {
  readonly owner: string | null;
  readonly state: ReviewState;
  readonly note: string | null;
}

const UNREVIEWED: Review = { owner: null, state: 'new', note: null };

type Reviews = ReadonlyMap<string, Review>;

/** Document kind of what people decided; ids are `<row kind>:<row id>`. */
export const REVIEW_DOCUMENT = 'review';

/** A stored decision; one that cannot be read is none. */
function readReview(text: string): Review {
  const stored = JSON.parse(text) as Partial<Record<keyof Review, unknown>>;
  const { owner, state, note } = stored;
  const known = REVIEW_STATES.find((one) => one === state);
  return { owner: typeof owner === 'string' ? owner : null, state: known ?? 'new', note: typeof note === 'string' ? note : null };
}

/** What was decided about a row; without that what was about one of the parts that a template made into it since. */
const reviewOf = (reviews: Reviews, kind: string, [id, ...parts]: readonly [string, ...string[]]): Review =>
  [id, ...parts].map((one) => reviews.get(`${kind}:${one}`)).find((review) => review !== undefined) ?? UNREVIEWED;

/** The same for a row of any kind, from the newest decisions. */
export const decisionOn = (state: LedgerState, { kind, id, catalog }: ReviewSubject): Review =>
  reviewOf(readReviews(state), kind, [id, ...catalog.memberIds(id)]);

export interface ReviewSubject {
  readonly kind: RowKind;
  readonly id: string;
  /** Knows the parts. */
  readonly catalog: Catalog;
}

const readReviews = ({ documents }: LedgerState): Reviews =>
  new Map([...(documents.get(REVIEW_DOCUMENT) ?? [])].map(([id, text]) => [id, readReview(text)]));

interface Context extends CatalogSources {
  readonly reviews: Reviews;
  readonly newest: ReadonlyMap<string, number>;
}

/** Endpoints that one template makes one. */
interface Group {
  readonly id: string;
  readonly fact: Fact;
  /** By the ids they would have alone. */
  readonly members: ReadonlyMap<string, Fact>;
}

function groupEndpoints({ facts }: LedgerState, declared: Declared): ReadonlyMap<string, Group> {
  const templateOf = templatesOf(facts.endpoints.values(), declared);
  const groups = new Map<string, { readonly key: readonly string[]; readonly members: Map<string, Fact> }>();
  for (const [memberId, fact] of facts.endpoints) {
    const [method = '', host = '', path = ''] = fact.key;
    const key = [method, host, templateOf(host, path)];
    const id = factId('endpoints', key);
    const known = groups.get(id) ?? { key, members: new Map<string, Fact>() };
    known.members.set(memberId, fact);
    groups.set(id, known);
  }
  return new Map([...groups].map(([id, { key, members }]) => [id, { id, fact: together(key, [...members.values()]), members }]));
}

function memberIdsOf(group: Group | undefined): readonly string[] {
  const byUse = [...(group?.members ?? [])].sort(([, left], [, right]) => sum(right, 'count') - sum(left, 'count'));
  return byUse.map(([id]) => id);
}

function together(key: readonly string[], facts: readonly Fact[]): Fact {
  const [only] = facts;
  if (facts.length === 1 && only !== undefined && only.key[2] === key[2]) return only;
  return facts.reduce<FactDraft>((draft, fact) => absorb(draft, fact), draftFact('endpoints', key));
}

/** What is declared says more than what can be learned, and leaves it alone. */
function templatesOf(facts: Iterable<Fact>, declared: Declared): (host: string, path: string) => string {
  const given = new Map<string, string>();
  const others: SeenPath[] = [];
  for (const { key, sums } of facts) {
    const [, host = '', path = ''] = key;
    const named = declared.template(host, path);
    if (named === undefined) others.push({ host, path, count: sums['count'] ?? 0 });
    else given.set(`${host}\0${path}`, named);
  }
  const learned = learnTemplates(others);
  return (host, path) => given.get(`${host}\0${path}`) ?? learned(host, path);
}

const idsByName = (groups: ReadonlyMap<string, Group>): ReadonlyMap<string, string> =>
  new Map([...groups.values()].flatMap(({ id, members }) => [...members.values()].map(({ key }) => [key.join('\0'), id] as const)));

/** Refusals of methods and paths that are endpoints. */
function probesByName(
  { facts }: LedgerState,
  groups: ReadonlyMap<string, Group>,
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const refused = new Map<string, number>();
  for (const { key, sums } of facts.probes.values()) {
    const id = ids.get(key.join('\0')) ?? factId('endpoints', key);
    if (groups.has(id)) refused.set(id, (refused.get(id) ?? 0) + (sums['count'] ?? 0));
  }
  return refused;
}

function refusedByHost({ facts }: LedgerState): ReadonlyMap<string, number> {
  const byHost = new Map<string, number>();
  for (const { key, sums } of facts.probes.values()) byHost.set(key[1] ?? '', (byHost.get(key[1] ?? '') ?? 0) + (sums['count'] ?? 0));
  return byHost;
}

function uninspectedOf({ facts }: LedgerState): ReadonlyMap<string, number> {
  const byReason = new Map<string, number>();
  for (const { seen } of facts.endpoints.values())
    for (const [reason, { count }] of seen.get('uninspected') ?? []) byReason.set(reason, (byReason.get(reason) ?? 0) + count);
  return byReason;
}

const sum = (fact: Fact, name: string): number => fact.sums[name] ?? 0;
const keyOf = (fact: Fact, at: number): string => fact.key[at] ?? '';

const common = (fact: Fact) => ({
  count: sum(fact, 'count'),
  errors: sum(fact, 'errors'),
  findings: sum(fact, 'findings'),
  denied: sum(fact, 'denied'),
});

/** Of what does not fail by itself. */
const judgedCounts = (fact: Fact) => ({ count: sum(fact, 'count'), findings: sum(fact, 'findings'), denied: sum(fact, 'denied') });

function rowOf(kind: string, id: string, fact: Fact, reviews: Reviews): Row {
  return rowWith(reviewOf(reviews, kind, [id]), id, fact);
}

function rowWith({ owner, state }: Review, id: string, fact: Fact): Row {
  return { id, firstSeen: isoTime(fact.firstSeenMs), lastSeen: isoTime(fact.lastSeenMs), owner, state, labels: labelsOf(fact) };
}

function labelsOf({ seen }: Fact): Labels {
  const labels: Partial<Record<Label, readonly string[]>> = {};
  for (const [label, values] of seen) labels[label] = [...values.keys()].sort();
  return labels;
}

function latencyOf(fact: Fact): Latency {
  const total = fact.latency.reduce((all, count) => all + count, 0);
  const at = (p: number): number | null => {
    const bound = latencyAt(fact.latency, p);
    return bound === null || !Number.isFinite(bound) ? null : bound;
  };
  return { mean: total === 0 ? null : Math.round(sum(fact, 'durationUs') / total) / 1000, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

interface EndpointContext extends Context {
  readonly refused: number;
}

function endpointRow(group: Group, context: EndpointContext): EndpointRow {
  const { id, fact } = group;
  const [method = '', host = '', path = ''] = fact.key;
  const { operation, status, kind, reasons } = judged(group, context);
  const risk = riskOf(reasons);
  const number = (name: string): number => sum(fact, name);
  return {
    ...rowWith(endpointReview(group, context), id, fact),
    method,
    host,
    path,
    kind,
    declared: context.declared.given ? operation !== undefined : null,
    status,
    ...common(fact),
    clientErrors: number('clientErrors'),
    refused: context.refused,
    open: number('open'),
    prevented: number('prevented'),
    flagged: number('flagged'),
    redacted: number('redacted'),
    requestBytes: number('requestBytes'),
    responseBytes: number('responseBytes'),
    inputTokens: number('inputTokens'),
    outputTokens: number('outputTokens'),
    latencyMs: latencyOf(fact),
    risk,
    band: bandOf(risk),
    drifts: operation === undefined ? 0 : driftOf(fact, operation).length,
  };
}

const endpointReview = (group: Group, { reviews }: Context): Review => reviewOf(reviews, 'endpoints', [group.id, ...memberIdsOf(group)]);

function judged({ fact }: Group, { declared, approved, newest }: EndpointContext) {
  const [method = '', host = '', path = ''] = fact.key;
  const operation = declared.find({ method, host, path });
  const status = statusOf(declared, operation, newest);
  const kind = kindOf(fact);
  const unapproved = [...(fact.seen.get('models')?.keys() ?? [])].filter((model) => model !== MORE && approved.model(model) === false);
  return { operation, status, kind, reasons: riskReasons({ fact, kind, status, unapproved }) };
}

function kindOf({ seen }: Fact): EndpointRow['kind'] {
  const dialects = seen.get('dialects');
  if (dialects?.has('mcp') || dialects?.has('a2a')) return 'agent';
  return seen.has('operations') || seen.has('models') ? 'ai' : 'api';
}

function statusOf(declared: Declared, operation: Operation | undefined, newest: ReadonlyMap<string, number>): EndpointStatus | null {
  if (!declared.given) return null;
  if (operation === undefined) return 'shadow';
  const { family, version } = versionOf(operation);
  const outdated = version !== undefined && (newest.get(family) ?? version) > version;
  return operation.deprecated || outdated ? 'zombie' : 'declared';
}

/** The newest declared version of each operation that has a version in its path. */
function newestVersions({ operations }: Declared): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const operation of operations) {
    const { family, version } = versionOf(operation);
    if (version !== undefined) newest.set(family, Math.max(newest.get(family) ?? 0, version));
  }
  return newest;
}

function versionOf({ method, host, segments }: Operation): { readonly family: string; readonly version: number | undefined } {
  const at = segments.findIndex(isVersionSegment);
  const version = at < 0 ? undefined : Number(segments[at]?.slice(1));
  return { family: [method, host, ...segments.filter((_, index) => index !== at)].join('\0'), version };
}

/** `v1` to `v999`. */
function isVersionSegment(segment: string): boolean {
  const digits = segment.slice(1);
  return segment.startsWith('v') && digits.length > 0 && digits.length <= 3 && [...digits].every((one) => one >= '0' && one <= '9');
}

/** Variants shown of one endpoint. */
const VARIANTS_MAX = 100;

function endpointDetail(group: Group, context: EndpointContext): EndpointDetail {
  const { fact, members } = group;
  const { operation, reasons } = judged(group, context);
  const variants = [...members.values()].map((member) => ({
    path: keyOf(member, 2),
    count: sum(member, 'count'),
    lastSeen: isoTime(member.lastSeenMs),
  }));
  return {
    ...endpointRow(group, context),
    reasons,
    drift: operation === undefined ? [] : driftOf(fact, operation),
    seen: Object.fromEntries(LABELS.flatMap((label) => (fact.seen.has(label) ? [[label, sightRows(fact.seen.get(label)!)]] : []))),
    latencyBuckets: fact.latency.map((count, at) => ({ leMs: LATENCY_MS[at] ?? null, count })),
    variants: variants.sort((left, right) => right.count - left.count).slice(0, VARIANTS_MAX),
    operation:
      operation === undefined
        ? null
        : { file: operation.file, path: operation.path, operationId: operation.operationId ?? null, deprecated: operation.deprecated },
    requestSchema: schemaOf(fact.request) ?? null,
    responseSchema: schemaOf(fact.response) ?? null,
    note: endpointReview(group, context).note,
  };
}

function sightRows(sights: Sights): readonly SightRow[] {
  return [...sights]
    .map(([value, { count, firstMs, lastMs }]) => ({ value, count, firstSeen: isoTime(firstMs), lastSeen: isoTime(lastMs) }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
}

function modelRow(fact: Fact, row: Row, approved: Approved): Rows['models'] {
  const [provider, name] = [keyOf(fact, 0), keyOf(fact, 1)];
  return {
    ...row,
    provider,
    name,
    approved: bothApproved(approved.model(name), provider === '' ? null : approved.provider(provider)),
    ...common(fact),
    flagged: sum(fact, 'flagged'),
    redacted: sum(fact, 'redacted'),
    inputTokens: sum(fact, 'inputTokens'),
    outputTokens: sum(fact, 'outputTokens'),
    latencyMs: latencyOf(fact),
  };
}

const bothApproved = (left: boolean | null, right: boolean | null): boolean | null =>
  left === null || right === null ? (left ?? right) : left && right;

interface ProviderSources {
  readonly approved: Approved;
  readonly reviews: Reviews;
}

function providerRows(models: readonly Rows['models'][], { approved, reviews }: ProviderSources): readonly ProviderRow[] {
  const byName = Map.groupBy(
    models.filter(({ provider }) => provider !== ''),
    ({ provider }) => provider,
  );
  return [...byName].map(([name, all]) => {
    const id = factId('providers', [name]);
    const { owner, state } = reviewOf(reviews, 'providers', [id]);
    const total = (column: 'count' | 'errors' | 'findings' | 'denied' | 'inputTokens' | 'outputTokens'): number =>
      all.reduce((sumOf, model) => sumOf + model[column], 0);
    return {
      id,
      name,
      approved: approved.provider(name),
      models: all.length,
      count: total('count'),
      errors: total('errors'),
      findings: total('findings'),
      denied: total('denied'),
      inputTokens: total('inputTokens'),
      outputTokens: total('outputTokens'),
      firstSeen: all.map(({ firstSeen }) => firstSeen).sort()[0] ?? '',
      lastSeen:
        all
          .map(({ lastSeen }) => lastSeen)
          .sort()
          .at(-1) ?? '',
      owner,
      state,
      labels: { models: all.map((model) => model.name).sort() },
    };
  });
}

function callerRow(fact: Fact, row: Row): CallerRow {
  return {
    ...row,
    kind: keyOf(fact, 0) as CallerRow['kind'], // the fold writes no other
    name: keyOf(fact, 1),
    ...common(fact),
    flagged: sum(fact, 'flagged'),
    redacted: sum(fact, 'redacted'),
    toolCalls: sum(fact, 'toolCalls'),
    inputTokens: sum(fact, 'inputTokens'),
    outputTokens: sum(fact, 'outputTokens'),
  };
}

function toolRow(fact: Fact, row: Row, approved: Approved): Rows['tools'] {
  const name = keyOf(fact, 1);
  const { errors, findings, denied } = common(fact);
  const descriptions = fact.seen.get('descriptions')?.size ?? 0;
  return {
    ...row,
    server: keyOf(fact, 0),
    name,
    approved: approved.tool(name),
    declared: sum(fact, 'declared'),
    called: sum(fact, 'called'),
    errors,
    findings,
    denied,
    descriptions,
  };
}

function orphanRows(declared: Declared, groups: readonly Group[]): readonly OrphanRow[] {
  const used = new Set(groups.map(({ fact }) => declared.find({ method: keyOf(fact, 0), host: keyOf(fact, 1), path: keyOf(fact, 2) })));
  return declared.operations
    .filter((operation) => !used.has(operation))
    .map(({ method, host = '', path, file, operationId, deprecated }) => ({
      id: factId('orphans', [file, method, host, path]),
      method,
      host,
      path,
      file,
      operationId: operationId ?? null,
      deprecated,
    }));
}
