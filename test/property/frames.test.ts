import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExchange } from '../../src/exchange/machine.ts';
import { type AnswerEffect, createEventDecoder, encodeEffect } from '../../src/extproc/codec.ts';
import { createMessageReader, FramingError, GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { ProtocolError } from '../../src/extproc/protobuf-reader.ts';
import type { Message } from '../../src/extproc/protobuf-writer.ts';
import { createExtProcServer, type ExtProcServer } from '../../src/extproc/server.ts';
import { connectExtProc, type ExtProcClient, encode, frame, header, modes, type Plain, protos } from '../support/ext-proc-client.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { policyFrom } from '../support/streams.ts';

const POLICY = policyFrom('version: 1\n');
const IN_PROCESS = LONG_RUN ? 1_000_000 : 20_000;
const OVER_HTTP2 = LONG_RUN ? 20_000 : 500;

const open = () =>
  openExchange({
    policy: POLICY,
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: (text) => `${text.length}`.padStart(64, '0'),
  });

const ANSWERS: ReadonlySet<string> = new Set(['answer-headers', 'answer-body', 'stream-body', 'answer-trailers', 'deny']);
const MODES = ['NONE', 'STREAMED', 'BUFFERED', 'BUFFERED_PARTIAL', 'FULL_DUPLEX_STREAMED'];
const JSON_BODY = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'my mail is anna@example.org' }] }));

/** Messages of one side stream as Envoy sends them, framed for gRPC. */
function conversation(random: Random): Buffer[] {
  const headers = {
    headers: [header(':method', 'POST'), header(':path', '/v1/chat/completions'), header('content-type', 'application/json')],
  };
  const messages: Plain[] = [
    { request_headers: { headers }, protocol_config: modes(random.pick(MODES), random.pick(MODES)) },
    { request_body: { body: JSON_BODY, end_of_stream: true } },
    { response_headers: { headers: { headers: [header(':status', '200'), header('content-type', 'text/event-stream')] } } },
    { response_body: { body: Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"Good morning"}}]}\n\n') } },
    { response_trailers: { trailers: { headers: [header('grpc-status', '0')] } } },
  ];
  return messages.map((message) => frame(encode(protos.ProcessingRequest, message)));
}

/** The bytes of a conversation with something wrong in them: a byte changed, cut out or put in, or an end that is missing. */
function mutated(random: Random): Buffer {
  let bytes: Buffer = Buffer.concat(conversation(random));
  for (let count = 1 + random.below(4); count > 0; count--) bytes = mutate(random, bytes);
  return bytes;
}

function mutate(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(12);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length }, () => random.below(256))), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at, at + 200)]);
    default: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = random.below(256);
      return copy;
    }
  }
}

/** What becomes of the bytes of one stream, cut anywhere: how it was refused, or `handled`. Throws for anything else. */
function feed(random: Random, bytes: Buffer): string {
  const exchange = open();
  const decoder = createEventDecoder();
  const answers: Message[] = [];
  const reader = createMessageReader({
    onMessage: (message) => {
      for (const event of decoder.decode(message, 1)) {
        for (const effect of exchange.step(event)) {
          if (ANSWERS.has(effect.kind)) encodeEffect(effect as AnswerEffect, answers); // of one of these kinds
        }
      }
    },
  });
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + random.below(400);
      reader.push(bytes.subarray(at, end));
      at = end;
    }
    return reader.pendingBytes > 0 ? 'cut off' : 'handled';
  } catch (error) {
    if (error instanceof FramingError || error instanceof ProtocolError) return error.name;
    throw error;
  } finally {
    exchange.step({ kind: 'cancelled', unixMs: 2 });
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes on the heap once nothing is left to collect. */
function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Room for the optimiser and the automata's states; what leaks a few bytes a stream needs more. */
const HEAP_GROWTH_MAX = 64 * 1024 * 1024;

describe('damaged messages', () => {
  test('streams of them are handled or refused, nothing else, and leave nothing behind', () => {
    const random = createRandom();
    const seen = new Map<string, number>();
    const some = (count: number) => {
      for (let run = 0; run < count; run++) {
        const how = feed(random, mutated(random));
        seen.set(how, (seen.get(how) ?? 0) + 1);
      }
    };
    some(IN_PROCESS / 10);
    const warm = heapBytes();
    some(IN_PROCESS - IN_PROCESS / 10);
    expect(heapBytes() - warm).toBeLessThan(HEAP_GROWTH_MAX);
    expect([...seen.keys()].toSorted()).toEqual(['FramingError', 'ProtocolError', 'cut off', 'handled']);
  }, 3_600_000);

  describe('over HTTP/2', () => {
    let server: ExtProcServer;
    let client: ExtProcClient;
    const bugs: unknown[] = [];
    beforeAll(async () => {
      server = createExtProcServer({
        openExchange: open,
        onRecord: () => {},
        onError: (error, where) => where === 'protocol' || bugs.push([where, error]),
      });
      client = connectExtProc(await server.listen({ host: '127.0.0.1', port: 0 }));
    });
    afterAll(async () => {
      await client?.close();
      await server?.close({ deadlineMs: 0 });
    });

    /** Sends damaged bytes and half-closes; resolves to the gRPC status. */
    async function call(random: Random): Promise<number> {
      const stream = client.open();
      stream.sendBytes(mutated(random));
      stream.end();
      return (await stream.ended).code;
    }

    test('every stream ends with a status, the connection and the process live', async () => {
      const random = createRandom();
      const codes = new Set<number>();
      for (let run = 0; run < OVER_HTTP2; run += 50) {
        for (const code of await Promise.all(Array.from({ length: 50 }, () => call(random)))) codes.add(code);
      }
      // 10 is ABORTED, 7 PERMISSION_DENIED: what an undecided or denied body ends with.
      const known: ReadonlySet<number> = new Set([...Object.values(GRPC_STATUS), 7, 10]);
      expect([...codes].filter((code) => !known.has(code) || code === GRPC_STATUS.internal)).toEqual([]);
      expect([...codes]).toEqual(expect.arrayContaining([GRPC_STATUS.ok, GRPC_STATUS.invalidArgument]));
      expect(bugs).toEqual([]);
      expect(server.openExchanges()).toBe(0);
      expect(server.heldBytes()).toBe(0);
      expect((await client.check('')).status).toBe('SERVING');
    }, 3_600_000);
  });
});
