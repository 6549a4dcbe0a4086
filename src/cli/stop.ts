import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { STOP_SCOPES, type Stop, type StopScope } from '../agents/stops.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { isAlive } from '../services/is-alive.ts';
import { ALIVE_MS, readAcks, readStopFile, type StopAck, type StopFile } from '../services/stop-list.ts';
import { readUsage } from '../services/usage-store.ts';
import { currentUser } from './admin-actions.ts';
import { callAdmin } from './call-admin.ts';
import { giveStop, takeBack } from './give-stop.ts';
import { printable } from './printable.ts';
import { stateFolder } from './state.ts';
import { paintFor, say } from './terminal.ts';

export interface StopFlags {
  readonly for?: string;
  readonly reason?: string;
  readonly plain?: boolean;
  readonly json?: boolean;
  /** A filter's admin address, to stop where this command has no state folder in common with it. */
  readonly admin?: string;
  /** File with the token for it, alone or as a line `name token`. */
  readonly tokenFile?: string;
}

/** How long the filters have to say that they follow, in milliseconds. */
const ACK_MS = 2_000;
/** For how long a process of another machine counts as running after its last sign of life, in milliseconds. */
const ELSEWHERE_MS = 10 * ALIVE_MS;

/**
 * `sluice stop agent NAME | session HASH | person HASH | all`: written to the state folder, where every filter of the installation sees it.
 * Prints which processes have taken it over. Exit 4 when one that runs has not.
 */
export async function stop(scope: string, name: string | undefined, flags: StopFlags): Promise<number> {
  const what = scopeOf(scope);
  if (flags.admin !== undefined) return stopElsewhere('POST', { ...flags, admin: flags.admin }, { scope: what, name, for: flags.for });
  const { order, file, unrecorded } = giveStop(what, name, { ...flags, by: currentUser() });
  sayWhenUnrecorded(unrecorded);
  if (order.scope === 'agent') sayWhenUnseen(order.name);
  return report({ file, flags, done: { stopped: order }, line: `stopped ${described(order)}` });
}

function sayWhenUnrecorded(why: string | undefined): void {
  if (why !== undefined) say(`this holds, and is not on record: ${why}`);
}

/** A stop for a name that is mistyped stops nobody. */
function sayWhenUnseen(name: string): void {
  const seen = Object.keys(readUsage(stateFolder(), say).agents);
  if (!seen.includes(name)) say(`no filter of this state folder has seen an agent of this name${didYouMean(name, seen)}`);
}

/** `sluice resume …`: takes the orders back that name the same. Exit 1 when there is none. */
export async function resume(scope: string, name: string | undefined, flags: StopFlags): Promise<number> {
  const what = scopeOf(scope);
  if (flags.admin !== undefined) return stopElsewhere('DELETE', { ...flags, admin: flags.admin }, { scope: what, name });
  const { taken, file, unrecorded } = takeBack(what, name, { ...flags, by: currentUser() });
  sayWhenUnrecorded(unrecorded);
  if (taken.length === 0) {
    say(NOTHING_STOPPED);
    return EXIT.findings;
  }
  return report({ file, flags, done: { resumed: taken }, line: `resumed ${described(taken[0]!)}` });
}

const NOTHING_STOPPED = 'nothing was stopped under that name; `sluice stop --list` shows what is';

interface ElsewhereCall {
  readonly scope: StopScope;
  readonly name: string | undefined;
  readonly for?: string | undefined;
}

/** By way of a filter's admin address. Exit 4 when it does not answer, 2 when it refuses. */
async function stopElsewhere(
  method: 'POST' | 'DELETE',
  flags: StopFlags & { readonly admin: string },
  call: ElsewhereCall,
): Promise<number> {
  if (flags.plain === true)
    throw new AppError('usage', '--plain hashes with the key of this machine; give --admin the hash that findings show');
  const { status, text } = await callAdmin(flags.admin, {
    method,
    path: '/stops',
    tokenFile: flags.tokenFile,
    body: { ...call, reason: flags.reason },
  });
  if (status === 404 && method === 'DELETE') {
    say(NOTHING_STOPPED);
    return EXIT.findings;
  }
  if (status >= 400) throw new AppError('usage', `the filter refuses (${status}): ${printable(text.trim())}`);
  if (text.includes('"recorded":false')) sayWhenUnrecorded("the filter's state folder cannot be written");
  if (flags.json) process.stdout.write(text);
  else process.stdout.write(`${method === 'POST' ? 'stopped' : 'resumed'} ${printable([call.scope, call.name].join(' ').trim())}\n`);
  return EXIT.ok;
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
    const running = readAcks(stateFolder()).filter(isRunning);
    const silent = running.filter((ack) => ack.version !== version);
    if (silent.length === 0 || Date.now() > until) return { followed: running.filter((ack) => ack.version === version), silent };
    await delay(20);
  }
}

/** Another machine, or another container, does not answer for its process ids here. */
function isRunning({ machine, pid, seenUnixMs }: StopAck): boolean {
  return machine === hostname() ? isAlive(pid) : Date.now() - seenUnixMs < ELSEWHERE_MS;
}

function processes(acks: readonly StopAck[]): string {
  if (acks.length === 0) return 'no process';
  const names = acks.map(({ machine, pid }) => (machine === hostname() ? String(pid) : `${pid} on ${printable(machine)}`));
  return `${acks.length === 1 ? 'process' : 'processes'} ${names.join(', ')}`;
}

function described({ scope, name, reason, by, untilUnixMs }: Stop): string {
  const until = untilUnixMs === undefined ? 'until it is resumed' : `until ${new Date(untilUnixMs).toISOString()}`;
  return printable(`${[scope, name].join(' ').trim()} ${until}, by ${by}: ${reason}`);
}
