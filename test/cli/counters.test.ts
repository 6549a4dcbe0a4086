import { expect, test } from 'vitest';
import { createCounters, prometheusText } from '../../src/cli/counters.ts';
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
