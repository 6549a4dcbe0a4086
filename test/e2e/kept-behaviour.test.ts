import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectExtProc, header, modes } from '../support/ext-proc-client.ts';
import { unusedPorts } from '../support/gateway.ts';
import { alive, type StartedProcess, startSluice, waitFor } from '../support/processes.ts';

const TOOL_CALLS = 30;
const POLICY = `version: 1
identity: {headers: {x-agent: {sanitizedBy: envoy}}}
agents:
  unknown: observe
  thrifty: {identify: {header: {x-agent: thrifty}}, budgets: {requestsPerDay: 3}}
behaviour: {budgets: {tool: {requestsPerDay: ${TOOL_CALLS}}}}
`;

interface Filter {
  readonly process: StartedProcess;
  readonly ports: readonly number[];
  /** Of its workers, when it has some. */
  readonly workers: readonly number[];
}

let folder: string;
let running: Filter | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-kept-'));
  writeFileSync(path.join(folder, 'policy.yaml'), POLICY);
});
afterEach(async () => {
  await end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(port: number, workers: number): Promise<Filter> {
  const at = ['--listen', `127.0.0.1:${port}`, '--admin', '127.0.0.1:0', '--workers', String(workers)];
  const environment = { SLUICE_INVENTORY: '', XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  const started = startSluice(['serve', ...at, '--policy', path.join(folder, 'policy.yaml')], { environment });
  running = { process: started, ports: [], workers: [] };
  const ready = JSON.parse(await started.line('stderr', (line) => line.includes('"event":"ready"'))) as {
    readonly endpoints: readonly string[];
    readonly workers?: readonly number[];
  };
  const ports = ready.endpoints.map((endpoint) => Number(endpoint.split(':').at(-1)));
  running = { process: started, ports, workers: ready.workers ?? [] };
  return running;
}

/** Ends it; the workers of one that is killed end by themselves, and let go of their ports. */
async function end(signal: NodeJS.Signals): Promise<void> {
  if (running === undefined) return;
  const { process: started, workers } = running;
  running = undefined;
  started.kill(signal);
  await started.ended;
  await waitFor(() => alive(workers).length === 0 || undefined);
}

/** Whether a request of `thrifty` is let through. */
async function passes(port: number): Promise<boolean> {
  const headers = [header(':path', '/v1/chat/completions'), header('x-agent', 'thrifty')];
  const [answer] = await answers(port, [{ request_headers: headersOf(headers, true), protocol_config: modes('NONE', 'NONE') }]);
  return answer === 'request_headers';
}

/** Whether a call of the tool `send` is let through. */
async function callPasses(port: number): Promise<boolean> {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'send', arguments: {} } };
  const headers = headersOf([header(':path', '/mcp'), header('content-type', 'application/json')], false);
  const [, answer] = await answers(port, [
    { request_headers: headers, protocol_config: modes('BUFFERED', 'NONE') },
    { request_body: { body: Buffer.from(JSON.stringify(call)), end_of_stream: true } },
  ]);
  return answer === 'request_body';
}

const headersOf = (headers: readonly object[], isWhole: boolean) => ({
  headers: { headers: [header(':method', 'POST'), header(':authority', 'api.example'), ...headers] },
  end_of_stream: isWhole,
});

/** What each message is answered with. */
async function answers(port: number, messages: readonly object[]): Promise<readonly unknown[]> {
  const client = connectExtProc({ host: '127.0.0.1', port });
  const stream = client.open();
  const seen: unknown[] = [];
  for (const message of messages) {
    stream.send({ ...message });
    seen.push((await stream.next())?.['response']);
  }
  stream.reset();
  await client.close();
  return seen;
}

async function oneByOne(count: number, ask: (at: number) => Promise<boolean>): Promise<readonly boolean[]> {
  const all: boolean[] = [];
  for (let at = 0; at < count; at++) all.push(await ask(at));
  return all;
}

const isRead = ({ process: started }: Filter) => started.line('stderr', (line) => line.includes('"event":"behaviour-read"'));

test.each([1, 2])(
  'budgets of a day stay spent when a filter of %i processes is restarted, and when it is killed after that',
  async (workers) => {
    const port = await unusedPorts(2);
    const first = await start(port, workers);
    expect(await oneByOne(4, (at) => passes(first.ports[at % workers]!))).toEqual([true, true, true, false]);
    expect(await oneByOne(TOOL_CALLS, () => callPasses(port))).not.toContain(false);
    expect(await callPasses(port)).toBe(false);
    await end('SIGTERM');

    const second = await start(port, workers);
    await isRead(second);
    expect(await oneByOne(workers, (at) => passes(second.ports[at]!))).toEqual(Array.from({ length: workers }, () => false));
    // A worker hears of a tool's budget a moment after it has first asked. These calls are fewer than a whole budget.
    const asked = await oneByOne(TOOL_CALLS - 1, () => callPasses(second.ports.at(-1)!));
    expect(asked.at(-1)).toBe(false);
    await end('SIGKILL');

    const third = await start(port, workers);
    await isRead(third);
    expect(await passes(port)).toBe(false);
    expect(readdirSync(path.join(folder, 'sluice/behaviour'))).toEqual([`127.0.0.1%3A${port}.bin`]);
  },
  180_000,
);
