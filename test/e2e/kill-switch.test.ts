import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectExtProc, type ExtProcClient, header, modes, type Plain, type ProcessStream } from '../support/ext-proc-client.ts';
import { runSluice, type StartedProcess, startSluice } from '../support/processes.ts';

const state = mkdtempSync(path.join(tmpdir(), 'sluice-stop-'));
const environment = { XDG_STATE_HOME: state };
const filters: StartedProcess[] = [];
const clients: ExtProcClient[] = [];

beforeAll(async () => {
  filters.push(...[1, 2].map(() => startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], { environment })));
  for (const filter of filters) {
    const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string };
    clients.push(connectExtProc({ host: '127.0.0.1', port: Number(ready.listen.split(':').at(-1)) }));
  }
});

afterAll(async () => {
  for (const client of clients) await client.close();
  for (const filter of filters) filter.kill('SIGTERM');
  await Promise.all(filters.map(({ ended }) => ended));
  rmSync(state, { recursive: true, force: true });
});

const HEAD = [header(':method', 'POST'), header(':path', '/v1/chat/completions'), header(':authority', 'api.example')];

function begin(client: ExtProcClient, protocol: Plain) {
  const stream = client.open();
  stream.send({ request_headers: { headers: { headers: HEAD }, end_of_stream: true }, protocol_config: protocol });
  return stream;
}

/** What the first request of a new exchange is told. */
async function firstAnswer(client: ExtProcClient): Promise<unknown> {
  const stream = begin(client, modes('NONE', 'NONE'));
  const answer = await stream.next();
  stream.reset();
  return answer?.['response'];
}

const event = (content: string): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ id: 'r', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`,
  );

interface StreamedPiece {
  readonly response?: {
    readonly body_mutation?: { readonly streamed_response?: { readonly body?: Buffer; readonly end_of_stream?: boolean } };
  };
}

/** What comes until the answer says that it has ended; Envoy would close then. */
async function textToItsEnd(stream: ProcessStream): Promise<string> {
  let text = '';
  for (let answer = await stream.next(); answer !== undefined; answer = await stream.next()) {
    const piece = (answer['response_body'] as StreamedPiece | undefined)?.response?.body_mutation?.streamed_response;
    text += Buffer.from(piece?.body ?? []).toString('utf8');
    if (piece?.end_of_stream === true) break;
  }
  stream.reset();
  return text;
}

const stop = async (...args: readonly string[]) => {
  const { code, stdout } = await runSluice([...args, '--json'], { environment });
  return { code, ...(JSON.parse(stdout) as { followed: { pid: number; ended: number }[]; silent: unknown[] }) };
};

describe('the kill switch with two filter processes', () => {
  test('every process follows, new requests are denied, open streams end, and resuming lets requests through again', async () => {
    expect(await Promise.all(clients.map(firstAnswer))).toEqual(['request_headers', 'request_headers']);

    const open = begin(clients[0]!, modes('NONE', 'FULL_DUPLEX_STREAMED'));
    await open.next();
    open.send({ response_headers: { headers: { headers: [header(':status', '200'), header('content-type', 'text/event-stream')] } } });
    for (const content of ['Once upon a time ', 'there was a ', 'bank ']) open.send({ response_body: { body: event(content) } });
    expect((await open.next())?.['response']).toBe('response_headers'); // a status has left, and so has the beginning of the answer

    const stopped = await stop('stop', 'all', '--reason', 'drill');
    expect({ code: stopped.code, silent: stopped.silent, pids: new Set(stopped.followed.map(({ pid }) => pid)) }).toEqual({
      code: 0,
      silent: [],
      pids: new Set(filters.map(({ pid }) => pid)),
    });
    expect(stopped.followed.reduce((sum, { ended }) => sum + ended, 0)).toBe(1);
    expect(await textToItsEnd(open)).toMatch(/"finish_reason":"content_filter".*\[DONE\]\s*$/s);
    expect(await Promise.all(clients.map(firstAnswer))).toEqual(['immediate_response', 'immediate_response']);

    expect((await stop('resume', 'all')).code).toBe(0);
    expect(await Promise.all(clients.map(firstAnswer))).toEqual(['request_headers', 'request_headers']);
    const actions = readFileSync(path.join(state, 'sluice', 'admin-actions.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(
      actions.map((line) => JSON.parse(line) as { action: string; reason: string }).map(({ action, reason }) => [action, reason]),
    ).toEqual([
      ['stop', 'drill'],
      ['resume', ''],
    ]);
  });

  test('a stop that stands when a filter starts holds in it, and ends by itself when its time is over', async () => {
    await stop('stop', 'all', '--reason', 'for a moment', '--for', '2s');
    const late = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], { environment });
    filters.push(late);
    const ready = JSON.parse(await late.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string };
    const client = connectExtProc({ host: '127.0.0.1', port: Number(ready.listen.split(':').at(-1)) });
    clients.push(client);
    const seen: unknown[] = [];
    do seen.push(await firstAnswer(client));
    while (seen.at(-1) === 'immediate_response');
    expect(seen.at(-1)).toBe('request_headers');
  });

  test('a filter that is about to end still follows, and says so', async () => {
    const going = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], { environment });
    filters.push(going);
    const ready = JSON.parse(await going.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string };
    const client = connectExtProc({ host: '127.0.0.1', port: Number(ready.listen.split(':').at(-1)) });
    clients.push(client);
    const open = begin(client, modes('NONE', 'FULL_DUPLEX_STREAMED'));
    await open.next();
    open.send({ response_headers: { headers: { headers: [header(':status', '200'), header('content-type', 'text/event-stream')] } } });
    for (const content of ['Once upon a time ', 'there was a ', 'bank ']) open.send({ response_body: { body: event(content) } });
    await open.next();

    going.kill('SIGTERM');
    await going.line('stderr', (line) => line.includes('"event":"draining"'));
    const { followed } = await stop('stop', 'all', '--reason', 'now');
    expect(followed.filter(({ pid }) => pid === going.pid).map(({ ended }) => ended)).toEqual([1]);
    expect(await textToItsEnd(open)).toMatch(/"finish_reason":"content_filter".*\[DONE\]\s*$/s);
    await going.ended;
    await stop('resume', 'all');
  });

  test.each([
    ['something else', ['stop', 'everything', '--reason', 'x'], 'stop what?'],
    ['no reason', ['stop', 'all'], 'say why'],
    ['a session that is no hash', ['stop', 'session', 'alice', '--reason', 'x'], '--plain'],
    ['a time that is none', ['stop', 'all', '--reason', 'x', '--for', 'ever'], '--for'],
  ])('refuses %s', async (_, args, says) => {
    const { code, stderr } = await runSluice(args, { environment });
    expect({ code, says: stderr.includes(says) }).toEqual({ code: 2, says: true });
  });
});
