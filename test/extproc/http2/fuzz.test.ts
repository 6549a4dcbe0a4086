import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERROR_CODE } from '../../../src/extproc/http2/frames.ts';
import {
  ACK,
  block,
  bytesOf,
  END_HEADERS,
  END_STREAM,
  type Frame,
  PADDED,
  PREFACE,
  REQUEST,
  settings,
  TYPE,
  uint32,
} from '../../support/http2-frames.ts';
import { seeded } from '../seeded.ts';
import { endings, HEADERS_BLOCK, openWire, TRAILERS_BLOCK, type WirePeerOptions } from './wire-peer.ts';

/** Few streams, so that frames meet. */
const streamId = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(1, 3, 5, 7) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2, 9, 11, 0x7fff_ffff) },
);
const flags = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, END_STREAM, END_HEADERS, END_HEADERS | END_STREAM) },
  { weight: 1, arbitrary: fc.nat(255) },
);
const someBytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
const uint32s = fc.oneof(fc.nat(100), fc.constantFrom(0, 0x7fff_ffff, 0xffff_ffff)).map((value) => uint32(value));
const fields = fc.oneof(
  { weight: 6, arbitrary: fc.constant(block(REQUEST)) },
  { weight: 1, arbitrary: fc.constant(block({ ...REQUEST, 'content-length': '5' })) },
  { weight: 1, arbitrary: fc.constant(block({ ...REQUEST, te: 'gzip' })) },
  { weight: 1, arbitrary: fc.constant(block({ 'x-trailer': '1' })) },
  { weight: 1, arbitrary: someBytes(20) },
);
const entry = fc.tuple(fc.nat(7), fc.oneof(fc.nat(100_000), fc.constantFrom(0, 1, 16_384, 0x7fff_ffff, 0xffff_ffff)));
const frame = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant<number>(TYPE.headers), flags, streamId, fields) },
  { weight: 6, arbitrary: fc.tuple(fc.constant<number>(TYPE.data), flags, streamId, someBytes(40)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant<number>(TYPE.data), fc.constant(PADDED), streamId, someBytes(40)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant<number>(TYPE.reset), fc.constant(0), streamId, uint32s) },
  { weight: 3, arbitrary: fc.tuple(fc.constant<number>(TYPE.window), fc.constant(0), fc.oneof(streamId, fc.constant(0)), uint32s) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant<number>(TYPE.settings),
      fc.constantFrom(0, ACK),
      fc.constant(0),
      fc.array(entry, { maxLength: 3 }).map((entries) => settings(...entries)),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant<number>(TYPE.ping), fc.constantFrom(0, ACK), fc.constant(0), someBytes(8)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant<number>(TYPE.continuation), flags, streamId, someBytes(20)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(12), flags, streamId, someBytes(20)) },
);
const frames = fc.array(
  frame.map(([type, flag, id, payload]) => bytesOf({ type, flags: flag, streamId: id, payload })),
  { maxLength: 40 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });

/** Answers every piece with as many bytes, pauses now and then, and ends with trailers. */
const echo: WirePeerOptions = {
  limits: { concurrentStreams: 3, headerListBytes: 2_000, streamWindowBytes: 200, uselessFramesPerSecond: 0 },
  onOpen: ({ stream }) => stream.respond(HEADERS_BLOCK, false),
  onPiece({ stream }, piece) {
    stream.write([Buffer.from(piece)]);
    if (piece[0] === 7) stream.pause();
    if (piece[0] === 9) stream.reset(ERROR_CODE.cancel);
  },
  onEnd: ({ stream }) => stream.end(TRAILERS_BLOCK),
};

function cut(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const end = at + lengths[index % lengths.length]!;
    out.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return out;
}

const greeting = Buffer.concat([PREFACE, bytesOf({ type: TYPE.settings })]);

/** What is wrong with what a server sent: it holds for any input. */
function faultsOf(sent: readonly Frame[]): readonly string[] {
  const faults: string[] = [];
  const over = new Set<number>();
  const opened = new Set<number>();
  for (const [index, { type, flags: flag, streamId: id, payload }] of sent.entries()) {
    if (payload.length > 16_384) faults.push('a frame is too large');
    if (type === TYPE.headers) opened.add(id);
    if (type === TYPE.data && !opened.has(id)) faults.push('DATA before HEADERS');
    if ((type === TYPE.headers || type === TYPE.data) && over.has(id)) faults.push('a frame behind the end of its stream');
    if ((type === TYPE.headers || type === TYPE.data) && (flag & END_STREAM) !== 0) over.add(id);
    if (type === TYPE.reset) over.add(id);
    if (type === TYPE.goaway && payload.readUInt32BE(4) !== 0 && index < sent.length - 1) faults.push('a frame behind the last GOAWAY');
  }
  return faults;
}

describe('any frames, however they are cut', { timeout: 600_000 }, () => {
  test('throw nothing, are answered by legal frames, and leave no stream without its last word', () => {
    fc.assert(
      fc.property(frames, sizes, (sent, lengths) => {
        const wire = openWire(echo);
        for (const chunk of cut(Buffer.concat([greeting, ...sent]), lengths)) wire.push(chunk);
        expect(faultsOf(wire.sent())).toEqual([]);
        wire.connection.destroy();
        wire.socket.emit('close');
        expect(wire.streams.map(({ closed }) => closed)).toEqual(wire.streams.map(() => 1));
      }),
      seeded(1_000),
    );
  });

  test('mean the same: what owners are told, and how streams and the connection end', () => {
    const told = (chunks: readonly Buffer[]) => {
      const wire = openWire({ ...echo, onPiece: ({ stream }, piece) => stream.write([Buffer.from(piece)]) });
      for (const chunk of chunks) wire.push(chunk);
      return {
        streams: wire.streams.map(({ stream, body, ended, closed }) => [stream.id, Buffer.concat(body).toString('hex'), ended, closed]),
        endings: endings(wire.sent()),
        errors: wire.errors,
      };
    };
    fc.assert(
      fc.property(frames, sizes, (sent, lengths) => {
        const bytes = Buffer.concat([greeting, ...sent]);
        expect(told(cut(bytes, lengths))).toEqual(told(cut(bytes, [1])));
      }),
      seeded(700),
    );
  });

  test('as mere bytes throw nothing, and end with GOAWAY or are waited for', () => {
    fc.assert(
      fc.property(someBytes(300), sizes, fc.boolean(), (bytes, lengths, isGreeted) => {
        const wire = openWire(echo);
        for (const chunk of cut(isGreeted ? Buffer.concat([greeting, bytes]) : bytes, lengths)) wire.push(chunk);
        expect(faultsOf(wire.sent())).toEqual([]);
        expect(endings(wire.sent()).length === 0 || wire.isEnded()).toBe(true);
        expect(wire.errors.length).toBeLessThanOrEqual(1);
      }),
      seeded(1_000),
    );
  });

  test("never make the server send more than the peer's windows allow", () => {
    const widening = fc.tuple(fc.constantFrom(0, 1, 3), fc.integer({ min: 1, max: 500 }));
    const initial = fc.nat(300);
    fc.assert(
      fc.property(initial, fc.array(fc.oneof(widening, initial), { maxLength: 30 }), (first, steps) => {
        const wire = openWire({
          onOpen({ stream }) {
            stream.respond(HEADERS_BLOCK, false);
            stream.write([Buffer.alloc(40_000)]);
          },
        });
        const initialWindow = (bytes: number) => bytesOf({ type: TYPE.settings, payload: settings([4, bytes]) });
        const requests = [1, 3].map((id) => bytesOf({ type: TYPE.headers, flags: 5, streamId: id, payload: block(REQUEST) }));
        wire.push(Buffer.concat([PREFACE, initialWindow(first), ...requests]));
        let window = first;
        const granted = new Map([
          [0, 65_535],
          [1, 0],
          [3, 0],
        ]);
        for (const step of steps) {
          if (typeof step === 'number') window = step;
          else granted.set(step[0], granted.get(step[0])! + step[1]);
          wire.push(
            typeof step === 'number' ? initialWindow(step) : bytesOf({ type: TYPE.window, streamId: step[0], payload: uint32(step[1]) }),
          );
        }
        const sentOn = (id: number) =>
          wire
            .sent()
            .reduce(
              (sum, { type, streamId: on, payload }) => sum + (type === TYPE.data && (id === 0 || on === id) ? payload.length : 0),
              0,
            );
        // An initial window that shrank does not take back what has left.
        const widest = Math.max(first, ...steps.filter((step) => typeof step === 'number'));
        for (const id of [1, 3]) {
          expect(sentOn(id)).toBeLessThanOrEqual(widest + granted.get(id)!);
          expect(sentOn(id)).toBeGreaterThanOrEqual(Math.min(window + granted.get(id)!, 40_000));
        }
        expect(sentOn(0)).toBeLessThanOrEqual(granted.get(0)!);
      }),
      seeded(200),
    );
  });
});
