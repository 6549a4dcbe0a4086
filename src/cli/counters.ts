import type { ExchangeRecord } from '../exchange/events.ts';

/** What the admin address says about the traffic of this process since it started. */
export interface Counters {
  add(record: ExchangeRecord): void;
  /** Telemetry, recordings or questions of workers that did not reach their destination; both words are fixed. */
  lost(destination: string, reason: string, count: number): void;
  reloaded(what: 'policy' | 'tls', result: 'success' | 'failure'): void;
  /** A peer that did not get through the TLS handshake. */
  handshakeFailed(): void;
  snapshot(): CounterSnapshot;
}

export interface CounterSnapshot {
  readonly exchanges: number;
  readonly verdicts: Readonly<Record<ExchangeRecord['verdict'], number>>;
  readonly outcomes: Readonly<Record<ExchangeRecord['outcome'], number>>;
  /** Findings by `<detector> <action taken>`. */
  readonly findings: ReadonlyMap<string, number>;
  /** Directions that were not inspected, by `<direction> <reason>`. */
  readonly uninspected: ReadonlyMap<string, number>;
  /** Requests that did not look as the dialect of their path has them, by dialect. */
  readonly unfit: ReadonlyMap<string, number>;
  /** By `<destination> <reason>`. */
  readonly lost: ReadonlyMap<string, number>;
  /** By result. */
  readonly policyReloads: ReadonlyMap<string, number>;
  readonly tlsReloads: ReadonlyMap<string, number>;
  readonly handshakeFailures: number;
}

export function createCounters(): Counters {
  const [verdicts, outcomes] = [noVerdicts(), noOutcomes()];
  // Keys come from closed lists (detectors of the policy, reasons, dialects, destinations), so none of these maps grows with traffic.
  const findings = new Map<string, number>();
  const uninspected = new Map<string, number>();
  const unfit = new Map<string, number>();
  const lost = new Map<string, number>();
  const reloads = { policy: noReloads(), tls: noReloads() };
  let exchanges = 0;
  let handshakeFailures = 0;
  return {
    add(record) {
      exchanges++;
      verdicts[record.verdict]++;
      outcomes[record.outcome]++;
      for (const { detector, taken } of record.findings) bump(findings, `${detector} ${taken}`, 1);
      for (const { direction, reason } of record.uninspected) bump(uninspected, `${direction} ${reason}`, 1);
      if (record.facts.unfit === true) bump(unfit, record.dialect, 1);
    },
    lost: (destination, reason, count) => bump(lost, `${destination} ${reason}`, count),
    reloaded: (what, result) => bump(reloads[what], result, 1),
    handshakeFailed: () => {
      handshakeFailures++;
    },
    snapshot: () => ({
      exchanges,
      verdicts,
      outcomes,
      findings,
      uninspected,
      unfit,
      lost,
      policyReloads: reloads.policy,
      tlsReloads: reloads.tls,
      handshakeFailures,
    }),
  };
}

/** What several processes have counted, together. */
export function sumOf(snapshots: readonly CounterSnapshot[]): CounterSnapshot {
  const sum = (of: (one: CounterSnapshot) => number): number => snapshots.reduce((total, one) => total + of(one), 0);
  const maps = (of: (one: CounterSnapshot) => ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
    const all = new Map<string, number>();
    for (const one of snapshots) for (const [key, count] of of(one)) bump(all, key, count);
    return all;
  };
  const [verdicts, outcomes] = [noVerdicts(), noOutcomes()];
  for (const one of snapshots) {
    addTo(verdicts, one.verdicts);
    addTo(outcomes, one.outcomes);
  }
  return {
    exchanges: sum(({ exchanges }) => exchanges),
    verdicts,
    outcomes,
    findings: maps((one) => one.findings),
    uninspected: maps((one) => one.uninspected),
    unfit: maps((one) => one.unfit),
    lost: maps((one) => one.lost),
    policyReloads: maps((one) => one.policyReloads),
    tlsReloads: maps((one) => one.tlsReloads),
    handshakeFailures: sum(({ handshakeFailures }) => handshakeFailures),
  };
}

const noVerdicts = () => ({ allow: 0, flag: 0, redact: 0, deny: 0 });
const noOutcomes = () => ({ completed: 0, denied: 0, aborted: 0, cancelled: 0 });

function addTo<K extends string>(total: Record<K, number>, more: Readonly<Record<K, number>>): void {
  for (const name in total) total[name] += more[name];
}

const noReloads = () =>
  new Map([
    ['success', 0],
    ['failure', 0],
  ]);

const LOST = 'Telemetry, recordings and questions of workers that did not reach their destination';

/** The counters in Prometheus' text format. */
export function prometheusText(snapshot: CounterSnapshot): string {
  const { verdicts, outcomes, findings, uninspected, unfit, lost, policyReloads, tlsReloads, handshakeFailures } = snapshot;
  return [
    counterText('sluice_exchanges_total', 'Exchanges judged, by verdict', Object.entries(verdicts), ['verdict']),
    counterText('sluice_exchange_outcomes_total', 'Exchanges by how they ended', Object.entries(outcomes), ['outcome']),
    counterText('sluice_findings_total', 'Findings by what was done about them', findings, ['detector', 'action']),
    counterText('sluice_uninspected_total', 'Directions of exchanges that were not inspected', uninspected, ['direction', 'reason']),
    counterText('sluice_unfit_total', 'Requests that did not look as the dialect of their path has them', unfit, ['dialect']),
    counterText('sluice_telemetry_lost_total', LOST, lost, ['destination', 'reason']),
    counterText('sluice_policy_reloads_total', 'Reloads of the policy; after a failure the old one stays', policyReloads, ['result']),
    counterText('sluice_tls_reloads_total', 'Reloads of the TLS certificate; after a failure the old one stays', tlsReloads, ['result']),
    counterText('sluice_tls_handshake_failures_total', 'Peers that did not get through the TLS handshake', [['', handshakeFailures]], []),
  ].join('');
}

/** A value of now in Prometheus' text format. */
export function gaugeText(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;
}

/** One counter; each row's key holds the label values, separated by a space. */
export function counterText(name: string, help: string, rows: Iterable<readonly [string, number]>, labels: readonly string[]): string {
  const lines = Array.from(rows, ([key, value]) => `${name}${labelText(labels, key.split(' '))} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`;
}

function labelText(labels: readonly string[], values: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.map((label, index) => `${label}="${values[index]}"`).join(',')}}`;
}

function bump(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}
