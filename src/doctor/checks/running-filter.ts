import type { Check, RunningFilterCheckInput } from '../check.ts';
import type { FilterStatus } from '../filter-status.ts';
import type { Problem } from '../finding.ts';
import { shown } from '../shown.ts';

/** What it is that was lost, by where it was going, where that is neither an inventory nor a backend. */
const LOST: Readonly<Record<string, string>> = {
  recordings: 'exchanges were not recorded',
  supervisor: 'questions of workers were not asked: budgets counted in one worker alone, conversations and tokens were unknown',
};

/** What to do about telemetry that was lost, by the reason under which the filter counts it. */
const LOSS_REMEDIES: Readonly<Record<string, string>> = {
  'queue-full':
    'More came than could leave: give the destination more room or the filter more workers; for a backend raise OTEL_BSP_MAX_QUEUE_SIZE.',
  'spool-full': 'The inventory was away for longer than the spool on disk lasts: see why, or raise --spool-bytes.',
  'spool-failed': "The spool in the filter's state folder could not be written: look at its permissions and for room on its disk.",
  damaged: "Files of the spool in the filter's state folder could not be read again: look at that disk.",
  refused: 'The destination answers and refuses: look at its address and at the token (SLUICE_INVENTORY_TOKEN for an inventory).',
  unreachable: 'Nobody answered, not after all attempts either: look at the address and whether something listens there.',
  shutdown: 'Processes ended before it had left: see why they end, and give them ten seconds after SIGTERM.',
  'start-failed': 'The OpenTelemetry SDK did not start: look at the OTEL_* variables.',
  'build-failed': 'Spans could not be made of records, which is a bug of Sluice: please report it.',
  behind: 'Recordings could not be written as fast as traffic came: record to a faster disk, or less.',
  'too-large': 'Exchanges were larger than one recording may be.',
  'write-failed': 'Recordings could not be written: look at the permissions of their folder and for room on its disk.',
  'seal-failed': 'Recordings could not be redacted, which is a bug of Sluice: please report it.',
  'questions-full':
    'The supervisor does not keep up with its workers: see what else takes its processor, or start another filter beside it.',
};

export const telemetryLost: Check<RunningFilterCheckInput> = ({ status: { traffic } }) =>
  Object.entries(traffic.lost)
    .filter(([, count]) => count > 0)
    .map(([key, count]): Problem => {
      const [destination = '', reason = ''] = key.split(' ');
      const what = Object.hasOwn(LOST, destination)
        ? LOST[destination]!
        : 'records are in no inventory and no backend that should have them';
      const remedy = Object.hasOwn(LOSS_REMEDIES, reason) ? LOSS_REMEDIES[reason]! : 'The log says why (telemetry-lost).';
      return {
        severity: 'warning',
        check: 'telemetry-lost',
        set: `lost, ${shown(key)}: ${count}`,
        means: `${count} ${what}, counted since this filter started; traffic was judged all the same. ${remedy}`,
      };
    });

export const workersMissing: Check<RunningFilterCheckInput> = ({ status: { workers = [] } }) => {
  const missing = workers.filter(({ state }) => state !== 'ready');
  if (missing.length === 0) return undefined;
  const isNone = missing.length === workers.length;
  return missing.map(
    ({ worker, state, restarts, lastEnd }): Problem => ({
      severity: isNone ? 'danger' : 'warning',
      check: 'worker-missing',
      set: `worker ${worker}: ${state}, started again ${restarts} times`,
      means: `${isNone ? 'No worker is ready: every exchange fails' : 'Its exchanges break off until Envoy leaves it, and the others have its load'}. ${lastEnd === undefined ? 'It has not ended before' : `It last ended with: ${shown(lastEnd)}`}; the log has more (worker-ended).`,
    }),
  );
};

export const workersRestarted: Check<RunningFilterCheckInput> = ({ status: { workers = [] } }) =>
  workers
    .filter(({ state, restarts }) => state === 'ready' && restarts > 0)
    .map(
      ({ worker, restarts, lastEnd = 'nothing that is known' }): Problem => ({
        severity: 'note',
        check: 'worker-restarted',
        set: `worker ${worker}: started again ${restarts} times`,
        means: `It is ready now. What it had in hand broke off each time; it last ended with: ${shown(lastEnd)}. The log has more (worker-ended).`,
      }),
    );

export const notReady: Check<RunningFilterCheckInput> = ({ status: { ready, workers = [] } }) =>
  ready || workers.some(({ state }) => state !== 'ready')
    ? undefined
    : {
        severity: 'warning',
        check: 'filter-draining',
        set: 'ready: false',
        means: 'The filter is ending: it takes no new exchange. Where no other one stands beside it, every exchange fails when it is gone.',
      };

export const reloadsFailed: Check<RunningFilterCheckInput> = ({ status: { policy, tls } }) =>
  (
    [
      ['policy', policy.lastFailedReload, 'sluice policy lint says where, and a correct file is loaded as soon as it is there'],
      ['tls', tls?.lastFailedReload, 'a correct pair is loaded as soon as it is there'],
    ] as const
  ).flatMap(([what, failed, next]): readonly Problem[] =>
    failed === undefined
      ? []
      : [
          {
            severity: 'warning',
            check: 'reload-failed',
            set: `${what}: not reloaded at ${shown(failed.at)}`,
            means: `The ${what === 'policy' ? 'policy file' : 'certificate'} has changed and cannot be used: ${failed.message}. The old one stays in force, and a filter that starts anew cannot begin: ${next}.`,
          },
        ],
  );

export const workersDiffer: Check<RunningFilterCheckInput> = ({ status: { policy, workers = [] } }) =>
  workers
    .filter((one) => one.state === 'ready' && one.policy !== undefined && one.policy !== policy.version)
    .map(
      ({ worker, policy: own = '' }): Problem => ({
        severity: 'warning',
        check: 'worker-policy',
        set: `worker ${worker}: policy ${shown(own)}, the others ${shown(policy.version)}`,
        means: 'This worker judges by another policy: it could not load the changed file. SIGHUP to the supervisor loads it everywhere.',
      }),
    );

export const policyDiffers: Check<RunningFilterCheckInput> = ({ status: { policy }, needs, policyVersion }) =>
  policy.version === policyVersion && policy.mode === needs.mode
    ? undefined
    : {
        severity: 'warning',
        check: 'filter-policy',
        set: `policy ${shown(policy.version)} (${shown(policy.mode)}), not ${policyVersion} (${needs.mode})`,
        means:
          'The filter judges by another policy than doctor held the configuration against: name the same one with --policy and --mode.',
      };

export const notShared: Check<RunningFilterCheckInput> = ({ status: { redis } }) =>
  Object.entries(redis ?? {})
    .filter(([, state]) => state !== 'connected')
    .map(
      ([what, state]): Problem => ({
        severity: 'warning',
        check: 'redis',
        set: `redis, ${what}: ${shown(state)}`,
        means: `Redis is away or refuses: ${what} are of this filter alone, and what others count or order does not reach it. The filter's log says why (redis-state); see what answers at --redis.`,
      }),
    );

/** How long a certificate should still be good for, in days. */
const CERTIFICATE_DAYS_MIN = 14;
const DAY_MS = 86_400_000;

export const certificateEnds: Check<RunningFilterCheckInput> = ({ status: { tls }, nowMs }) => {
  if (tls === undefined) return undefined;
  const leftMs = Date.parse(tls.notAfter) - nowMs;
  if (!(leftMs < CERTIFICATE_DAYS_MIN * DAY_MS)) return undefined;
  return {
    severity: leftMs <= 0 ? 'danger' : 'warning',
    check: 'certificate-ends',
    set: `tls, notAfter: ${shown(tls.notAfter)}`,
    means:
      leftMs <= 0
        ? 'The certificate is over: an Envoy that checks it cannot connect, and every exchange fails. Put a new one into its files.'
        : `The certificate ends in ${Math.ceil(leftMs / DAY_MS)} days; then an Envoy that checks it cannot connect. Put a new one into its files.`,
  };
};

/** Reasons that speak of the installation, not of single bodies. */
const NOT_INSPECTED: Readonly<Record<string, string>> = {
  'body-not-sent': 'Envoy did not send bodies that the policy inspects: look at processing_mode.',
  'process-limit': 'The exchanges of a process held more than --process-bytes together: raise it, or add workers or filters.',
  'internal-error': 'The filter failed over them, which is a bug of Sluice: please report it with the lines of its log.',
};

export const notInspected: Check<RunningFilterCheckInput> = ({ status: { traffic } }) =>
  Object.entries(traffic.uninspected).flatMap(([key, count]): readonly Problem[] => {
    const reason = key.split(' ')[1] ?? '';
    if (count === 0 || !Object.hasOwn(NOT_INSPECTED, reason)) return [];
    const means = `What then happens says the policy's failMode; counted since this filter started. ${NOT_INSPECTED[reason]}`;
    return [{ severity: 'warning', check: 'not-inspected', set: `uninspected, ${shown(key)}: ${count}`, means }];
  });

/** Ports are compared, not hosts: a name of Envoy's network is another address here. Where none fits, something stands between the two. */
/** Envoy and filter have to agree on TLS. Said only where Envoy's cluster has a port of the filter: nothing stands between the two then. */
export const transportDiffers: Check<RunningFilterCheckInput> = ({ status, clusterPorts, clusterTransports }) => {
  if (!portsOf(status).some((port) => clusterPorts?.includes(port))) return undefined;
  const wanted = transportOf(status);
  const wrong = clusterTransports.find((one) => one !== undefined && !FITS[wanted].some((fitting) => fitting === one));
  if (wrong === undefined) return undefined;
  return {
    severity: 'danger',
    check: 'transport-differs',
    set: `the filter speaks ${SPOKEN[wanted]}, Envoy's cluster ${SPOKEN[wrong]}`,
    means: `Every exchange fails. ${TLS_REMEDY[wanted]}`,
  };
};

type Transport = 'plain' | 'tls' | 'mtls';

function transportOf({ tls }: FilterStatus): Transport {
  if (tls === undefined) return 'plain';
  return tls.clients === 'checked' ? 'mtls' : 'tls';
}

/** What Envoy may speak with a filter of each kind. */
const FITS = { plain: ['plain'], tls: ['tls', 'mtls'], mtls: ['mtls'] } as const satisfies Record<Transport, readonly Transport[]>;

const SPOKEN = { plain: 'plain text', tls: 'TLS', mtls: 'TLS with a certificate of Envoy' } as const satisfies Record<Transport, string>;

const TLS_REMEDY = {
  plain: 'Give the filter a certificate (`sluice serve --tls-cert`), or take transport_socket out of the cluster.',
  tls: '`sluice init envoy --filter-ca` prints a cluster with TLS.',
  mtls: '`sluice init envoy --filter-ca --filter-cert --filter-key` prints a cluster that shows a certificate.',
} as const satisfies Record<Transport, string>;

function portsOf({ endpoints }: FilterStatus): readonly number[] {
  return endpoints.filter((one) => !one.startsWith('unix:')).map((one) => Number(one.slice(one.lastIndexOf(':') + 1)));
}

export const workersUnused: Check<RunningFilterCheckInput> = ({ status, clusterPorts }) => {
  if (status.workers === undefined || clusterPorts === undefined) return undefined;
  const ports = portsOf(status);
  const unused = ports.filter((port) => !clusterPorts.includes(port));
  if (unused.length === 0 || unused.length === ports.length) return undefined;
  return {
    severity: 'warning',
    check: 'worker-unused',
    set: `${unused.length === 1 ? 'port' : 'ports'} ${unused.join(', ')}: in no endpoint of the cluster`,
    means: `Only ${ports.length - unused.length} of ${ports.length} workers get exchanges. \`sluice init envoy --workers ${ports.length}\` prints a cluster that has an endpoint for each.`,
  };
};
