import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import type { ExchangeRecord } from '../exchange/events.ts';
import { METRICS } from './contract.ts';
import { isPrevented } from './finding-attributes.ts';
import { METRIC } from './semconv.ts';

/** The metrics of exchanges, counted here and told to the SDK's counters a few times a second: the SDK hashes attributes with each number. */
export interface ExchangeMetrics {
  count(record: ExchangeRecord): void;
  /** What did not arrive anywhere. */
  lost(count: number, destination: string, reason: string): void;
  /** Tells the SDK what was counted since. */
  flush(): void;
}

/** Seconds; a streamed answer may take minutes. */
const DURATION_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** How long a count may stay here. */
const FLUSH_MS = 250;

type CounterName = {
  readonly [Name in keyof typeof METRICS]: (typeof METRICS)[Name]['kind'] extends 'counter' ? Name : never;
}[keyof typeof METRICS];

export function createExchangeMetrics(meter: Meter): ExchangeMetrics {
  const counters: Tally[] = [];
  let timer: NodeJS.Timeout | undefined;
  const counter = (name: CounterName): Tally => {
    const { unit, what, by } = METRICS[name];
    const tally = createTally(meter.createCounter(name, { unit, description: what }), by);
    counters.push(tally);
    return tally;
  };
  const exchanges = counter(METRIC.exchangeCount);
  const durations = createDurations(meter);
  const findings = counter(METRIC.findingCount);
  const detected = counter(METRIC.findingDetected);
  const prevented = counter(METRIC.findingPrevented);
  const uninspected = counter(METRIC.uninspected);
  const unfit = counter(METRIC.unfit);
  const lost = counter(METRIC.lost);
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const tally of counters) tally.flush();
  };
  const flushSoon = (): void => {
    timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
  return {
    count(record) {
      const { verdict, mode, dialect, startUnixMs, endUnixMs } = record;
      durations.record(Math.max(0, endUnixMs - startUnixMs) / 1000, exchanges.add(1, verdict, mode, dialect));
      for (const finding of record.findings) {
        findings.add(1, finding.detector, finding.direction, finding.taken);
        detected.add(1, finding.detector, finding.direction);
        if (isPrevented(finding)) prevented.add(1, finding.detector, finding.direction);
      }
      for (const { direction, reason } of record.uninspected) uninspected.add(1, direction, reason);
      if (record.facts.unfit === true) unfit.add(1, dialect);
      flushSoon();
    },
    lost(count, destination, reason) {
      lost.add(count, destination, reason);
      flushSoon();
    },
    flush,
  };
}

function createDurations(meter: Meter): Histogram {
  const { unit, what } = METRICS[METRIC.exchangeDuration];
  return meter.createHistogram(METRIC.exchangeDuration, {
    unit,
    description: what,
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
}

/** Counts of one counter by the values of its attributes, which come from closed lists: it does not grow with traffic. */
interface Tally {
  /** Gives the attributes with these values, the same object each time. */
  add(count: number, ...values: readonly string[]): Attributes;
  flush(): void;
}

function createTally(counter: Counter, names: readonly string[]): Tally {
  const rows = new Map<string, { readonly labels: Attributes; count: number }>();
  return {
    add(count, ...values) {
      const key = values.join(' ');
      let row = rows.get(key);
      if (row === undefined) {
        row = { labels: Object.fromEntries(names.map((name, at) => [name, values[at]])), count: 0 };
        rows.set(key, row);
      }
      row.count += count;
      return row.labels;
    },
    flush() {
      for (const row of rows.values()) {
        if (row.count > 0) counter.add(row.count, row.labels);
        row.count = 0;
      }
    },
  };
}
