import type { FindingRow } from './finding-row.ts';

/**
 * Where the inventory is kept: documents by kind and id, findings, changes, and the spans seen lately. One file per kind of store under
 * `stores/`; each passes the same contract test. What the documents say is the ledger's business.
 */
export interface Store {
  /** Runs `work` as the only writer among all processes that share the store, all or nothing. */
  write<T>(work: (writer: StoreWriter) => Promise<T>): Promise<T>;
  findings(query: FindingQuery): Promise<readonly FindingRow[]>;
  /** How many findings there are by the values of one column, the most frequent first, at most 1,000. */
  countFindings(column: FindingGroup, filter: FindingFilter): Promise<readonly Tally[]>;
  /** The oldest after `afterSeq` first. */
  changes(query: ChangeQuery): Promise<readonly ChangeRow[]>;
  close(): Promise<void>;
}

export interface StoreWriter {
  /** As the transaction found it. */
  readonly head: StoreHead;
  /** Documents written or deleted after that revision. */
  documentsSince(revision: number): Promise<readonly StoredDocument[]>;
  /** Remembers span ids, of which none stands twice, and gives back those that were not known; what is more than `window` ids ago is forgotten. */
  unseen(ids: readonly string[], window: number): Promise<readonly string[]>;
  /** A finding that is there already stays as it is. */
  keepFindings(findings: readonly FindingRow[]): Promise<void>;
  save(changes: StoreChanges): Promise<void>;
  /** Forgets what is over its time or number, at most `Retention.rows` of findings and of changes. True: there may be more. */
  prune(retention: Retention): Promise<boolean>;
}

export interface StoreHead {
  /** Grows with every `save`. */
  readonly revision: number;
  /** Deletions before this revision are forgotten: who knows less has to read everything. */
  readonly floor: number;
  /** Random text, made with the store. */
  readonly salt: string;
  /** Settings of the ledger, as JSON; empty at first. */
  readonly settings: string;
}

export interface StoredDocument {
  readonly kind: string;
  readonly id: string;
  /** Undefined: deleted. */
  readonly doc: string | undefined;
}

export interface StoreChanges {
  readonly revision: number;
  readonly settings: string;
  readonly documents: readonly StoredDocument[];
  readonly changes: readonly ChangeDraft[];
}

/** Something that became different in what is running. */
export interface ChangeDraft {
  /** When it happened in traffic, whole Unix milliseconds. */
  readonly timeMs: number;
  /** A word of `CHANGE_KINDS`. */
  readonly change: string;
  /** What it happened to: kind of row, its id, and its name as people read it. */
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subject: string;
  /** Why this is said: a sentence with values that are fit to show. */
  readonly reason: string;
}

export interface ChangeRow extends ChangeDraft {
  /** Grows by one with each change. */
  readonly seq: number;
}

export interface ChangeQuery {
  readonly afterSeq: number;
  readonly limit: number;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly change?: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  /** The newest first: `afterSeq` is then the sequence number to go on below. Default: false. */
  readonly newestFirst?: boolean;
}

export const FINDING_GROUPS = ['detector', 'family', 'severity', 'action', 'taken', 'lane', 'direction', 'host', 'model', 'agent'] as const;
/** What findings can be narrowed to one value of. */
export const FINDING_EQUALS = [...FINDING_GROUPS, 'id', 'method', 'callerKind', 'callerId', 'exchangeId'] as const;
export type FindingGroup = (typeof FINDING_GROUPS)[number] | 'hour' | 'day';

export interface Tally {
  readonly value: string;
  readonly count: number;
}

export interface FindingFilter {
  readonly equals: Readonly<Partial<Record<(typeof FINDING_EQUALS)[number], string>>>;
  /** Any of these paths; undefined: all. */
  readonly paths?: readonly string[];
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Only findings that one of these covers, or only those that none does. */
  readonly covered?: { readonly by: readonly FindingScope[]; readonly is: boolean };
}

/** Findings that have all of these. */
export interface FindingScope {
  readonly equals: Readonly<Partial<Record<'detector' | 'agent' | 'host' | 'route' | 'lane', string>>>;
  /** Path in which a segment `*` is any one. */
  readonly path?: string;
  /** Before this time. */
  readonly untilMs: number;
}

/** The newest first. */
export interface FindingQuery extends FindingFilter {
  readonly limit: number;
  /** Goes on behind this one. */
  readonly after?: { readonly timeMs: number; readonly id: string };
}

export interface Retention {
  /** Findings, and changes, that go at once: nobody else can write meanwhile. */
  readonly rows: number;
  /** The oldest go first. */
  readonly findings: number;
  /** Findings and changes older than this go, whole Unix milliseconds. */
  readonly findingsSinceMs: number;
  readonly changesSinceMs: number;
}
