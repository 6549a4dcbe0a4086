import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import type { SpanData } from '../../src/telemetry/span.ts';
import { runSluice, type StartedProcess, startSluice, waitFor } from '../support/processes.ts';
import { ownSpan } from './spans.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const TOKEN = ['inventory', 'test', 'token'].join('-');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-inventory-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const post = (url: string, spans: readonly SpanData[], headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(encodeSpans(spans, ORIGIN)),
    headers: { 'content-type': 'application/x-protobuf', ...headers },
  });
const sluice = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  runSluice(args, { environment: { XDG_STATE_HOME: folder, SLUICE_INVENTORY_TOKEN: '', ...environment } });

const NOW_MS = Date.now();
const seenAt = (agoMs: number) => ({ startUnixMs: NOW_MS - agoMs, endUnixMs: NOW_MS - agoMs + 5 });
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];
/** A user agent, a tool and an agent that would rather be a formula, a terminal's command and another line. */
const SPANS = [
  ownSpan(
    { ...seenAt(HOUR_MS), spanId: '1'.repeat(16) },
    {
      'sluice.finding.count': 1,
      'sluice.finding.request.detectors': ['pii.card'],
      'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'],
      'sluice.tools.called': ['=HYPERLINK("http://evil.example")'],
      'gen_ai.agent.name': 'planner\u001b[2J\nx',
    },
  ),
  ownSpan({ ...seenAt(3 * DAY_MS), spanId: '2'.repeat(16) }, { 'http.request.method': 'GET', 'http.route': '/accounts/{id}' }),
];

describe('commands that ask', () => {
  let inventory: Inventory;
  beforeAll(async () => {
    inventory = await startInventory({ port: 0, database: ':memory:', openapi: [] });
    await post(inventory.url, SPANS);
    const changes = async () => ((await (await fetch(`${inventory.url}/api/v1/changes`)).json()) as { items: unknown[] }).items;
    await waitFor(async () => ((await changes()).length > 0 ? true : undefined));
  });
  afterAll(() => inventory.stop());
  const ask = (...args: string[]) => sluice(['inventory', ...args, '--url', inventory.url]);

  it('show: a row by a part of its name, as lines and as JSON', async () => {
    const text = await ask('show', 'endpoints', 'accounts');
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^method +GET$/m);
    expect(text.stdout).toMatch(/^path +\/accounts\/\{id\}$/m);
    const json = await ask('show', 'endpoints', 'accounts', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, item: { method: 'GET', path: '/accounts/{id}', count: 1 } });
  });

  it.each([
    ['a kind that is none', ['show', 'endpoint', 'x'], 'no such kind of row'],
    ['a name that two have', ['show', 'endpoints', 'bank.example'], 'several endpoints fit'],
    ['a name that none has', ['show', 'endpoints', 'nowhere'], 'the inventory says'],
    ['a time that is none', ['diff', '--since', 'yesterday'], 'the inventory says'],
    ['a list that is none', ['export', 'endpoint'], 'no such list'],
    ['a format that is none', ['export', '--format', 'xml'], 'Allowed choices'],
  ])('%s exits with 2 and says what to do', async (_, args, message) => {
    const { code, stdout, stderr } = await ask(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('shows no control character of a name', async () => {
    const { stdout } = await ask('show', 'agents', 'planner');
    expect(stdout).toContain('planner');
    expect([...stdout].filter((one) => one !== '\n' && one < ' ')).toEqual([]);
  });

  it.each([
    ['24h', 1, 'POST'],
    ['7d', 1, 'GET'],
  ])('diff --since %s exits with 1 when something became different', async (since, code, method) => {
    const answer = await ask('diff', '--since', since);
    expect(answer.code).toBe(code);
    expect(answer.stdout).toMatch(new RegExp(`^.*new +endpoints +${method} api\\.bank\\.example.* first seen`, 'm'));
  });

  it('diff exits with 0 when nothing of the kind became different, and has JSON', async () => {
    const none = await ask('diff', '--since', '24h', '--change', 'gone');
    expect([none.code, none.stdout]).toEqual([0, 'nothing changed']);
    const json = await ask('diff', '--since', '24h', '--json');
    const { version, changes } = JSON.parse(json.stdout) as { version: number; changes: { change: string; subject: string }[] };
    expect([json.code, version, new Set(changes.map(({ change }) => change))]).toEqual([1, 1, new Set(['new'])]);
    expect(changes.map(({ subject }) => subject)).toContain('POST api.bank.example/v1/chat/completions');
    expect(changes.map(({ subject }) => subject)).not.toContain('GET api.bank.example/accounts/{id}');
  });

  it('export: CSV without formulas, one line a row', async () => {
    const { code, stdout } = await ask('export', 'tools', '--format', 'csv');
    const lines = stdout.split('\n').filter((line) => line !== '');
    expect(code).toBe(0);
    expect(lines.length).toBe(2);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  });

  it('export: JSON, SARIF, CycloneDX and OpenAPI, to standard output or into a file', async () => {
    const file = path.join(folder, 'findings.sarif');
    const [json, sarif, bom, openapi] = [
      await ask('export', 'models'),
      await ask('export', '--format', 'sarif', '--output', file),
      await ask('export', '--format', 'ai-bom'),
      await ask('export', '--format', 'openapi'),
    ];
    expect([json, sarif, bom, openapi].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, models: [{ name: 'gpt-4o', provider: 'openai' }] });
    expect(sarif.stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'pii.card' }] }] });
    expect(JSON.parse(bom.stdout)).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(Object.keys((JSON.parse(openapi.stdout) as { paths: object }).paths).toSorted()).toEqual([
      '/accounts/{id}',
      '/v1/chat/completions',
    ]);
  });
});

describe('more than one page', () => {
  let inventory: Inventory;
  const FINDINGS = 5002;
  beforeAll(async () => {
    inventory = await startInventory({ port: 0, database: ':memory:', openapi: [] });
    const findings = Array.from({ length: FINDINGS }, (_, at) =>
      ownSpan(
        { ...seenAt(FINDINGS - at), spanId: (at + 1).toString(16).padStart(16, '0') },
        { 'sluice.exchange.id': `x${at}`, 'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'] },
      ),
    );
    await post(inventory.url, findings);
  });
  afterAll(() => inventory.stop());
  const ask = (...args: string[]) => sluice(['inventory', 'export', ...args, '--url', inventory.url]);

  it('of findings is exported to the end, as JSON and as CSV, to standard output and into a file', async () => {
    const file = path.join(folder, 'all.csv');
    const [json, csv] = [await ask('findings'), await ask('findings', '--format', 'csv', '--output', file)];
    expect([json.code, csv.code, json.stderr, csv.stderr]).toEqual([0, 0, '', '']);
    const { version, findings } = JSON.parse(json.stdout) as { version: number; findings: { exchangeId: string }[] };
    expect([version, findings.length, new Set(findings.map(({ exchangeId }) => exchangeId)).size]).toEqual([1, FINDINGS, FINDINGS]);
    expect(`${json.stdout}\n`).toBe(`${JSON.stringify({ version, findings }, undefined, 2)}\n`);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect([lines.length, lines.filter((line) => line.includes('"detector"')).length]).toEqual([FINDINGS + 1, 1]);
  });

  it('does not fit a SARIF file, and is counted', async () => {
    const { code, stdout, stderr } = await ask('--format', 'sarif');
    const { runs } = JSON.parse(stdout) as { runs: { results: unknown[] }[] };
    expect([code, runs[0]?.results.length]).toEqual([0, 5000]);
    expect(stderr).toContain('2 older findings are not in the file');
  });

  it('is none when there is nothing', async () => {
    const [json, csv] = [await ask('findings', '--since', '0m'), await ask('orphans')];
    expect([json.stdout, csv.stdout].map((text) => JSON.parse(text))).toEqual([
      { version: 1, findings: [] },
      { version: 1, orphans: [] },
    ]);
  });
});

/** Keeps what is posted to it, by path. */
async function receiver() {
  const received: { readonly path: string; readonly body: string; readonly signature: unknown }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await request.toArray()).join('');
    received.push({ path: request.url ?? '', body, signature: request.headers['x-sluice-signature'] });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a served inventory that others may reach', () => {
  let server: Server;
  let received: Awaited<ReturnType<typeof receiver>>['received'];
  let inventory: StartedProcess;
  let url: string;
  beforeAll(async () => {
    const at = await receiver();
    ({ server, received } = at);
    const secret = path.join(folder, 'webhook.key');
    writeFileSync(secret, 'a-key-of-the-test-that-is-long\n');
    const where = ['--listen', '0.0.0.0:0', '--database', path.join(folder, 'served.sqlite')];
    const hooks = ['--webhook', `${at.url}/first`, '--webhook', `${at.url}/second`, '--webhook-secret-file', secret];
    inventory = startSluice(['inventory', 'serve', ...where, ...hooks], {
      environment: {
        XDG_STATE_HOME: folder,
        SLUICE_INVENTORY_TOKEN: TOKEN,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${at.url}/v1/logs`,
        OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
        OTEL_BLRP_SCHEDULE_DELAY: '50',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=edge-inventory',
      },
    });
    const line = await inventory.line('stdout', (text) => text.startsWith('http'));
    url = line.replace('0.0.0.0', '127.0.0.1');
  });
  afterAll(async () => {
    inventory.kill('SIGKILL');
    await inventory.ended;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('does not start off loopback without a token', async () => {
    const { code, stderr } = await sluice(['inventory', 'serve', '--listen', '0.0.0.0:0', '--database', ':memory:']);
    expect([code, stderr.includes('nobody is asked who they are')]).toEqual([2, true]);
  });

  it.each([
    ['a certificate that is none', 'none.pem', 'tls-invalid'],
    ['a file that is not there', 'nowhere.pem', 'file-unreadable'],
  ])('does not start with %s, and says so', async (_, name, code) => {
    writeFileSync(path.join(folder, 'none.pem'), 'no certificate');
    const files = ['--tls-cert', path.join(folder, name), '--tls-key', path.join(folder, name)];
    const refused = await sluice(['inventory', 'serve', '--listen', '127.0.0.1:0', '--database', ':memory:', ...files]);
    expect([refused.code, refused.stderr.includes(`[${code}]`)]).toEqual([2, true]);
  });

  it('takes spans and answers with the token alone, and its command too', async () => {
    const bearer = { authorization: `Bearer ${TOKEN}` };
    expect((await post(url, SPANS)).status).toBe(401);
    expect((await post(url, SPANS, { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect((await fetch(`${url}/api/v1/endpoints`)).status).toBe(401);
    expect((await post(url, SPANS, bearer)).status).toBe(200);
    const without = await sluice(['inventory', 'list', '--url', url]);
    expect([without.code, without.stderr.includes('SLUICE_INVENTORY_TOKEN')]).toEqual([4, true]);
    const listed = await sluice(['inventory', 'list', '--url', url], { SLUICE_INVENTORY_TOKEN: TOKEN });
    expect([listed.code, listed.stdout.includes('/v1/chat/completions')]).toEqual([0, true]);
  });

  it('tells every webhook of changes, signed, and the backend of logs', async () => {
    const paths = await waitFor(() => {
      const seen = new Set(received.map((one) => one.path));
      return seen.size === 3 ? [...seen].toSorted() : undefined;
    });
    expect(paths).toEqual(['/first', '/second', '/v1/logs']);
    const hooks = received.filter((one) => one.path !== '/v1/logs');
    expect(new Set(hooks.map(({ body }) => body)).size).toBe(1);
    expect(hooks.map(({ signature }) => /^t=\d+,v1=[0-9a-f]{64}$/.test(String(signature)))).toEqual([true, true]);
    const logs = received.filter((one) => one.path === '/v1/logs').map(({ body }) => body);
    expect(logs.join('\n')).toContain('"eventName":"sluice.inventory.change"');
    expect(logs.join('\n')).toContain('POST api.bank.example/v1/chat/completions');
    expect(logs.join('\n')).toContain('{"key":"service.name","value":{"stringValue":"edge-inventory"}}');
  });

  it('refuses an address or a key that is none, repeating neither', async () => {
    const short = path.join(folder, 'short.key');
    writeFileSync(short, 'short');
    const serve = ['inventory', 'serve', '--listen', '127.0.0.1:0', '--database', ':memory:'];
    const answers = [
      await sluice([...serve, '--webhook', 'https://name:word@hook.example/x']),
      await sluice([...serve, '--webhook', 'file:///etc/hook.example']),
      await sluice([...serve, '--webhook', 'https://hook.example/x', '--webhook-secret-file', short]),
      await sluice([...serve, '--webhook', 'https://hook.example/x', '--webhook-secret-file', path.join(folder, 'none.key')]),
    ];
    expect(answers.map(({ code, stderr }) => [code, stderr.includes('hook.example')])).toEqual(Array(4).fill([2, false]));
  });
});
