import { randomUUID } from 'node:crypto';
import type { Stop, StopScope } from '../agents/stops.ts';
import { AppError } from '../lib/errors.ts';
import { changeStops, type StopFile } from '../services/stop-list.ts';
import { noteAdminAction } from './admin-actions.ts';
import { identityHash } from './identity-hash.ts';
import { stateFolder } from './state.ts';

export interface StopRequest {
  readonly reason?: string | undefined;
  /** How long, as `1h`; undefined: until it is taken back. */
  readonly for?: string | undefined;
  /** Sessions and persons are given as they are. Default: as the hashes that findings show. */
  readonly plain?: boolean | undefined;
  readonly by: string;
}

export interface Written {
  readonly file: StopFile;
  /** Why nobody has written down who did it; undefined: it is written down. */
  readonly unrecorded: string | undefined;
}

/** Writes an order into the state folder, where every filter sees it, and writes down who gave it. Throws `usage`, `state-unusable`. */
export function giveStop(scope: StopScope, name: string | undefined, request: StopRequest): Written & { readonly order: Stop } {
  const order = orderOf(scope, name, request);
  const file = changeStops(stateFolder(), (stops) => [...stops, order]);
  const { id, by, reason } = order;
  return { order, file, unrecorded: noteAdminAction({ action: 'stop', by, reason, detail: { id, scope, name: order.name } }) };
}

/** Takes the orders back that name the same; none when nothing was stopped under that name. Throws `usage`, `state-unusable`. */
export function takeBack(scope: StopScope, name: string | undefined, request: StopRequest): Written & { readonly taken: readonly Stop[] } {
  const wanted = nameOf(scope, name, request);
  let taken: readonly Stop[] = [];
  const file = changeStops(stateFolder(), (stops) => {
    taken = stops.filter((one) => one.scope === wanted.scope && one.name === wanted.name);
    return stops.filter((one) => !taken.includes(one));
  });
  const { by, reason = '' } = request;
  const unrecorded = taken.map(({ id }) => noteAdminAction({ action: 'resume', by, reason, detail: { id } }));
  return { taken, file, unrecorded: unrecorded.find((why) => why !== undefined) };
}

function orderOf(scope: StopScope, name: string | undefined, request: StopRequest): Stop {
  if (request.reason === undefined || request.reason.trim() === '')
    throw new AppError('usage', 'say why, with --reason; it is kept with the order');
  const atUnixMs = Date.now();
  const untilUnixMs = request.for === undefined ? undefined : atUnixMs + durationMs(request.for);
  return { id: randomUUID().slice(0, 8), ...nameOf(scope, name, request), reason: request.reason, by: request.by, atUnixMs, untilUnixMs };
}

/** Sessions and persons are known by keyed hashes; with `--plain` the name is hashed here. */
function nameOf(scope: StopScope, name: string | undefined, { plain }: StopRequest): Pick<Stop, 'scope' | 'name'> {
  if (scope === 'all') {
    if (name !== undefined) throw new AppError('usage', '"all" takes no name');
    return { scope, name: '' };
  }
  if (name === undefined || name === '') throw new AppError('usage', `which ${scope}? give its name after "${scope}"`);
  if (scope === 'agent') return { scope, name };
  if (plain === true) return { scope, name: identityHash(name) };
  if (name.length >= 12 && /^[0-9a-f]+$/.test(name)) return { scope, name };
  throw new AppError('usage', `a ${scope} is named by the hash that findings show (12 hex digits or more), or in plain with --plain`);
}

/** `90s`, `15m`, `2h`, `7d` in milliseconds. */
export function durationMs(text: string, flag = '--for'): number {
  const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
  const unit = text.at(-1);
  const count = Number(text.slice(0, -1));
  const ms = unit !== undefined && unit in units ? count * units[unit as keyof typeof units] : Number.NaN;
  if (Number.isFinite(ms) && ms > 0 && ms <= 366 * 86_400_000) return ms;
  throw new AppError('usage', `${flag} takes a time such as 30m, 1h or 7d, at most 366d`);
}
