import type { FilterStatus } from '../../src/doctor/filter-status.ts';
import type { Severity } from '../../src/doctor/finding.ts';

/** The time at which doctor looks. */
export const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

const worker = { worker: 0, state: 'ready', restarts: 0, policy: 'p1' } as const;

/** Two workers with nothing to complain about, with `over` instead. */
export function statusOf(over: Partial<FilterStatus> = {}): FilterStatus {
  return {
    ready: true,
    policy: { version: 'p1', mode: 'enforce', source: '' },
    tls: { notAfter: '2027-03-01T00:00:00.000Z' },
    redis: { budgets: 'connected', stops: 'connected' },
    endpoints: ['127.0.0.1:9000', '127.0.0.1:9001'],
    workers: [worker, { ...worker, worker: 1 }],
    traffic: { uninspected: {}, lost: {} },
    ...over,
  };
}

const lost = (counts: Readonly<Record<string, number>>): FilterStatus => statusOf({ traffic: { uninspected: {}, lost: counts } });
const uninspected = (counts: Readonly<Record<string, number>>): FilterStatus => statusOf({ traffic: { uninspected: counts, lost: {} } });
const failed = { lastFailedReload: { at: '2026-11-22T11:00:00.000Z', message: 'policy.yaml:3:5: unknown key' } };

/** What is wrong with a filter, its status, what doctor must say, and a part of what it must advise. */
export type RunningRow = readonly [
  wrong: string,
  status: FilterStatus,
  expected: readonly [severity: Severity, check: string, set: string],
  says: string,
];

export const RUNNING_ROWS: readonly RunningRow[] = [
  [
    'its inventory refused',
    lost({ 'inventory refused': 12 }),
    ['warning', 'telemetry-lost', 'lost, inventory refused: 12'],
    'SLUICE_INVENTORY_TOKEN',
  ],
  [
    'its spool ran over',
    lost({ 'inventory spool-full': 7 }),
    ['warning', 'telemetry-lost', 'lost, inventory spool-full: 7'],
    '--spool-bytes',
  ],
  [
    'its spool cannot be written',
    lost({ 'inventory spool-failed': 1 }),
    ['warning', 'telemetry-lost', 'lost, inventory spool-failed: 1'],
    'permissions',
  ],
  ['its spool is damaged', lost({ 'inventory damaged': 3 }), ['warning', 'telemetry-lost', 'lost, inventory damaged: 3'], 'that disk'],
  [
    'its queue ran over',
    lost({ 'queue queue-full': 9 }),
    ['warning', 'telemetry-lost', 'lost, queue queue-full: 9'],
    'OTEL_BSP_MAX_QUEUE_SIZE',
  ],
  [
    'its backend is away',
    lost({ 'backend unreachable': 9 }),
    ['warning', 'telemetry-lost', 'lost, backend unreachable: 9'],
    'whether something listens',
  ],
  [
    'its processes ended too soon',
    lost({ 'backend shutdown': 9 }),
    ['warning', 'telemetry-lost', 'lost, backend shutdown: 9'],
    'after SIGTERM',
  ],
  ['its SDK did not start', lost({ 'backend start-failed': 9 }), ['warning', 'telemetry-lost', 'lost, backend start-failed: 9'], 'OTEL_*'],
  [
    'its spans cannot be built',
    lost({ 'queue build-failed': 1 }),
    ['warning', 'telemetry-lost', 'lost, queue build-failed: 1'],
    'a bug of Sluice',
  ],
  [
    'its recorder is too slow',
    lost({ 'recordings behind': 4 }),
    ['warning', 'telemetry-lost', 'lost, recordings behind: 4'],
    'a faster disk',
  ],
  [
    'a recording is too large',
    lost({ 'recordings too-large': 4 }),
    ['warning', 'telemetry-lost', 'lost, recordings too-large: 4'],
    'larger than',
  ],
  [
    'its disk refuses',
    lost({ 'recordings write-failed': 4 }),
    ['warning', 'telemetry-lost', 'lost, recordings write-failed: 4'],
    'their folder',
  ],
  [
    'it cannot redact',
    lost({ 'recordings seal-failed': 4 }),
    ['warning', 'telemetry-lost', 'lost, recordings seal-failed: 4'],
    'a bug of Sluice',
  ],
  [
    'its supervisor is too slow',
    lost({ 'supervisor questions-full': 4 }),
    ['warning', 'telemetry-lost', 'lost, supervisor questions-full: 4'],
    'another filter',
  ],
  [
    'one worker is missing',
    statusOf({
      ready: false,
      workers: [worker, { ...worker, worker: 1, state: 'waiting', restarts: 6, lastEnd: 'exit code 3: policy-invalid' }],
    }),
    ['warning', 'worker-missing', 'worker 1: waiting, started again 6 times'],
    'policy-invalid',
  ],
  [
    'every worker is missing',
    statusOf({ ready: false, workers: [{ ...worker, state: 'starting' }] }),
    ['danger', 'worker-missing', 'worker 0: starting, started again 0 times'],
    'every exchange fails',
  ],
  [
    'a worker was started again',
    statusOf({ workers: [worker, { ...worker, worker: 1, restarts: 2, lastEnd: 'SIGKILL' }] }),
    ['note', 'worker-restarted', 'worker 1: started again 2 times'],
    'SIGKILL',
  ],
  ['it is ending', statusOf({ ready: false }), ['warning', 'filter-draining', 'ready: false'], 'no new exchange'],
  [
    'its policy file is wrong',
    statusOf({ policy: { version: 'p1', mode: 'enforce', source: '', ...failed } }),
    ['warning', 'reload-failed', 'policy: not reloaded at 2026-11-22T11:00:00.000Z'],
    'policy.yaml:3:5: unknown key',
  ],
  [
    'its certificate is wrong',
    statusOf({ tls: { notAfter: '2027-03-01T00:00:00.000Z', ...failed } }),
    ['warning', 'reload-failed', 'tls: not reloaded at 2026-11-22T11:00:00.000Z'],
    'The certificate has changed',
  ],
  [
    'its policy is another one',
    statusOf({ policy: { version: 'p2', mode: 'observe', source: '' }, workers: undefined }),
    ['warning', 'filter-policy', 'policy p2 (observe), not p1 (enforce)'],
    '--policy and --mode',
  ],
  [
    'a worker has another policy',
    statusOf({ workers: [worker, { ...worker, worker: 1, policy: 'p0' }] }),
    ['warning', 'worker-policy', 'worker 1: policy p0, the others p1'],
    'SIGHUP',
  ],
  [
    'Redis is away or refuses',
    statusOf({ redis: { budgets: 'local', stops: 'connected' } }),
    ['warning', 'redis', 'redis, budgets: local'],
    '--redis',
  ],
  [
    'its certificate is over',
    statusOf({ tls: { notAfter: '2026-11-22T12:00:00.000Z' } }),
    ['danger', 'certificate-ends', 'tls, notAfter: 2026-11-22T12:00:00.000Z'],
    'is over',
  ],
  [
    'its certificate ends soon',
    statusOf({ tls: { notAfter: '2026-12-06T11:59:59.999Z' } }),
    ['warning', 'certificate-ends', 'tls, notAfter: 2026-12-06T11:59:59.999Z'],
    'in 14 days',
  ],
  [
    'bodies do not come',
    uninspected({ 'request body-not-sent': 3 }),
    ['warning', 'not-inspected', 'uninspected, request body-not-sent: 3'],
    'processing_mode',
  ],
  [
    'it holds too much',
    uninspected({ 'response process-limit': 3 }),
    ['warning', 'not-inspected', 'uninspected, response process-limit: 3'],
    '--process-bytes',
  ],
  [
    'it failed itself',
    uninspected({ 'request internal-error': 3 }),
    ['warning', 'not-inspected', 'uninspected, request internal-error: 3'],
    'a bug of Sluice',
  ],
  [
    'Envoy speaks TLS with it, and it has no certificate',
    statusOf({ tls: undefined }),
    ['danger', 'transport-differs', "the filter speaks plain text, Envoy's cluster TLS with a certificate of Envoy"],
    '--tls-cert',
  ],
  [
    'Envoy does not know one of its workers',
    statusOf({ endpoints: ['127.0.0.1:9000', '127.0.0.1:9002'] }),
    ['warning', 'worker-unused', 'port 9002: in no endpoint of the cluster'],
    'Only 1 of 2 workers',
  ],
];
