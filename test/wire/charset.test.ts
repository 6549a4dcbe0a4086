import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Charset, createTranscoder, encode, lengthIn } from '../../src/wire/charset.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { bytewise, cutPlaces, pieces, runs } from './pieces.ts';
import type { ReadOptions } from './reading.ts';
import { lanes, outcome, read, values } from './reading.ts';
import { bytesOf, reasonsOf, redacted } from './redacting.ts';

type Written =
  | 'utf-8'
  | 'utf-8 with a mark'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-16le with a mark'
  | 'utf-16be with a mark'
  | 'latin-1'
  | 'windows-1252';

const WRITE: Readonly<Record<Written, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
  'utf-16le with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'latin-1': (text) => Buffer.from(text, 'latin1'),
  'windows-1252': (text) => encode(Buffer.from(text), 'windows-1252'),
};

const LABELS: Readonly<Record<Written, string>> = {
  'utf-8': 'utf-8',
  'utf-8 with a mark': 'UTF-8',
  'utf-16le': 'utf-16le',
  'utf-16be': '"UTF-16BE"',
  'utf-16le with a mark': 'utf-16',
  'utf-16be with a mark': 'utf-16',
  'latin-1': 'iso-8859-1',
  'windows-1252': 'windows-1252',
};

/** A text of each kind with é in it, and what is read of it, texts joined. */
const KINDS: readonly (readonly [type: string, format: ReadOptions['format'], body: string, text: string])[] = [
  ['application/json', generic, '{"a":"héllo SECRET\\u00e9"}', 'a|héllo SECRETé'],
  ['application/json', openaiChat, '{"messages":[{"role":"user","content":"héllo SECRET"}]}', 'héllo SECRET'],
  ['text/plain', generic, 'héllo SECRET', 'héllo SECRET'],
  ['text/html', generic, '<p title="é">SECRET</p>', '<p title="é">SECRET</p>'],
  ['application/x-ndjson', generic, '{"a":"é"}\n{"a":"SECRET"}\n', 'a|éSECRET'],
  ['text/event-stream', generic, 'data: {"a":"é"}\n\ndata: {"a":"SECRET"}\n\n', 'a|éSECRET'],
  ['application/x-www-form-urlencoded', generic, 'a=é+SECRET&b=2', 'a|é SECRET|b|2'],
];

const CELLS = KINDS.flatMap((kind) => (Object.keys(WRITE) as Written[]).map((written) => [kind[0], written, kind] as const));

test('every kind is tried in every charset', () => expect(CELLS).toHaveLength(56));

test.each(CELLS)('%s in %s is read, left alone and redacted', (type, written, [, format, body, text]) => {
  const bytes = WRITE[written](body);
  const options: ReadOptions = { format, direction: 'request', contentType: `${type}; charset=${LABELS[written]}` };
  const whole = read([bytes], options);
  const mark = written.endsWith('mark') && (type === 'text/plain' || type === 'text/html') ? '\ufeff' : '';
  const named = lanes(whole).map(([, , found]) => found);
  expect(named.join('|').replace('\ufeff', '')).toBe(text);
  expect(named.join('|').startsWith('\ufeff')).toBe(mark !== '');
  expect(reasonsOf(whole.frames)).toEqual([]);
  expect(bytesOf(whole.frames).equals(bytes)).toBe(true);
  const after = type.endsWith('urlencoded')
    ? WRITE[written](body.replace('é+SECRET', FORM_ENCODED[written]))
    : WRITE[written](body.replace('SECRET', '[X]'));
  expect(redacted(whole.frames, 'SECRET').toString('latin1')).toBe(after.toString('latin1'));
  const cut = read(bytewise(bytes), options);
  expect(lanes(cut)).toEqual(lanes(whole));
  expect(reasonsOf(cut.frames)).toEqual([]);
  expect(bytesOf(cut.frames).equals(bytes)).toBe(true);
});

/** A changed value is encoded anew: in a single-byte charset é is one byte. */
const FORM_ENCODED: Readonly<Record<Written, string>> = {
  'utf-8': '%C3%A9+%5BX%5D',
  'utf-8 with a mark': '%C3%A9+%5BX%5D',
  'utf-16le': '%C3%A9+%5BX%5D',
  'utf-16be': '%C3%A9+%5BX%5D',
  'utf-16le with a mark': '%C3%A9+%5BX%5D',
  'utf-16be with a mark': '%C3%A9+%5BX%5D',
  'latin-1': '%E9+%5BX%5D',
  'windows-1252': '%E9+%5BX%5D',
};

const REQUEST: ReadOptions = { format: generic, direction: 'request' };

const TOLD: readonly (readonly [what: string, bytes: Buffer, contentType: string, texts: readonly string[], reasons: readonly string[]])[] =
  [
    ['UTF-16LE JSON that says nothing', WRITE['utf-16le']('{"a":"é"}'), 'application/json', ['a', 'é'], []],
    ['UTF-16BE JSON that says nothing', WRITE['utf-16be']('{"a":"é"}'), 'application/json', ['a', 'é'], []],
    ['UTF-16BE JSON under another name', WRITE['utf-16be']('["é"]'), 'text/plain', ['é'], []],
    ['UTF-16LE JSON under image/png', WRITE['utf-16le with a mark']('["é"]'), 'image/png', ['é'], []],
    ['a JSON string alone in UTF-16', WRITE['utf-16le']('"漢字"'), 'application/json', ['漢字'], []],
    ['UTF-8 JSON that says UTF-16', WRITE['utf-8']('["é"]'), 'application/json; charset=utf-16', ['é'], []],
    ['UTF-8 JSON that says latin-1', WRITE['utf-8']('["é"]'), 'application/json; charset=iso-8859-1', ['é'], []],
    ['UTF-8 JSON lines that say UTF-16', WRITE['utf-8']('["é"]\n'), 'application/x-ndjson; charset=utf-16le', ['é'], []],
    ['an event stream that says nothing is UTF-8', WRITE['utf-8']('data: ["é"]\n\n'), 'text/event-stream', ['é'], []],
    ['text with a byte order mark', WRITE['utf-16be with a mark']('é'), 'text/plain', ['\ufeffé'], []],
    ['text with a mark against its label', WRITE['utf-16be with a mark']('é'), 'text/plain; charset=latin1', ['\ufeffé'], []],
    ['UTF-16 without a mark in big-endian order', WRITE['utf-16be']('aé'), 'text/plain; charset=utf-16', ['aé'], []],
    [
      'an odd byte at the end',
      Buffer.concat([WRITE['utf-16le']('aé'), Buffer.of(1)]),
      'text/plain; charset=utf-16le',
      ['aé'],
      ['invalid-utf8'],
    ],
    [
      'half a pair at the end',
      Buffer.from([0x61, 0, 0x3d, 0xd8]),
      'text/plain; charset=utf-16le',
      ['a\ufffd\ufffd\ufffd'],
      ['invalid-utf8'],
    ],
    ['two different charsets', Buffer.from('a'), 'text/plain; charset=utf-8; charset=utf-16', ['a'], ['invalid-utf8']],
    ['US-ASCII', Buffer.from('a'), 'text/plain; charset=us-ascii', ['a'], []],
    ['controls of windows-1252', Buffer.from([0x80, 0x81, 0x9f]), 'text/plain; charset=cp1252', ['€\u0081Ÿ'], []],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'text/plain', ['\ufffd\ufffd\0\0a\0\0\0'], ['invalid-utf8']],
  ];

test('the table of charsets that are told has all its rows', () => expect(TOLD).toHaveLength(18));

test.each(TOLD)('reads %s', (_what, bytes, contentType, texts, reasons) => {
  for (const parts of [[bytes], bytewise(bytes)]) {
    const { frames } = read(parts, { ...REQUEST, contentType });
    expect(lanes({ frames }).map(([, , text]) => text)).toEqual(texts);
    expect(reasonsOf(frames)).toEqual(reasons);
    expect(bytesOf(frames).equals(bytes)).toBe(true);
  }
});

test('halves of surrogate pairs are a reason, and stay as they came beside a redaction', () => {
  const body = (text: string) =>
    Buffer.concat([Buffer.from('x', 'utf16le'), Buffer.of(0x3d, 0xd8), Buffer.from(text, 'utf16le'), Buffer.of(0, 0xdc)]);
  const { frames } = read([body('a SECRET 😀 ')], { ...REQUEST, contentType: 'text/plain; charset=utf-16le' });
  expect(reasonsOf(frames)).toEqual(['invalid-utf8']);
  expect(redacted(frames, 'SECRET').equals(body('a [X] 😀 '))).toBe(true);
});

test('text that says UTF-16 and is none does not hide without a reason', () => {
  const bytes = Buffer.from('my card is 4111 1111 1111 1111, really');
  expect(reasonsOf(read([bytes], { ...REQUEST, contentType: 'text/plain; charset=utf-16le' }).frames)).toEqual(['invalid-utf8']);
  const swapped = WRITE['utf-16be']('my card is 4111');
  expect(reasonsOf(read([swapped], { ...REQUEST, contentType: 'text/plain; charset=utf-16le' }).frames)).toEqual(['invalid-utf8']);
  const honest = WRITE['utf-16le']('一二三四五六七八九十。'.repeat(20));
  expect(reasonsOf(read([honest], { ...REQUEST, contentType: 'text/plain; charset=utf-16le' }).frames)).toEqual([]);
});

test('a stream in UTF-16 is one, and its frames do not depend on the cutting', () => {
  const bytes = WRITE['utf-16le']('data: {"choices":[{"delta":{"content":"é😀"}}]}\n\ndata: [DONE]\n\n');
  const options: ReadOptions = { format: openaiChat, direction: 'response', contentType: 'text/event-stream; charset=utf-16' };
  const whole = read([bytes], options);
  expect(values(whole).map(([, , text]) => text)).toEqual(['é😀']);
  for (let cut = 0; cut <= bytes.length; cut++) expect(outcome(read(pieces(bytes, [cut]), options))).toEqual(outcome(whole));
});

test('a form in windows-1252 is written again in it', () => {
  const options: ReadOptions = { ...REQUEST, contentType: 'application/x-www-form-urlencoded; charset=windows-1252' };
  const { frames } = read([Buffer.from('a=%80+SECRET+%E9&b=%e9')], options);
  expect(values({ frames }).map(([, , text]) => text)).toEqual(['€ SECRET é', 'é']);
  expect(redacted(frames, 'SECRET').toString()).toBe('a=%80+%5BX%5D+%E9&b=%e9');
});

const charsets = fc.constantFrom<Exclude<Charset, 'utf-8'>>('utf-16le', 'utf-16be', 'windows-1252');

test('any bytes come back from any charset, whatever the pieces, and lengths are exact', () => {
  fc.assert(
    fc.property(charsets, fc.uint8Array({ maxLength: 64 }), cutPlaces, (charset, array, cuts) => {
      const bytes = Buffer.from(array);
      const transcoder = createTranscoder(charset);
      const content = pieces(bytes, cuts).map((piece) => transcoder.push(piece));
      const rest = transcoder.end();
      const given = content.map((part) => encode(part, charset));
      expect(Buffer.concat([...given, rest]).equals(bytes)).toBe(true);
      expect(content.map((part) => lengthIn(charset, part))).toEqual(given.map(({ length }) => length));
    }),
    { numRuns: runs(500) },
  );
});
