import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { createExtProcServer, type ExchangePort, type ExtProcServerOptions } from '../../src/extproc/server.ts';
import { connectExtProc, type ExtProcClient, encode, header, modes, protos } from '../support/ext-proc-client.ts';
import { settled } from '../support/settled.ts';
import { echoExchange, record } from './echo-exchange.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server with one client; both go after the test. */
async function start(openExchange: () => ExchangePort = echoExchange, options: Partial<ExtProcServerOptions> = {}) {
  const records: ExchangeRecord[] = [];
  const errors: (readonly [string, string])[] = [];
  const server = createExtProcServer({
    openExchange,
    onRecord: (one) => records.push(one),
    onError: (error, where) => errors.push([where, (error as Error).message]),
    ...options,
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = connectExtProc(address);
  cleanups.push(
    () => server.close({ deadlineMs: 0 }),
    () => client.close(),
  );
  return { server, client, address, records, errors };
}

/** An exchange that does what `rules` says for each kind of event, and by default leaves a record at its end. */
function scripted(
  rules: Partial<Record<EnvoyEvent['kind'], readonly Effect[] | (() => readonly Effect[])>>,
  seen: EnvoyEvent[] = [],
): ExchangePort {
  const withEnd = { ended: [left('completed')], cancelled: [left('cancelled')], ...rules };
  return {
    step(event) {
      seen.push(event);
      const rule = withEnd[event.kind as keyof typeof withEnd] ?? [];
      return typeof rule === 'function' ? rule() : rule;
    },
  };
}

const left = (outcome: ExchangeRecord['outcome']): Effect => ({ kind: 'record', record: record(outcome) });
const goOn: Effect = { kind: 'answer-headers', direction: 'request', mutation: undefined };
const deny: Effect = { kind: 'deny', status: 403, headers: [], body: 'no', details: 'd', grpcStatus: undefined };
const requestHeaders = (endOfStream = false) => ({
  request_headers: { headers: { headers: [header(':method', 'POST')] }, end_of_stream: endOfStream },
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
});
const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('one exchange', () => {
  test('every message is answered in order and half-close ends it with OK', async () => {
    const { client, server, records, errors } = await start();
    const call = client.open();
    call.send(requestHeaders());
    call.send({ request_body: { body: Buffer.from('{}'), end_of_stream: true } });
    call.send({ response_headers: {} });
    call.send({ response_body: { body: Buffer.from('a') } });
    call.send({ response_body: { body: Buffer.from('b') } });
    call.send({ response_trailers: {} });
    call.end();
    const body = (text: string) => ({ response_body: { response: { body_mutation: { streamed_response: { body: Buffer.from(text) } } } } });
    expect(await call.rest()).toMatchObject([
      { request_headers: {} },
      { request_body: {} },
      { response_headers: {} },
      body('a'),
      body('b'),
      { response_trailers: {} },
    ]);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok, httpStatus: 200 });
    expect(records).toHaveLength(1);
    await until(() => server.openExchanges() === 0);
    expect(errors).toEqual([]);
  });

  test('a body of 8 MiB in one message comes back whole, in pieces of at most 64 KiB', async () => {
    const { client } = await start();
    const call = client.open();
    const body = Buffer.alloc(8 * 1024 * 1024, 'abc');
    call.send({ ...requestHeaders(true), response_body: { body, end_of_stream: true } });
    call.end();
    const pieces = (await call.rest()).map((message) => {
      // biome-ignore lint/suspicious/noExplicitAny: a decoded message
      return (message['response_body'] as any).response.body_mutation.streamed_response as { body: Buffer; end_of_stream?: boolean };
    });
    expect(pieces.map((piece) => piece.body.length)).toEqual(Array(128).fill(65_536));
    expect(Buffer.concat(pieces.map((piece) => piece.body)).equals(body)).toBe(true);
    expect(pieces.map((piece) => piece.end_of_stream === true)).toEqual([...Array(127).fill(false), true]);
  });

  test('a throw in step ends it with INTERNAL, is reported, and the next exchange works', async () => {
    let opened = 0;
    const { client, errors, records } = await start(() => {
      opened++;
      const fails = () => {
        throw new Error('a bug');
      };
      return opened === 1 ? scripted({ 'request-headers': [goOn], 'request-body': fails }) : echoExchange();
    });
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    call.send({ request_body: { end_of_stream: true } });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal, message: 'the exchange failed' });
    expect(errors).toEqual([['step', 'a bug']]);
    expect(records).toEqual([]);
    const next = client.open();
    next.send(requestHeaders());
    expect(await next.next()).toMatchObject({ response: 'request_headers' });
  });

  test('a throw before anything was answered is a status of its own', async () => {
    const { client } = await start(() =>
      scripted({
        'request-headers': () => {
          throw new Error('a bug');
        },
      }),
    );
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal, httpStatus: 200 });
  });

  test('an exchange that cannot be opened is INTERNAL', async () => {
    const { client, errors } = await start(() => {
      throw new Error('no policy');
    });
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(errors).toEqual([['step', 'no policy']]);
  });

  test('after a denial nothing is answered, and half-close ends it with OK', async () => {
    const seen: EnvoyEvent[] = [];
    const { client, records } = await start(() => scripted({ 'request-headers': [deny, left('denied')], 'request-body': [goOn] }, seen));
    const call = client.open();
    call.send(requestHeaders());
    call.send({ request_body: { end_of_stream: true } });
    expect(await call.next()).toMatchObject({ immediate_response: { status: { code: 403 }, body: Buffer.from('no'), details: 'd' } });
    call.end();
    expect(await call.rest()).toEqual([]);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(seen.map((event) => event.kind)).toEqual(['open', 'request-headers']);
    expect(records).toMatchObject([{ outcome: 'denied' }]);
  });

  test('an answer in the same step after a denial does not leave', async () => {
    const { client } = await start(() => scripted({ 'request-headers': [deny, goOn] }));
    const call = client.open();
    call.send(requestHeaders());
    call.end();
    expect(await call.rest()).toMatchObject([{ response: 'immediate_response' }]);
  });

  test('an abort is its gRPC status after what was answered before, and never OK', async () => {
    const abort = (grpcStatus: number): Effect => ({ kind: 'abort', grpcStatus, message: 'held for “good”' });
    let opened = 0;
    const { client, records } = await start(() =>
      scripted({ 'request-headers': [goOn, abort(opened++ === 0 ? GRPC_STATUS.unavailable : GRPC_STATUS.ok), left('aborted')] }),
    );
    const first = client.open();
    first.send(requestHeaders());
    expect(await first.rest()).toMatchObject([{ response: 'request_headers' }]);
    expect(await first.ended).toMatchObject({ code: GRPC_STATUS.unavailable, message: 'held for “good”' });
    const second = client.open();
    second.send(requestHeaders());
    expect(await second.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(records).toHaveLength(2);
  });

  test('half-close of an exchange that leaves no record is not OK', async () => {
    const { client, errors } = await start(() => scripted({ 'request-headers': [goOn], ended: [] }));
    const call = client.open();
    call.send(requestHeaders());
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(errors).toEqual([['record', 'an exchange left no record when its messages ended']]);
  });

  const undecided: readonly (readonly [string, readonly object[], ExchangePort])[] = [
    ['request headers', [requestHeaders()], scripted({})],
    ['a buffered body', [requestHeaders(), { request_body: { end_of_stream: true } }], scripted({ 'request-headers': [goOn] })],
    ['full-duplex headers', [{ ...requestHeaders(), response_headers: {}, request_headers: undefined }], scripted({})],
    [
      'a full-duplex body that has not ended',
      [{ ...requestHeaders(), request_headers: undefined, response_headers: {} }, { response_body: { body: Buffer.from('a') } }],
      scripted({ 'response-headers': [{ kind: 'answer-headers', direction: 'response', mutation: undefined }] }),
    ],
  ];
  test.each(undecided)('half-close while %s waits for an answer is not OK', async (_name, messages, exchange) => {
    const { client } = await start(() => exchange);
    const call = client.open();
    for (const message of messages) call.send(message as Record<string, unknown>);
    call.end();
    expect((await call.ended).code).toBe(GRPC_STATUS.cancelled);
  });
  test('the table of undecided exchanges is whole', () => expect(undecided).toHaveLength(4));

  test('a second record is reported and not passed on', async () => {
    const { client, records, errors } = await start(() => scripted({ 'request-headers': [goOn, left('completed'), left('denied')] }));
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    expect(records).toMatchObject([{ outcome: 'completed' }]);
    expect(errors).toEqual([['record', 'an exchange left a second record']]);
  });

  test('a failing onRecord does not disturb the exchange', async () => {
    const { client, errors } = await start(echoExchange, {
      onRecord: () => {
        throw new Error('disk full');
      },
    });
    const call = client.open();
    call.send(requestHeaders(true));
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(errors).toEqual([['record', 'disk full']]);
  });

  test('in observability mode events are stepped, nothing is answered and no failure is passed on', async () => {
    const seen: EnvoyEvent[] = [];
    const { client, records } = await start(() => scripted({ 'request-headers': [goOn], 'response-headers': [deny] }, seen));
    const call = client.open();
    call.send({ ...requestHeaders(), observability_mode: true });
    call.send({ response_headers: { end_of_stream: true }, observability_mode: true });
    call.end();
    expect(await call.rest()).toEqual([]);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(seen.map((event) => event.kind)).toEqual(['open', 'request-headers', 'response-headers', 'ended']);
    expect(records).toHaveLength(1);
  });

  test('in observability mode a throw ends it with OK and is reported', async () => {
    const { client, errors } = await start(() =>
      scripted({
        'request-headers': () => {
          throw new Error('a bug');
        },
      }),
    );
    const call = client.open();
    call.send({ ...requestHeaders(), observability_mode: true });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(errors).toEqual([['step', 'a bug']]);
  });
});

describe('a peer that does not read its answers', () => {
  const MIB = 1024 * 1024;
  const flood = async () => {
    let seenBytes = 0;
    const { client, server } = await start(() => {
      const echo = echoExchange();
      return {
        step(event) {
          if ('bytes' in event) seenBytes += event.bytes.length;
          return echo.step(event);
        },
      };
    });
    const call = client.open();
    call.http2.pause();
    call.send({ ...requestHeaders(true), response_body: { body: Buffer.alloc(MIB) } });
    for (let index = 1; index < 32; index++) call.send({ response_body: { body: Buffer.alloc(MIB) } });
    await settled(() => seenBytes);
    return { call, server, seenBytes: () => seenBytes };
  };

  test('is not read either, until it goes on', async () => {
    const { call, seenBytes } = await flood();
    expect(seenBytes()).toBeGreaterThan(0);
    expect(seenBytes()).toBeLessThan(16 * MIB);
    call.http2.resume();
    call.send({ response_body: { body: Buffer.from('last'), end_of_stream: true } });
    call.end();
    await call.rest();
    expect(seenBytes()).toBe(32 * MIB + 4);
  });

  test.each(['no-error', 'cancel'] as const)('is freed when it resets (%s)', async (how) => {
    const { call, server } = await flood();
    call.reset(how);
    await until(() => server.openExchanges() === 0);
  });
});

describe('leaving', () => {
  test.each(['no-error', 'cancel'] as const)('a reset (%s) cancels the exchange and frees it', async (how) => {
    const seen: EnvoyEvent[] = [];
    const { client, server, records, errors } = await start(() => scripted({ 'request-headers': [goOn] }, seen));
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    expect(server.openExchanges()).toBe(1);
    call.reset(how);
    await until(() => server.openExchanges() === 0);
    expect(seen.at(-1)?.kind).toBe('cancelled');
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
    expect(errors).toEqual([]);
  });

  test('a connection that breaks cancels all of its exchanges', async () => {
    const { client, server, records } = await start(() => scripted({ 'request-headers': [goOn] }));
    const calls = Array.from({ length: 20 }, () => client.open());
    for (const call of calls) call.send(requestHeaders());
    await Promise.all(calls.map((call) => call.next()));
    client.session.destroy();
    await until(() => server.openExchanges() === 0);
    expect(records).toHaveLength(20);
  });

  test('an exchange that leaves no record when cancelled is reported', async () => {
    const { client, server, errors } = await start(() => scripted({ 'request-headers': [goOn], cancelled: [] }));
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    call.reset();
    await until(() => server.openExchanges() === 0);
    expect(errors).toEqual([['record', 'an exchange left no record when it was cancelled']]);
  });

  test('2,000 quick exchanges, each reset after its last answer, all succeed on one connection', async () => {
    const { client, server, records, errors } = await start();
    const exchange = async () => {
      const call = client.open();
      call.send(requestHeaders(true));
      const answer = await call.next();
      call.reset();
      return answer?.['response'];
    };
    const answers: unknown[] = [];
    for (let round = 0; round < 20; round++) answers.push(...(await Promise.all(Array.from({ length: 100 }, exchange))));
    expect(answers).toEqual(Array(2_000).fill('request_headers'));
    await until(() => server.openExchanges() === 0);
    expect(records).toHaveLength(2_000);
    expect(errors).toEqual([]);
    expect(client.session.destroyed).toBe(false);
  });

  test('1,000 exchanges at once on one connection do not mix', async () => {
    const { client, server } = await start();
    const calls = Array.from({ length: 1_000 }, () => client.open());
    for (const call of calls) call.send(requestHeaders());
    await Promise.all(calls.map((call) => call.next()));
    expect(server.openExchanges()).toBe(1_000);
    calls.forEach((call, index) => {
      call.send({ response_body: { body: Buffer.from(`answer ${index}`), end_of_stream: true } });
    });
    const texts = await Promise.all(
      // biome-ignore lint/suspicious/noExplicitAny: a decoded message
      calls.map(async (call) => String(((await call.next())!['response_body'] as any).response.body_mutation.streamed_response.body)),
    );
    expect(texts).toEqual(calls.map((_, index) => `answer ${index}`));
  });
});

describe('time', () => {
  test('a wake becomes a tick, and its effects are written', async () => {
    const seen: EnvoyEvent[] = [];
    const { client } = await start(() =>
      scripted({ 'request-headers': () => [{ kind: 'wake', unixMs: Date.now() + 20 }], tick: [goOn] }, seen),
    );
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.next()).toMatchObject({ response: 'request_headers' });
    expect(seen.map((event) => event.kind)).toEqual(['open', 'request-headers', 'tick']);
  });

  test('a wake that is cancelled or moved does not tick at its old time', async () => {
    const seen: EnvoyEvent[] = [];
    const start0 = Date.now();
    const { client } = await start(() =>
      scripted(
        {
          'request-headers': [{ kind: 'wake', unixMs: start0 + 10 }, { kind: 'wake', unixMs: start0 + 200 }, goOn],
          'request-body': [
            { kind: 'wake', unixMs: start0 + 10 },
            { kind: 'wake', unixMs: undefined },
          ],
        },
        seen,
      ),
    );
    const moved = client.open();
    moved.send(requestHeaders());
    await moved.next();
    await until(() => seen.at(-1)?.kind === 'tick');
    expect((seen.at(-1) as { unixMs: number }).unixMs).toBeGreaterThanOrEqual(start0 + 200);
    moved.send({ request_body: { end_of_stream: true } });
    moved.end();
    await moved.ended;
    expect(seen.filter((event) => event.kind === 'tick')).toHaveLength(1);
  });

  test('a throw in a tick is INTERNAL and the process lives', async () => {
    const { client, errors } = await start(() =>
      scripted({
        'request-headers': [goOn, { kind: 'wake', unixMs: 0 }],
        tick: () => {
          throw new Error('a bug');
        },
      }),
    );
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(errors).toEqual([['step', 'a bug']]);
  });

  test('an answer that is due for longer than the watchdog allows is DEADLINE_EXCEEDED', async () => {
    const { client, records, errors } = await start(() => scripted({}), { watchdogMs: 50 });
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.deadlineExceeded });
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
    expect(errors).toEqual([['watchdog', 'an answer was due for more than 50 ms']]);
  });

  test('an exchange that waits for Envoy is left alone by the watchdog', async () => {
    const { client, server, errors } = await start(echoExchange, { watchdogMs: 20 });
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    await new Promise((resolve) => setTimeout(resolve, 150));
    call.send({ response_headers: {} });
    expect(await call.next()).toMatchObject({ response: 'response_headers' });
    expect(server.openExchanges()).toBe(1);
    expect(errors).toEqual([]);
  });

  test('a peer that never leaves after its denial is let go with OK', async () => {
    const { client, server } = await start(() => scripted({ 'request-headers': [deny, left('denied')] }), { watchdogMs: 50 });
    const call = client.open();
    call.send(requestHeaders());
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    await until(() => server.openExchanges() === 0);
  });
});

describe('what is not ext_proc', () => {
  test('bytes that are not protobuf are INVALID_ARGUMENT; the exchange is cancelled and the process lives', async () => {
    const { client, records, errors } = await start();
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    call.sendMessage(Buffer.from([0x12, 0x7f, 1, 2, 3]));
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.invalidArgument, message: 'a field is longer than its message' });
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
    expect(errors).toEqual([['protocol', 'a field is longer than its message']]);
    const next = client.open();
    next.send(requestHeaders());
    expect(await next.next()).toMatchObject({ response: 'request_headers' });
  });

  test('half-close inside a message is INVALID_ARGUMENT', async () => {
    const { client } = await start();
    const call = client.open();
    call.sendBytes(Buffer.from([0, 0, 0, 0, 9, 1]));
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.invalidArgument });
  });

  test('a compressed message is UNIMPLEMENTED', async () => {
    const { client } = await start();
    const call = client.open();
    call.sendBytes(Buffer.from([1, 0, 0, 0, 0]));
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.unimplemented });
  });

  test('a message of more than 64 MiB is RESOURCE_EXHAUSTED', async () => {
    const { client } = await start();
    const call = client.open();
    call.sendBytes(Buffer.from([0, 0x04, 0, 0, 1]));
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.resourceExhausted });
  });

  test('another method is UNIMPLEMENTED', async () => {
    const { client } = await start();
    const call = client.open({ path: '/envoy.service.ext_proc.v3.ExternalProcessor/Other' });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.unimplemented, httpStatus: 200 });
  });

  const refused: readonly (readonly [string, Record<string, string>, number])[] = [
    ['another content-type', { 'content-type': 'application/json' }, 415],
    ['a content-type that only begins like gRPC', { 'content-type': 'application/grpc-web' }, 415],
    ['a GET', { ':method': 'GET' }, 405],
  ];
  test.each(refused)('%s is an HTTP error', async (_name, headers, httpStatus) => {
    const { client } = await start();
    expect((await client.open({ headers }).ended).httpStatus).toBe(httpStatus);
  });
  test('the table of refused requests is whole', () => expect(refused).toHaveLength(3));

  test('a peer that speaks HTTP/1.1 is cut off and the process lives', async () => {
    const { client, address } = await start();
    const socket = connectSocket(address as { host: string; port: number });
    socket.on('error', () => {});
    socket.resume().write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve));
    expect((await client.check('')).status).toBe('SERVING');
  });
});

describe('health', () => {
  test.each(['', 'envoy.service.ext_proc.v3.ExternalProcessor'])('Check says SERVING for "%s"', async (service) => {
    const { client } = await start();
    expect(await client.check(service)).toMatchObject({ status: 'SERVING', end: { code: GRPC_STATUS.ok } });
  });

  test('Check says NOT_FOUND for another service, Watch says SERVICE_UNKNOWN and stays', async () => {
    const { client } = await start();
    expect(await client.check('other')).toMatchObject({ status: undefined, end: { code: GRPC_STATUS.notFound } });
    expect(await client.watch('other').next()).toBe('SERVICE_UNKNOWN');
  });

  test('Watch hears that the server is going', async () => {
    const { client, server } = await start();
    const watch = client.watch('');
    expect(await watch.next()).toBe('SERVING');
    const closed = server.close({ deadlineMs: 1_000 });
    expect(await watch.next()).toBe('NOT_SERVING');
    expect(await watch.ended).toMatchObject({ code: GRPC_STATUS.unavailable });
    await closed;
  });

  test('a health request that is not protobuf is INVALID_ARGUMENT', async () => {
    const { client } = await start();
    const call = client.open({ path: '/grpc.health.v1.Health/Check' });
    call.sendMessage(Buffer.from([0x0a, 0x7f]));
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.invalidArgument });
  });
});

describe('closing', () => {
  test('open exchanges finish and end with OK; the server then refuses connections', async () => {
    const { client, server, address } = await start();
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    const closed = server.close({ deadlineMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    call.send({ request_body: { end_of_stream: true } });
    expect(await call.next()).toMatchObject({ response: 'request_body' });
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(await closed).toBe(0);
    const late = connectExtProc(address);
    await new Promise((resolve) => late.session.once('close', resolve));
    expect(late.session.destroyed).toBe(true);
  });

  test('at the deadline what is still open ends with UNAVAILABLE and leaves its record', async () => {
    const { client, server, records } = await start();
    const call = client.open();
    call.send(requestHeaders());
    await call.next();
    expect(await server.close({ deadlineMs: 50 })).toBe(1);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.unavailable });
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
  });

  test('closing twice is closing once', async () => {
    const { server } = await start();
    await Promise.all([server.close({ deadlineMs: 100 }), server.close({ deadlineMs: 100 })]);
    expect(server.openExchanges()).toBe(0);
  });

  test('a port in use is an error of listen', async () => {
    const { address } = await start();
    const second = createExtProcServer({ openExchange: echoExchange, onRecord: () => {}, onError: () => {} });
    await expect(second.listen(address)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('it listens on a Unix socket', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-socket-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const server = createExtProcServer({ openExchange: echoExchange, onRecord: () => {}, onError: () => {} });
    const address = await server.listen({ path: path.join(folder, 'filter.sock') });
    cleanups.push(() => server.close({ deadlineMs: 0 }));
    const client: ExtProcClient = connectExtProc(address);
    cleanups.push(() => client.close());
    expect(await client.check('')).toMatchObject({ status: 'SERVING' });
  });
});

test('the official gRPC client exchanges messages and reads the status', async () => {
  const { address } = await start();
  const definition = loadSync('envoy/service/ext_proc/v3/external_processor.proto', {
    includeDirs: [path.join(import.meta.dirname, '../../protos')],
    keepCase: true,
    oneofs: true,
  });
  // biome-ignore lint/suspicious/noExplicitAny: made from the proto at run time
  const service = grpc.loadPackageDefinition(definition) as any;
  const { host, port } = address as { host: string; port: number };
  const client = new service.envoy.service.ext_proc.v3.ExternalProcessor(`${host}:${port}`, grpc.credentials.createInsecure());
  const call = client.Process();
  const answers: string[] = [];
  call.on('data', (message: { response: string }) => answers.push(message.response));
  const status = new Promise<{ code: number }>((resolve) => call.on('status', resolve));
  call.on('error', () => {});
  call.write({ request_headers: { end_of_stream: true } });
  call.write({ response_headers: { end_of_stream: true } });
  call.end();
  expect((await status).code).toBe(GRPC_STATUS.ok);
  expect(answers).toEqual(['request_headers', 'response_headers']);
  client.close();
});

test('messages that arrive byte by byte are handled', async () => {
  const { client } = await start();
  const call = client.open();
  const message = encode(protos.ProcessingRequest, requestHeaders());
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
  for (const byte of bytes) call.sendBytes(Buffer.from([byte]));
  expect(await call.next()).toMatchObject({ response: 'request_headers' });
});
