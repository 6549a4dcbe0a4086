import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS, type Fact, fold } from '../../src/inventory/fold.ts';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import type { Store, StoreLimits } from '../../src/inventory/store.ts';
import { ownSpan, tellingSpan } from './spans.ts';

/** How a kind of store is opened for the contract: empty, or again on what an earlier one kept. */
export interface StoreUnderTest {
  /** A fresh place to keep things. */
  place(): Promise<string>;
  open(place: string, limits?: Partial<StoreLimits>): Promise<Store>;
}

const ALL = { offset: 0, limit: 100_000 };

const id = (index: number): string => index.toString(16).padStart(16, '0');

async function everything(store: Store): Promise<Record<string, readonly Fact[]>> {
  const lists = await Promise.all(FACT_KINDS.map(async (kind) => [kind, sorted(await store.list(kind, ALL))] as const));
  return Object.fromEntries(lists);
}

const sorted = (facts: Iterable<Fact>): readonly Fact[] =>
  [...facts].sort((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));
const folded = (spans: readonly IncomingSpan[]) => Object.fromEntries(FACT_KINDS.map((kind) => [kind, sorted(fold(spans)[kind].values())]));

/** What every store does. */
export function storeContract(name: string, { place, open }: StoreUnderTest): void {
  describe(`the ${name} store`, () => {
    it('holds what the fold says, whatever the batches', async () => {
      const batches = fc.tuple(fc.array(tellingSpan, { maxLength: 12 }), fc.nat({ max: 12 }));
      await fc.assert(
        fc.asyncProperty(batches, async ([spans, cut]) => {
          const store = await open(await place());
          await store.add(spans.slice(cut));
          await store.add(spans.slice(0, cut));
          expect(await everything(store)).toEqual(folded(spans));
          await store.close();
        }),
        { numRuns: 30 },
      );
    });

    it('counts a batch that is delivered again once, and a span that stands twice in a batch once', async () => {
      const store = await open(await place());
      const [first, second] = [ownSpan({ spanId: id(1) }), ownSpan({ spanId: id(2) })];
      expect([await store.add([first, first]), await store.add([first, second]), await store.add([first, second])]).toEqual([1, 1, 0]);
      expect((await store.list('endpoints', ALL)).map((fact) => fact.sums['count'])).toEqual([2]);
      await store.close();
    });

    it('recognises a second delivery within its window and forgets beyond it', async () => {
      const store = await open(await place(), { seenSpans: 10 });
      await store.add(Array.from({ length: 5 }, (_, index) => ownSpan({ spanId: id(index) })));
      const recent = await store.add([ownSpan({ spanId: id(0) })]);
      await store.add(Array.from({ length: 50 }, (_, index) => ownSpan({ spanId: id(100 + index) })));
      expect([recent, await store.add([ownSpan({ spanId: id(0) })])]).toEqual([0, 1]);
      await store.close();
    });

    it('keeps what it knows, and what it has seen, over a restart', async () => {
      const where = await place();
      const before = await open(where);
      await before.add([ownSpan({ spanId: id(1) })]);
      const kept = await everything(before);
      await before.close();
      const after = await open(where);
      expect(await everything(after)).toEqual(kept);
      expect(await after.add([ownSpan({ spanId: id(1) })])).toBe(0);
      await after.close();
    });

    it('counts what has no room in one row, and still updates the rows it has', async () => {
      const store = await open(await place(), { rows: 3 });
      const span = (index: number) => ownSpan({ spanId: id(index) }, { 'http.route': `/word${'abcdefghij'[index % 10]}` });
      await store.add(Array.from({ length: 10 }, (_, index) => span(index)));
      await store.add([span(10)]);
      const rows = (await store.list('endpoints', ALL)).map((fact) => [fact.key['path'], fact.sums['count']]);
      expect(rows).toEqual([
        ['/worda', 2],
        ['/wordb', 1],
        ['/wordc', 1],
        ['{more}', 7],
      ]);
      await store.close();
    });

    it('gives pages in the order of the keys', async () => {
      const store = await open(await place());
      await store.add(['c', 'a', 'b'].map((letter, index) => ownSpan({ spanId: id(index) }, { 'http.route': `/${letter}` })));
      const pages = await Promise.all([store.list('endpoints', { offset: 0, limit: 2 }), store.list('endpoints', { offset: 2, limit: 2 })]);
      expect(pages.map((page) => page.map((fact) => fact.key['path']))).toEqual([['/a', '/b'], ['/c']]);
      expect((await store.counts()).endpoints).toBe(3);
      await store.close();
    });

    it('keeps batches apart that arrive at the same time', async () => {
      const store = await open(await place());
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.add([ownSpan({ spanId: id(index) }), ownSpan({ spanId: id(index + 1) })])),
      );
      expect((await store.list('endpoints', ALL)).map((fact) => fact.sums['count'])).toEqual([21]);
      await store.close();
    });
  });
}
