import { describe, expect, test } from 'vitest';
import { bytesOf, END_HEADERS, END_STREAM, settings, TYPE } from '../../support/http2-frames.ts';
import { bodyBytes, HEADERS_BLOCK, openGreeted, ping, request, respond, windowUpdate } from './wire-peer.ts';

describe('answers', () => {
  test("keep to the peer's windows, of the stream and of the connection", () => {
    const wire = openGreeted(respond(Buffer.alloc(100_000, 'x')), [4, 10]);
    wire.push(request(1, END_STREAM));
    expect(bodyBytes(wire.next())).toBe(10);
    wire.push(windowUpdate(1, 5));
    expect(bodyBytes(wire.next())).toBe(5);
    wire.push(windowUpdate(1, 200_000));
    expect(bodyBytes(wire.next())).toBe(65_535 - 15);
    wire.push(windowUpdate(0, 1e6));
    const last = wire.next();
    expect(bodyBytes(last)).toBe(100_000 - 65_535);
    expect(last.at(-1)).toMatchObject({ type: TYPE.headers, flags: END_HEADERS | END_STREAM });
  });

  test('follow the initial window when it changes, below zero too', () => {
    const wire = openGreeted(respond(Buffer.alloc(100, 'x')), [4, 20]);
    wire.push(request(1, END_STREAM));
    expect(bodyBytes(wire.next())).toBe(20);
    const initialWindow = (bytes: number) => bytesOf({ type: TYPE.settings, payload: settings([4, bytes]) });
    wire.push(initialWindow(5)); // 15 below zero
    wire.push(windowUpdate(1, 15));
    expect(bodyBytes(wire.next())).toBe(0);
    wire.push(windowUpdate(1, 1));
    expect(bodyBytes(wire.next())).toBe(1);
    wire.push(initialWindow(50));
    expect(bodyBytes(wire.next())).toBe(45);
  });

  test("are cut to the peer's frames", () => {
    const large = openGreeted(respond(Buffer.alloc(40_000)), [5, 20_000]);
    large.push(request(1, END_STREAM));
    expect(large.next().flatMap(({ type, payload }) => (type === TYPE.data ? [payload.length] : []))).toEqual([20_000, 20_000]);
    const usual = openGreeted(respond(Buffer.alloc(40_000)));
    usual.push(request(1, END_STREAM));
    expect(usual.next().flatMap(({ type, payload }) => (type === TYPE.data ? [payload.length] : []))).toEqual([16_384, 16_384, 7_232]);
  });

  test('take turns when the window of the connection is narrow', () => {
    const wire = openGreeted(respond(Buffer.alloc(100_000)), [4, 1_000_000]);
    wire.push(Buffer.concat([1, 3, 5].map((id) => request(id, END_STREAM))));
    wire.next();
    for (let turn = 0; turn < 3; turn++) wire.push(windowUpdate(0, 1_000));
    expect(wire.next().map(({ streamId }) => streamId)).toEqual([1, 3, 5]);
  });

  test('tell their owner when all that waited has left', () => {
    const wire = openGreeted(
      {
        onOpen({ stream }) {
          stream.respond(HEADERS_BLOCK, false);
          stream.write([Buffer.alloc(100)]);
        },
      },
      [4, 99],
    );
    wire.push(request(1, 0));
    expect(wire.streams[0]!.stream.queuedBytes).toBe(1);
    expect(wire.streams[0]!.drained).toBe(0);
    wire.push(windowUpdate(1, 1));
    expect(wire.streams[0]!.stream.queuedBytes).toBe(0);
    expect(wire.streams[0]!.drained).toBe(1);
  });

  test('stay with their streams when the socket takes nothing', () => {
    const wire = openGreeted({ ...respond(Buffer.alloc(4 * 1024 * 1024)), isStuck: true }, [4, 0x7fff_ffff]);
    wire.push(windowUpdate(0, 0x7fff_0000));
    wire.push(Buffer.concat([1, 3, 5].map((id) => request(id, END_STREAM))));
    expect(wire.socket.writableLength).toBeLessThan(1.5 * 1024 * 1024);
    expect(wire.streams.map(({ stream }) => stream.queuedBytes > 2 * 1024 * 1024)).toEqual([true, true, true]);
  });

  test('that nobody reads while more is asked for cut the connection', () => {
    const wire = openGreeted({ isStuck: true, limits: { unsentBytes: 10_000, uselessFrames: 1e9 } });
    for (let count = 0; count < 500; count++) wire.push(ping);
    expect(wire.errors).toEqual([]);
    for (let count = 0; count < 500; count++) wire.push(ping);
    expect(wire.errors).toEqual(['a peer asks and does not read']);
    expect(wire.socket.destroyed).toBe(true);
  });
});
