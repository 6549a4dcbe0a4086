import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ERROR_CODE } from '../../../src/extproc/http2/frames.ts';
import { HTTP2 } from '../../../src/lib/limits.ts';
import { openCollector } from '../../support/collector.ts';
import { ACK, block, bytesOf, END_HEADERS, END_STREAM, PADDED, REQUEST, settings, TYPE, uint32 } from '../../support/http2-frames.ts';
import {
  answerAll,
  bodyBytes,
  data,
  endings,
  HEADERS_BLOCK,
  openGreeted,
  openWire,
  ping,
  request,
  TRAILERS_BLOCK,
  windowUpdate,
} from './wire-peer.ts';

describe('a connection', () => {
  test('begins with its settings and a wide window', () => {
    const [greeting, window, ...rest] = openWire().sent();
    expect(greeting).toMatchObject({
      type: TYPE.settings,
      payload: settings([3, 100], [4, HTTP2.streamWindowBytes], [5, HTTP2.frameBytes], [6, HTTP2.headerListBytes]),
    });
    expect(window).toMatchObject({ type: TYPE.window, streamId: 0, payload: uint32(HTTP2.connectionWindowBytes - 65_535) });
    expect(rest).toEqual([]);
  });

  test('acknowledges settings and pings', () => {
    const wire = openGreeted();
    wire.push(Buffer.concat([bytesOf({ type: TYPE.settings, payload: settings([1, 0]) }), ping]));
    expect(wire.next()).toMatchObject([
      { type: TYPE.settings, flags: ACK },
      { type: TYPE.ping, flags: ACK, payload: Buffer.from('12345678') },
    ]);
  });

  test('answers many streams of one chunk in one write', () => {
    const wire = openGreeted({ onEnd: answerAll });
    const before = wire.writes();
    wire.push(Buffer.concat([1, 3, 5, 7].flatMap((id) => [request(id, 0), data(id, 'question', END_STREAM)])));
    expect(wire.writes()).toBe(before + 1);
    expect(wire.next().map(({ type, streamId, flags }) => [streamId, type, flags])).toEqual(
      [1, 3, 5, 7].flatMap((id) => [
        [id, TYPE.headers, END_HEADERS],
        [id, TYPE.data, 0],
        [id, TYPE.headers, END_HEADERS | END_STREAM],
      ]),
    );
    expect(wire.streams.map(({ body, ended, closed }) => [Buffer.concat(body).toString(), ended, closed])).toEqual(
      Array(4).fill(['question', true, 1]),
    );
  });

  test('lets go of streams that are over, though the collector does not go through the whole heap', () => {
    const collector = openCollector();
    const wire = openGreeted({ onOpen: (told) => void Object.assign(told, { load: new Array<number>(LOAD_BYTES / 8).fill(0.5) }) });
    const open = (id: number): Buffer => Buffer.concat([request(id, 0), data(id, 'question')]);
    const reset = (id: number): Buffer => bytesOf({ type: TYPE.reset, streamId: id, payload: uint32(0) });
    const ids = Array.from({ length: 20_000 }, (_, at) => 2 * at + 1);
    for (const id of ids.slice(0, AT_ONCE)) wire.push(open(id));
    collector.everything(); // these are old from here on
    const before = collector.usedBytes();
    for (const [at, id] of ids.slice(AT_ONCE).entries()) {
      wire.push(Buffer.concat([reset(ids[at]!), open(id)]));
      wire.streams.length = 0;
      if (at % 500 === 0) collector.young();
    }
    collector.young();
    expect(collector.usedBytes() - before).toBeLessThan((ids.length * LOAD_BYTES) / 10);
  });

  test("empties the peer's table of header fields in its first header block, and only there", () => {
    const wire = openGreeted({ onEnd: answerAll });
    wire.push(Buffer.concat([request(1, END_STREAM), request(3, END_STREAM)]));
    const blocks = wire.next().filter(({ type }) => type === TYPE.headers);
    expect(blocks.map(({ payload }) => payload[0] === 0x20)).toEqual([true, false, false, false]);
  });

  test('sends what comes outside of a chunk as soon as the code that runs is done', async () => {
    const wire = openGreeted();
    wire.push(request(1, 0));
    const { stream } = wire.streams[0]!;
    const before = wire.writes();
    stream.respond(HEADERS_BLOCK, false);
    stream.write([Buffer.from('a')]);
    stream.write([Buffer.from('b')]);
    expect(wire.writes()).toBe(before);
    await Promise.resolve();
    expect(wire.writes()).toBe(before + 1);
    expect(bodyBytes(wire.next())).toBe(2);
  });

  test('large bodies are sent from where they lie, small ones beside each other', async () => {
    const wire = openGreeted();
    wire.push(request(1, 0));
    const { stream } = wire.streams[0]!;
    stream.respond(HEADERS_BLOCK, false);
    stream.write([Buffer.from('a'), Buffer.alloc(10_000, 'b'), Buffer.from('c')]);
    await sleep(1);
    const body = Buffer.concat(wire.next().flatMap(({ type, payload }) => (type === TYPE.data ? [payload] : [])));
    expect(body.toString()).toBe(`a${'b'.repeat(10_000)}c`);
  });

  test('says GOAWAY when it is closed, serves what is open, takes nothing more, and ends', () => {
    const wire = openGreeted({ onEnd: answerAll });
    wire.push(request(1, 0));
    wire.connection.close();
    wire.push(request(3, END_STREAM));
    expect(wire.streams).toHaveLength(1);
    expect(wire.isEnded()).toBe(false);
    wire.push(data(1, '', END_STREAM));
    expect(endings(wire.next())).toEqual([['goaway', ERROR_CODE.noError]]);
    expect(wire.isEnded()).toBe(true);
    expect(wire.streams[0]).toMatchObject({ closed: 1 });
  });

  test('ends when the peer has said GOAWAY and its last stream is over', () => {
    const wire = openGreeted({ onEnd: answerAll });
    wire.push(Buffer.concat([request(1, 0), bytesOf({ type: TYPE.goaway, payload: uint32(0, 0) })]));
    expect(wire.isEnded()).toBe(false);
    wire.push(data(1, '', END_STREAM));
    expect(wire.isEnded()).toBe(true);
  });

  test('that breaks closes its streams, and then itself, once', async () => {
    const wire = openGreeted();
    wire.push(Buffer.concat([request(1, 0), request(3, 0)]));
    wire.socket.destroy();
    await sleep(1);
    expect(wire.streams.map(({ closed }) => closed)).toEqual([1, 1]);
    expect(wire.closedTimes()).toBe(1);
  });

  test('an owner that throws loses its stream, and nobody else', () => {
    const wire = openGreeted({
      onPiece({ stream }) {
        if (stream.id === 1) throw new Error('a bug');
      },
      onEnd: answerAll,
    });
    wire.push(Buffer.concat([request(1, 0), data(1, 'x'), request(3, END_STREAM)]));
    expect(endings(wire.sent())).toEqual([['reset 1', ERROR_CODE.internal]]);
    expect(wire.errors).toEqual(['a bug']);
    expect(wire.streams.map(({ closed }) => closed)).toEqual([1, 1]);
  });
});

describe('header blocks', () => {
  const whole = block(REQUEST);
  test('may come in many frames, with padding and a priority', () => {
    const wire = openGreeted();
    const priority = Buffer.concat([uint32(0), Buffer.from([7])]);
    const first = Buffer.concat([Buffer.from([3]), priority, whole.subarray(0, 10), Buffer.alloc(3)]);
    wire.push(bytesOf({ type: TYPE.headers, flags: PADDED | 0x20, streamId: 1, payload: first }));
    for (let at = 10; at < whole.length; at++) {
      const flags = at === whole.length - 1 ? END_HEADERS : 0;
      wire.push(bytesOf({ type: TYPE.continuation, flags, streamId: 1, payload: whole.subarray(at, at + 1) }));
    }
    expect([...wire.streams[0]!.headers]).toEqual(Object.entries(REQUEST));
  });

  test('of as many bytes as a list may have are read; one more ends the connection', () => {
    const send = (bytes: number) => {
      const wire = openGreeted({ limits: { headerListBytes: 300 } });
      const rest = Buffer.alloc(bytes - whole.length, 0x82); // :method again and again
      wire.push(bytesOf({ type: TYPE.headers, streamId: 1, payload: whole }));
      wire.push(bytesOf({ type: TYPE.continuation, flags: END_HEADERS, streamId: 1, payload: rest }));
      return endings(wire.sent());
    };
    expect(send(299)).toEqual([['reset 1', ERROR_CODE.enhanceYourCalm]]);
    expect(send(300)).toEqual([['reset 1', ERROR_CODE.enhanceYourCalm]]);
    expect(send(301)).toEqual([['goaway', ERROR_CODE.enhanceYourCalm]]);
  });

  test('whose list is larger than allowed end their stream', () => {
    const listBytes = Object.entries(REQUEST).reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    const send = (headerListBytes: number) => {
      const wire = openGreeted({ limits: { headerListBytes } });
      wire.push(request(1, 0));
      return endings(wire.sent());
    };
    expect(send(listBytes + 1)).toEqual([]);
    expect(send(listBytes)).toEqual([]);
    expect(send(listBytes - 1)).toEqual([['reset 1', ERROR_CODE.enhanceYourCalm]]);
  });

  test('values of one name are joined', () => {
    const wire = openGreeted();
    const payload = Buffer.concat([
      block(REQUEST),
      block({ 'x-a': '1' }),
      block({ 'x-a': '2' }),
      block({ cookie: 'c' }),
      block({ cookie: 'd' }),
    ]);
    wire.push(bytesOf({ type: TYPE.headers, flags: END_HEADERS, streamId: 1, payload }));
    const { headers } = wire.streams[0]!;
    expect([headers.get('x-a'), headers.get('cookie')]).toEqual(['1, 2', 'c; d']);
  });

  const malformed: readonly (readonly [string, Buffer])[] = [
    ['a name in upper case', block({ ...REQUEST, 'X-A': '1' })],
    ['an empty name', block({ ...REQUEST, '': '1' })],
    ['a line break in a value', block({ ...REQUEST, 'x-a': '1\r\nb: 2' })],
    ['a NUL in a value', block({ ...REQUEST, 'x-a': '1\0' })],
    ['a pseudo-header field behind another', block({ 'x-a': '1', ...REQUEST })],
    ['an unknown pseudo-header field', block({ ':status': '200', ...REQUEST })],
    ['a pseudo-header field twice', Buffer.concat([block({ ':method': 'GET' }), block(REQUEST)])],
    ['no path', block({ ':method': 'GET', ':scheme': 'http' })],
    ['an empty path', block({ ...REQUEST, ':path': '' })],
    ['a field of connections', block({ ...REQUEST, connection: 'close' })],
    ['another te than trailers', block({ ...REQUEST, te: 'gzip' })],
    ['a length that is no number', block({ ...REQUEST, 'content-length': '1e3' })],
    ['a protocol that was not offered', block({ ...REQUEST, ':protocol': 'websocket' })],
  ];
  test.each(malformed)('with %s end their stream', (_name, payload) => {
    const wire = openGreeted();
    wire.push(bytesOf({ type: TYPE.headers, flags: END_HEADERS, streamId: 1, payload }));
    expect(endings(wire.sent())).toEqual([['reset 1', ERROR_CODE.protocol]]);
    expect(wire.streams).toEqual([]);
  });
  test('the table of malformed requests is whole', () => expect(malformed).toHaveLength(13));
});

describe('bodies', () => {
  test('come without their padding, in the pieces they came in, wherever they are cut', () => {
    const padded = bytesOf({ type: TYPE.data, flags: PADDED, streamId: 1, payload: Buffer.from('\x03hello\0\0\0') });
    const bytes = Buffer.concat([request(1, 0), padded, data(1, ' you', END_STREAM)]);
    for (let size = 1; size <= bytes.length; size++) {
      const wire = openGreeted({ onEnd: answerAll });
      for (let at = 0; at < bytes.length; at += size) wire.push(bytes.subarray(at, at + size));
      expect([Buffer.concat(wire.streams[0]!.body).toString(), wire.streams[0]!.ended]).toEqual(['hello you', true]);
    }
  });

  test.each([
    ['shorter', 'hell'],
    ['longer', 'hello!'],
  ])('that are %s than the request says end their stream', (_name, body) => {
    const wire = openGreeted();
    wire.push(Buffer.concat([request(1, 0, { 'content-length': '5' }), data(1, body, END_STREAM)]));
    expect(endings(wire.sent())).toEqual([['reset 1', ERROR_CODE.protocol]]);
    expect(wire.streams[0]).toMatchObject({ ended: false, closed: 1 });
  });

  test("wait for an owner that has paused, up to the peer's window, and come in order when it goes on", async () => {
    const limits = { streamWindowBytes: 10 };
    const wire = openGreeted({ limits, onOpen: ({ stream }) => stream.pause() });
    wire.push(Buffer.concat([request(1, 0), data(1, '01234'), data(1, '56789')]));
    expect(wire.streams[0]!.body).toEqual([]);
    expect(wire.next()).toEqual([]);
    wire.streams[0]!.stream.resume();
    await sleep(1);
    expect(Buffer.concat(wire.streams[0]!.body).toString()).toBe('0123456789');
    expect(wire.next()).toMatchObject([{ type: TYPE.window, streamId: 1, payload: uint32(10) }]);
    wire.push(data(1, 'abc', END_STREAM));
    expect(wire.streams[0]).toMatchObject({ ended: true });
  });

  test('that are read to their end when their owner goes on close their stream once', async () => {
    const wire = openGreeted({ onOpen: ({ stream }) => stream.pause(), onEnd: answerAll });
    wire.push(Buffer.concat([request(1, 0), data(1, '01234', END_STREAM)]));
    wire.streams[0]!.stream.resume();
    await sleep(1);
    expect(wire.streams[0]).toMatchObject({ ended: true, closed: 1 });
  });

  test('of one byte in each frame are kept in few pieces', async () => {
    const limits = { uselessFrames: 1e9, streamWindowBytes: 100_000 };
    const wire = openGreeted({ limits, onOpen: ({ stream }) => stream.pause() });
    wire.push(Buffer.concat([request(1, 0), ...Array.from({ length: 50_000 }, (_, index) => data(1, Buffer.from([index & 0xff])))]));
    wire.streams[0]!.stream.resume();
    await sleep(1);
    const { body } = wire.streams[0]!;
    expect(Buffer.concat(body)).toEqual(Buffer.from(Array.from({ length: 50_000 }, (_, index) => index & 0xff)));
    expect(body.length).toBeLessThan(25);
  });

  test('beyond the window of the stream end it, at the window they do not', () => {
    const send = (bytes: number) => {
      const wire = openGreeted({ limits: { streamWindowBytes: 10 } });
      wire.push(Buffer.concat([request(1, 0), data(1, Buffer.alloc(bytes))]));
      return endings(wire.sent());
    };
    expect([send(9), send(10), send(11)]).toEqual([[], [], [['reset 1', ERROR_CODE.flowControl]]]);
  });

  test('beyond the window of the connection end it, at the window they do not', () => {
    const send = (bytes: number) => {
      const wire = openGreeted({ limits: { connectionWindowBytes: 65_535, streamWindowBytes: 1e6 } });
      wire.push(Buffer.concat([request(1, 0), data(1, Buffer.alloc(bytes))]));
      return endings(wire.sent());
    };
    expect([send(65_534), send(65_535), send(65_536)]).toEqual([[], [], [['goaway', ERROR_CODE.flowControl]]]);
  });

  test('of streams that are closed are given back to the connection', () => {
    const wire = openGreeted({ limits: { connectionWindowBytes: 100_000 } });
    wire.push(
      Buffer.concat([request(1, 0), bytesOf({ type: TYPE.reset, streamId: 1, payload: uint32(8) }), data(1, Buffer.alloc(60_000))]),
    );
    expect(wire.next()).toMatchObject([{ type: TYPE.reset }, { type: TYPE.window, streamId: 0, payload: uint32(60_000) }]);
  });

  test('give the window of the connection back even when their owner does not take them', () => {
    const limits = { connectionWindowBytes: 100_000, streamWindowBytes: 100_000 };
    const wire = openGreeted({ limits, onOpen: ({ stream }) => stream.pause() });
    wire.push(Buffer.concat([request(1, 0), data(1, Buffer.alloc(60_000))]));
    expect(wire.next()).toMatchObject([{ type: TYPE.window, streamId: 0 }]);
  });
});

describe('streams', () => {
  test('are refused beyond their number', () => {
    const wire = openGreeted({ limits: { concurrentStreams: 2 } });
    wire.push(Buffer.concat([1, 3, 5].map((id) => request(id, 0))));
    expect(endings(wire.next())).toEqual([['reset 5', ERROR_CODE.refusedStream]]);
    wire.push(Buffer.concat([bytesOf({ type: TYPE.reset, streamId: 1, payload: uint32(8) }), request(7, 0)]));
    expect(endings(wire.next())).toEqual([]);
    expect(wire.streams.map(({ stream, closed }) => [stream.id, closed])).toEqual([
      [1, 1],
      [3, 0],
      [7, 0],
    ]);
  });

  test('that we have reset may still send', () => {
    const wire = openGreeted({ onPiece: ({ stream }) => stream.reset(ERROR_CODE.cancel) });
    wire.push(
      Buffer.concat([
        request(1, 0),
        data(1, 'a'),
        data(1, 'b'),
        bytesOf({ type: TYPE.headers, flags: 5, streamId: 1, payload: block({ a: 'b' }) }),
      ]),
    );
    wire.push(Buffer.concat([data(1, 'c'), windowUpdate(1, 5)]));
    expect(endings(wire.next())).toEqual([['reset 1', ERROR_CODE.cancel]]);
    expect(wire.streams[0]).toMatchObject({ body: [Buffer.from('a')], closed: 1 });
  });

  test('that are long over cost a reset, not the connection', () => {
    const wire = openGreeted({ onEnd: answerAll });
    for (let id = 1; id < 1_200; id += 2) wire.push(request(id, END_STREAM));
    wire.next();
    wire.push(data(1, 'late'));
    expect(endings(wire.next())).toEqual([['reset 1', ERROR_CODE.streamClosed]]);
    wire.push(data(1_199, 'late'));
    expect(endings(wire.next())).toEqual([['reset 1199', ERROR_CODE.streamClosed]]);
  });

  test('a reset is told once, and nothing is sent after it', async () => {
    const wire = openGreeted();
    wire.push(Buffer.concat([request(1, 0), bytesOf({ type: TYPE.reset, streamId: 1, payload: uint32(0) })]));
    const { stream, closed } = wire.streams[0]!;
    expect(closed).toBe(1);
    stream.respond(HEADERS_BLOCK, false);
    stream.write([Buffer.from('a')]);
    stream.end(TRAILERS_BLOCK);
    stream.reset(ERROR_CODE.cancel);
    await sleep(1);
    expect(wire.next()).toEqual([]);
  });
});

/** Streams that are open at once, and what each has with it. */
const AT_ONCE = 32;
const LOAD_BYTES = 2048;
