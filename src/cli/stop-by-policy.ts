import type { Stop } from '../agents/stops.ts';
import { changeStops } from '../services/stop-list.ts';
import type { createLog } from '../telemetry/log.ts';
import { noteAdminAction } from './admin-actions.ts';
import { stateFolder } from './state.ts';

/** A finding whose policy says `stop`: as if somebody had typed it. Once for whom it covers, however many processes find it. */
export function stopByPolicy(order: Stop, log: ReturnType<typeof createLog>): void {
  try {
    let isNew = false;
    changeStops(stateFolder(), (stops) => {
      isNew = !stops.some(({ scope, name }) => scope === order.scope && name === order.name);
      return isNew ? [...stops, order] : stops;
    });
    if (isNew) record(order, log);
  } catch (error) {
    log.error({ event: 'stop-failed', err: error }, 'a stop that the policy wants could not be written');
  }
}

function record({ id, by, reason, scope }: Stop, log: ReturnType<typeof createLog>): void {
  const unrecorded = noteAdminAction({ action: 'stop', by, reason, detail: { id, scope } });
  if (unrecorded !== undefined) log.error({ event: 'stop-unrecorded' }, `a stop of the policy holds and is not on record: ${unrecorded}`);
}
