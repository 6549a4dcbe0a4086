import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generic } from '../../../src/wire/formats/generic.ts';
import { openChunk } from '../../../src/wire/framing/aws-chunk.ts';
import {
  createEventStreamFramer,
  type EventStreamMessage,
  type EventStreamUnread,
  eventStreamMessage,
} from '../../../src/wire/framing/aws-eventstream.ts';
import { awsEvent, awsMessage, awsMessages, type HeaderValue, sized } from '../../support/aws-eventstream.ts';
import { bytewise, cutPlaces, pieces, runs } from '../pieces.ts';
import { read } from '../reading.ts';

type Found = EventStreamMessage | EventStreamUnread;

function frame(parts: readonly Buffer[], messageBytesMax = 1024): Found[] {
  const framer = createEventStreamFramer({ messageBytesMax });
  return [...parts.flatMap((part) => [...framer.push(part)]), ...framer.end()];
}

const bytesOf = (found: Found): Buffer => (found.kind === 'message' ? found.carrier.bytes : found.bytes);
/** Without the sizes of the pieces in which unread bytes come. */
const shown = (all: readonly Found[]): string[] =>
  all.map((one) =>
    one.kind === 'unread' ? one.reason : `${one.name} ${one.carrier.content.toString()} ${one.texts.join()} ${one.uninspectable}`,
  );
const once = (names: readonly string[]): string[] => names.filter((name, i) => name !== names[i - 1]);

const TWO = [awsEvent('messageStart', { role: 'assistant' }), awsEvent('contentBlockDelta', { delta: { text: 'Grüße' } })] as const;
const STREAM = Buffer.concat([...TWO]);

describe('AWS event stream framing', () => {
  test('reads messages of the published test vectors', () => {
    const vectors = [
      '000000100000000005c248eb7d98c8ff',
      '0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936',
      '0000002d0000001041c424b80a6576656e742d74797065040000a00c7b27666f6f273a27626172277d36f480a0',
    ];
    const found = frame([Buffer.from(vectors.join(''), 'hex')]);
    expect(shown(found)).toEqual([
      'undefined   undefined',
      "undefined {'foo':'bar'}  undefined",
      "undefined {'foo':'bar'} event-type undefined",
    ]);
  });

  test('gives messages with their payloads and names', () => {
    const found = frame([STREAM]);
    expect(shown(found)).toEqual([
      'messageStart {"role":"assistant"}  undefined',
      'contentBlockDelta {"delta":{"text":"Grüße"}}  undefined',
    ]);
    expect(found.map(bytesOf)).toEqual(TWO);
  });

  test('gives the same for every cutting, in one-byte pieces too', () => {
    const whole = shown(frame([STREAM]));
    expect(shown(frame(bytewise(STREAM)))).toEqual(whole);
    for (let cut = 1; cut < STREAM.length; cut++) expect(shown(frame([STREAM.subarray(0, cut), STREAM.subarray(cut)]))).toEqual(whole);
  });

  test('does not copy a message that comes in one piece', () => {
    const [first] = frame([STREAM]);
    expect(bytesOf(first!).buffer).toBe(STREAM.buffer);
  });

  test('a seal writes lengths and checksums anew and leaves the headers byte for byte', () => {
    const headers = { 'x-a': { type: 0, bytes: Buffer.alloc(0) }, ':event-type': 'e', 'x-b': { type: 9, bytes: Buffer.alloc(16, 7) } };
    const [message] = frame([awsMessage(headers, '{"a":1}')]);
    const { carrier } = message as EventStreamMessage;
    expect(carrier.seal(carrier.content)).toEqual(carrier.bytes);
    expect(carrier.seal(Buffer.from('{"a":"longer"}'))).toEqual(awsMessage(headers, '{"a":"longer"}'));
  });

  test('writes messages that a client reads', () => {
    expect(awsMessages(eventStreamMessage({ ':event-type': 'x', b: 'ü' }, '{}'))).toEqual([
      { headers: { ':event-type': 'x', b: 'ü' }, payload: '{}' },
    ]);
  });

  test('names exceptions and errors by their type and code', () => {
    const exception = awsMessage({ ':message-type': 'exception', ':exception-type': 'throttlingException' }, '{"message":"slow"}');
    const error = awsMessage({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'call 4111' }, '');
    expect(shown(frame([exception, error]))).toEqual([
      'throttlingException {"message":"slow"}  undefined',
      'InternalError  call 4111 undefined',
    ]);
  });

  const long = Buffer.alloc(8);
  long.writeBigInt64BE(4_111_111_111_111_111n);
  const HEADERS: readonly (readonly [string, Readonly<Record<string, HeaderValue>>, readonly string[], string | undefined])[] = [
    ['a string and its name', { note: 'hello' }, ['hello', 'note'], undefined],
    ['true', { flag: { type: 0, bytes: Buffer.alloc(0) } }, ['flag'], undefined],
    ['false', { flag: { type: 1, bytes: Buffer.alloc(0) } }, ['flag'], undefined],
    ['a byte', { n: { type: 2, bytes: Buffer.alloc(1) } }, ['n'], undefined],
    ['a short', { n: { type: 3, bytes: Buffer.alloc(2) } }, ['n'], undefined],
    ['a short integer', { n: { type: 4, bytes: Buffer.alloc(4) } }, ['n'], undefined],
    ['an integer of nine digits', { n: { type: 4, bytes: Buffer.of(0x07, 0x5b, 0xcd, 0x15) } }, ['123456789', 'n'], undefined],
    ['a long of sixteen digits', { n: { type: 5, bytes: long } }, ['4111111111111111', 'n'], undefined],
    ['bytes that are text', { b: { type: 6, bytes: sized(Buffer.from('hidden')) } }, ['hidden', 'b'], undefined],
    ['bytes that are none', { b: { type: 6, bytes: sized(Buffer.of(0xff)) } }, ['b'], 'opaque'],
    ['a signature', { ':chunk-signature': { type: 6, bytes: sized(Buffer.of(0xff)) } }, [], undefined],
    ['a time', { ':date': { type: 8, bytes: long } }, [], undefined],
    ['a uuid', { u: { type: 9, bytes: Buffer.alloc(16) } }, ['u'], undefined],
    ['a string that is not UTF-8', { s: { type: 7, bytes: sized(Buffer.of(0xff)) } }, ['�', 's'], 'invalid-utf8'],
    ['an event name with digits', { ':event-type': '4111 1111' }, ['4111 1111'], undefined],
    ['an unknown type', { ok: 'x', s: { type: 10, bytes: Buffer.from('zz') } }, ['x', 'ok', '\u0001s\nzz'], 'invalid-framing'],
    ['a value longer than the headers', { s: { type: 7, bytes: Buffer.of(0, 9, 0x61) } }, ['\u0001s\u0007\u0000\ta'], 'invalid-framing'],
  ];

  test('the table of headers has all its rows', () => expect(HEADERS).toHaveLength(17));

  test.each(HEADERS)('header: %s', (_, headers, texts, uninspectable) => {
    const [message] = frame([awsMessage(headers, '{}')]);
    expect(message).toMatchObject({ kind: 'message', texts, uninspectable });
    expect((message as EventStreamMessage).carrier.content.toString()).toBe('{}');
  });

  test('a message that is two things at once is marked', () => {
    const message = awsMessage({ ':event-type': 'chunk', ':Event-type': 'other' }, '{}');
    const twice = Buffer.from(message.toString('latin1').replace(':Event', ':event'), 'latin1');
    twice.writeUInt32BE(crc32(twice.subarray(0, -4)), twice.length - 4);
    expect(frame([twice])).toMatchObject([{ kind: 'message', name: 'other', uninspectable: 'invalid-framing' }]);
  });

  test('headers of one message are not taken for those of the next', () => {
    const notes = ['one', 'one', 'two', 'one'].map((note) => awsMessage({ ':event-type': 'e', note }, '{}'));
    expect(frame(notes).map((one) => one.kind === 'message' && one.texts[0])).toEqual(['one', 'one', 'two', 'one']);
  });

  test('a message with a wrong checksum is read and marked, and the next one is sound', () => {
    const broken = Buffer.from(TWO[0]);
    broken[broken.length - 6]! ^= 1;
    expect(frame([broken, TWO[1]]).map((one) => one.kind === 'message' && one.uninspectable)).toEqual(['invalid-framing', undefined]);
  });

  test.each([
    ['a checksum', 8],
    ['a total length', 3],
    ['a length of the headers', 7],
  ])('after a prelude with a wrong byte in %s nothing is read', (_, at) => {
    const broken = Buffer.from(STREAM);
    broken[TWO[0].length + at]! ^= 0x40;
    for (const parts of [[broken], bytewise(broken)]) {
      const found = frame(parts);
      expect(once(shown(found))).toEqual(['messageStart {"role":"assistant"}  undefined', 'invalid-framing']);
      expect(Buffer.concat(found.map(bytesOf))).toEqual(broken);
    }
  });

  test('lengths that contradict each other are no prelude although the checksum fits', () => {
    const contradicting = Buffer.from('000000100000000172c5787d00000000', 'hex'); // sixteen bytes, one of them headers
    expect(shown(frame([awsMessage({}, ''), contradicting]))).toEqual(['undefined   undefined', 'invalid-framing']);
  });

  test('a message over the limit goes by unread, and the next one is read', () => {
    const big = awsEvent('contentBlockDelta', { delta: { text: 'x'.repeat(2000) } });
    for (const parts of [[big, TWO[0]], bytewise(Buffer.concat([big, TWO[0]]))]) {
      const found = frame(parts);
      expect(once(shown(found))).toEqual(['event-limit', 'messageStart {"role":"assistant"}  undefined']);
      expect(Buffer.concat(found.map(bytesOf))).toEqual(Buffer.concat([big, TWO[0]]));
    }
  });

  test('the limit is exact', () => {
    const limit = TWO[0].length;
    expect(frame([TWO[0]], limit).map(({ kind }) => kind)).toEqual(['message']);
    expect(frame([TWO[0]], limit - 1).map(({ kind }) => kind)).toEqual(['unread']);
  });

  test('a message that is not complete at the end is unread', () => {
    expect(shown(frame([STREAM.subarray(0, -1)])).at(-1)).toBe('truncated');
    expect(shown(frame([STREAM.subarray(0, 5)]))).toEqual(['truncated']);
    expect(frame([])).toEqual([]);
  });

  test('never throws and gives every byte back, whatever is changed in a stream', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), cutPlaces, (changes, cuts) => {
        const bytes = Buffer.concat([STREAM, STREAM]);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const found = frame(pieces(bytes, cuts), 300);
        expect(Buffer.concat(found.map(bytesOf))).toEqual(bytes);
        expect(once(shown(found))).toEqual(once(shown(frame([bytes], 300))));
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('the bytes of a chunk', () => {
  const chunk = (payload: string) => {
    const bytes = awsMessage({ ':event-type': 'chunk' }, payload);
    const [message] = frame([bytes], 1 << 20);
    return openChunk((message as EventStreamMessage).carrier, 64);
  };
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

  test('stand decoded in the content, and as base64 in what a seal makes of it', () => {
    const { carrier, uninspectable } = chunk(`{"bytes": "${base64('{"a": "b"}\n')}", "p":"abc"}`);
    expect([carrier.content.toString(), uninspectable]).toEqual(['{"bytes": {"a": "b"}, "p":"abc"}', undefined]);
    const [sealed] = awsMessages(carrier.seal(Buffer.from('{"bytes": {"a": "[REDACTED]"}, "p":"abc"}')));
    expect(sealed!.payload).toBe(`{"bytes": "${base64('{"a": "[REDACTED]"}')}", "p":"abc"}`);
  });

  test('may be text, may stand twice and with an escaped name', () => {
    const { carrier, uninspectable } = chunk(`{"bytes":"${base64('say "hi"')}","b\\u0079tes":"${base64('[1]')}","bytes":7}`);
    expect([carrier.content.toString(), uninspectable]).toEqual(['{"bytes":"say \\"hi\\"","b\\u0079tes":[1],"bytes":7}', undefined]);
    const [sealed] = awsMessages(carrier.seal(Buffer.from('{"bytes":"say \\"W\\"","b\\u0079tes":[1],"bytes":7}')));
    expect(sealed!.payload).toBe(`{"bytes":"${base64('say "W"')}","b\\u0079tes":"${base64('[1]')}","bytes":7}`);
  });

  test('that are not base64 in its one form, or no text, are said to be unread', () => {
    const payloads = ['{"bytes":"eyJhIjoxfQ"}', '{"bytes":"e y J h"}', `{"bytes":"${base64(Buffer.of(0xff, 0xfe))}"}`];
    expect(payloads.map((payload) => chunk(payload).uninspectable)).toEqual(['invalid-framing', 'invalid-framing', 'opaque']);
    expect(payloads.map((payload) => chunk(payload).carrier.content.toString())).toEqual(payloads);
  });

  test('cannot smuggle fields around the value they stand in', () => {
    const { carrier } = chunk(`{"bytes":"${base64('1},"x":{"y":2')}"}`);
    expect(JSON.parse(carrier.content.toString())).toEqual({ bytes: '1},"x":{"y":2' });
  });

  test('are carried whole when what a seal gets is no JSON', () => {
    const { carrier } = chunk(`{"bytes":"${base64('{"a":1}')}"}`);
    expect(awsMessages(carrier.seal(Buffer.from('{broken')))[0]!.payload).toBe(JSON.stringify({ bytes: base64('{broken') }));
  });

  test('nothing else is opened', () => {
    const payloads = ['', 'no JSON', '[]', '{"p":"abc"}', '{"bytes":""}', '{"bytes":null}', '{"a":{"bytes":"e30="}}'];
    expect(payloads.map((payload) => chunk(payload).carrier.content.toString())).toEqual(payloads);
  });
});

describe('a body of messages', () => {
  const options = { format: generic, direction: 'response', contentType: 'application/vnd.amazon.eventstream' } as const;

  test('is read message by message, headers as text that cannot be rewritten', () => {
    const bytes = awsMessage({ ':event-type': 'e', note: 'who' }, '{"say":"what"}');
    const { frames } = read(bytewise(bytes), options);
    expect(frames).toHaveLength(1);
    expect(frames[0]!.bytes).toEqual(bytes);
    expect(frames[0]!.segments.map(({ lane, text, source }) => [lane, text, source.kind])).toEqual([
      ['other', 'who', 'json-key'],
      ['other', 'note', 'json-key'],
      ['output', 'say', 'json-key'],
      ['output', 'what', 'json-string'],
    ]);
  });

  test('gives payloads that are no JSON as text, and none for none', () => {
    const { frames } = read([awsMessage({ ':event-type': 'e' }, 'plain'), awsMessage({ ':event-type': 'e' }, '')], options);
    expect(frames.map(({ segments }) => segments.map(({ text }) => text))).toEqual([['plain'], []]);
  });

  test('says why parts of it were not read', () => {
    const big = awsEvent('e', { text: 'x'.repeat(500) });
    const broken = Buffer.concat([big, awsEvent('e', {}), Buffer.alloc(12, 1)]);
    const { frames } = read([broken], { ...options, limits: { eventBytes: 300 } });
    expect(frames.map(({ uninspectable }) => uninspectable)).toEqual(['event-limit', undefined, 'invalid-framing']);
    expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(broken);
  });
});
