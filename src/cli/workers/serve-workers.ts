import type { Stop } from '../../agents/stops.ts';
import { randomWordKey } from '../../services/agent-desk.ts';
import { createLog, type LogLevel } from '../../telemetry/log.ts';
import { formatAddress } from '../address.ts';
import { type AdminReading, startAdmin, type WorkerStatus } from '../admin.ts';
import { createCallerState } from '../caller-state.ts';
import { type CounterSnapshot, createCounters, sumOf } from '../counters.ts';
import { giveBackMemory } from '../filter.ts';
import { LOG_EVENT } from '../filter-log.ts';
import { installationKey } from '../installation-key.ts';
import { keepBehaviour } from '../keep-behaviour.ts';
import { keepPolicy, policyStatus, transportOf } from '../kept-files.ts';
import { exitCodeAfter, untilAskedToStop } from '../processes.ts';
import type { RecordFlags } from '../record.ts';
import { shareByRedis } from '../redis-state.ts';
import type { ServeSettings } from '../serve-settings.ts';
import { type Settings, workersOf } from '../settings.ts';
import { stopByPolicy } from '../stop-by-policy.ts';
import { VERSION } from '../version.ts';
import { createCounterHub } from './counter-hub.ts';
import { adminBeside, workerAddresses } from './endpoints.ts';
import { createFleet, type Fleet, type FleetEvent, type WorkerState } from './fleet.ts';
import { forkWorker } from './fork-worker.ts';
import { packAnswers, unpackAsks } from './packed.ts';
import { createStateHost } from './state-host.ts';

type Log = ReturnType<typeof createLog>;

export interface ServeWorkersOptions {
  readonly settings: Settings;
  /** The same, checked. */
  readonly checked: ServeSettings;
  readonly recording: RecordFlags;
}

/** How long a look at the admin address waits for the workers, in milliseconds; after that their last reports count. */
const REPORT_MS = 500;

/**
 * `sluice serve --workers`: one process that starts the workers, keeps what they have in common (behaviour, budgets, conversations, tokens),
 * and has the admin address of all. No exchange passes through it. Resolves to the exit code.
 */
export async function serveWorkers({ settings, checked, recording }: ServeWorkersOptions): Promise<number> {
  const asked = untilAskedToStop(['SIGINT', 'SIGTERM']);
  const log = createLog({ level: settings.logLevel.value as LogLevel });
  const addresses = workerAddresses(checked.listen, workersOf(settings), settings.listen.origin);
  const adminAddress = adminBeside(addresses, checked.admin, settings.admin.origin);
  const key = installationKey();
  const redis = await shareByRedis(checked.redis, { log, key, onTaken: () => fleet.tellAll({ kind: 'stops' }) });
  const onStop = (order: Stop): void => stopByPolicy(order, log);
  // The supervisor judges no exchange: what it needs of the policy is how behaviour is judged.
  const policy = keepPolicy(settings, {
    ...{ counters: createCounters(), log, warm: false },
    onReloaded: ({ policy: { behaviour } }) => state.book.configure(behaviour),
  });
  const state = createCallerState({ policy: policy.current().policy.behaviour, key, counters: redis?.counters, onStop });
  const onError = (error: unknown, call: string): void =>
    log.error({ event: 'worker-question-failed', call, err: error }, `${call} failed`);
  const hub = createCounterHub();
  const kept = keepBehaviour({ listen: checked.listen, book: state.book, hub, log });
  const host = createStateHost({ state, hub, onError, now: Date.now });
  const past = createPast(addresses.length);
  const start = { settings, recording, wordKey: randomWordKey() };
  const fleet = createFleet({
    addresses,
    start: (place, events) => forkWorker(place, start, events),
    onAsks: (asks, { process: { send }, name }) => send({ kind: 'answers', answers: packAnswers(host.answer(name, unpackAsks(asks))) }),
    onGone: (worker, { counters }) => past.add(worker, counters),
    onEvent: (event) => logEvent(event, log),
  });
  process.on('SIGHUP', () => {
    policy.reload();
    fleet.tellAll({ kind: 'reload' });
  });
  const begun = await Promise.race([fleet.start(), asked]);
  if (begun !== undefined) {
    await fleet.stop();
    await kept?.close();
    return exitCodeAfter(begun);
  }
  let draining = false;
  const read = async (): Promise<AdminReading> => {
    await fleet.refresh(REPORT_MS);
    return readingOf(fleet.states(), past, {
      version: VERSION,
      inventory: checked.inventory,
      policy: policyStatus(policy),
      redis: redis?.status(),
    });
  };
  const isReady = (): boolean => !draining && fleet.isReady();
  const admin = await startAdmin({ ...adminAddress, calls: { tokens: checked.tokens }, read, isReady }).catch(async (error: unknown) => {
    await fleet.stop();
    throw error;
  });
  giveBackMemory();
  logReady(fleet, { log, admin: admin.url, policy: policyStatus(policy) });

  const reason = await asked;
  draining = true;
  policy.close();
  await fleet.stop();
  await kept?.close();
  await redis?.close();
  await admin.close();
  return exitCodeAfter(reason);
}

/** What ended processes have counted: a counter that shrinks would look like more traffic. By the worker's number. */
interface Past {
  add(worker: number, counters: CounterSnapshot): void;
  of(worker: number): CounterSnapshot;
}

function createPast(workers: number): Past {
  const all = Array.from({ length: workers }, () => sumOf([]));
  return {
    add(worker, counters) {
      all[worker] = sumOf([all[worker]!, counters]);
    },
    of: (worker) => all[worker]!,
  };
}

function readingOf(
  states: readonly WorkerState[],
  past: Past,
  own: Pick<AdminReading['status'], 'version' | 'inventory' | 'policy' | 'redis'>,
): AdminReading {
  const counters = states.map(({ worker, report }) => sumOf([past.of(worker), ...(report === undefined ? [] : [report.counters])]));
  const workers = states.map((one): WorkerStatus => workerStatus(one, counters[one.worker]!));
  const endpoints = workers.map(({ listen }) => listen);
  const reports = states.flatMap(({ report }) => report ?? []);
  return {
    counters: sumOf(counters),
    status: {
      ...own,
      listen: endpoints[0]!,
      endpoints,
      workers,
      tls: reports[0]?.status.tls,
      openExchanges: reports.reduce((sum, { status }) => sum + status.openExchanges, 0),
      heldBytes: reports.reduce((sum, { status }) => sum + status.heldBytes, 0),
    },
  };
}

function workerStatus(
  { worker, pid, listen, state, restarts, lastEnd, report }: WorkerState,
  { exchanges }: CounterSnapshot,
): WorkerStatus {
  const { openExchanges = 0, heldBytes = 0, policy } = report?.status ?? {};
  return {
    ...{ worker, pid, listen: formatAddress(listen), state, restarts, lastEnd, exchanges, openExchanges, heldBytes },
    policy: policy?.version,
  };
}

function logReady(
  fleet: Fleet,
  { log, admin, policy }: { readonly log: Log; readonly admin: string; readonly policy: AdminReading['status']['policy'] },
): void {
  const states = fleet.states();
  const endpoints = states.map(({ listen }) => formatAddress(listen));
  const fields = { listen: endpoints[0], endpoints, admin, policy: policy.version, mode: policy.mode };
  const transport = transportOf(states[0]?.report?.status.tls);
  log.info({ event: LOG_EVENT.ready, ...fields, transport, workers: states.map(({ pid }) => pid) }, 'ready');
}

function logEvent(event: FleetEvent, log: Log): void {
  switch (event.kind) {
    case 'ended': {
      const { worker, pid, how, againInMs } = event;
      log.error({ event: 'worker-ended', worker, pid, how, againInMs }, `worker ${worker} ended (${how}); it is started again`);
      return;
    }
    case 'back':
      log.warn({ event: 'worker-back', worker: event.worker, pid: event.pid }, `worker ${event.worker} is back`);
      return;
    case 'hung':
      log.error({ event: 'worker-hung', worker: event.worker, pid: event.pid }, `worker ${event.worker} does not answer and is killed`);
      return;
    case 'looping': {
      const { worker, how, ends } = event;
      log.error({ event: 'worker-loop', worker, how, ends }, `worker ${worker} has ended ${ends} times in a row (${how}); it is not ready`);
    }
  }
}
