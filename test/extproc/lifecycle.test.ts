import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent, ExchangeRecord, Question } from '../../src/exchange/events.ts';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { createExtProcServer, type ExchangeContext, type ExchangePort, type ExtProcServerOptions } from '../../src/extproc/server.ts';
import { FIXED, HTTP2 } from '../../src/lib/limits.ts';
import { connectExtProc, header, modes, type ProcessStream } from '../support/ext-proc-client.ts';
import { waitFor } from '../support/processes.ts';
import { settled } from '../support/settled.ts';
import { echoExchange, record } from './echo-exchange.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Partial<ExtProcServerOptions> = {}) {
  const contexts: ExchangeContext[] = [];
  const records: ExchangeRecord[] = [];
  const errors: string[] = [];
  const { openExchange = echoExchange } = options;
  const server = createExtProcServer({
    onRecord: (one) => records.push(one),
    onError: (error, where) => errors.push(`${where}: ${(error as Error).message}`),
    ...options,
    openExchange: (context) => {
      contexts.push(context);
      return openExchange(context);
    },
  });
  const address = (await server.listen({ host: '127.0.0.1', port: 0 })) as { host: string; port: number };
  cleanups.push(() => server.close({ deadlineMs: 0 }));
  const connectClient = () => {
    const client = connectExtProc(address);
    cleanups.push(() => client.close());
    return client;
  };
  return { server, address, connectClient, client: connectClient(), contexts, records, errors };
}

const requestHeaders = {
  request_headers: { headers: { headers: [header(':method', 'POST')] } },
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
};

/** Answers nothing and tells what it saw. */
function silent(seen: EnvoyEvent['kind'][]): ExchangePort {
  return {
    step({ kind }) {
      seen.push(kind);
      return kind === 'ended' || kind === 'cancelled' ? [{ kind: 'record', record: record('cancelled') }] : [];
    },
  };
}

describe('grpc-timeout', () => {
  test('ends a call that is not over by then with DEADLINE_EXCEEDED, and the exchange is told', async () => {
    const seen: EnvoyEvent['kind'][] = [];
    const { client, records, server } = await start({ openExchange: () => silent(seen) });
    const call = client.open({ headers: { 'grpc-timeout': '50m' } });
    call.send(requestHeaders);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.deadlineExceeded });
    expect(seen).toEqual(['open', 'request-headers', 'cancelled']);
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
    await waitFor(() => server.openExchanges() === 0 || undefined);
  });

  test('ends it after answers have left, too', async () => {
    const { client } = await start();
    const call = client.open({ headers: { 'grpc-timeout': '50m' } });
    call.send(requestHeaders);
    expect(await call.next()).toMatchObject({ response: 'request_headers' });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.deadlineExceeded });
  });

  test.each(['1H', '99999999H', '90M', '10S', '60000m', '99999999u'])('of %s leaves a call alone that is over before', async (timeout) => {
    const { client } = await start();
    const call = client.open({ headers: { 'grpc-timeout': timeout } });
    call.send({ request_headers: { end_of_stream: true } });
    expect(await call.next()).toMatchObject({ response: 'request_headers' });
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
  });

  test.each(['0m', '1n', '999u'])('of %s, which is over at once, never ends with OK', async (timeout) => {
    const { client } = await start({ openExchange: () => silent([]) });
    const call = client.open({ headers: { 'grpc-timeout': timeout } });
    call.send(requestHeaders);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.deadlineExceeded });
  });

  test.each(['', 'S', '5', '5s', '-5S', '1.5S', '123456789S', '5 S', '٣S'])(
    '"%s" is none: INTERNAL, and no exchange is opened',
    async (timeout) => {
      const { client, contexts, errors } = await start();
      const call = client.open({ headers: { 'grpc-timeout': Buffer.from(timeout).toString('latin1') } });
      call.send(requestHeaders);
      expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal, message: 'the grpc-timeout is not valid' });
      expect(contexts).toEqual([]);
      expect(errors).toEqual(['protocol: the grpc-timeout is not valid']);
    },
  );
});

describe("Envoy's span", () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const contextOf = async (headers: Record<string, string>) => {
    const { client, contexts } = await start();
    const call = client.open({ headers });
    call.send(requestHeaders);
    await call.next();
    return contexts[0];
  };

  test('comes from the metadata of the call', async () => {
    expect(await contextOf({ traceparent, tracestate: 'envoy=1' })).toEqual({ traceparent, tracestate: 'envoy=1', overloaded: false });
  });
  test.each([
    ['is absent', {}],
    ['is not valid', { traceparent: traceparent.replace('a', 'A'), tracestate: 'envoy=1' }],
    ['is absent beside a state', { tracestate: 'envoy=1' }],
  ])('counts for nothing when it %s', async (_, headers) => {
    expect(await contextOf(headers)).toEqual({ traceparent: undefined, tracestate: undefined, overloaded: false });
  });
});

describe('streams on one connection', () => {
  const allowed = async (options: Partial<ExtProcServerOptions>) => {
    const { client } = await start(options);
    if (client.session.remoteSettings.maxConcurrentStreams === undefined) await once(client.session, 'remoteSettings');
    return client.session.remoteSettings.maxConcurrentStreams;
  };
  test('are as many as the setting says', async () => expect(await allowed({ maxConcurrentStreams: 7 })).toBe(7));
  test('are practically unlimited without it', async () => expect(await allowed({})).toBe(FIXED.concurrentStreams));
});

/** A client behind a network that can begin to drop everything, in both directions and without a word. */
async function openNetwork(server: { host: string; port: number }) {
  const sockets: Socket[] = [];
  const network = createTcpServer((near) => {
    const far = connectSocket(server);
    for (const socket of [near, far]) socket.on('error', () => {});
    sockets.push(near, far);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
  const client = connectExtProc({ host: '127.0.0.1', port: (network.address() as AddressInfo).port });
  cleanups.push(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    network.close();
  });
  return { client, drop: () => sockets.forEach((socket) => void socket.unpipe().pause()) };
}

describe('keepalive', () => {
  const keepalive = { idleMs: 20, timeoutMs: 100 };
  /** The client's preface and its SETTINGS, and never a word more: nothing answers a ping. */
  const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);

  test('cuts a peer that answers no ping', async () => {
    const { address, errors } = await start({ keepalive });
    const socket = connectSocket(address);
    socket.on('error', () => {});
    socket.resume().write(PREFACE);
    await once(socket, 'close');
    expect(errors).toEqual(['session: a peer did not answer a ping']);
  });

  test('cancels the exchanges of a peer that is gone', async () => {
    const { server, address, records } = await start({ keepalive });
    const network = await openNetwork(address);
    const call = network.client.open();
    call.send(requestHeaders);
    await call.next();
    network.drop();
    await waitFor(() => server.openExchanges() === 0 || undefined);
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
  });

  test('leaves a peer alone that is idle and answers', async () => {
    const { server, client, errors } = await start({ keepalive });
    const call = client.open();
    call.send(requestHeaders);
    await call.next();
    let pings = 0;
    client.session.on('ping', () => pings++);
    await waitFor(() => pings >= 10 || undefined);
    expect(server.openExchanges()).toBe(1);
    expect(errors).toEqual([]);
    call.send({ response_headers: {} });
    expect(await call.next()).toMatchObject({ response: 'response_headers' });
  });

  test('does not ping a peer that sends', async () => {
    const { client } = await start({ keepalive: { idleMs: 1_000, timeoutMs: 10_000 } });
    let pings = 0;
    client.session.on('ping', () => pings++);
    const call = client.open();
    call.send(requestHeaders);
    for (let index = 0; index < 120; index++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      call.send({ response_body: { body: Buffer.from('a') } });
    }
    expect(pings).toBe(0);
  });

  test("the peer's own pings are answered", async () => {
    const { client } = await start();
    await client.check('');
    expect(await new Promise((resolve) => client.session.ping((error) => resolve(error)))).toBeNull();
  });
});

/** Keeps every body byte until the exchange ends. */
function keeping(): ExchangePort {
  let held = 0;
  return {
    step(event): readonly Effect[] {
      if ('bytes' in event) held += event.bytes.length;
      return event.kind === 'ended' || event.kind === 'cancelled' ? [{ kind: 'record', record: record('cancelled') }] : [];
    },
    heldBytes: () => held,
  };
}

/** Asks who calls, and is not answered: nothing is read meanwhile. */
function asking(): ExchangePort {
  const question = { about: 'caller', claims: [], identity: undefined, agents: undefined, target: {} } as unknown as Question; // nobody reads it
  let asked = false;
  return {
    step({ kind }): readonly Effect[] {
      if (kind === 'ended' || kind === 'cancelled') return [{ kind: 'record', record: record('cancelled') }];
      if (asked) return [];
      asked = true;
      return [{ kind: 'consult', question }];
    },
  };
}

describe('what the process holds', () => {
  const openHolding = (call: ProcessStream, bytes: number) =>
    call.send({ ...requestHeaders, response_body: { body: Buffer.alloc(bytes) }, request_headers: undefined });

  test('is what its exchanges hold, as long as they are open', async () => {
    const { client, server } = await start({ openExchange: keeping });
    const calls = [client.open(), client.open()];
    for (const call of calls) openHolding(call, 1_000);
    await waitFor(() => server.heldBytes() === 2_000 || undefined);
    calls[0]!.reset();
    await waitFor(() => server.heldBytes() === 1_000 || undefined);
    calls[1]!.end();
    await waitFor(() => server.heldBytes() === 0 || undefined);
  });

  test('counts a message that has not come whole', async () => {
    const { client, server } = await start();
    const call = client.open();
    call.sendBytes(Buffer.concat([Buffer.from([0, 0, 1, 0, 0]), Buffer.alloc(995)]));
    await waitFor(() => server.heldBytes() === 1_000 || undefined);
    call.reset();
    await waitFor(() => server.heldBytes() === 0 || undefined);
  });

  test('counts what comes while nothing is read', async () => {
    const { client, server, contexts } = await start({ openExchange: asking, heldBytesMax: 100_000 });
    const call = client.open();
    for (let piece = 0; piece < 8; piece++) openHolding(call, 32 * 1024);
    await waitFor(() => server.heldBytes() > HTTP2.streamWindowBytes / 2 || undefined);
    client.open().send(requestHeaders);
    await waitFor(() => contexts.length === 2 || undefined);
    expect(contexts.map(({ overloaded }) => overloaded)).toEqual([false, true]);
    call.reset();
    await waitFor(() => server.heldBytes() === 0 || undefined);
  });

  test('over the cap makes new exchanges overloaded, at it and after it not', async () => {
    const { client, server, contexts } = await start({ openExchange: keeping, heldBytesMax: 1_000 });
    const holding = client.open();
    openHolding(holding, 1_000);
    await waitFor(() => server.heldBytes() === 1_000 || undefined);
    const second = client.open();
    openHolding(second, 1);
    await waitFor(() => server.heldBytes() === 1_001 || undefined);
    const third = client.open();
    third.send(requestHeaders);
    await waitFor(() => contexts.length === 3 || undefined);
    holding.reset();
    await waitFor(() => server.heldBytes() === 1 || undefined);
    client.open().send(requestHeaders);
    await waitFor(() => contexts.length === 4 || undefined);
    expect(contexts.map(({ overloaded }) => overloaded)).toEqual([false, false, true, false]);
  });
});

describe('peers that do not read their answers', () => {
  const PEERS = 20;
  const PIECE = Buffer.alloc(256 * 1024, 'x');
  const PIECES = 64;
  /** The client's window (4 MiB), what may wait on our side (1 MiB), and the pieces in hand when it is full. */
  const BOUND = 4 * 1024 * 1024 + 1024 * 1024 + 2 * 1024 * 1024;

  /** Sends 16 MiB on each of the connections; gives what the exchanges have been handed. */
  const flood = async (reading: boolean) => {
    let taken = 0;
    const counting = (): ExchangePort => {
      const echo = echoExchange();
      return {
        step(event) {
          if ('bytes' in event) taken += event.bytes.length;
          return echo.step(event);
        },
      };
    };
    const { server, connectClient } = await start({ openExchange: counting });
    for (let peer = 0; peer < PEERS; peer++) {
      const call = connectClient().open();
      if (!reading) call.http2.pause();
      call.send({ ...requestHeaders, request_headers: undefined, response_headers: {} });
      for (let piece = 0; piece < PIECES; piece++) call.send({ response_body: { body: PIECE } });
    }
    return { taken: () => taken, held: server.heldBytes };
  };

  test('are not read either: what is held for them is bounded', async () => {
    const { taken, held } = await flood(false);
    await settled(taken);
    expect(taken()).toBeLessThanOrEqual(PEERS * BOUND);
    expect(held()).toBeGreaterThan(0);
    expect(held()).toBeLessThanOrEqual(PEERS * (3 * 1024 * 1024 + HTTP2.streamWindowBytes));
  });

  test('that read get everything, and nothing is held', async () => {
    const { taken, held } = await flood(true);
    await waitFor(() => taken() === PEERS * PIECES * PIECE.length || undefined);
    await waitFor(() => held() === 0 || undefined);
  });
});

describe('a server that goes', () => {
  const isOpen = async (address: { host: string; port: number }) => {
    const socket = connectSocket(address);
    const opened = once(socket, 'connect').then(() => true);
    return opened.catch(() => false).finally(() => socket.destroy());
  };

  test('takes connections until those who ask for health know it', async () => {
    const { server, client, address, connectClient } = await start();
    expect((await client.check('')).status).toBe('SERVING');
    const closed = server.close({ deadlineMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const call = connectClient().open();
    call.send({ request_headers: { end_of_stream: true } });
    expect(await call.next()).toMatchObject({ response: 'request_headers' });
    call.end();
    expect((await client.check('')).status).toBe('NOT_SERVING');
    await closed;
    expect(await isOpen(address)).toBe(false);
  });

  test('waits for nobody who asked and has left', async () => {
    const { server, client, address } = await start();
    await client.check('');
    await client.close();
    const closed = server.close({ deadlineMs: 60_000 });
    await waitFor(async () => !(await isOpen(address)) || undefined);
    await closed;
  });

  test('waits at most half of its time', async () => {
    const { server, client, address } = await start();
    await client.check('');
    const call = client.open();
    call.send(requestHeaders);
    await call.next();
    await server.close({ deadlineMs: 600 });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.unavailable });
    expect(await isOpen(address)).toBe(false);
  });
});
