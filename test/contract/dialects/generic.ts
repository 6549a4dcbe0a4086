import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/api/notes' };

const BOUNDARY = 'generic-boundary';

/** One part of a multipart body: its headers, and its content. */
const part = (headers: readonly string[], content: string): string => `--${BOUNDARY}\r\n${headers.join('\r\n')}\r\n\r\n${content}\r\n`;

/** The content of the parts that are complete, in order. */
function contents(bytes: Buffer): readonly string[] {
  const parts = bytes.toString().split(`--${BOUNDARY}`).slice(1, -1);
  return parts.map((text) => text.slice(text.indexOf('\r\n\r\n') + 4, -2));
}

/** JSON that may be missing, because the body stopped before it. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const parsed = (text: string | undefined): any => (text === undefined ? {} : JSON.parse(text));

/** Any JSON: written and read under a few names. */
const json = (texts: ReadonlyMap<string, readonly string[]>) => ({
  note: { text: one(texts, 'text'), tags: ['a', one(texts, 'tag')] },
  done: false,
  text: [{ '': one(texts, 'nameless') }],
});

function readJson(bytes: Buffer): ReadonlyMap<string, string> {
  const { note, text } = JSON.parse(bytes.toString());
  return new Map([
    ['text', note.text],
    ['tag', note.tags[1]],
    ['nameless', text[0]['']],
  ]);
}

/** Text of a type, as it is; it begins the body, since all of that is one text. */
function textCase(
  direction: DialectCase['direction'],
  { name, contentType, after }: { readonly name: string; readonly contentType: string; readonly after: string },
): DialectCase {
  return {
    format: 'generic',
    name,
    direction,
    head: HEAD,
    contentType,
    slots: [{ name: 'text', lane: direction === 'request' ? 'user' : 'output' }],
    write: (texts) => Buffer.from(`${one(texts, 'text')}${after}`),
    read(bytes) {
      const text = bytes.toString();
      const end = after === '' ? text.length : text.lastIndexOf(after);
      return new Map([['text', text.slice(0, end < 0 ? undefined : end)]]);
    },
  };
}

const TEXTS = [
  { name: 'plain text', contentType: 'text/plain', after: '' },
  { name: 'HTML', contentType: 'text/html', after: ' <p title="&eacute;">&nbsp;</p>\n' },
  { name: 'XML', contentType: 'application/xml', after: ' <note lang="en"><![CDATA[ & ]]></note>' },
  { name: 'text that says it is none', contentType: 'application/octet-stream', after: '\n' },
] as const;

/** What is no dialect: any JSON, forms, parts, lines, events and text. */
export const GENERIC: readonly DialectCase[] = [
  {
    format: 'generic',
    name: 'JSON request',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'user' },
      { name: 'tag', lane: 'user' },
      { name: 'nameless', lane: 'user' },
    ],
    write: (texts) => Buffer.from(JSON.stringify(json(texts), null, 2)),
    read: readJson,
  },
  {
    format: 'generic',
    name: 'JSON answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/vnd.api+json; charset=utf-8',
    slots: [
      { name: 'text', lane: 'output' },
      { name: 'tag', lane: 'output' },
      { name: 'nameless', lane: 'output' },
    ],
    write: (texts) => Buffer.from(JSON.stringify(json(texts))),
    read: readJson,
  },
  {
    format: 'generic',
    name: 'form',
    direction: 'request',
    head: HEAD,
    contentType: 'application/x-www-form-urlencoded',
    slots: [
      { name: 'text', lane: 'user' },
      { name: 'payload', lane: 'user', nested: true },
      { name: 'again', lane: 'user' },
    ],
    write: (texts) =>
      Buffer.from(
        `id=5&${new URLSearchParams([
          ['text', one(texts, 'text')],
          ['payload', JSON.stringify({ deep: [one(texts, 'payload')] })],
          ['text', one(texts, 'again')],
        ]).toString()}&`,
      ),
    read(bytes) {
      const form = new URLSearchParams(bytes.toString());
      const [text = '', again = ''] = form.getAll('text');
      return new Map([
        ['text', text],
        ['payload', JSON.parse(form.get('payload') ?? '').deep[0]],
        ['again', again],
      ]);
    },
  },
  {
    format: 'generic',
    name: 'form with files',
    direction: 'request',
    head: HEAD,
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    slots: [
      { name: 'field', lane: 'user' },
      { name: 'file', lane: 'document' },
      { name: 'json', lane: 'user' },
      { name: 'encoded', lane: 'document' },
      { name: 'measured', lane: 'user' },
    ],
    write(texts) {
      const measured = Buffer.from(one(texts, 'measured'));
      const field = (name: string, file = '') => `Content-Disposition: form-data; name="${name}"${file}`;
      return Buffer.from(
        [
          part([field('field')], one(texts, 'field')),
          part([field('file', '; filename="notes.md"'), 'Content-Type: text/markdown'], one(texts, 'file')),
          part([field('json'), 'Content-Type: application/json'], JSON.stringify({ deep: [one(texts, 'json')] })),
          part(
            [field('encoded', '; filename="notes.txt"'), 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'],
            Buffer.from(one(texts, 'encoded')).toString('base64'),
          ),
          part([field('measured'), `Content-Length: ${measured.length}`], measured.toString()),
          `--${BOUNDARY}--\r\n`,
        ].join(''),
      );
    },
    read(bytes) {
      const [field, file, object, encoded, measured] = contents(bytes);
      return new Map(
        Object.entries({
          field: field ?? '',
          file: file ?? '',
          json: parsed(object).deep?.[0] ?? '',
          encoded: Buffer.from(encoded ?? '', 'base64').toString(),
          measured: measured ?? '',
        }),
      );
    },
  },
  {
    format: 'generic',
    name: 'answer in parts',
    direction: 'response',
    head: HEAD,
    contentType: `multipart/mixed; boundary="${BOUNDARY}"`,
    slots: [
      { name: 'text', lane: 'output' },
      { name: 'json', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        `${part(['Content-Type: text/plain'], one(texts, 'text'))}${part(['Content-Type: application/json'], JSON.stringify({ a: one(texts, 'json') }))}--${BOUNDARY}--`,
      ),
    read(bytes) {
      const [text, object] = contents(bytes);
      return new Map([
        ['text', text ?? ''],
        ['json', parsed(object).a ?? ''],
      ]);
    },
  },
  {
    format: 'generic',
    name: 'JSON lines request',
    direction: 'request',
    head: HEAD,
    contentType: 'application/x-ndjson',
    slots: [{ name: 'text', lane: 'user', pieces: true }],
    write: (texts) => Buffer.from(joined(texts, 'text', (text) => `${JSON.stringify({ log: { text } })}\n`).join('')),
    read: (bytes) => new Map([['text', lines(bytes, (line) => line.log.text)]]),
  },
  {
    format: 'generic',
    name: 'JSON lines answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/jsonl',
    slots: [{ name: 'text', lane: 'output', pieces: true }],
    write: (texts) => Buffer.from(joined(texts, 'text', (text) => `${JSON.stringify({ text })}\n`).join('')),
    read: (bytes) => new Map([['text', lines(bytes, (line) => line.text)]]),
  },
  {
    format: 'generic',
    name: 'events',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [{ name: 'text', lane: 'output', pieces: true }],
    write: (texts) => Buffer.concat(joined(texts, 'text', (text) => sse({ text }, 'note'))),
    read: (bytes) =>
      new Map([
        [
          'text',
          jsonEvents(bytes)
            .map(({ text }) => text)
            .join(''),
        ],
      ]),
  },
  ...TEXTS.map((text) => textCase('request', { ...text, name: `${text.name} request` })),
  ...TEXTS.map((text) => textCase('response', { ...text, name: `${text.name} answer` })),
];

/** What a client takes from each complete line, joined. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
function lines(bytes: Buffer, take: (line: any) => string): string {
  return bytes
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => take(JSON.parse(line)))
    .join('');
}
