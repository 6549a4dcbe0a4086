import type { Stop } from '../agents/stops.ts';
import type { BehaviourStore } from '../services/behaviour-store.ts';
import { createLog, type LogLevel } from '../telemetry/log.ts';
import { formatAddress } from './address.ts';
import { startAdmin } from './admin.ts';
import { createCallerState } from './caller-state.ts';
import { createCounters } from './counters.ts';
import { type Filter, giveBackMemory, startFilter } from './filter.ts';
import { LOG_EVENT } from './filter-log.ts';
import { installationKey } from './installation-key.ts';
import { keepBehaviour } from './keep-behaviour.ts';
import { transportOf } from './kept-files.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import type { RecordFlags } from './record.ts';
import { shareByRedis } from './redis-state.ts';
import { type ServeSettings, serveSettings } from './serve-settings.ts';
import { type Flags, resolveSettings, type Settings, settingsFiles, workersOf } from './settings.ts';
import { stopByPolicy } from './stop-by-policy.ts';
import { VERSION } from './version.ts';

/**
 * `sluice serve`: the filter for somebody's Envoy. Logs one JSON line with `event: "ready"` when it listens. SIGTERM and SIGINT drain:
 * not ready, open exchanges end, telemetry leaves. SIGHUP and changed files load policy and TLS certificate anew; open exchanges and
 * connections keep what they began with. With `--workers` it is several processes (`workers/serve-workers.ts`). Resolves to the exit code.
 */
export async function serve(flags: Flags & RecordFlags): Promise<number> {
  const settings = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const checked = serveSettings(settings);
  if (workersOf(settings) === 1) return serveAlone({ settings, checked, recording: flags });
  const { serveWorkers } = await import('./workers/serve-workers.ts');
  return serveWorkers({ settings, checked, recording: flags });
}

interface ServeOptions {
  readonly settings: Settings;
  readonly checked: ServeSettings;
  readonly recording: RecordFlags;
}

async function serveAlone({ settings, checked, recording }: ServeOptions): Promise<number> {
  const asked = untilAskedToStop(['SIGINT', 'SIGTERM']);
  const log = createLog({ level: settings.logLevel.value as LogLevel });
  const counters = createCounters();
  const key = installationKey();
  let filter: Filter | undefined;
  let kept: BehaviourStore | undefined;
  const redis = await shareByRedis(checked.redis, { log, key, onTaken: () => filter?.lookAtStops() });
  const onStop = (order: Stop): void => stopByPolicy(order, log);
  filter = await startFilter({
    ...{ settings, checked, recording, log, counters, key, listen: checked.listen },
    openState(policy) {
      const state = createCallerState({ policy, key, counters: redis?.counters, onStop });
      kept = keepBehaviour({ listen: checked.listen, book: state.book, log });
      return state;
    },
  });
  const running = filter;
  process.on('SIGHUP', () => running.reload());
  let ready = true;
  const listen = formatAddress(running.listen);
  const status = () => ({
    version: VERSION,
    listen,
    endpoints: [listen],
    inventory: checked.inventory,
    redis: redis?.status(),
    workers: undefined,
    ...running.status(),
  });
  const admin = await startAdmin({
    ...checked.admin,
    calls: { tokens: checked.tokens },
    read: () => ({ counters: counters.snapshot(), status: status() }),
    isReady: () => ready,
  }).catch(async (error: unknown) => {
    await running.close();
    throw error;
  });
  giveBackMemory();
  const { policy, tls } = running.status();
  const transport = transportOf(tls);
  log.info(
    { event: LOG_EVENT.ready, listen, endpoints: [listen], admin: admin.url, policy: policy.version, mode: policy.mode, transport },
    'ready',
  );

  const reason = await asked;
  ready = false;
  await running.close();
  await kept?.close();
  await redis?.close();
  await admin.close();
  return exitCodeAfter(reason);
}
