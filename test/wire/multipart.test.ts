import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BodyPart, WireFormat } from '../../src/wire/format.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { boundaryOf } from '../../src/wire/multipart-body.ts';
import { bytewise, cutPlaces, pieces, runs } from './pieces.ts';
import type { ReadOptions } from './reading.ts';
import { lanes, read } from './reading.ts';
import { bytesOf, reasonsOf, redacted } from './redacting.ts';

const FORM_DATA: ReadOptions = { format: generic, direction: 'request', contentType: 'multipart/form-data; boundary=b' };

/** A body from the lines of its parts; each part is its header lines, an empty one, and its content. */
const body = (...parts: readonly string[]): string => `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
const field = (name: string, value: string, headers = ''): string =>
  `Content-Disposition: form-data; name="${name}"\r\n${headers}\r\n${value}`;
const file = (value: string, headers: string): string =>
  `Content-Disposition: form-data; name="file"; filename="notes.txt"\r\n${headers}\r\n${value}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What was read, without keys: `[lane, text]`. */
const texts = (parts: readonly Buffer[], options: ReadOptions) => lanes(read(parts, options)).map(([lane, , text]) => [lane, text]);

interface Row {
  readonly what: string;
  readonly body: string;
  readonly options?: Partial<ReadOptions>;
  readonly texts: readonly (readonly [string, string])[];
  /** With `[X]` for SECRET wherever it can be written. */
  readonly after: string;
  readonly reasons?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    what: 'fields of a form',
    body: body(field('a', 'my SECRET'), field('b', '')),
    texts: [
      ['user', 'a'],
      ['user', 'my SECRET'],
      ['user', 'b'],
    ],
    after: body(field('a', 'my [X]'), field('b', '')),
  },
  {
    what: 'fields of an answer',
    body: body(field('a', 'SECRET')),
    options: { direction: 'response' },
    texts: [
      ['output', 'a'],
      ['output', 'SECRET'],
    ],
    after: body(field('a', '[X]')),
  },
  {
    what: 'bare line feeds',
    body: '--b\ncontent-disposition: form-data; name=a\n\nSECRET\n--b--',
    texts: [
      ['user', 'a'],
      ['user', 'SECRET'],
    ],
    after: '--b\ncontent-disposition: form-data; name=a\n\n[X]\n--b--',
  },
  {
    what: 'text before the first part and after the last',
    body: `SECRET one\r\n${body(field('a', 'x'))}SECRET two`,
    texts: [
      ['user', 'SECRET one'],
      ['user', 'a'],
      ['user', 'x'],
      ['user', 'SECRET two'],
    ],
    after: `[X] one\r\n${body(field('a', 'x'))}[X] two`,
  },
  {
    what: 'a quoted boundary with spaces after the delimiter',
    body: '--a b  \r\n\r\nSECRET\r\n--a b--',
    options: { contentType: 'multipart/mixed; boundary="a b"' },
    texts: [['user', 'SECRET']],
    after: '--a b  \r\n\r\n[X]\r\n--a b--',
  },
  {
    what: 'what only looks like a delimiter',
    body: body(field('a', '--bSECRET\r\n--bb\r\n--b-x\r\n -- b')),
    texts: [
      ['user', 'a'],
      ['user', '--bSECRET\r\n--bb\r\n--b-x\r\n -- b'],
    ],
    after: body(field('a', '--b[X]\r\n--bb\r\n--b-x\r\n -- b')),
  },
  {
    what: 'a file and its name',
    body: body('Content-Disposition: form-data; name="f"; filename="SECRET.txt"\r\nContent-Type: text/plain\r\n\r\nSECRET'),
    texts: [
      ['user', 'f'],
      ['document', 'SECRET.txt'],
      ['document', 'SECRET'],
    ],
    after: body('Content-Disposition: form-data; name="f"; filename="[X].txt"\r\nContent-Type: text/plain\r\n\r\n[X]'),
  },
  {
    what: 'a file name in percent-encoding, which stays',
    body: body("Content-Disposition: attachment; filename*=UTF-8''%53ECRET+%C3%A9.txt\r\n\r\nx"),
    texts: [
      ['document', 'SECRET+é.txt'],
      ['document', 'x'],
    ],
    after: body("Content-Disposition: attachment; filename*=UTF-8''%53ECRET+%C3%A9.txt\r\n\r\nx"),
  },
  {
    what: 'headers nobody knows, folded ones too',
    body: body('X-Note: a SECRET\r\n goes on\r\nContent-Type: text/plain; note=SECRET\r\n\r\nx'),
    texts: [
      ['header', 'X-Note: a SECRET\r\n goes on'],
      ['header', 'Content-Type: text/plain; note=SECRET'],
      ['user', 'x'],
    ],
    after: body('X-Note: a [X]\r\n goes on\r\nContent-Type: text/plain; note=[X]\r\n\r\nx'),
  },
  {
    what: 'JSON parts',
    body: body(field('a', '{"k":"SECRET"}', 'Content-Type: application/json\r\n'), file('["SECRET"]', '')),
    texts: [
      ['user', 'a'],
      ['user', 'k'],
      ['user', 'SECRET'],
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['document', 'SECRET'],
    ],
    after: body(field('a', '{"k":"[X]"}', 'Content-Type: application/json\r\n'), file('["[X]"]', '')),
  },
  {
    what: 'JSON lines in a file',
    body: body(file('{"k":"SECRET"}\n{"k":"x"}\n', 'Content-Type: application/jsonl\r\n')),
    texts: [
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['document', 'k'],
      ['document', 'SECRETx'],
    ],
    after: body(file('{"k":"[X]"}\n{"k":"x"}\n', 'Content-Type: application/jsonl\r\n')),
  },
  {
    what: 'a binary file, which nobody reads',
    body: body(file('\u0000\u0001SECRET', 'Content-Type: audio/wav\r\n'), field('a', 'SECRET')),
    texts: [
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['user', 'a'],
      ['user', 'SECRET'],
    ],
    after: body(file('\u0000\u0001SECRET', 'Content-Type: audio/wav\r\n'), field('a', '[X]')),
    reasons: ['opaque'],
  },
  {
    what: 'text that says it is an image',
    body: body(file('SECRET', 'Content-Type: image/png\r\n')),
    texts: [
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['document', 'SECRET'],
    ],
    after: body(file('[X]', 'Content-Type: image/png\r\n')),
  },
  {
    what: 'a part in base64',
    body: body(file(base64('my SECRET'), 'Content-Transfer-Encoding: base64\r\n')),
    texts: [
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['document', 'my SECRET'],
    ],
    after: body(file(base64('my [X]'), 'Content-Transfer-Encoding: base64\r\n')),
  },
  {
    what: 'UTF-16 JSON in base64',
    body: body(file(Buffer.from('["SECRET"]', 'utf16le').toString('base64'), 'Content-Transfer-Encoding: BASE64\r\n')),
    texts: [
      ['user', 'file'],
      ['document', 'notes.txt'],
      ['document', 'SECRET'],
    ],
    after: body(file(Buffer.from('["[X]"]', 'utf16le').toString('base64'), 'Content-Transfer-Encoding: BASE64\r\n')),
  },
  {
    what: 'a part in quoted-printable',
    body: body(field('a', 'SE=43RET =C3=A9=\r\n more=3D', 'Content-Transfer-Encoding: quoted-printable\r\n')),
    texts: [
      ['user', 'a'],
      ['user', 'SECRET é more='],
    ],
    after: body(field('a', '[X] =C3=A9 more=3D', 'Content-Transfer-Encoding: quoted-printable\r\n')),
  },
  {
    what: 'a transfer encoding that is none',
    body: body(
      field('a', 'SECRET!', 'Content-Transfer-Encoding: base64\r\n'),
      field('b', 'SECRET', 'Content-Transfer-Encoding: uuencode\r\n'),
    ),
    texts: [
      ['user', 'a'],
      ['user', 'SECRET!'],
      ['user', 'b'],
      ['header', 'Content-Transfer-Encoding: uuencode'],
      ['user', 'SECRET'],
    ],
    after: body(field('a', '[X]!', 'Content-Transfer-Encoding: base64\r\n'), field('b', '[X]', 'Content-Transfer-Encoding: uuencode\r\n')),
    reasons: ['content-encoding'],
  },
  {
    what: 'parts with their length',
    body: body(field('a', 'my SECRET', 'Content-Length: 9\r\n'), field('b', 'x', 'content-length:1\r\n')),
    texts: [
      ['user', 'a'],
      ['user', 'my SECRET'],
      ['user', 'b'],
      ['user', 'x'],
    ],
    after: body(field('a', 'my [X]', 'Content-Length: 6\r\n'), field('b', 'x', 'content-length:1\r\n')),
  },
  {
    what: 'a length behind a file name that is redacted',
    body: body('Content-Disposition: form-data; name="f"; filename="SECRET"\r\nContent-Length: 6\r\n\r\nSECRET'),
    texts: [
      ['user', 'f'],
      ['document', 'SECRET'],
      ['document', 'SECRET'],
    ],
    after: body('Content-Disposition: form-data; name="f"; filename="[X]"\r\nContent-Length: 3\r\n\r\n[X]'),
  },
  {
    what: 'a length that is wrong',
    body: body(field('a', 'x', 'Content-Length: 9\r\n')),
    texts: [
      ['user', 'a'],
      ['user', 'x'],
    ],
    after: body(field('a', 'x', 'Content-Length: 9\r\n')),
    reasons: ['invalid-multipart'],
  },
  {
    what: 'a part in latin-1',
    body: body(field('a', '\u00e9 SECRET', 'Content-Type: text/plain; charset=iso-8859-1\r\n')),
    texts: [
      ['user', 'a'],
      ['user', 'é SECRET'],
    ],
    after: body(field('a', '\u00e9 [X]', 'Content-Type: text/plain; charset=iso-8859-1\r\n')),
  },
  {
    what: 'a charset for all parts that have none',
    body: body(field('a', '\u00e9 SECRET')),
    options: { contentType: 'multipart/form-data; charset=iso-8859-1; boundary=b' },
    texts: [
      ['user', 'a'],
      ['user', 'é SECRET'],
    ],
    after: body(field('a', '\u00e9 [X]')),
  },
  {
    what: 'multipart in multipart, with lengths in both',
    body: body(
      `Content-Type: multipart/mixed; boundary=c\r\nContent-Length: 54\r\n\r\n--c\r\nContent-Length: 6\r\n\r\nSECRET\r\n--c\r\n\r\nSECRET\r\n--c--`,
    ),
    texts: [
      ['user', 'SECRET'],
      ['user', 'SECRET'],
    ],
    after: body(
      `Content-Type: multipart/mixed; boundary=c\r\nContent-Length: 48\r\n\r\n--c\r\nContent-Length: 3\r\n\r\n[X]\r\n--c\r\n\r\n[X]\r\n--c--`,
    ),
  },
  {
    what: 'multipart four deep, of which the last is text',
    body: body(
      'Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n\r\nSECRET\r\n--e--\r\n--d--\r\n--c--',
    ),
    texts: [['user', '--e\r\n\r\nSECRET\r\n--e--']],
    after: body(
      'Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n\r\n[X]\r\n--e--\r\n--d--\r\n--c--',
    ),
    reasons: ['invalid-multipart'],
  },
  {
    what: 'a part after the closing delimiter',
    body: `${body(field('a', 'x'))}${body(field('b', 'SECRET'))}`,
    texts: [
      ['user', 'a'],
      ['user', 'x'],
      ['user', 'b'],
      ['user', 'SECRET'],
    ],
    after: `${body(field('a', 'x'))}${body(field('b', '[X]'))}`,
  },
  {
    what: 'a body that is cut before its end',
    body: `--b\r\n${field('a', 'my SECRET text')}`,
    texts: [
      ['user', 'a'],
      ['user', 'my SECRET text'],
    ],
    after: `--b\r\n${field('a', 'my [X] text')}`,
    reasons: ['invalid-multipart'],
  },
  {
    what: 'headers that do not end',
    body: '--b\r\nX-Note: SECRET',
    texts: [['user', '--b\r\nX-Note: SECRET']],
    after: '--b\r\nX-Note: [X]',
    reasons: ['invalid-multipart'],
  },
  {
    what: 'a delimiter inside headers',
    body: '--b\r\nX-Note: SECRET\r\n--b\r\n\r\nx\r\n--b--',
    texts: [['user', '--b\r\nX-Note: SECRET\r\n--b\r\n\r\nx\r\n--b--']],
    after: '--b\r\nX-Note: [X]\r\n--b\r\n\r\nx\r\n--b--',
    reasons: ['invalid-multipart'],
  },
  {
    what: 'a header that comes twice',
    body: body('Content-Type: image/png\r\nContent-Type: text/plain\r\n\r\nSECRET'),
    texts: [['user', 'SECRET']],
    after: body('Content-Type: image/png\r\nContent-Type: text/plain\r\n\r\n[X]'),
    reasons: ['invalid-multipart'],
  },
  {
    what: 'no boundary, two boundaries, another charset’s boundary',
    body: body(field('a', 'SECRET')),
    options: { contentType: 'multipart/form-data; boundary=b; boundary=c' },
    texts: [['user', body(field('a', 'SECRET'))]],
    after: body(field('a', '[X]')),
    reasons: ['invalid-multipart'],
  },
  {
    what: 'JSON that says it is multipart',
    body: '{"k":"SECRET"}',
    texts: [
      ['user', 'k'],
      ['user', 'SECRET'],
    ],
    after: '{"k":"[X]"}',
  },
  {
    what: 'multipart that begins like JSON',
    body: `{ preamble\r\n${body(field('a', 'SECRET'))}`,
    texts: [
      ['user', '{ preamble'],
      ['user', 'a'],
      ['user', 'SECRET'],
    ],
    after: `{ preamble\r\n${body(field('a', '[X]'))}`,
  },
];

test('the table of multipart bodies has all its rows', () => expect(ROWS).toHaveLength(32));

test.each(ROWS)('reads $what', ({ body: text, options, texts: expected, after, reasons = [] }) => {
  const bytes = Buffer.from(text, 'latin1');
  const all = { ...FORM_DATA, ...options };
  for (const parts of [[bytes], bytewise(bytes)]) {
    const { frames } = read(parts, all);
    expect(texts(parts, all)).toEqual(expected);
    expect(reasonsOf(frames)).toEqual(reasons);
    expect(bytesOf(frames).equals(bytes)).toBe(true);
  }
  expect(redacted(read([bytes], all).frames, 'SECRET').toString('latin1')).toBe(after);
});

test.each(ROWS)('reads $what the same at every split', ({ body: text, options }) => {
  const bytes = Buffer.from(text, 'latin1');
  const all = { ...FORM_DATA, ...options };
  const whole = read([bytes], all);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { frames } = read(pieces(bytes, [cut]), all);
    expect(lanes({ frames })).toEqual(lanes(whole));
    expect(reasonsOf(frames)).toEqual(reasonsOf(whole.frames));
    expect(bytesOf(frames).equals(bytes)).toBe(true);
  }
});

test('texts of different parts have keys of their own', () => {
  const keys = lanes(read([Buffer.from(body(field('a', 'x'), field('a', 'x'), field('a', '["x"]')))], FORM_DATA)).map(([, key]) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a dialect says where parts belong and what is no text', () => {
  const asked: BodyPart[] = [];
  const format: WireFormat = {
    ...generic,
    readPart(part, facts) {
      asked.push(part);
      if (part.name === 'model' && part.value !== undefined) facts.model = part.value;
      return part.name === 'prompt' ? 'system' : part.name === 'file' ? undefined : 'structural';
    },
  };
  const long = 'x'.repeat(129);
  const parts = [
    field('model', 'whisper-1'),
    field('prompt', 'be brief'),
    field('id', long),
    file('words', 'Content-Type: text/plain\r\n'),
  ];
  const { frames, facts } = read(bytewise(Buffer.from(body(...parts))), { ...FORM_DATA, format });
  expect(
    lanes({ frames })
      .filter(([, key]) => !key.includes('.head.'))
      .map(([lane, , text]) => [lane, text]),
  ).toEqual([
    ['system', 'be brief'],
    ['user', long],
    ['document', 'words'],
  ]);
  expect(facts.model).toBe('whisper-1');
  expect(asked).toEqual([
    { name: 'model', fileName: undefined, contentType: undefined, value: 'whisper-1' },
    { name: 'prompt', fileName: undefined, contentType: undefined, value: 'be brief' },
    { name: 'id', fileName: undefined, contentType: undefined, value: undefined },
    { name: 'file', fileName: 'notes.txt', contentType: 'text/plain', value: undefined },
  ]);
});

test('a large binary part is not held, and is counted once as opaque', () => {
  const { frames } = read(
    [
      Buffer.from(`--b\r\n${file('\0', 'Content-Type: audio/wav\r\n')}`),
      ...Array.from({ length: 20 }, () => Buffer.alloc(1000, 1)),
      Buffer.from('\r\n--b--\r\n'),
    ],
    {
      ...FORM_DATA,
      limits: { bodyBytes: 2000 },
    },
  );
  expect(reasonsOf(frames)).toEqual(['opaque']);
  expect(Math.max(...frames.map(({ bytes }) => bytes.length))).toBeLessThan(1100);
});

test('a part with a length that is over the limit is read as it comes, and marked where text stands', () => {
  const options = { ...FORM_DATA, limits: { bodyBytes: 100 } };
  const text = read([Buffer.from(body(field('a', 'x'.repeat(200), 'Content-Length: 200\r\n')))], options);
  expect(reasonsOf(text.frames)).toEqual(['body-limit']);
  expect(lanes(text).at(-1)?.[2]).toBe('x'.repeat(200));
  const audio = read([Buffer.from(body(file('\0'.repeat(200), 'Content-Type: audio/wav\r\nContent-Length: 200\r\n')))], options);
  expect(reasonsOf(audio.frames)).toEqual(['opaque']);
  const encoded = read([Buffer.from(body(field('a', 'QUFB'.repeat(50), 'Content-Transfer-Encoding: base64\r\n')))], options);
  expect(reasonsOf(encoded.frames)).toEqual(['body-limit']);
});

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['multipart/mixed; BOUNDARY="a b;c"; charset=utf-8', 'a b;c'],
  ['multipart/form-data; boundary="a\\"b"', 'a"b'],
  ['multipart/form-data', undefined],
  ['multipart/form-data; boundary=', undefined],
  ['multipart/form-data; boundary="abc', undefined],
  ['multipart/form-data; boundary=a; boundary=a', undefined],
  ["multipart/form-data; boundary=a; boundary*=UTF-8''b", undefined],
  [`multipart/form-data; boundary=${'x'.repeat(201)}`, undefined],
])('the boundary of %s', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});

const entry = fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), fc.boolean());

test('what fetch writes of a form is read as what was put into it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      const form = new FormData();
      for (const [name, value, isFile] of entries) form.append(name, isFile ? new Blob([value]) : value);
      const response = new Response(form);
      const contentType = response.headers.get('content-type')!;
      const bytes = Buffer.from(await response.arrayBuffer());
      const { frames } = read([bytes], { ...FORM_DATA, contentType });
      expect(bytesOf(frames).equals(bytes)).toBe(true);
      expect(reasonsOf(frames).filter((reason) => reason !== 'opaque')).toEqual([]);
      expect(frames.filter(({ laneEnds, segments }) => laneEnds[0] === '*' && segments[0]?.key.includes('.head.'))).toHaveLength(
        entries.length,
      );
    }),
    { numRuns: runs(100) },
  );
});

const line = fc.constantFrom(
  ...['--b', '--b--', '--b ', '--bb', '--', '--c', '--c--', '', '', 'Content-Disposition: form-data; name="a"', 'Content-Type: text/plain'],
  ...[
    'Content-Type: multipart/mixed; boundary=c',
    'Content-Length: 3',
    'Content-Transfer-Encoding: base64',
    'QUFB',
    '{"a":"b"}',
    'é',
    '\0',
  ],
  ...['Content-Type: application/json; charset=utf-16', 'Content-Transfer-Encoding: quoted-printable', 'a=3D=', 'X: y', ' folded'],
);
const multipart = fc
  .tuple(fc.array(line, { maxLength: 16 }), fc.constantFrom('\r\n', '\n', '\r'))
  .map(([lines, end]) => Buffer.from(['--b', ...lines].join(end)));

test('any lines in any pieces give the same texts and reasons, and every byte', () => {
  fc.assert(
    fc.property(multipart, cutPlaces, (bytes, cuts) => {
      const whole = read([bytes], FORM_DATA);
      const { frames } = read(pieces(bytes, cuts), FORM_DATA);
      expect(lanes({ frames })).toEqual(lanes(whole));
      expect(reasonsOf(frames)).toEqual(reasonsOf(whole.frames));
      expect(bytesOf(frames).equals(bytes)).toBe(true);
    }),
    { numRuns: runs(1000) },
  );
});
