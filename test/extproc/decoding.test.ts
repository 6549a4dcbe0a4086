import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { createExtProcServer, type ExchangePort } from '../../src/extproc/server.ts';
import { connectExtProc, header, modes, type Plain } from '../support/ext-proc-client.ts';
import { waitFor } from '../support/processes.ts';
import { policyFrom } from '../support/streams.ts';
import { record } from './echo-exchange.ts';

const MIB = 1024 * 1024;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(open: () => ExchangePort) {
  const records: ExchangeRecord[] = [];
  const errors: string[] = [];
  const server = createExtProcServer({
    openExchange: open,
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

const exchangeOf = (policy: string) => () =>
  openExchange({
    policy: policyFrom(policy),
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: () => '',
  });

const headersOf = (values: Readonly<Record<string, string>>): Plain => ({
  headers: { headers: Object.entries(values).map(([name, value]) => header(name, value)) },
});
const REQUEST: Plain = {
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
  request_headers: headersOf({
    ':method': 'POST',
    ':path': '/v1/chat/completions',
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  }),
};
const RESPONSE: Plain = {
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
  response_headers: headersOf({ ':status': '200', 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }),
};
const body = (text: string | Buffer): Plain => ({ body: gzipSync(text), end_of_stream: true });
const question = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] });

interface Piece {
  readonly body?: Buffer;
  readonly end_of_stream?: boolean;
}

/** An exchange that asks for decoding when a body comes, and tells what it sees. */
function asking(seen: EnvoyEvent[], onDecoded: () => readonly Effect[]): ExchangePort {
  return {
    step(event) {
      seen.push(event);
      if (event.kind === 'request-body') {
        const { bytes, endOfStream } = event;
        return [{ kind: 'decode', direction: 'request', codings: ['gzip'], bytes, endOfStream, ratioMax: 100_000 }];
      }
      if (event.kind === 'decoded') return onDecoded();
      return event.kind === 'ended' || event.kind === 'cancelled' ? [{ kind: 'record', record: record('cancelled') }] : [];
    },
  };
}

describe('decoding for an exchange', () => {
  test('answers with what the bytes say, and half-closing does not end it before', async () => {
    const { client, records } = await start(exchangeOf('version: 1\n'));
    const call = client.open();
    call.send(REQUEST);
    call.send({ request_body: body(question) });
    call.end();
    expect((await call.rest()).map(({ response }) => response)).toEqual(['request_headers', 'request_body']);
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(records).toMatchObject([{ uninspected: [], requestBytes: gzipSync(question).length }]);
  });

  test('is given up when the call is reset: the exchange hears of nothing afterwards', async () => {
    const seen: EnvoyEvent[] = [];
    const { client, server, records } = await start(() => asking(seen, () => []));
    const call = client.open();
    call.send(REQUEST);
    call.send({ request_body: body(Buffer.alloc(64 * MIB)) });
    await waitFor(() => seen.find(({ kind }) => kind === 'request-body'));
    call.reset();
    await waitFor(() => (server.openExchanges() === 0 ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.at(-1)?.kind).toBe('cancelled');
    expect(records).toHaveLength(1);
  });

  test('is given up when the exchange ends, whatever is left to decode', async () => {
    const seen: EnvoyEvent[] = [];
    const ending = (): readonly Effect[] => [
      { kind: 'deny', status: 403, headers: [['content-type', 'text/plain']], body: 'no', details: 'sluice_test', grpcStatus: undefined },
      { kind: 'record', record: record('denied') },
    ];
    const { client } = await start(() => asking(seen, ending));
    const call = client.open();
    call.send(REQUEST);
    call.send({ request_body: body(Buffer.alloc(8 * MIB)) });
    expect(await call.next()).toMatchObject({ response: 'immediate_response' });
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
    expect(seen.filter(({ kind }) => kind === 'decoded')).toMatchObject([{ more: true, failure: undefined }]);
  });

  test('what throws over it is an error of that exchange alone', async () => {
    const seen: EnvoyEvent[] = [];
    const { client, errors } = await start(() =>
      asking(seen, () => {
        throw new Error('a bug');
      }),
    );
    const call = client.open();
    call.send(REQUEST);
    call.send({ request_body: body('x') });
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.internal });
    expect(errors).toEqual(['step']);
    expect(await client.check('')).toMatchObject({ status: 'SERVING' });
  });

  test('waits for a peer that does not read, so that what expands stays small', async () => {
    const { client, server, records } = await start(exchangeOf('version: 1\nlimits: {decompressRatio: 100000}\n'));
    const event = `data: ${JSON.stringify({ note: 'All is well. '.repeat(500) })}\n\n`;
    const stream = event.repeat(Math.ceil((12 * MIB) / event.length));
    const call = client.open();
    call.http2.pause();
    call.send(RESPONSE);
    call.send({ response_body: body(stream) });
    await waitFor(() => (server.heldBytes() > MIB ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.heldBytes()).toBeLessThan(4 * MIB);
    expect(records).toEqual([]);
    call.http2.resume();
    let bytes = 0;
    let isEnd = false;
    while (!isEnd) {
      const message = (await call.next())!;
      const answer = message['response_body'] as { response: { body_mutation: { streamed_response: Piece } } } | undefined;
      const piece = answer?.response.body_mutation.streamed_response;
      bytes += piece?.body?.length ?? 0;
      isEnd = piece?.end_of_stream === true;
    }
    expect(bytes).toBe(stream.length);
    call.reset();
  });
});
