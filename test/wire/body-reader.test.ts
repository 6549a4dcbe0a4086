import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { bytewise, cutPlaces, pieces, runs } from './pieces.ts';
import type { ReadOptions } from './reading.ts';
import { lanes, outcome, read, values } from './reading.ts';

const ANSWER: ReadOptions = { format: openaiChat, direction: 'response' };
const REQUEST: ReadOptions = { format: openaiChat, direction: 'request' };
const STREAM: ReadOptions = { ...ANSWER, contentType: 'text/event-stream' };

const reasonsOf = (frames: readonly Frame[]): Set<unknown> =>
  new Set(frames.map((frame) => frame.uninspectable).filter((reason) => reason !== undefined));

const joined = (frames: readonly Frame[]): string => Buffer.concat(frames.map((frame) => frame.bytes)).toString('latin1');

/** Each frame's reason and the text read from it. */
const reasons = (body: string | Buffer, options: ReadOptions) =>
  read([Buffer.from(body as string)], options).frames.map((frame) => [frame.uninspectable, frame.segments.map((s) => s.text).join('|')]);

const FRAMINGS: readonly (readonly [what: string, body: string | Buffer, options: ReadOptions, frames: readonly (readonly unknown[])[]])[] =
  [
    ['JSON', '{"a":"x"}', { ...REQUEST, format: generic }, [[undefined, 'a|x']]],
    ['JSON under +json', '{"a":"x"}', { ...REQUEST, format: generic, contentType: 'application/vnd.api+json' }, [[undefined, 'a|x']]],
    ['JSON without a type', ' \n{"a":"x"}', { ...REQUEST, format: generic, contentType: '' }, [[undefined, 'a|x']]],
    ['JSON under text/plain', '\ufeff["x"]', { ...REQUEST, format: generic, contentType: 'text/plain' }, [[undefined, 'x']]],
    ['JSON under image/png', '["x"]', { ...REQUEST, format: generic, contentType: 'image/png' }, [[undefined, 'x']]],
    ['text', 'héllo', { ...REQUEST, contentType: 'text/plain' }, [[undefined, 'héllo']]],
    ['text that only begins as JSON', '[INFO] hello', { ...REQUEST, contentType: 'text/plain' }, [[undefined, '[INFO] hello']]],
    ['text without a type', 'hello', { ...REQUEST, contentType: '' }, [[undefined, 'hello']]],
    ['white space alone', ' \n ', { ...REQUEST, contentType: '' }, [[undefined, ' \n ']]],
    ['XML', '<a>x</a>', { ...REQUEST, contentType: 'application/soap+xml' }, [[undefined, '<a>x</a>']]],
    ['a form', 'a=x&b=y', { ...REQUEST, contentType: 'application/x-www-form-urlencoded' }, [[undefined, 'a|x|b|y']]],
    ['text in UTF-16', 's\0e\0', { ...REQUEST, contentType: 'text/plain; charset="UTF-16"' }, [[undefined, 'se']]],
    ['text in an unknown charset', 'se', { ...REQUEST, contentType: 'text/plain; charset=utf-7' }, [['invalid-utf8', 'se']]],
    ['text that is not UTF-8', Buffer.from([0x61, 0xff, 0x62]), { ...REQUEST, contentType: 'text/plain' }, [['invalid-utf8', 'a\ufffdb']]],
    [
      'multipart without a delimiter',
      'hello',
      { ...REQUEST, contentType: 'multipart/form-data; boundary=x' },
      [
        [undefined, 'hell'],
        ['invalid-multipart', 'o'],
      ],
    ],
    ['text under image/png', 'hello', { ...REQUEST, contentType: 'image/png' }, [[undefined, 'hello']]],
    ['an image', Buffer.from([0x89, 0x50]), { ...REQUEST, contentType: 'image/png' }, [['opaque', '']]],
    ['something compressed', 'x', { ...REQUEST, contentEncoding: 'gzip' }, [['content-encoding', '']]],
    ['identity encoding', '["x"]', { ...REQUEST, format: generic, contentEncoding: 'identity' }, [[undefined, 'x']]],
    ['invalid JSON, as text too', '{"a": x}', REQUEST, [['invalid-json', '{"a": x}']]],
    ['truncated JSON, as text too', '{"a": "x', REQUEST, [['truncated', '{"a": "x']]],
    ['JSON that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), REQUEST, [['invalid-utf8', '"\ufffd"']]],
    ['JSON that is too deep', '[[["x"]]]', { ...REQUEST, limits: { jsonDepth: 2 } }, [['json-depth', '[[["x"]]]']]],
    ['an empty body', '', REQUEST, []],
    ['an empty stream', '', STREAM, []],
    ['an empty text', '', { ...REQUEST, contentType: 'text/plain' }, []],
    ['a stream with a payload that is no JSON', 'data: hi\ndata: you\n\n', STREAM, [[undefined, 'hi|\n|you']]],
    ['a stream with comments and ids', ': note\nid: 5\n\n', STREAM, [[undefined, 'note|5']]],
    [
      'a stream with a payload that is too deep',
      'data: [[["x"]]]\n\n',
      { ...STREAM, limits: { jsonDepth: 2 } },
      [['json-depth', '[[["x"]]]']],
    ],
    ['JSON over several data lines', 'data: ["x",\ndata: "y"]\n\n', { ...STREAM, format: generic }, [[undefined, 'x|y']]],
    ['JSON that claims to be a stream', '\n{"a":\n"x"}', { ...STREAM, direction: 'request', format: generic }, [[undefined, 'a|x']]],
    [
      'JSON over several lines that claims to be JSON lines',
      '{"a":\n"x"}',
      { ...ANSWER, format: generic, contentType: 'application/x-ndjson' },
      [
        ['truncated', '{"a":'],
        ['invalid-json', '"x"}'],
      ],
    ],
    ['a stream in a request', 'data: ["x"]\n\n', { ...STREAM, direction: 'request' }, [[undefined, 'x']]],
    [
      'JSON lines',
      '{"a":"x"}\n\n{"a":"y"}',
      { ...ANSWER, format: generic, contentType: 'application/x-ndjson' },
      [
        [undefined, 'a|x'],
        [undefined, 'y'],
      ],
    ],
  ];

test('the table of framings has all its rows', () => expect(FRAMINGS).toHaveLength(34));

test.each(FRAMINGS)('reads %s', (_what, body, options, frames) => {
  expect(reasons(body, options)).toEqual(frames);
});

/** Frames without the accidents of cutting: neighbours of plain text or unread bytes are one. */
function uncut(frames: readonly Frame[]): unknown[] {
  const shapes: { plain: boolean; reason: unknown; bytes: string; text: string }[] = [];
  for (const frame of frames) {
    const unread = frame.segments.length === 0 && frame.uninspectable !== undefined;
    const plain = unread || (frame.position === undefined && frame.segments.every((s) => s.source.kind === 'utf8' && s.key === 'text'));
    const text = frame.segments.map((s) => (plain ? s.text : `${s.key}=${s.text}`)).join(plain ? '' : '|');
    const last = shapes.at(-1);
    if (plain && last?.plain) {
      last.reason ??= frame.uninspectable;
      last.bytes += frame.bytes.toString('latin1');
      last.text += text;
    } else shapes.push({ plain, reason: frame.uninspectable, bytes: frame.bytes.toString('latin1'), text });
  }
  return shapes;
}

test.each(FRAMINGS)('reads %s the same at every split', (_what, body, options) => {
  const bytes = Buffer.from(body as string);
  const whole = read([bytes], options);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { frames } = read(pieces(bytes, [cut]), options);
    expect(joined(frames)).toBe(bytes.toString('latin1'));
    expect(lanes({ frames })).toEqual(lanes(whole));
    expect(reasonsOf(frames)).toEqual(reasonsOf(whole.frames));
  }
  expect(lanes(read(bytewise(bytes), options))).toEqual(lanes(whole));
});

test.each([
  ['text', 'hello', 'text/plain', true],
  ['a form', 'a=b', 'application/x-www-form-urlencoded', true],
  ['bytes', '\0', 'application/octet-stream', true],
  ['JSON under another name', '{"messages":[]}', 'text/plain', undefined],
  ['nothing', '', 'text/plain', undefined],
])('a request of a dialect that is %s is counted if that is no JSON', (_what, body, contentType, unfit) => {
  expect(read([Buffer.from(body)], { ...REQUEST, contentType }).facts.unfit).toBe(unfit);
  expect(read([Buffer.from(body)], { ...REQUEST, format: generic, contentType }).facts.unfit).toBeUndefined();
  expect(read([Buffer.from(body)], { ...ANSWER, contentType }).facts.unfit).toBeUndefined();
});

test('a form is what a dialect sends that knows its parts', () => {
  const format = { ...openaiChat, readPart: () => undefined };
  const contentType = 'multipart/form-data; boundary=b';
  expect(read([Buffer.from('--b\r\n\r\nx\r\n--b--')], { ...REQUEST, format, contentType }).facts.unfit).toBeUndefined();
  expect(read([Buffer.from('--b\r\n\r\nx\r\n--b--')], { ...REQUEST, contentType }).facts.unfit).toBe(true);
});

test('a body of exactly the limit is read, one byte more is given unread and so is the rest', () => {
  const options = { ...REQUEST, limits: { bodyBytes: 9 } };
  const body = '{"a":"x"}';
  expect(reasons(body, { ...options, format: generic })).toEqual([[undefined, 'a|x']]);
  expect(reasons(` ${body}`, options)).toEqual([['body-limit', '']]);
  const { frames } = read([Buffer.from('{"a":'), Buffer.from('"xyzzy'), Buffer.from('"}')], options);
  expect(frames.map((frame) => [frame.uninspectable, frame.bytes.toString()])).toEqual([
    ['body-limit', '{"a":'],
    ['body-limit', '"xyzzy'],
    ['body-limit', '"}'],
  ]);
});

test('an event over the limit is given unread and the next one is read', () => {
  const options = { ...STREAM, format: generic, limits: { eventBytes: 20 } };
  expect(reasons('data: "xxxxxxxxxxxxxxxxxxx"\n\ndata: "y"\n\n', options)).toEqual([
    ['event-limit', ''],
    [undefined, 'y'],
  ]);
  expect(reasons('"xxxxxxxxxxxxxxxxxxxxxxx"\n"y"\n', { ...options, contentType: 'application/jsonl' })).toEqual([
    ['event-limit', ''],
    [undefined, 'y'],
  ]);
});

test('a character cut by a piece waits for its other bytes', () => {
  const bytes = Buffer.from('a😀b');
  const { frames } = read(pieces(bytes, [3]), { ...REQUEST, contentType: 'text/plain' });
  expect(frames.map((frame) => frame.segments.map((s) => s.text))).toEqual([['a'], ['😀b']]);
});

const args = (text: string) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } }] });
const sse = (...payloads: readonly unknown[]) => Buffer.from(payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join(''));

test('events that cut an escape or a number of nested JSON are one frame', () => {
  const { frames } = read([sse(args('{"a":"x\\'), args('u00'), args('41y","n":1234'), args('56789'), args('}'), args(''))], STREAM);
  expect(frames.map((frame) => values({ frames: [frame] }).map(([, key, text]) => [key.split('/')[1], text]))).toEqual([
    [
      ['0', 'a'],
      ['1', 'xAy'],
      ['2', 'n'],
      ['3', '123456789'],
    ],
    [],
    [], // without bytes: the call is complete because the stream is
  ]);
});

test('events wait for a nested token only so long, and say so', () => {
  const waiting = Array.from({ length: 20 }, () => ({ choices: [] }));
  const { frames } = read([sse(args('{"a":"x\\u00'), ...waiting)], STREAM);
  expect(frames[0]!.uninspectable).toBe('event-limit');
  expect(values({ frames: [frames[0]!] }).at(-1)?.[2]).toBe('x\\u00');
  expect(frames).toHaveLength(7); // with the one that has no bytes and says that the call is complete
});

test('a stream that ends inside a nested token gives everything', () => {
  const body = sse(args('{"a":"x\\u00'));
  const { frames } = read([body], STREAM);
  expect(joined(frames)).toBe(body.toString('latin1'));
  expect(values({ frames }).at(-1)?.[2]).toBe('x\\u00');
  expect(frames.at(-1)?.laneEnds).toContain('*');
});

test('more open keys than the limit are read and said', () => {
  const many = (from: number) => Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${from + i}`, 'x']));
  const { frames } = read([sse(many(0), many(3000))], { ...STREAM, format: generic });
  expect(frames.map((frame) => frame.uninspectable)).toEqual([undefined, 'lane-limit']);
  expect(values({ frames })).toHaveLength(6000);
});

const delta = fc.oneof(
  fc.record({ content: fc.string({ unit: 'binary' }) }),
  fc.record({ reasoning: fc.string() }),
  fc.record({
    tool_calls: fc.tuple(
      fc.record({ index: fc.nat(1), function: fc.record({ arguments: fc.string({ unit: fc.constantFrom(...'{}":\\u0041,9a ') }) }) }),
    ),
  }),
);
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        id: fc.constant('c'),
        choices: fc.tuple(fc.record({ index: fc.nat(2), delta, finish_reason: fc.constantFrom(null, null, 'stop') })),
      })
      .map((v) => JSON.stringify(v)),
  },
  { weight: 1, arbitrary: fc.constantFrom('[DONE]', 'plain', '{"broken', '{"error":{"message":"m"}}', '', 'é') },
);
const body = fc.array(event, { maxLength: 12 }).map((events) => Buffer.from(events.map((text) => `data: ${text}\n\n`).join('')));

test('frames of a stream do not depend on the cutting, and are the bytes of the body', () => {
  fc.assert(
    fc.property(body, cutPlaces, (bytes, cuts) => {
      const cut = read(pieces(bytes, cuts), STREAM);
      expect(outcome(cut)).toEqual(outcome(read([bytes], STREAM)));
      expect(joined(cut.frames)).toBe(bytes.toString('latin1'));
    }),
    { numRuns: runs(300) },
  );
});

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(`{"messages":${text},"choices":${text},"tools":[${text}],"content":${text},"delta":${text}}`)),
  fc.json().map((text) => Buffer.from(`event: x\ndata: {"type":"content_block_delta","choices":[${text}],"delta":${text},"index":0}\n\n`)),
);

test('no body, type, dialect or cutting makes it throw or lose a byte', () => {
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom(openaiChat, anthropicMessages, generic),
      fc.constantFrom('request' as const, 'response' as const),
      fc.constantFrom(
        'application/json',
        'text/event-stream',
        'text/plain',
        'application/x-ndjson',
        'image/png',
        'multipart/form-data',
        '',
      ),
      cutPlaces,
      (bytes, format, direction, contentType, cuts) => {
        const options = { format, direction, contentType, limits: { bodyBytes: 150, eventBytes: 100, jsonDepth: 5 } };
        const cut = read(pieces(bytes, cuts), options);
        expect(joined(cut.frames)).toBe(bytes.toString('latin1'));
        expect(uncut(cut.frames)).toEqual(uncut(read([bytes], options).frames));
      },
    ),
    { numRuns: runs(1000) },
  );
});
