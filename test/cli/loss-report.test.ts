import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCounters, prometheusText } from '../../src/cli/counters.ts';
import { createLossReport } from '../../src/cli/loss-report.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('losses are counted one by one, and logged at once and then together', () => {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) });
  const counters = createCounters();
  const lose = createLossReport({ counters, log, destination: 'supervisor', event: 'questions-lost', what: 'questions were not asked' });
  for (let at = 0; at < 5; at++) lose('questions-full');
  vi.advanceTimersByTime(10_000);
  lose('questions-full');
  expect(lines).toEqual([
    { level: 40, event: 'questions-lost', count: 1, reason: 'questions-full', msg: '1 questions were not asked (questions-full)' },
    { level: 40, event: 'questions-lost', count: 5, reason: 'questions-full', msg: '5 questions were not asked (questions-full)' },
  ]);
  expect(prometheusText(counters.snapshot())).toContain(
    '\nsluice_telemetry_lost_total{destination="supervisor",reason="questions-full"} 6\n',
  );
});
