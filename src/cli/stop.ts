import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { STOP_SCOPES, type Stop, type StopScope } from '../agents/stops.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { changeStops, readAcks, readStopFile, type StopAck, type StopFile } from '../services/stop-list.ts';
import { appendAdminAction, currentUser } from './admin-actions.ts';
import { identityHash } from './identity-hash.ts';
import { printable } from './printable.ts';
import { isAlive, stateFolder } from './state.ts';
import { paintFor, say } from './terminal.ts';

export interface StopFlags {
  readonly for?: string;
  readonly reason?: string;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** How long the filters have to say that they follow, in milliseconds. */
const ACK_MS = 2_000;

/**
 * `sluice stop agent NAME | session HASH | person HASH | all`: written to the state folder, where every filter of the installation sees it.
 * Prints which processes have taken it over. Exit 4 when one that runs has not.
 */
export async function stop(scope: string, name: string | undefined, flags: StopFlags): Promise<number> {
  const order = orderOf(scopeOf(scope), name, flags);
  const file = changeStops(stateFolder(), (stops) => [...stops, order]);
  appendAdminAction({ action: 'stop', by: order.by, reason: order.reason, detail: { id: order.id, scope: order.scope, name: order.name } });
  return report({ file, flags, done: { stopped: order }, line: `stopped ${described(order)}` });
}

/** `sluice resume …`: takes the orders back that name the same. Exit 1 when there is none. */
export async function resume(scope: string, name: string | undefined, flags: StopFlags): Promise<number> {
  const wanted = nameOf(scopeOf(scope), name, flags);
  const { scope: kind } = wanted;
  let taken: readonly Stop[] = [];
  const file = changeStops(stateFolder(), (stops) => {
    taken = stops.filter((one) => one.scope === kind && one.name === wanted.name);
    return stops.filter((one) => !taken.includes(one));
  });
  if (taken.length === 0) {
    say(`nothing was stopped under that name; \`sluice stop --list\` shows what is`);
    return EXIT.findings;
  }
  for (const { id } of taken) appendAdminAction({ action: 'resume', by: currentUser(), reason: flags.reason ?? '', detail: { id } });
  return report({ file, flags, done: { resumed: taken }, line: `resumed ${described(taken[0]!)}` });
}

/** `sluice stop --list`. */
export function listStops({ json }: Pick<StopFlags, 'json'>): number {
  const read = readStopFile(stateFolder());
  if (!read.ok) throw new AppError('file-unreadable', read.message);
  const { stops } = read.file;
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, stops })}\n`);
  else if (stops.length === 0) process.stdout.write('nothing is stopped\n');
  else for (const one of stops) process.stdout.write(`${described(one)}\n`);
  return EXIT.ok;
}

function scopeOf(scope: string): StopScope {
  const known = STOP_SCOPES.find((one) => one === scope);
  if (known !== undefined) return known;
  throw new AppError('usage', `stop what? one of ${STOP_SCOPES.join(', ')}${didYouMean(scope, STOP_SCOPES)}`);
}

function orderOf(scope: StopScope, name: string | undefined, flags: StopFlags): Stop {
  if (flags.reason === undefined || flags.reason.trim() === '')
    throw new AppError('usage', 'say why, with --reason; it is kept with the order');
  const atUnixMs = Date.now();
  const untilUnixMs = flags.for === undefined ? undefined : atUnixMs + durationMs(flags.for);
  return { id: randomUUID().slice(0, 8), ...nameOf(scope, name, flags), reason: flags.reason, by: currentUser(), atUnixMs, untilUnixMs };
}

/** Sessions and persons are known by keyed hashes; with `--plain` the name is hashed here. */
function nameOf(scope: StopScope, name: string | undefined, { plain }: StopFlags): Pick<Stop, 'scope' | 'name'> {
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

interface Report {
  readonly file: StopFile;
  readonly flags: StopFlags;
  readonly done: object;
  readonly line: string;
}

/** Waits for the filters that run, and says which of them follow. */
async function report({ file, flags, done, line }: Report): Promise<number> {
  const { followed, silent } = await acknowledgements(file.version);
  const ended = followed.reduce((sum, ack) => sum + ack.ended, 0);
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, ...done, followed, silent })}\n`);
  else {
    const paint = paintFor(process.stdout);
    process.stdout.write(`${line}\n`);
    if (followed.length + silent.length === 0)
      process.stdout.write('no filter of this installation runs; the next one that starts follows\n');
    else process.stdout.write(`followed by ${processes(followed)}${ended > 0 ? `; ${ended} open exchanges ended` : ''}\n`);
    if (silent.length > 0) process.stdout.write(`${paint('red', 'not followed')} by ${processes(silent)}\n`);
  }
  return silent.length === 0 ? EXIT.ok : EXIT.unreachable;
}

async function acknowledgements(version: string): Promise<{ readonly followed: readonly StopAck[]; readonly silent: readonly StopAck[] }> {
  const until = Date.now() + ACK_MS;
  for (;;) {
    const running = readAcks(stateFolder()).filter(({ pid }) => isAlive(pid));
    const silent = running.filter((ack) => ack.version !== version);
    if (silent.length === 0 || Date.now() > until) return { followed: running.filter((ack) => ack.version === version), silent };
    await delay(20);
  }
}

function processes(acks: readonly StopAck[]): string {
  if (acks.length === 0) return 'no process';
  return `${acks.length === 1 ? 'process' : 'processes'} ${acks.map(({ pid }) => pid).join(', ')}`;
}

function described({ scope, name, reason, by, untilUnixMs }: Stop): string {
  const until = untilUnixMs === undefined ? 'until it is resumed' : `until ${new Date(untilUnixMs).toISOString()}`;
  return printable(`${[scope, name].join(' ').trim()} ${until}, by ${by}: ${reason}`);
}
