import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODE } from '../../../src/extproc/http2/frames.ts';
import { FIXED, HTTP2 } from '../../../src/lib/limits.ts';
import { block, bytesOf, END_HEADERS, END_STREAM, PADDED, REQUEST, settings, TYPE, uint32 } from '../../support/http2-frames.ts';
import { bodyBytes, data, endings, openGreeted, openWire, ping, request, respond, windowUpdate } from './wire-peer.ts';

describe('frames that bring nothing', () => {
  const useless: readonly (readonly [string, (index: number) => Buffer])[] = [
    ['PING', () => ping],
    ['SETTINGS', () => bytesOf({ type: TYPE.settings })],
    ['PRIORITY', () => bytesOf({ type: TYPE.priority, streamId: 1, payload: Buffer.alloc(5) })],
    ['WINDOW_UPDATE', () => windowUpdate(1, 1)],
    ['empty DATA', () => data(1, '')],
    ['frames of unknown types', () => bytesOf({ type: 99, payload: Buffer.from('x') })],
    [
      'requests that are reset at once',
      (index) => Buffer.concat([request(3 + 2 * index, 0), bytesOf({ type: TYPE.reset, streamId: 3 + 2 * index, payload: uint32(8) })]),
    ],
    ['malformed requests', (index) => request(3 + 2 * index, 0, { te: 'gzip' })],
  ];
  test.each(useless)('%s end the connection when there are too many', (_name, frameOf) => {
    const send = (count: number) => {
      // The acknowledgement of our settings and the peer's own are two of them.
      const wire = openGreeted({ limits: { uselessFrames: 102, uselessFramesPerSecond: 0 } });
      wire.push(request(1, 0));
      for (let index = 0; index < count; index++) wire.push(frameOf(index));
      return endings(wire.sent()).filter(([what]) => what === 'goaway');
    };
    expect(send(99)).toEqual([]);
    expect(send(100)).toEqual([]);
    expect(send(101)).toEqual([['goaway', ERROR_CODE.enhanceYourCalm]]);
  });
  test('the table of useless frames is whole', () => expect(useless).toHaveLength(8));

  test('CONTINUATION frames without a byte end the connection', () => {
    const wire = openGreeted({ limits: { uselessFrames: 100, uselessFramesPerSecond: 0 } });
    wire.push(bytesOf({ type: TYPE.headers, streamId: 1, payload: block(REQUEST) }));
    for (let index = 0; index < 101; index++) wire.push(bytesOf({ type: TYPE.continuation, streamId: 1 }));
    expect(endings(wire.sent())).toEqual([['goaway', ERROR_CODE.enhanceYourCalm]]);
  });

  test('are allowed for by those that do bring something', () => {
    const wire = openGreeted({ limits: { uselessFrames: 50, uselessFramesPerSecond: 0 } });
    wire.push(request(1, 0));
    for (let index = 0; index < 1_000; index++) wire.push(Buffer.concat([data(1, 'x'), ping]));
    expect(wire.errors).toEqual([]);
  });

  test('the windows that our own answers ask for are none of them', () => {
    const wire = openGreeted({ ...respond(Buffer.alloc(10_000)), limits: { uselessFrames: 50, uselessFramesPerSecond: 0 } }, [4, 1]);
    wire.push(request(1, END_STREAM));
    for (let index = 0; index < 1_000; index++) wire.push(windowUpdate(1, 1));
    expect(wire.errors).toEqual([]);
    expect(bodyBytes(wire.sent())).toBe(1_001);
  });
});

describe('what ends the connection', () => {
  const wrong: readonly (readonly [string, Buffer, number])[] = [
    ['DATA without a stream', data(0, 'x'), ERROR_CODE.protocol],
    ['DATA for a stream that never was', data(9, 'x'), ERROR_CODE.protocol],
    [
      'a frame between the parts of a header block',
      Buffer.concat([bytesOf({ type: TYPE.headers, streamId: 1, payload: block(REQUEST) }), ping]),
      ERROR_CODE.protocol,
    ],
    [
      'DATA between the parts of a header block',
      Buffer.concat([bytesOf({ type: TYPE.headers, streamId: 1, payload: block(REQUEST) }), data(1, '')]),
      ERROR_CODE.protocol,
    ],
    ['a CONTINUATION alone', bytesOf({ type: TYPE.continuation, streamId: 1 }), ERROR_CODE.protocol],
    ['an even number', request(2, 0), ERROR_CODE.protocol],
    ['a number below one that was used', Buffer.concat([request(5, 0), request(3, 0)]), ERROR_CODE.protocol],
    ['a GOAWAY that is cut off', bytesOf({ type: TYPE.goaway, payload: uint32(0) }), ERROR_CODE.frameSize],
    ['PUSH_PROMISE', bytesOf({ type: 5, streamId: 1, payload: Buffer.alloc(4) }), ERROR_CODE.protocol],
    [
      'a frame over the limit',
      bytesOf({ type: TYPE.data, streamId: 1, payload: Buffer.alloc(HTTP2.frameBytes + 1) }),
      ERROR_CODE.frameSize,
    ],
    [
      'padding longer than its frame',
      Buffer.concat([request(1, 0), bytesOf({ type: TYPE.data, flags: PADDED, streamId: 1, payload: Buffer.from([1]) })]),
      ERROR_CODE.protocol,
    ],
    ['a window that is too large', windowUpdate(0, 0x7fff_ffff), ERROR_CODE.flowControl],
    [
      'an initial window that makes one too large',
      Buffer.concat([request(1, 0), windowUpdate(1, 1), bytesOf({ type: TYPE.settings, payload: settings([4, 0x7fff_ffff]) })]),
      ERROR_CODE.flowControl,
    ],
    [
      'a header block that is no HPACK',
      bytesOf({ type: TYPE.headers, flags: END_HEADERS, streamId: 1, payload: Buffer.from([0x80]) }),
      ERROR_CODE.compression,
    ],
    [
      'a PRIORITY that a stream has of itself before it begins',
      bytesOf({ type: TYPE.priority, streamId: 1, payload: Buffer.concat([uint32(1), Buffer.from([0])]) }),
      ERROR_CODE.protocol,
    ],
    ['a large control frame', bytesOf({ type: TYPE.settings, payload: Buffer.alloc(72_000) }), ERROR_CODE.enhanceYourCalm],
  ];
  test.each(wrong)('%s', (_name, bytes, code) => {
    const wire = openGreeted();
    wire.push(bytes);
    expect(endings(wire.sent())).toEqual([['goaway', code]]);
    expect(wire.isEnded()).toBe(true);
    expect(wire.streams.every(({ closed }) => closed === 1)).toBe(true);
    wire.push(request(11, END_STREAM));
    expect(endings(wire.next())).toHaveLength(1);
  });
  test('the table of what is wrong is whole', () => expect(wrong).toHaveLength(16));

  test.each(['GET / HTTP/1.1\r\n', 'PRI * HTTP/2.0\r\n\r\nXX'])('another preface: %j', (text) => {
    const wire = openWire();
    wire.push(Buffer.from(text));
    expect(endings(wire.sent())).toEqual([['goaway', ERROR_CODE.protocol]]);
  });

  test('another first frame than SETTINGS', () => {
    const wire = openWire();
    wire.push(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), ping]));
    expect(endings(wire.sent())).toEqual([['goaway', ERROR_CODE.protocol]]);
  });
});

test('the bounds of a connection are those that docs/operating.md says', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operating.md'), 'utf8');
  const rows = page.split('| what | bound | over it |\n')[1]!.split('\n\n')[0]!.trim().split('\n').slice(1);
  expect(rows.map((row) => row.split(' | ').at(-2))).toEqual([
    String(FIXED.concurrentStreams),
    String(HTTP2.streamWindowBytes),
    String(HTTP2.connectionWindowBytes),
    String(HTTP2.frameBytes),
    String(HTTP2.headerListBytes),
    `${HTTP2.uselessFrames}, ${HTTP2.uselessFramesPerSecond}`,
    String(HTTP2.unsentBytes),
    `${FIXED.keepaliveIdleMs}, ${FIXED.keepaliveTimeoutMs}`,
  ]);
});
