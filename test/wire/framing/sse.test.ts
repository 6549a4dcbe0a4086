import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SseEvent, SseOversized } from '../../../src/wire/framing/sse.ts';
import { blankedPayload, createSseFramer } from '../../../src/wire/framing/sse.ts';
import { bytewise, cutPlaces, pieces, runs } from '../pieces.ts';

function frames(parts: readonly Buffer[], eventBytesMax = 1 << 20): (SseEvent | SseOversized)[] {
  const framer = createSseFramer({ eventBytesMax });
  return [...parts.flatMap((part) => [...framer.push(part)]), ...framer.end()];
}

const dataOf = (event: SseEvent | SseOversized): string =>
  event.kind === 'event' ? event.data.map(({ start, end }) => event.bytes.toString('utf8', start, end)).join('\n') : 'oversized';
const shape = (found: readonly (SseEvent | SseOversized)[]) =>
  found.map((event) => ({
    kind: event.kind,
    bytes: event.bytes.toString('latin1'),
    data: dataOf(event),
    name: event.kind === 'event' ? event.name : undefined,
    other: event.kind === 'event' ? event.other.map(({ start, end }) => event.bytes.toString('utf8', start, end)) : [],
  }));

const EVENTS: readonly (readonly [what: string, text: string, payloads: readonly string[]])[] = [
  ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
  ['carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
  ['both', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', ['a', 'b']],
  ['several data lines', 'data: a\ndata:b\ndata\n\n', ['a\nb\n']],
  ['one space after the colon is not part of the value', 'data:  a\n\n', [' a']],
  ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
  ['a missing blank line at the end', 'data: a\n\ndata: b', ['a', 'b']],
  ['blank lines before an event', 'data: a\n\n\n\r\ndata: b\n\n', ['a', 'b']],
  ['blank lines alone', '\n\r\n\n', ['']],
  ['a comment', ': ping\n\ndata: a\n\n', ['', 'a']],
  ['a carriage return at the very end', 'data: a\n\r', ['a']],
];

test('the table of events has all its rows', () => expect(EVENTS).toHaveLength(12));

test.each(EVENTS)('frames %s at every split', (_what, text, payloads) => {
  const bytes = Buffer.from(text);
  const whole = frames([bytes]);
  expect(whole.map(dataOf)).toEqual(payloads);
  expect(Buffer.concat(whole.map((event) => event.bytes))).toEqual(bytes);
  for (let cut = 0; cut <= bytes.length; cut++) expect(shape(frames(pieces(bytes, [cut])))).toEqual(shape(whole));
  expect(shape(frames(bytewise(bytes)))).toEqual(shape(whole));
});

test('a carriage return at the end of a piece waits for the line feed that belongs to it', () => {
  const framer = createSseFramer({ eventBytesMax: 100 });
  expect(framer.push(Buffer.from('data: a\r\n\r'))).toEqual([]);
  expect(framer.push(Buffer.from('\n')).map((event) => event.bytes.toString())).toEqual(['data: a\r\n\r\n']);
});

test('gives names, and as other text what is neither data nor a plain name', () => {
  const text = 'event: content_block_delta\nid: 17\n: note\nretry: 10\nfoo: bar\nevent: mail bob\ndata: x\n\n';
  expect(shape(frames([Buffer.from(text)]))[0]).toMatchObject({
    name: 'mail bob',
    other: ['17', ' note', 'retry: 10', 'foo: bar', 'mail bob'].map((value) => value.trim()),
  });
});

const sseLike = fc
  .array(fc.constantFrom('data: ', 'data:', 'event: x', ':c', '\n', '\r', '\r\n', '\n\n', 'é', '{"a":1}', '\ufeff', 'id:1', 'abc'), {
    maxLength: 40,
  })
  .map((parts) => Buffer.from(parts.join('')));

/** The payloads as a plain reading of the standard has them. */
function reference(bytes: Buffer): string[] {
  const text = bytes.toString().replace(/^\ufeff/, '');
  const events: string[][] = [[]];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') events.push([]);
    else if (line === 'data' || line.startsWith('data:')) events.at(-1)!.push(line.slice(5).replace(/^ /, ''));
  }
  return events.map((lines) => lines.join('\n')).filter((payload) => payload !== '');
}

test('finds the payloads of a plain reading of the standard, in bytes that are the input, however cut', () => {
  fc.assert(
    fc.property(sseLike, cutPlaces, (bytes, cuts) => {
      const found = frames(pieces(bytes, cuts));
      expect(Buffer.concat(found.map((event) => event.bytes))).toEqual(bytes);
      expect(found.map(dataOf).filter((payload) => payload !== '')).toEqual(reference(bytes));
      expect(shape(found)).toEqual(shape(frames([bytes])));
    }),
    { numRuns: runs(500) },
  );
});

test('an event of exactly the limit is read, one byte more is not, and the next one is read again', () => {
  const event = (size: number) => `data: ${'x'.repeat(size - 8)}\n\n`;
  const kinds = (text: string) => frames([Buffer.from(text)], 100).map(({ kind }) => kind);
  expect(kinds(event(99) + event(20))).toEqual(['event', 'event']);
  expect(kinds(event(100) + event(20))).toEqual(['event', 'event']);
  expect(kinds(event(101) + event(20))).toEqual(['oversized', 'event']);
});

/** Frames with the pieces of oversized events joined. */
function merged(parts: readonly Buffer[]): { readonly kind: string; bytes: string }[] {
  const all: { readonly kind: string; bytes: string }[] = [];
  for (const { kind, bytes } of shape(frames(parts, 20))) {
    const last = all.at(-1);
    if (kind === 'oversized' && last?.kind === 'oversized') last.bytes += bytes;
    else all.push({ kind, bytes });
  }
  return all;
}

test('an oversized event is given in pieces whose bytes and neighbours do not depend on the cutting', () => {
  const bytes = Buffer.from('data: short\n\ndata: this one is much too long\r\n\r\ndata: ok\n\n');
  const whole = merged([bytes]);
  expect(whole.map(({ kind }) => kind)).toEqual(['event', 'oversized', 'event']);
  for (let cut = 0; cut <= bytes.length; cut++) expect(merged(pieces(bytes, [cut]))).toEqual(whole);
  expect(merged(bytewise(bytes))).toEqual(whole);
});

test('the payload view has the length of the event, its data in place and everything else blank', () => {
  const bytes = Buffer.from('event: x\ndata: {"a":\r\ndata: 1}\n\n');
  const [event] = frames([bytes]) as SseEvent[];
  const view = blankedPayload(event!);
  expect(view.toString()).toBe('               {"a":\n       1}  ');
  expect(view).toHaveLength(bytes.length);
});

test('looks at each byte of a 1-byte stream a bounded number of times', () => {
  const event = Buffer.from(`data: ${'x'.repeat(90)}\n\n`);
  const framer = createSseFramer({ eventBytesMax: 1 << 20 });
  let count = 0;
  for (let i = 0; i < 4 << 20; i++) count += framer.push(event.subarray(i % event.length, (i % event.length) + 1)).length;
  expect(count).toBe(Math.floor((4 << 20) / event.length));
});
