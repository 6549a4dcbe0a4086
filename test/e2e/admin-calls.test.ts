import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSluice, type StartedProcess, startSluice } from '../support/processes.ts';

const TOKEN = 'a1'.repeat(16);
const OTHER = 'b2'.repeat(16);

/** A filter with a state folder of its own. */
interface Running {
  readonly folder: string;
  readonly filter: StartedProcess;
  readonly port: number;
}

const running: Running[] = [];
const tokens = mkdtempSync(path.join(tmpdir(), 'sluice-token-'));
const fileOf = (name: string, text: string): string => {
  writeFileSync(path.join(tokens, name), text);
  return path.join(tokens, name);
};

async function start(...flags: readonly string[]): Promise<Running> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-calls-'));
  const args = ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', ...flags];
  const filter = startSluice(args, { environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder } });
  const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { admin: string };
  const one = { folder, filter, port: Number(ready.admin.split(':').at(-1)) };
  running.push(one);
  return one;
}

afterAll(async () => {
  for (const { filter } of running) filter.kill('SIGTERM');
  await Promise.all(running.map(({ filter }) => filter.ended));
  for (const { folder } of running) rmSync(folder, { recursive: true, force: true });
  rmSync(tokens, { recursive: true, force: true });
});

interface Calling {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function call(
  port: number,
  { method = 'POST', path: where = '/stops', headers = {}, body = '' }: Calling,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
    const outgoing = request({ host: '127.0.0.1', port, method, path: where, headers: all, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const STOP = JSON.stringify({ scope: 'agent', name: 'bot', reason: 'drill' });
const actionsOf = ({ folder }: Running) =>
  readFileSync(path.join(folder, 'sluice', 'admin-actions.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; by: string; reason: string });

describe('the admin address on loopback, without a token', () => {
  let at: Running;
  beforeAll(async () => {
    at = await start();
  });

  test('stops, says what is stopped and takes it back, and writes down that it did', async () => {
    expect(await call(at.port, { body: STOP })).toMatchObject({
      status: 201,
      body: { version: 1, stopped: { scope: 'agent', by: 'loopback' } },
    });
    expect(await call(at.port, { method: 'GET' })).toMatchObject({ status: 200, body: { stops: [{ name: 'bot', reason: 'drill' }] } });
    const back = JSON.stringify({ scope: 'agent', name: 'bot', reason: 'over' });
    expect((await call(at.port, { method: 'DELETE', body: back })).status).toBe(200);
    expect((await call(at.port, { method: 'DELETE', body: back })).status).toBe(404);
    expect(actionsOf(at).map(({ action, by, reason }) => [action, by, reason])).toEqual([
      ['stop', 'loopback', 'drill'],
      ['resume', 'loopback', 'over'],
    ]);
  });

  const REFUSED: readonly (readonly [string, Calling, number])[] = [
    ['a page of another origin', { headers: { origin: 'http://evil.example' }, body: STOP }, 403],
    ['a page under a name of its own', { headers: { host: 'evil.example:9001' }, method: 'GET' }, 403],
    ['a form', { headers: { 'content-type': 'text/plain' }, body: STOP }, 415],
    ['no reason', { body: '{"scope":"all"}' }, 400],
    ['another key', { body: '{"scope":"all","reason":"x","force":true}' }, 400],
    ['no JSON', { body: 'stop' }, 400],
    ['a body of 16 KiB and more', { body: `${STOP}${' '.repeat(16 * 1024)}` }, 413],
    ['another method', { method: 'PUT', body: STOP }, 405],
    ['a tool that nobody has seen', { path: '/tools/approve', body: '{"name":"t","reason":"x"}' }, 400],
  ];
  test.each(REFUSED)('refuses %s', async (_, calling, status) => {
    expect((await call(at.port, calling)).status).toBe(status);
    expect((await call(at.port, { method: 'GET' })).body).toEqual({ version: 1, stops: [] });
  });
  test('has nine rows', () => expect(REFUSED).toHaveLength(9));
});

describe('the admin address with tokens', () => {
  let at: Running;
  beforeAll(async () => {
    at = await start('--admin-token-file', fileOf('tokens', `# who\nann ${TOKEN}\nbob ${OTHER}\n`));
  });

  test.each([
    ['nothing', {}],
    ['another token', { authorization: `Bearer ${'c3'.repeat(16)}` }],
    ['the beginning of a token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('refuses %s', async (_, headers) => {
    expect((await call(at.port, { headers, body: STOP })).status).toBe(401);
  });

  test('takes a stop from a command elsewhere and knows who gave it', async () => {
    const elsewhere = { XDG_STATE_HOME: tokens, XDG_CONFIG_HOME: tokens };
    const run = (...args: readonly string[]) => runSluice([...args, '--admin', `http://127.0.0.1:${at.port}`], { environment: elsewhere });
    const token = fileOf('bob', `${OTHER}\n`);
    expect((await run('stop', 'agent', 'bot', '--reason', 'drill', '--for', '1h', '--token-file', token)).code).toBe(0);
    expect(actionsOf(at).map(({ action, by, reason }) => [action, by, reason])).toEqual([['stop', 'bob', 'drill']]);
    const refused = await run('resume', 'agent', 'bot');
    expect({ code: refused.code, says: refused.stderr.includes('401') }).toEqual({ code: 2, says: true });
    expect((await run('resume', 'agent', 'bot', '--token-file', token)).code).toBe(0);
    expect((await run('resume', 'agent', 'bot', '--token-file', token)).code).toBe(1);
  });
});

test('a command elsewhere says when what it did is not on record', async () => {
  const at = await start();
  const record = path.join(at.folder, 'sluice', 'admin-actions.jsonl');
  rmSync(record, { force: true });
  mkdirSync(record); // what is no file cannot be written to, whoever tries
  const elsewhere = { XDG_STATE_HOME: tokens, XDG_CONFIG_HOME: tokens };
  const run = (verb: string) =>
    runSluice([verb, 'all', '--reason', 'drill', '--admin', `http://127.0.0.1:${at.port}`], { environment: elsewhere });
  for (const verb of ['stop', 'resume']) {
    const { code, stderr } = await run(verb);
    expect({ code, says: stderr.includes('not on record') }).toEqual({ code: 0, says: true });
  }
});

test('off loopback nothing can be changed without tokens, and the rest is there', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-calls-'));
  const args = ['serve', '--listen', '127.0.0.1:0', '--admin', '0.0.0.0:0'];
  const filter = startSluice(args, { environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder } });
  const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { admin: string };
  const port = Number(ready.admin.split(':').at(-1));
  running.push({ folder, filter, port });
  expect((await call(port, { body: STOP })).status).toBe(403);
  expect((await call(port, { method: 'GET' })).status).toBe(403);
  expect((await call(port, { method: 'GET', path: '/status' })).status).toBe(200);
});

test.each([
  ['no row', ''],
  ['a short token', 'ann secret'],
  ['a row without a name', TOKEN],
])('a file of tokens with %s is refused when the filter starts', async (_, text) => {
  const { code, stderr } = await runSluice(
    ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--admin-token-file', fileOf('bad', text)],
    {
      environment: { XDG_STATE_HOME: tokens, XDG_CONFIG_HOME: tokens },
    },
  );
  expect({ code, says: stderr.includes('name token'), tells: stderr.includes(TOKEN) }).toEqual({ code: 2, says: true, tells: false });
});
