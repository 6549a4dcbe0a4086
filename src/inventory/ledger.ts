import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { INVENTORY } from '../lib/limits.ts';
import type { Redact } from '../telemetry/path-template.ts';
import {
  absorb,
  copyFact,
  decodeFact,
  draftFact,
  encodeFact,
  FACT_KINDS,
  FACTS,
  type Fact,
  type FactDraft,
  type FactKind,
  factId,
  MORE,
} from './facts.ts';
import type { FindingRow } from './finding-row.ts';
import { fold } from './fold.ts';
import type { IncomingSpan } from './incoming.ts';
import { createPathTrie, type PathTrie } from './path-trie.ts';
import { policyDocuments } from './policies.ts';
import { createCleaner } from './span-reading.ts';
import type { ChangeDraft, Store, StoredDocument, StoreWriter } from './store.ts';
import { surplusOf } from './surplus.ts';

/** Everything spans have added up to, in memory as in the store; what it says does not depend on how the spans came. */
export interface Ledger {
  /**
   * Adds spans; resolves once they are committed, to the number of those that were new (same trace and span id among the last
   * `seenSpans`: known). Requests that wait together are committed together. Rejects with `LedgerBusy` when too many wait.
   */
  add(spans: readonly IncomingSpan[]): Promise<number>;
  /** What is known now, after reading what other processes wrote. */
  read(): Promise<LedgerState>;
  /** Changes documents that are no facts, on the newest state. What `decide` returns is committed as a whole. */
  update(decide: (state: LedgerState) => LedgerUpdate): Promise<void>;
  /** Tells of findings as they are committed by this process, until the returned function is called. */
  onFindings(listener: (findings: readonly FindingRow[]) => void): () => void;
  /** Forgets a slice of what is over its time, of findings and changes at most `pruneRows`. True: there may be more. */
  prune(nowMs: number): Promise<boolean>;
}

export interface LedgerState {
  readonly revision: number;
  readonly facts: Readonly<Record<FactKind, ReadonlyMap<string, Fact>>>;
  /** Other documents, by kind (`review`, `known`) and id. */
  readonly documents: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface LedgerUpdate {
  readonly documents: readonly StoredDocument[];
  readonly changes: readonly ChangeDraft[];
}

export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

export interface LedgerOptions {
  readonly store: Store;
  readonly redact?: Redact | undefined;
  readonly limits?: Partial<LedgerLimits> | undefined;
}

export interface LedgerLimits {
  readonly rows: number;
  readonly pathChildren: number;
  readonly seenSpans: number;
  readonly waitingSpans: number;
  readonly findings: number;
  readonly pruneRows: number;
}

interface Waiting {
  readonly spans: readonly IncomingSpan[];
  readonly done: (fresh: number) => void;
  readonly failed: (error: unknown) => void;
}

interface State {
  revision: number;
  salt: string;
  pathChildren: number;
  facts: Record<FactKind, Map<string, Fact>>;
  documents: Map<string, Map<string, string>>;
  trie: PathTrie;
}

export function createLedger({ store, redact, limits }: LedgerOptions): Ledger {
  const bounds: LedgerLimits = { ...INVENTORY, ...limits };
  const cleaner = createCleaner(redact);
  const listeners = new Set<(findings: readonly FindingRow[]) => void>();
  let state: State | undefined;
  let waiting: Waiting[] = [];
  let waitingSpans = 0;
  let committing = false;

  return {
    add(spans) {
      if (waitingSpans + spans.length > bounds.waitingSpans) return Promise.reject(new LedgerBusy('too many spans wait for the store'));
      waitingSpans += spans.length;
      const added = new Promise<number>((done, failed) => waiting.push({ spans, done, failed }));
      if (!committing) void commitAll();
      return added;
    },
    read: () => exclusively(async (current) => ({ result: current, changed: undefined })),
    async update(decide) {
      await exclusively(async (current, writer) => {
        const { documents, changes } = decide(current);
        if (documents.length === 0 && changes.length === 0) return { result: undefined, changed: undefined };
        const revision = current.revision + 1;
        await writer.save({ revision, settings: settingsOf(current), documents, changes });
        return { result: undefined, changed: { revision, documents } };
      });
    },
    onFindings(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async prune(nowMs) {
      const since = (days: number): number => nowMs - days * DAY_MS;
      return exclusively(async (current, writer) => {
        const times = { findingsSinceMs: since(INVENTORY.findingDays), changesSinceMs: since(INVENTORY.changeDays) };
        const more = await writer.prune({ rows: bounds.pruneRows, findings: bounds.findings, ...times });
        const documents = forgotten(current, since(INVENTORY.factDays));
        if (documents.length === 0) return { result: more, changed: undefined };
        const revision = current.revision + 1;
        await writer.save({ revision, settings: settingsOf(current), documents, changes: [] });
        return { result: more, changed: { revision, documents } };
      });
    },
  };

  /** Never rejects: each request hears of its own batch. */
  async function commitAll(): Promise<void> {
    committing = true;
    await Promise.resolve(); // requests that come in the same turn go together
    while (waiting.length > 0) {
      const batch = takeBatch();
      await commit(batch.flatMap(({ spans }) => spans)).then(
        (freshIds) => answer(batch, freshIds),
        (error: unknown) => {
          for (const { failed } of batch) failed(error);
        },
      );
    }
    committing = false;
  }

  function takeBatch(): readonly Waiting[] {
    let taken = 0;
    let spans = 0;
    while (taken < waiting.length && (taken === 0 || spans + waiting[taken]!.spans.length <= INVENTORY.commitSpans)) {
      spans += waiting[taken]!.spans.length;
      taken += 1;
    }
    const batch = waiting.slice(0, taken);
    waiting = waiting.slice(taken);
    waitingSpans -= spans;
    return batch;
  }

  function commit(spans: readonly IncomingSpan[]): Promise<Set<string>> {
    const byId = new Map(spans.map((span) => [span.traceId + span.spanId, span]));
    return exclusively(async (current, writer) => {
      // The store looks while all of them are folded: next to always all are new.
      const [fresh, all] = await both(
        writer.unseen([...byId.keys()], bounds.seenSpans),
        nextTurn().then(() => fold([...byId.values()], cleaner)),
      );
      const folded = fresh.length === byId.size ? all : fold(valuesAt(byId, fresh), cleaner);
      const policies = policyDocuments(current.documents, folded.policies);
      const findings = [...folded.findings.values()];
      const [, facts] = await both(
        writer.keepFindings(findings),
        nextTurn().then(() => settle(current, [...folded.facts.values()], bounds.rows)),
      );
      const revision = current.revision + 1;
      await writer.save({ revision, settings: settingsOf(current), documents: [...facts, ...policies], changes: [] });
      return { result: { fresh: new Set(fresh), findings }, changed: { revision, documents: policies } };
    }).then(({ fresh, findings }) => {
      if (findings.length > 0) for (const listener of listeners) listener(findings);
      return fresh;
    });
  }

  interface Outcome<T> {
    readonly result: T;
    readonly changed: { readonly revision: number; readonly documents: readonly StoredDocument[] } | undefined;
  }

  /** One writer at a time; after a failure nothing in memory is believed any more. */
  async function exclusively<T>(work: (current: State, writer: StoreWriter) => Promise<Outcome<T>>): Promise<T> {
    try {
      return await store.write(async (writer) => {
        const current = await catchUp(writer);
        const { result, changed } = await work(current, writer);
        if (changed === undefined) return result;
        applyDocuments(current, changed.documents);
        current.revision = changed.revision;
        return result;
      });
    } catch (error) {
      state = undefined;
      throw error;
    }
  }

  async function catchUp(writer: StoreWriter): Promise<State> {
    const { revision, floor, salt, settings } = writer.head;
    if (state === undefined || state.revision < floor || state.salt !== salt) state = emptyState(salt);
    const { pathChildren } = readSettings(settings, bounds.pathChildren);
    if (pathChildren !== state.pathChildren) state = { ...emptyState(salt), pathChildren };
    if (revision === state.revision) return state;
    applyDocuments(state, await writer.documentsSince(state.revision));
    state.revision = revision;
    return state;
  }

  function emptyState(salt: string): State {
    const facts = Object.fromEntries(FACT_KINDS.map((kind) => [kind, new Map<string, Fact>()])) as unknown as State['facts'];
    const { pathChildren } = bounds;
    return { revision: 0, salt, pathChildren, facts, documents: new Map(), trie: createPathTrie({ childrenMax: pathChildren, salt }) };
  }
}

const DAY_MS = 86_400_000;

function answer(batch: readonly Waiting[], fresh: Set<string>): void {
  for (const { spans, done } of batch) {
    let count = 0;
    for (const { traceId, spanId } of spans) if (fresh.delete(traceId + spanId)) count += 1;
    done(count);
  }
}

/** Waits for both, also where one fails: a transaction must not end while a statement of it runs. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

const valuesAt = <K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): readonly V[] => keys.map((key) => map.get(key)!);

const settingsOf = ({ pathChildren }: State): string => JSON.stringify({ pathChildren });

function readSettings(text: string, pathChildren: number): { readonly pathChildren: number } {
  const settings: unknown = text === '' ? undefined : JSON.parse(text);
  const known =
    typeof settings === 'object' && settings !== null && 'pathChildren' in settings ? Number(settings.pathChildren) : Number.NaN;
  return { pathChildren: Number.isInteger(known) && known >= 1 ? Math.min(known, pathChildren) : pathChildren };
}

function trieOf({ facts, pathChildren, salt }: State): PathTrie {
  const trie = createPathTrie({ childrenMax: pathChildren, salt });
  for (const { key } of facts.endpoints.values()) insertKey(trie, key);
  return trie;
}

const isFactKind = (kind: string): kind is FactKind => Object.hasOwn(FACTS, kind);

/** Paths that came are added to the trie; when some went it is made anew. */
function applyDocuments(state: State, documents: readonly StoredDocument[]): void {
  for (const document of documents) applyDocument(state, document);
  const endpoints = documents.filter(({ kind }) => kind === 'endpoints');
  if (endpoints.some(({ doc }) => doc === undefined)) state.trie = trieOf(state);
  else for (const { id } of endpoints) insertKey(state.trie, state.facts.endpoints.get(id)?.key ?? []);
}

const insertKey = (trie: PathTrie, [, host = '', path = '']: readonly string[]): boolean => trie.insert(host, path);

function applyDocument(state: State, { kind, id, doc }: StoredDocument): void {
  if (isFactKind(kind)) {
    if (doc === undefined) state.facts[kind].delete(id);
    else state.facts[kind].set(id, decodeFact(kind, doc));
    return;
  }
  const documents = state.documents.get(kind) ?? new Map<string, string>();
  state.documents.set(kind, documents);
  if (doc === undefined) documents.delete(id);
  else documents.set(id, doc);
}

/** Facts that nobody has seen since then. */
function forgotten(state: State, sinceMs: number): readonly StoredDocument[] {
  return FACT_KINDS.flatMap((kind) =>
    [...state.facts[kind]].filter(([, fact]) => fact.lastSeenMs < sinceMs).map(([id]) => ({ kind, id, doc: undefined })),
  );
}

/** What a batch changes: merged into the state at once (a failure to commit throws the state away) and given as documents. */
function settle(state: State, facts: readonly Fact[], rows: number): readonly StoredDocument[] {
  const touched = new Map<string, { readonly kind: FactKind; readonly id: string }>();
  const put = (fact: Fact): void => {
    const id = factId(fact.kind, fact.key);
    const known = state.facts[fact.kind].get(id);
    state.facts[fact.kind].set(id, known === undefined ? fact : absorb(copyFact(known), fact));
    touched.set(fact.kind + id, { kind: fact.kind, id });
  };
  const drop = (kind: FactKind, id: string): void => {
    state.facts[kind].delete(id);
    touched.set(kind + id, { kind, id });
  };
  placeEndpoints(
    state,
    facts.filter(({ kind }) => kind === 'endpoints'),
    { put, drop, rows },
  );
  for (const fact of facts) if (fact.kind !== 'endpoints') put(fact);
  for (const kind of FACT_KINDS) if (kind !== 'endpoints') evict(state, kind, { put, drop, rows });
  return [...touched.values()].map(({ kind, id }) => {
    const fact = state.facts[kind].get(id);
    return { kind, id, doc: fact === undefined ? undefined : encodeFact(fact) };
  });
}

interface Changing {
  readonly put: (fact: Fact) => void;
  readonly drop: (kind: FactKind, id: string) => void;
  readonly rows: number;
}

function placeEndpoints(state: State, facts: readonly Fact[], changing: Changing): void {
  const inPlace = new Set(facts.filter(({ kind, key }) => state.facts.endpoints.has(factId(kind, key))));
  let moved = false;
  for (const fact of facts) if (!inPlace.has(fact) && insertKey(state.trie, fact.key)) moved = true;
  if (moved) placeAgain(state, changing);
  for (const fact of facts) changing.put(inPlace.has(fact) && !moved ? fact : placed(fact, state.trie));
  while (state.facts.endpoints.size > changing.rows && state.pathChildren > 1) {
    state.pathChildren = Math.floor(state.pathChildren / 2);
    state.trie = trieOf(state);
    placeAgain(state, changing);
  }
}

function placeAgain({ facts, trie }: State, { put, drop }: Changing): void {
  for (const [id, fact] of [...facts.endpoints]) {
    const now = placed(fact, trie);
    if (now === fact) continue;
    drop('endpoints', id);
    put(now);
  }
}

/** The same fact under the name its path has now; itself when that is the same. */
function placed(fact: Fact, trie: PathTrie): Fact {
  const [method = '', host = '', path = ''] = fact.key;
  const now = trie.place(host, path);
  if (now.host === host && now.path === path) return fact;
  return absorb(draftFact('endpoints', [method, now.host, now.path]), fact);
}

/** What is over the bound goes into one row. */
function evict(state: State, kind: FactKind, { put, drop, rows }: Changing): void {
  const key = FACTS[kind].key.map(() => MORE);
  const facts = state.facts[kind];
  const rank = (id: string): string => hash('sha256', `${state.salt}\0${id}`);
  const surplus = surplusOf(facts, { rows, overflowId: factId(kind, key), rank });
  if (surplus.length === 0) return;
  const rest: FactDraft = draftFact(kind, key);
  for (const id of surplus) {
    absorb(rest, facts.get(id)!);
    drop(kind, id);
  }
  put(rest);
}
