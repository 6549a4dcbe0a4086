import { createLocalCounters, type SharedCounters } from '../agents/behaviour/shared-counters.ts';
import { FIXED } from '../lib/limits.ts';
import type { RedisState } from '../services/redis.ts';
import type { createLog } from '../telemetry/log.ts';
import type { AdminStatus } from './admin.ts';
import { keyIdOf } from './identity-hash.ts';
import { stateFolder } from './state.ts';

type Log = ReturnType<typeof createLog>;

export interface SharedByRedis {
  readonly counters: SharedCounters;
  status(): NonNullable<AdminStatus['redis']>;
  close(): Promise<void>;
}

/**
 * What filters of several machines have in common: budgets and stops. `key` is the installation's. Without Redis each goes by what it knows, and says so. Its client is
 * loaded only where one is configured.
 */
export async function shareByRedis(
  url: string | undefined,
  { log, key, onTaken }: { readonly log: Log; readonly key: Uint8Array; readonly onTaken: () => void },
): Promise<SharedByRedis | undefined> {
  if (url === undefined) return undefined;
  const { createRedisCounters } = await import('../services/redis.ts');
  const { shareStops } = await import('../services/shared-stops.ts');
  const onState = stateLog(log);
  const local = createLocalCounters(FIXED.behaviourCounters);
  const counters = createRedisCounters({ url, local, keyId: keyIdOf(key), onState: onState('budgets') });
  const stops = shareStops({ url, folder: stateFolder(), onTaken, onState: onState('stops') });
  return {
    counters,
    status: () => ({ budgets: counters.state, stops: stops.state, failures: counters.stats().failed + stops.failed }),
    close: async () => void (await Promise.all([counters.close(), stops.close()])),
  };
}

/** Says at every change whether something is shared. */
export function stateLog(log: Log): (what: 'budgets' | 'stops' | 'budgets of tools') => (state: RedisState, reason: string) => void {
  return (what) => (state, reason) => {
    const isAlone = state === 'local';
    log[isAlone ? 'error' : 'info'](
      { event: 'redis-state', what, state },
      isAlone ? `${what} are of this process alone: ${reason}` : reason,
    );
  };
}
