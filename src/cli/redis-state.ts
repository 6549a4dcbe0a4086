import { createLocalCounters, type SharedCounters } from '../agents/behaviour/shared-counters.ts';
import { FIXED } from '../lib/limits.ts';
import type { RedisState } from '../services/redis.ts';
import type { createLog } from '../telemetry/log.ts';
import type { AdminStatus } from './admin.ts';
import { stateFolder } from './state.ts';

type Log = ReturnType<typeof createLog>;

export interface SharedByRedis {
  readonly counters: SharedCounters;
  status(): NonNullable<AdminStatus['redis']>;
  close(): Promise<void>;
}

/**
 * What filters of several machines have in common: budgets and stops. Without Redis each goes by what it knows, and says so. Its client is
 * loaded only where one is configured.
 */
export async function shareByRedis(
  url: string | undefined,
  { log, onTaken }: { readonly log: Log; readonly onTaken: () => void },
): Promise<SharedByRedis | undefined> {
  if (url === undefined) return undefined;
  const { createRedisCounters } = await import('../services/redis.ts');
  const { shareStops } = await import('../services/shared-stops.ts');
  const onState = stateLog(log);
  const counters = createRedisCounters({ url, local: createLocalCounters(FIXED.behaviourCounters), onState: onState('budgets') });
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
