import { INVENTORY } from '../lib/limits.ts';
import { type Catalog, type CatalogSources, createCatalog, decisionOn, REVIEW_DOCUMENT } from './catalog.ts';
import { changesSince, KNOWN_DOCUMENT } from './changes.ts';
import { DISMISSAL_DOCUMENT, type Dismissal, readDismissals, writeDismissal } from './dismissals.ts';
import type { Ledger, LedgerState } from './ledger.ts';
import type { ReviewedKind, ReviewState } from './rows.ts';
import type { ChangeDraft } from './store.ts';

/** What people read and decide: the catalog of the ledger's newest state, reviews, and what changed. */
export interface Desk {
  /** The newest catalog; a large one is made anew at most as often as it takes ten times its own time. */
  catalog(): Promise<Catalog>;
  /** Changes owner, state or note of a row; what is undefined stays. False: there is no such row. */
  review(kind: ReviewedKind, id: string, decision: Decision): Promise<boolean>;
  /** Every dismissal that stands, the oldest first. */
  dismissals(): Promise<readonly Dismissal[]>;
  /** Keeps a dismissal; one of the same scope takes the place of the other. False: there are too many. */
  dismiss(dismissal: Dismissal): Promise<boolean>;
  /** Takes a dismissal back. Undefined: there is no such one. */
  takeBack(id: string): Promise<Dismissal | undefined>;
  /** Looks for what became different and commits it, unless nothing can have; gives the changes, which `onChanges` hears as well. */
  takeStock(): Promise<readonly ChangeDraft[]>;
}

export interface Decision {
  readonly owner?: string | null | undefined;
  readonly state?: ReviewState | undefined;
  readonly note?: string | null | undefined;
}

export interface DeskOptions extends CatalogSources {
  readonly ledger: Ledger;
  /** A row that was not seen for so long is gone. */
  readonly goneMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Hears of changes once they are committed. Default: nobody. */
  readonly onChanges?: (changes: readonly ChangeDraft[]) => void;
}

/** What is gone shows by time alone: looked for at least so often. */
const STOCK_MS = 60_000;

/** Catalogs that were made faster than this are always made anew. */
const FAST_MS = 50;
const REST_FACTOR = 10;

export function createDesk({ ledger, goneMs, now, onChanges = () => {}, ...sources }: DeskOptions): Desk {
  let stock = { revision: -1, atMs: 0 };
  let made: { readonly catalog: Catalog; readonly atMs: number; readonly tookMs: number } | undefined;
  const catalogOf = (state: LedgerState): Catalog => {
    if (made !== undefined && made.tookMs > FAST_MS && now() - made.atMs < made.tookMs * REST_FACTOR) return made.catalog;
    return newestOf(state);
  };
  const newestOf = (state: LedgerState): Catalog => {
    const startMs = now();
    if (made?.catalog.revision === state.revision) return made.catalog;
    const catalog = createCatalog(state, sources);
    made = { catalog, atMs: now(), tookMs: now() - startMs };
    return catalog;
  };
  return {
    catalog: async () => catalogOf(await ledger.read()),
    async review(kind, id, decision) {
      let found = false;
      await ledger.update((state) => {
        const catalog = catalogOf(state);
        found = catalog.rows[kind].some((row) => row.id === id);
        if (!found) return NOTHING;
        const before = decisionOn(state, { kind, id, catalog });
        const given = Object.fromEntries(Object.entries(decision).filter(([, value]) => value !== undefined));
        return { documents: [{ kind: REVIEW_DOCUMENT, id: `${kind}:${id}`, doc: JSON.stringify({ ...before, ...given }) }], changes: [] };
      });
      return found;
    },
    dismissals: async () => readDismissals(await ledger.read()),
    async dismiss(dismissal) {
      let kept = false;
      await ledger.update((state) => {
        const known = state.documents.get(DISMISSAL_DOCUMENT);
        kept = (known?.size ?? 0) < INVENTORY.dismissals || known?.has(dismissal.id) === true;
        if (!kept) return NOTHING;
        return { documents: [{ kind: DISMISSAL_DOCUMENT, id: dismissal.id, doc: writeDismissal(dismissal) }], changes: [] };
      });
      return kept;
    },
    async takeBack(id) {
      let taken: Dismissal | undefined;
      await ledger.update((state) => {
        taken = readDismissals(state).find((one) => one.id === id);
        return taken === undefined ? NOTHING : { documents: [{ kind: DISMISSAL_DOCUMENT, id, doc: undefined }], changes: [] };
      });
      return taken;
    },
    async takeStock() {
      let found: readonly ChangeDraft[] = [];
      await ledger.update((state) => {
        const looked = now() - stock.atMs < STOCK_MS;
        if (looked && state.revision === stock.revision) return NOTHING;
        const catalog = looked ? catalogOf(state) : newestOf(state);
        if (catalog.revision !== state.revision) return NOTHING; // a large one rests: what it does not say yet is no change
        const known = state.documents.get(KNOWN_DOCUMENT) ?? new Map<string, string>();
        const { changes, documents } = changesSince(known, catalog, { nowMs: now(), goneMs });
        found = changes;
        stock = { revision: state.revision + Number(documents.length + changes.length > 0), atMs: now() };
        return { documents, changes };
      });
      if (found.length > 0) onChanges(found);
      return found;
    },
  };
}

const NOTHING = { documents: [], changes: [] } as const;
