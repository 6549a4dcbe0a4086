import { expect, test } from 'vitest';
import { createCounters, prometheusText, sumOf } from '../../src/cli/counters.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { exchangeRecord } from '../telemetry/records.ts';

test('requests that do not look as the dialect of their path has them are counted by dialect', () => {
  const counters = createCounters();
  counters.add(exchangeRecord());
  counters.add(exchangeRecord({ dialect: 'gemini', facts: { ...emptyFacts(), unfit: true } }));
  counters.add(exchangeRecord({ dialect: 'gemini', facts: { ...emptyFacts(), unfit: true } }));
  expect([...counters.snapshot().unfit]).toEqual([['gemini', 2]]);
  expect(prometheusText(counters.snapshot())).toContain('\nsluice_unfit_total{dialect="gemini"} 2\n');
});

test('what several processes counted is added up, also where only one of them has counted', () => {
  const [one, two] = [createCounters(), createCounters()];
  one.add(exchangeRecord());
  two.add(exchangeRecord());
  two.add(exchangeRecord({ dialect: 'gemini', facts: { ...emptyFacts(), unfit: true } }));
  one.lost('inventory', 'refused', 3);
  two.lost('inventory', 'refused', 4);
  two.lost('inventory', 'spool-full', 1);
  two.handshakeFailed();
  one.reloaded('policy', 'failure');
  const sum = sumOf([one.snapshot(), two.snapshot()]);
  expect(sum).toMatchObject({ exchanges: 3, handshakeFailures: 1 });
  expect(Object.values(sum.verdicts).reduce((total, count) => total + count, 0)).toBe(3);
  expect(Object.values(sum.outcomes).reduce((total, count) => total + count, 0)).toBe(3);
  expect([[...sum.unfit], [...sum.lost], [...sum.policyReloads]]).toEqual([
    [['gemini', 1]],
    [
      ['inventory refused', 7],
      ['inventory spool-full', 1],
    ],
    [
      ['success', 0],
      ['failure', 1],
    ],
  ]);
  expect(sumOf([])).toEqual({ ...createCounters().snapshot(), policyReloads: new Map(), tlsReloads: new Map() });
});
