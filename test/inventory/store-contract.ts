import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorb, draftFact, encodeFact, FACT_KINDS, type Fact } from '../../src/inventory/facts.ts';
import { fold } from '../../src/inventory/fold.ts';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { isoTime } from '../../src/inventory/iso-time.ts';
import { createLedger, LedgerBusy, type LedgerLimits } from '../../src/inventory/ledger.ts';
import type { FindingQuery, Store } from '../../src/inventory/store.ts';
import { ownSpan, tellingSpan } from './spans.ts';

/** How a kind of store is opened for the contract: empty, or again on what an earlier one kept. */
export interface StoreUnderTest {
  /** A fresh place to keep things. */
  place(): Promise<string>;
  open(place: string): Promise<Store>;
}

const id = (index: number): string => index.toString(16).padStart(16, '0');
const ALL: FindingQuery = { equals: {}, limit: 1000 };

/** Everything a ledger holds, as text, byte for byte. */
function textOf(facts: Iterable<Fact>): readonly string[] {
  return [...facts].map((fact) => `${fact.kind} ${encodeFact(fact)}`).sort();
}

async function contents(store: Store, limits: Partial<LedgerLimits> = {}): Promise<readonly string[]> {
  const { facts } = await createLedger({ store, limits }).read();
  return textOf(FACT_KINDS.flatMap((kind) => [...facts[kind].values()]));
}

const folded = (spans: readonly IncomingSpan[]): readonly string[] =>
  textOf([...fold(spans).facts.values()].map((fact) => absorb(draftFact(fact.kind, fact.key), fact)));

/** What every store does, under the ledger that uses it. */
export function storeContract(name: string, { place, open }: StoreUnderTest): void {
  describe(`the inventory on the ${name} store`, () => {
    it('holds what the fold says, whatever the batches, byte for byte', async () => {
      const batches = fc.tuple(fc.array(tellingSpan, { maxLength: 12 }), fc.nat({ max: 12 }));
      await fc.assert(
        fc.asyncProperty(batches, async ([spans, cut]) => {
          const store = await open(await place());
          const ledger = createLedger({ store });
          await ledger.add(spans.slice(cut));
          await ledger.add(spans.slice(0, cut));
          expect(await contents(store)).toEqual(folded(spans));
          const lines = [...fold(spans).findings.keys()].sort();
          expect((await store.findings(ALL)).map((row) => row.id).sort()).toEqual(lines);
          await store.close();
        }),
        { numRuns: 20 },
      );
    });

    it('counts a batch that is delivered again once, and a span that stands twice in a batch once', async () => {
      const store = await open(await place());
      const ledger = createLedger({ store });
      const [first, second] = [ownSpan({ spanId: id(1) }), ownSpan({ spanId: id(2) })];
      expect([await ledger.add([first, first]), await ledger.add([first, second]), await ledger.add([first, second])]).toEqual([1, 1, 0]);
      expect([...(await ledger.read()).facts.endpoints.values()].map(({ sums }) => sums['count'])).toEqual([2]);
      await store.close();
    });

    it('recognises a second delivery within its window and forgets beyond it', async () => {
      const store = await open(await place());
      const ledger = createLedger({ store, limits: { seenSpans: 1000 } });
      await ledger.add(Array.from({ length: 5 }, (_, index) => ownSpan({ spanId: id(index) })));
      const recent = await ledger.add([ownSpan({ spanId: id(0) })]);
      await ledger.add(Array.from({ length: 1100 }, (_, index) => ownSpan({ spanId: id(100 + index) })));
      expect([recent, await ledger.add([ownSpan({ spanId: id(0) })])]).toEqual([0, 1]);
      await store.close();
    });

    it.each([
      ['recognises', 999, 0],
      ['forgets', 1000, 1],
    ] as const)('%s a delivery after %i others that came one by one, with a window of 1000', async (_word, others, fresh) => {
      const store = await open(await place());
      const ledger = createLedger({ store, limits: { seenSpans: 1000 } });
      await ledger.add([ownSpan({ spanId: id(0) })]);
      await ledger.add(Array.from({ length: others - 20 }, (_, at) => ownSpan({ spanId: id(100 + at) })));
      for (let at = 0; at < 20; at += 1) await ledger.add([ownSpan({ spanId: id(10_000 + at) })]);
      expect(await ledger.add([ownSpan({ spanId: id(0) })])).toBe(fresh);
      await store.close();
    });

    it('keeps what it knows, and what it has seen, over a restart', async () => {
      const where = await place();
      const before = await open(where);
      await createLedger({ store: before }).add([ownSpan({ spanId: id(1) })]);
      const kept = await contents(before);
      await before.close();
      const after = await open(where);
      expect(await contents(after)).toEqual(kept);
      expect(await createLedger({ store: after }).add([ownSpan({ spanId: id(1) })])).toBe(0);
      await after.close();
    });

    it('keeps the same few of many rows in any order, and counts the others together', async () => {
      const spans = Array.from({ length: 40 }, (_, index) => ownSpan({ spanId: id(index) }, { 'sluice.caller.hash': `caller${index}` }));
      const where = await place();
      const limits = { rows: 8 };
      const store = await open(where);
      for (const span of spans) await createLedger({ store, limits }).add([span]);
      const { facts } = await createLedger({ store, limits }).read();
      const sums = [...facts.callers.values()].map(({ key, sums: all }) => [key[0] === '{more}', all['count']]);
      expect(sums.filter(([more]) => more === true)).toEqual([[true, 32]]);
      expect(sums.filter(([more]) => more === false)).toEqual(Array.from({ length: 8 }, () => [false, 1]));
      await store.close();
    });

    it('keeps batches apart that arrive at the same time', async () => {
      const store = await open(await place());
      const ledger = createLedger({ store });
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, index) => ledger.add([ownSpan({ spanId: id(index) }), ownSpan({ spanId: id(index + 1) })])),
      );
      expect(added.reduce((sum, count) => sum + count, 0)).toBe(21);
      expect([...(await ledger.read()).facts.endpoints.values()].map(({ sums }) => sums['count'])).toEqual([21]);
      await store.close();
    });

    it('agrees with a second process on the same store', async () => {
      const where = await place();
      const [left, right] = [await open(where), await open(where)];
      const ledgers = [createLedger({ store: left }), createLedger({ store: right })];
      const spans = fc.sample(tellingSpan, { numRuns: 120, seed: 7 }).map((span, index) => ({ ...span, spanId: id(index) }));
      const batches = Array.from({ length: 24 }, (_, at) => spans.slice(at * 5, at * 5 + 8));
      for (const [at, batch] of batches.entries()) await ledgers[at % 2]!.add(batch);
      const [one, other] = [await contents(left), await contents(right)];
      expect(one).toEqual(folded(spans));
      expect(other).toEqual(one);
      await left.close();
      await right.close();
    });

    it('takes nothing of a batch whose transaction fails, and goes on', async () => {
      const store = await open(await place());
      const failing: Store = {
        ...store,
        write: (work) =>
          store.write(async (writer) => {
            await work(writer);
            throw new Error('lost');
          }),
      };
      await expect(createLedger({ store: failing }).add([ownSpan()])).rejects.toThrow('lost');
      expect(await contents(store)).toEqual([]);
      expect(await createLedger({ store }).add([ownSpan()])).toBe(1);
      await store.close();
    });

    it('tells a sender to come again when too many spans wait', async () => {
      const store = await open(await place());
      const ledger = createLedger({ store, limits: { waitingSpans: 3 } });
      const first = ledger.add([1, 2, 3].map((index) => ownSpan({ spanId: id(index) })));
      await expect(ledger.add([ownSpan({ spanId: id(4) })])).rejects.toThrow(LedgerBusy);
      expect(await first).toBe(3);
      expect(await ledger.add([ownSpan({ spanId: id(4) })])).toBe(1);
      await store.close();
    });

    it('finds findings by what they are, in pages, the newest first, and counts them', async () => {
      const store = await open(await place());
      const lines = [
        'pii.card|pii|high|0.99|user|request|redact|redact|10|16',
        'secret.jwt|secret|critical|1|output|response|deny|deny|0|40',
      ];
      const span = (index: number) =>
        ownSpan(
          { spanId: id(index), startUnixMs: 1_790_000_000_000 + index, endUnixMs: 1_790_000_000_000 + index },
          { 'sluice.exchange.id': `exchange-${index}`, 'sluice.finding.rows': lines.slice(0, 1 + (index % 2)) },
        );
      await createLedger({ store }).add(Array.from({ length: 10 }, (_, index) => span(index)));
      const first = await store.findings({ equals: { detector: 'pii.card' }, limit: 4 });
      const last = first.at(-1)!;
      const second = await store.findings({ equals: { detector: 'pii.card' }, limit: 100, after: { timeMs: last.timeMs, id: last.id } });
      expect([...first, ...second].map(({ timeMs }) => timeMs - 1_790_000_000_000)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
      expect(await store.countFindings('severity', { equals: {} })).toEqual([
        { value: 'high', count: 10 },
        { value: 'critical', count: 5 },
      ]);
      expect((await store.countFindings('hour', { equals: {}, sinceMs: 1_790_000_000_005 })).map(({ count }) => count)).toEqual([8]);
      expect((await store.findings({ ...ALL, paths: ['/other'] })).length).toBe(0);
      await store.close();
    });

    it('keeps a span of a time that no date has at the last one there is, and its neighbours', async () => {
      const store = await open(await place());
      const found = { 'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'] };
      const times = [1_790_000_000_000, 1.8e13, 1e300];
      const spans = times.map((endUnixMs, at) => ownSpan({ spanId: id(at), endUnixMs }, { ...found, 'sluice.exchange.id': `x${at}` }));
      expect(await createLedger({ store }).add(spans)).toBe(3);
      expect((await store.findings(ALL)).map(({ timeMs }) => isoTime(timeMs))).toEqual([
        '+275760-09-13T00:00:00.000Z',
        '2540-05-25T08:00:00.000Z',
        '2026-09-21T14:13:20.000Z',
      ]);
      expect((await store.countFindings('day', { equals: {} })).map(({ value }) => isoTime(Number(value)).slice(-14))).toEqual(
        Array.from({ length: 3 }, () => 'T00:00:00.000Z'),
      );
      await store.close();
    });

    it('forgets the oldest findings beyond its number, a slice at a time', async () => {
      const store = await open(await place());
      const ledger = createLedger({ store, limits: { findings: 4, pruneRows: 3 } });
      const row = 'pii.card|pii|high|0.99|user|request|redact|redact|10|16';
      const spans = Array.from({ length: 11 }, (_, at) =>
        ownSpan({ spanId: id(at), endUnixMs: 1_790_000_000_000 + at }, { 'sluice.exchange.id': `x${at}`, 'sluice.finding.rows': [row] }),
      );
      await ledger.add(spans);
      const left: unknown[] = [];
      for (let slice = 0; slice < 4; slice += 1) {
        const more = await ledger.prune(1_790_000_000_000);
        left.push([more, (await store.findings(ALL)).map(({ timeMs }) => timeMs - 1_790_000_000_000).join(' ')]);
      }
      expect(left).toEqual([
        [true, '10 9 8 7 6 5 4 3'],
        [true, '10 9 8 7 6'],
        [false, '10 9 8 7'],
        [false, '10 9 8 7'],
      ]);
      await store.close();
    });

    it('tells findings that a scope covers from the others, paths segment by segment and by letter case', async () => {
      const store = await open(await place());
      const paths = ['/users/{id}/mails', '/USERS/{id}/mails', '/users/{id}/mails/{id}', '/users/{id}/x_y', '/users/{id}/xzy'];
      const span = (route: string, at: number) =>
        ownSpan(
          { spanId: id(at), endUnixMs: 1_790_000_000_000 + at },
          {
            'sluice.exchange.id': `e${at}`,
            'http.route': route,
            'sluice.finding.rows': ['pii.card|pii|high|1|user|request|redact|redact|1|2'],
          },
        );
      await createLedger({ store }).add(paths.map(span));
      const scope = { equals: { detector: 'pii.card', lane: 'user' }, untilMs: 1_790_000_000_010 };
      const found = async (path: string | undefined, is: boolean, untilMs = scope.untilMs) => {
        const by = [{ ...scope, untilMs, ...(path !== undefined && { path }) }];
        const rows = await store.findings({ ...ALL, covered: { by, is } });
        return rows.map(({ timeMs }) => timeMs - 1_790_000_000_000).toSorted((left, right) => left - right);
      };
      expect(await found('/users/*/mails', true)).toEqual([0]);
      expect(await found('/users/*/mails', false)).toEqual([1, 2, 3, 4]);
      expect(await found('/users/*/x_y', true)).toEqual([3]);
      expect(await found(undefined, true)).toEqual([0, 1, 2, 3, 4]);
      expect(await found(undefined, true, 1_790_000_000_002)).toEqual([0, 1]);
      expect((await store.findings({ ...ALL, covered: { by: [], is: false } })).length).toBe(5);
      expect((await store.findings({ ...ALL, covered: { by: [], is: true } })).length).toBe(0);
      await store.close();
    });

    it('keeps text that looks like SQL as text', async () => {
      const store = await open(await place());
      const name = "x'); drop table documents; --";
      const ledger = createLedger({ store });
      await ledger.add([
        ownSpan(
          {},
          {
            'gen_ai.request.model': name,
            'sluice.exchange.id': name,
            'sluice.finding.rows': [`${name}|a|high|1|user|request|deny|deny|1|2`],
          },
        ),
      ]);
      expect([...(await createLedger({ store }).read()).facts.models.values()].map(({ key }) => key[1])).toEqual([name]);
      expect((await store.findings({ equals: { detector: name, exchangeId: name }, limit: 5 })).length).toBe(1);
      await store.close();
    });
  });
}
