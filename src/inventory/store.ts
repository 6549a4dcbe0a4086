import type { Fact, FactKind } from './fold.ts';
import type { IncomingSpan } from './incoming.ts';

/** Where facts are kept. One file per kind of store under `stores/`; each passes the same contract test. */
export interface Store {
  /**
   * Adds what the spans say, all or nothing. A span that was added before (same trace and span id, among the last `seenSpans`) counts
   * once. Resolves to the number of spans that were new.
   */
  add(spans: readonly IncomingSpan[]): Promise<number>;
  /** Rows of one kind in the order of their keys. */
  list(kind: FactKind, page: Page): Promise<readonly Fact[]>;
  counts(): Promise<Readonly<Record<FactKind, number>>>;
  close(): Promise<void>;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface StoreLimits {
  /** Spans remembered for recognising a second delivery. Default 200,000. */
  readonly seenSpans: number;
  /** Rows of one kind. What is new beyond them is counted in one row whose key fields are all `{more}`. Default 20,000. */
  readonly rows: number;
}

export const STORE_LIMITS: StoreLimits = { seenSpans: 200_000, rows: 20_000 };

/** Every key field of the row that stands for what had no room. */
export const OVERFLOW = '{more}';
