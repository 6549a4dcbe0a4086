import { afterEach, describe, expect, test } from 'vitest';
import type { Stop } from '../../src/agents/stops.ts';
import type { Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { createExtProcServer, type ExchangePort } from '../../src/extproc/server.ts';
import { HTTP2 } from '../../src/lib/limits.ts';
import { connectExtProc, header, modes, type Plain } from '../support/ext-proc-client.ts';
import { waitFor } from '../support/processes.ts';
import { policyFrom } from '../support/streams.ts';
import { echoExchange, record } from './echo-exchange.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(exchanges: readonly ExchangePort[]) {
  const records: ExchangeRecord[] = [];
  const errors: string[] = [];
  const waiting = [...exchanges];
  const server = createExtProcServer({
    openExchange: () => waiting.shift() ?? echoExchange(),
    onRecord: (one) => records.push(one),
    onError: (_, where) => errors.push(where),
  });
  const client = connectExtProc(await server.listen({ host: '127.0.0.1', port: 0 }));
  cleanups.push(
    () => server.close({ deadlineMs: 0 }),
    () => client.close(),
  );
  return { server, client, records, errors };
}

/** An exchange whose request bodies are at work until they are let go. */
function working({ onSlice = () => {} }: { readonly onSlice?: () => void } = {}) {
  const echo = echoExchange();
  const seen: EnvoyEvent['kind'][] = [];
  let event: EnvoyEvent | undefined;
  let isFree = false;
  let slices = 0;
  const port: ExchangePort = {
    get isBusy() {
      return event !== undefined;
    },
    step(next) {
      seen.push(next.kind);
      if (next.kind === 'cancelled') event = undefined;
      if (next.kind !== 'request-body') return echo.step(next);
      event = next;
      return [];
    },
    goOn() {
      slices++;
      onSlice();
      const judged = event;
      if (!isFree || judged === undefined) return [];
      event = undefined;
      return echo.step(judged);
    },
    caller: () => ({ agent: 'a', identity: { persons: [], sessions: [] } }),
  };
  const release = (): void => {
    isFree = true;
  };
  return { port, seen, slices: () => slices, release };
}

const HEADERS: Plain = {
  protocol_config: modes('BUFFERED', 'STREAMED'),
  request_headers: { headers: { headers: [header(':method', 'POST'), header(':path', '/v1/chat/completions')] } },
};
const BODY: Plain = { request_body: { body: Buffer.from('{}'), end_of_stream: true } };
const responses = (answers: readonly Plain[]): unknown[] => answers.map(({ response }) => response);

describe('an exchange that is at work', () => {
  test('lets others be answered, and health', async () => {
    const large = working();
    const { client } = await start([large.port]);
    const [first, second] = [client.open(), client.open()];
    first.send(HEADERS);
    first.send(BODY);
    second.send(HEADERS);
    second.send(BODY);
    expect(responses([(await second.next())!, (await second.next())!])).toEqual(['request_headers', 'request_body']);
    expect(await client.check('')).toMatchObject({ status: 'SERVING' });
    expect(large.slices()).toBeGreaterThan(0);
    large.release();
    expect(responses([(await first.next())!, (await first.next())!])).toEqual(['request_headers', 'request_body']);
  });

  test('takes what comes meanwhile in its order, when it is done', async () => {
    const large = working();
    const { client, records } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    call.send({ response_headers: { headers: { headers: [header(':status', '200')] } } });
    call.send({ response_body: { body: Buffer.from('x'), end_of_stream: true } });
    call.end();
    await waitFor(() => large.slices() > 3 || undefined);
    expect(large.seen).toEqual(['open', 'request-headers', 'request-body']);
    large.release();
    expect(responses(await call.rest())).toEqual(['request_headers', 'request_body', 'response_headers', 'response_body']);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(large.seen.slice(3)).toEqual(['response-headers', 'response-body', 'ended']);
    expect(records).toMatchObject([{ outcome: 'completed' }]);
  });

  test('is not read on: what waits for it is bounded by its window', async () => {
    const large = working();
    const { client, server } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    await waitFor(() => large.slices() > 0 || undefined);
    const piece = { response_body: { body: Buffer.alloc(1 << 20) } };
    for (let count = 0; count < 16; count++) call.send(piece);
    await waitFor(() => server.heldBytes() > HTTP2.streamWindowBytes / 2 || undefined);
    const slices = large.slices();
    await waitFor(() => large.slices() > slices + 100 || undefined);
    expect(server.heldBytes()).toBeLessThanOrEqual(HTTP2.streamWindowBytes);
    expect(large.seen).toEqual(['open', 'request-headers', 'request-body']);
    large.release();
    for (let count = 0; count < 2; count++) await call.next();
    for (let count = 0; count < 16; count++) expect(await call.next()).toMatchObject({ response: 'response_body' });
    await waitFor(() => server.heldBytes() === 0 || undefined);
  });

  test('is given up when its call is reset', async () => {
    const large = working();
    const { client, server, records } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    await waitFor(() => large.slices() > 0 || undefined);
    call.reset();
    await waitFor(() => server.openExchanges() === 0 || undefined);
    expect([large.seen.at(-1), records.length]).toEqual(['cancelled', 1]);
    const slices = large.slices();
    await client.check('');
    expect([large.slices(), server.heldBytes()]).toEqual([slices, 0]);
  });

  test('is ended by the kill switch', async () => {
    const large = working();
    const denied: readonly Effect[] = [
      { kind: 'deny', status: 403, headers: [], body: 'no', details: 'sluice_test', grpcStatus: undefined },
      { kind: 'record', record: record('denied') },
    ];
    const step: ExchangePort['step'] = (event) => (event.kind === 'stopped' ? denied : large.port.step(event));
    const { client, server, records } = await start([Object.create(large.port, { step: { value: step } })]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    await waitFor(() => large.slices() > 0 || undefined);
    const stop: Stop = { id: 's', scope: 'all', name: '', reason: 'test', by: 'test', atUnixMs: 0, untilUnixMs: undefined };
    expect(server.stop([stop])).toBe(1);
    const slices = large.slices();
    await call.next();
    expect(await call.next()).toMatchObject({ response: 'immediate_response' });
    expect([large.slices(), records.length]).toEqual([slices, 1]);
  });

  test('is waited for by a server that goes', async () => {
    const large = working();
    const { client, server } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    await waitFor(() => large.slices() > 0 || undefined);
    const closed = server.close({ deadlineMs: 60_000 });
    const slices = large.slices();
    await waitFor(() => large.slices() > slices + 100 || undefined);
    large.release();
    call.end();
    expect(responses(await call.rest())).toEqual(['request_headers', 'request_body']);
    await closed;
  });

  test('ends with UNAVAILABLE where the server does not wait any longer', async () => {
    const large = working();
    const { client, server } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    await waitFor(() => large.slices() > 0 || undefined);
    await server.close({ deadlineMs: 0 });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.unavailable });
    expect(large.seen.at(-1)).toBe('cancelled');
  });

  test('ends alone when it throws', async () => {
    const large = working({
      onSlice: () => {
        throw new Error('a bug');
      },
    });
    const { client, errors } = await start([large.port]);
    const call = client.open();
    call.send(HEADERS);
    call.send(BODY);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(errors).toEqual(['step']);
    expect(await client.check('')).toMatchObject({ status: 'SERVING' });
  });
});

test('small bodies of many calls that come at once let others in between, each call in its order', async () => {
  const CALLS = 24;
  let judged = 0;
  let judgedInATurn = 0;
  let most = 0;
  const slow = (): ExchangePort => {
    const echo = echoExchange();
    return {
      step(event) {
        if (event.kind === 'request-body') {
          if (judgedInATurn === 0)
            setImmediate(() => {
              judgedInATurn = 0;
            });
          judged++;
          most = Math.max(most, ++judgedInATurn);
          for (const until = performance.now() + 6; performance.now() < until; );
        }
        return echo.step(event);
      },
    };
  };
  const { client, records } = await start(Array.from({ length: CALLS }, slow));
  const calls = Array.from({ length: CALLS }, () => client.open());
  for (const call of calls) {
    call.send(HEADERS);
    call.send({ request_body: { body: Buffer.alloc(1100, ' '), end_of_stream: true } });
    call.end();
  }
  expect(await client.check('')).toMatchObject({ status: 'SERVING' });
  for (const call of calls) expect(responses(await call.rest())).toEqual(['request_headers', 'request_body']);
  expect([judged, records.length]).toEqual([CALLS, CALLS]);
  // Eight kilobytes before the clock counts, and what a turn always has.
  expect(most).toBeLessThanOrEqual(Math.ceil(8192 / 1100) + 1);
});

test('a large body is judged in slices, and its card is found in the last', async () => {
  const card = ['4111', '1111', '1111', '1111'].join(' ');
  const content = 'The branch on Main Street opens at nine. '.repeat(20_000);
  const exchange = openExchange({
    policy: policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n'),
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: () => '',
    sliced: true,
  });
  let slices = 0;
  const counted: ExchangePort = {
    step: (event) => exchange.step(event),
    get isBusy() {
      return exchange.isBusy;
    },
    goOn() {
      slices++;
      return exchange.goOn();
    },
  };
  const { client } = await start([counted]);
  const call = client.open();
  call.send({
    ...HEADERS,
    request_headers: {
      headers: {
        headers: [header(':method', 'POST'), header(':path', '/v1/chat/completions'), header('content-type', 'application/json')],
      },
    },
  });
  const body = JSON.stringify({ messages: [{ role: 'user', content: `${content}${card}` }] });
  call.send({ request_body: { body: Buffer.from(body), end_of_stream: true } });
  await call.next();
  const answer = (await call.next()) as { request_body?: { response?: { body_mutation?: { body?: Buffer } } } };
  expect(answer.request_body?.response?.body_mutation?.body?.toString()).toBe(body.replace(card, '[REDACTED:pii.card]'));
  expect(slices).toBeGreaterThan(100);
});
