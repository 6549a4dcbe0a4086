import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ListenAddress } from '../../src/cli/address.ts';
import { createBehaviourBook } from '../../src/cli/behaviour-book.ts';
import { keepBehaviour } from '../../src/cli/keep-behaviour.ts';
import { createCounterHub } from '../../src/cli/workers/counter-hub.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { behaviourFile, openBehaviourStore } from '../../src/services/behaviour-store.ts';
import { smallPolicy } from '../support/streams.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const LISTEN: ListenAddress = { kind: 'tcp', host: '127.0.0.1', port: 9000 };

let home: string;
let lines: unknown[];
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sluice-keep-'));
  vi.stubEnv('XDG_STATE_HOME', home);
  lines = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const line = (level: string) => (fields: object) => void lines.push({ level, ...fields });
const log = { info: line('info'), warn: line('warn'), error: line('error') } as unknown as Parameters<typeof keepBehaviour>[0]['log'];

/** A filter that may let `clerk` through once a day; `hub` for one with workers. */
function start({
  key = 'key',
  listen = LISTEN,
  hub,
}: {
  key?: string;
  listen?: ListenAddress;
  hub?: ReturnType<typeof createCounterHub>;
} = {}) {
  const { behaviour: policy } = smallPolicy('version: 1\nbehaviour: {budgets: {agent: {requestsPerDay: 1}}}\n');
  const book = createBehaviourBook({ policy, key: Buffer.from(key), onStop: () => {} });
  const kept = keepBehaviour({ listen, book, log, ...(hub !== undefined && { hub }) });
  return { kept, admits: () => book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW }).length === 0 };
}

/** A filter that has let `clerk` through and has ended. */
async function ran(options: Parameters<typeof start>[0] = {}): Promise<void> {
  const { kept, admits } = start(options);
  expect(admits()).toBe(true);
  await kept?.close();
}

test('a budget that one filter has used up is used up for the next one at its address, and for no other', async () => {
  await ran();
  expect(lines).toEqual([]);
  expect(start().admits()).toBe(false);
  expect(lines).toEqual([{ level: 'info', event: 'behaviour-read', agents: 0, ageMs: expect.any(Number) }]);
  expect(start({ listen: { ...LISTEN, port: 9001 } }).admits()).toBe(true);
});

test('a socket has a file of its own', async () => {
  await ran({ listen: { kind: 'unix', path: '/run/sluice.sock' } });
  expect(readdirSync(path.join(home, 'sluice/behaviour'))).toEqual(['unix%3A%2Frun%2Fsluice.sock.bin']);
});

test('nothing is kept for a port that the system picks', async () => {
  await ran({ listen: { ...LISTEN, port: 0 } });
  expect([start({ listen: { ...LISTEN, port: 0 } }).kept, readdirSync(home)]).toEqual([undefined, []]);
});

test('what workers have counted is kept beside it; one process alone does without', async () => {
  const counts = [{ name: 'row', mine: 3, keepMs: 1e12 }];
  const [first, second, third] = [createCounterHub(), createCounterHub(), createCounterHub()];
  first.merge('0.0', counts, Date.now());
  await ran({ hub: first });
  start({ hub: second });
  expect(second.merge('0.0', counts, Date.now())).toEqual([3]);
  expect(start().admits()).toBe(false);
  await ran({ listen: { ...LISTEN, port: 9001 } });
  start({ listen: { ...LISTEN, port: 9001 }, hub: third });
  expect(third.merge('0.0', counts, Date.now())).toEqual([0]);
});

function makeFolderOf(name: string): void {
  rmSync(name);
  mkdirSync(name);
}

async function writeKept(pieces: readonly unknown[]): Promise<void> {
  let changes = 0;
  const store = openBehaviourStore({ file: file(), snapshot: () => pieces, changes: () => changes, onError: (error) => lines.push(error) });
  changes++;
  await store.close();
}

const file = () => behaviourFile(path.join(home, 'sluice'), '127.0.0.1:9000');

test.each([
  ['of another key', () => ran({ key: 'other' })],
  ['damaged', async () => ran().then(() => writeFileSync(file(), 'nothing that was written'))],
  ['of another version', () => writeKept([{ kind: 'head', version: 1, latestMs: 0 }])],
  ['too large', async () => ran().then(() => truncateSync(file(), FIXED.behaviourFileBytes + 1))],
  ['unreadable', async () => ran().then(() => makeFolderOf(file()))],
])('what is %s is told, and behaviour begins anew', async (why, change) => {
  await change();
  lines = [];
  expect(start().admits()).toBe(true);
  expect(lines).toMatchObject([{ level: 'warn', event: 'behaviour-unread', why }]);
});

test('what cannot be written is told', async () => {
  await ran();
  makeFolderOf(file());
  lines = [];
  await ran();
  expect(lines).toMatchObject([
    { level: 'warn', event: 'behaviour-unread', why: 'unreadable' },
    { level: 'error', event: 'behaviour-unwritable', err: { code: 'EISDIR' } },
  ]);
});
