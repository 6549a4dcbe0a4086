import { createLocalCounters, type SharedCounters } from '../../agents/behaviour/shared-counters.ts';
import type { Stop } from '../../agents/stops.ts';
import { AppError } from '../../lib/errors.ts';
import { FIXED } from '../../lib/limits.ts';
import { createMergedCounters } from '../../services/merged-counters.ts';
import { createLog, type LogLevel } from '../../telemetry/log.ts';
import { createCounters } from '../counters.ts';
import { type Filter, giveBackMemory, startFilter } from '../filter.ts';
import { keyIdOf } from '../identity-hash.ts';
import { installationKey } from '../installation-key.ts';
import { createLossReport } from '../loss-report.ts';
import { untilAskedToStop } from '../processes.ts';
import { stateLog } from '../redis-state.ts';
import { serveSettings } from '../serve-settings.ts';
import { workersOf } from '../settings.ts';
import { stopByPolicy } from '../stop-by-policy.ts';
import type { FromWorker, ToWorker, WorkerReport, WorkerStart } from './messages.ts';
import { packAsks, receivedByWorker, sentByWorker, unpackAnswers } from './packed.ts';
import { createRemoteState, type RemoteState } from './remote-state.ts';
import { createStateChannel, type StateChannel } from './state-channel.ts';

/*
 * A process of `sluice serve --workers`: the filter at an address of its own. What its supervisor keeps for all of them it asks there. It
 * ends at SIGTERM and when the supervisor is gone; signals of a terminal are the supervisor's.
 */

/** Time between two exchanges of sums with the supervisor, milliseconds: a message costs little, and calls of tools are judged by them. */
const COUNT_MS = 5;

const asked = untilAskedToStop(['SIGTERM']);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
const started = Promise.withResolvers<WorkerStart>();
const channel = createStateChannel({
  send: (asks) => say({ kind: 'asks', asks: packAsks(asks) }),
  onState: (state) => onChannelState?.(state),
  onOverflow: () => onOverflow?.('questions-full'),
});
let onChannelState: ((state: StateChannel['state']) => void) | undefined;
let onOverflow: ((reason: string) => void) | undefined;
let filter: Filter | undefined;
const counters = createCounters();

process.on('message', (sent: ToWorker | string) => take(receivedByWorker(sent))); // from our own supervisor, whose types these are
process.on('disconnect', channel.close);
process.channel?.ref(); // until the filter listens, nothing else keeps this process alive
await run().catch(refuse);

function take(message: ToWorker): void {
  switch (message.kind) {
    case 'start':
      return started.resolve(message);
    case 'answers':
      return channel.take(unpackAnswers(message.answers));
    case 'reload':
      return filter?.reload();
    case 'stops':
      return filter?.lookAtStops();
    case 'report':
      if (filter !== undefined) say({ kind: 'report', report: reportOf(filter) });
  }
}

async function run(): Promise<void> {
  const first = await Promise.race([started.promise, asked]);
  if (typeof first === 'string') return leave();
  const { settings, recording, listen, wordKey } = first;
  const log = createLog({ level: settings.logLevel.value as LogLevel });
  onChannelState = (state) => logState(log, state);
  onOverflow = createLossReport({ counters, log, destination: 'supervisor', event: 'questions-lost', what: 'questions were not asked' });
  const key = installationKey();
  const checked = serveSettings(settings);
  const calls = await countersOfCalls(checked.redis, { log, key });
  const onStop = (order: Stop): void => stopByPolicy(order, log);
  let state: RemoteState | undefined;
  const running = await startFilter({
    ...{ settings, checked, listen, recording, log, counters, key },
    openState(policy) {
      state = createRemoteState({ channel, policy, key, counters: calls, wordKey, workers: workersOf(settings), onStop });
      return state;
    },
  });
  filter = running;
  process.channel?.unref();
  giveBackMemory();
  say({ kind: 'ready', listen: running.listen, report: reportOf(running) });
  await asked;
  process.channel?.ref(); // what the last exchanges ask is waited for
  await running.close();
  say({ kind: 'report', report: reportOf(running) });
  state?.book.close();
  await calls.close();
  leave();
}

/** Nothing else keeps this process alive then. */
function leave(): void {
  channel.close();
  if (process.connected) process.disconnect();
}

/** Calls of tools are judged at once: their counts are merged, by Redis where it is configured, else by the supervisor. */
async function countersOfCalls(
  redis: string | undefined,
  { log, key }: { readonly log: ReturnType<typeof createLog>; readonly key: Uint8Array },
): Promise<SharedCounters & { close(): Promise<void> }> {
  const local = createLocalCounters(FIXED.behaviourCounters);
  if (redis !== undefined) {
    const { createRedisCounters } = await import('../../services/redis.ts');
    return createRedisCounters({ url: redis, local, keyId: keyIdOf(key), onState: stateLog(log)('budgets of tools') });
  }
  return createMergedCounters({
    local,
    exchangeMs: COUNT_MS,
    isReady: () => process.connected,
    // No rows: nothing was to be told, and an empty answer is what is expected.
    exchange: async (rows) => (rows.length === 0 ? [] : channel.ask('count', rows, [])),
  });
}

function logState(log: ReturnType<typeof createLog>, state: StateChannel['state']): void {
  if (state === 'shared') log.info({ event: 'worker-state', state }, 'the supervisor answers again');
  else log.error({ event: 'worker-state', state }, 'the supervisor does not answer: this worker goes by what it knows itself');
}

function reportOf({ status }: Filter): WorkerReport {
  return { counters: counters.snapshot(), status: status() };
}

/** Without a supervisor nobody is left to be told. */
function say(message: FromWorker): void {
  if (process.connected) process.send?.(sentByWorker(message), undefined, undefined, () => {});
}

/** What a user gave is wrong: the supervisor says so. Anything else ends this process with its stack on stderr. */
function refuse(error: unknown): void {
  if (!(error instanceof AppError) || !process.connected) throw error;
  const { code, message, next, exitCode } = error;
  process.send?.({ kind: 'refused', code, message, next } satisfies FromWorker, () => process.exit(exitCode));
}
