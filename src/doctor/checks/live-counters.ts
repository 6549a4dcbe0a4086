import type { ConfigFinding, Severity } from '../finding.ts';
import { findingAt } from '../finding.ts';
import { shown } from '../shown.ts';

/** Counters and gauges of a running Envoy by name. */
export type LiveStats = ReadonlyMap<string, number>;

interface CounterRow {
  readonly severity: Severity;
  readonly means: string;
}

/** Counters of the filter, by the last word of their name. */
const OF_FILTER = {
  failure_mode_allowed: { severity: 'danger', means: 'Exchanges passed uninspected because the filter failed (failure_mode_allow: true).' },
  streams_failed: {
    severity: 'warning',
    means: 'Side streams to the filter failed: it was not reachable, or it ended them with an error.',
  },
  message_timeouts: { severity: 'warning', means: 'The filter did not answer within message_timeout; those exchanges failed with 504.' },
  spurious_msgs_received: {
    severity: 'warning',
    means: 'Envoy got answers that it did not expect, or may not take (disable_immediate_response), and failed those exchanges.',
  },
  rejected_header_mutations: { severity: 'warning', means: 'mutation_rules refused header changes that the filter needs.' },
} as const satisfies Record<string, CounterRow>;

/** Counters of its cluster, by what follows the cluster's name. */
const OF_CLUSTER = {
  upstream_rq_active_overflow: { severity: 'warning', means: 'max_requests was reached: that many exchanges failed at once.' },
  upstream_rq_pending_overflow: {
    severity: 'warning',
    means: 'max_pending_requests or max_requests was reached: that many exchanges failed at once.',
  },
  upstream_cx_overflow: { severity: 'warning', means: 'max_connections was reached: exchanges waited for a connection.' },
  upstream_cx_none_healthy: { severity: 'warning', means: 'No filter was healthy: that many exchanges failed.' },
  upstream_cx_connect_fail: {
    severity: 'note',
    means: 'Connections to the filter failed: it was gone for a while, or its address is wrong.',
  },
} as const satisfies Record<string, CounterRow>;

/** What happened since this Envoy started. `clusters` are names as statistics have them. */
export function liveCounters(stats: LiveStats, clusters: readonly string[]): readonly ConfigFinding[] {
  const ofFilter = [...stats].flatMap(([name, value]) => {
    const words = name.split('.');
    return words.includes('ext_proc') ? counterFinding({ name, value, row: rowOf(OF_FILTER, words.at(-1)!) }) : [];
  });
  const ofCluster = clusters.flatMap((cluster) =>
    Object.entries(OF_CLUSTER).flatMap(([word, row]) => {
      const name = `cluster.${cluster}.${word}`;
      return counterFinding({ name, value: stats.get(name) ?? 0, row });
    }),
  );
  return [...ofFilter, ...ofCluster];
}

interface Counter {
  readonly name: string;
  readonly value: number;
  readonly row: CounterRow | undefined;
}

function counterFinding({ name, value, row }: Counter): readonly ConfigFinding[] {
  if (row === undefined || value === 0) return [];
  const since = `${row.means} Counted since this Envoy started.`;
  return [findingAt('Envoy', { severity: row.severity, check: 'live-counter', set: `${shown(name)}: ${value}`, means: since })];
}

function rowOf(rows: Readonly<Record<string, CounterRow>>, word: string): CounterRow | undefined {
  return Object.hasOwn(rows, word) ? rows[word] : undefined;
}
