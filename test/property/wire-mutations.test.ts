import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { digitsIn } from '../../src/wire/nested.ts';
import { CASES } from '../contract/cases.ts';
import { fill } from '../contract/playing.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { read } from '../wire/reading.ts';

/** A fifth each: made JSON, damaged JSON, made events, damaged events, dialects with fields moved about. */
const RUNS = LONG_RUN ? 2_000_000 : 10_000;
const HOUR_MS = 3_600_000;

/** JSON as text, and every text that stands in it: strings, long numbers as written, and keys. */
interface Made {
  readonly json: string;
  readonly texts: readonly string[];
  readonly keys: readonly string[];
}

describe('JSON of any shape', () => {
  test(
    'is read without a gap: every string and long number once, every key, duplicates too',
    () => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        const { json, texts, keys } = makeJson(random);
        const body = Buffer.from(random.below(8) === 0 ? `\ufeff${json}` : json);
        const frames = readCut(random, body, 'application/json');
        const found = textsOf(frames);
        const same = sorted(found.values) === sorted(texts) && sorted(found.keys) === sorted([...new Set(keys)]);
        if (!same || !isIntact(frames, body)) wrong.push(json);
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
    HOUR_MS,
  );

  test(
    'that is damaged is read where JSON.parse reads it, with all its strings, and named where it does not',
    () => {
      const random = createRandom();
      const wrong: string[] = [];
      const seen = { legal: 0, refused: 0 };
      for (let run = 0; run < RUNS; run++) {
        const body = damaged(random, Buffer.from(makeJson(random).json));
        const frames = readCut(random, body, 'application/json');
        const parsed = parse(body);
        const reasons = frames.flatMap(({ uninspectable }) => uninspectable ?? []);
        seen[parsed === undefined ? 'refused' : 'legal']++;
        if (!isIntact(frames, body)) wrong.push(`bytes of ${body.toString('base64')}`);
        else if (parsed === undefined) {
          if (body.length > 0 && !isUtf16(body) && reasons.length === 0) wrong.push(`no reason for ${body.toString('base64')}`);
        } else if (!isWithin(stringsOf(parsed.value), textsOf(frames).values) || reasons.length > 0) wrong.push(body.toString('base64'));
      }
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(Math.min(seen.legal, seen.refused)).toBeGreaterThan(RUNS / 10);
    },
    HOUR_MS,
  );
});

describe('event streams of any shape', () => {
  test(
    'are read without a gap, whatever their line ends, comments and fields',
    () => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        const { json, texts } = makeEvents(random);
        const body = Buffer.from(json);
        const frames = readCut(random, body, 'text/event-stream');
        const found = textsOf(frames).values;
        if (sorted(found) !== sorted(texts) || !isIntact(frames, body)) wrong.push(JSON.stringify(json));
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
    HOUR_MS,
  );

  test(
    'that are damaged never throw, lose no byte, and are the same however they are cut',
    () => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        const body = damaged(random, Buffer.from(makeEvents(random).json));
        const frames = readCut(random, body, 'text/event-stream');
        const whole = readCut(random, body, 'text/event-stream', body.length);
        if (!isIntact(frames, body) || outline(frames) !== outline(whole)) wrong.push(body.toString('base64'));
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
    HOUR_MS,
  );
});

describe('bodies of the dialects with fields moved, renamed, doubled and replaced', () => {
  const bodies = CASES.filter(({ contentType }) => contentType === 'application/json').map((one) => ({
    one,
    body: one.write(fill(one)).toString(),
  }));

  test(
    'hide no text: what is put anywhere is in one lane, or among the values that go when the frame is rewritten',
    () => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        const { one, body } = random.pick(bodies);
        const marks: string[] = [];
        const value = moved(random, JSON.parse(body), () => {
          marks.push(`(${marks.length}) stands here: ${'so it is, '.repeat(16)}and ends.`);
          return marks.at(-1)!;
        });
        const bytes = Buffer.from(JSON.stringify(value).replaceAll(`"${SECOND}`, '"'));
        const { frames } = read([bytes], { format: formatById(one.format)!, direction: one.direction });
        const lost = marks.filter((mark) => !isReadOnce(frames, bytes, mark));
        if (lost.length > 0) wrong.push(`${one.format} ${one.direction} hides ${lost[0]!.slice(0, 8)}… of ${bytes.toString()}`);
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
    HOUR_MS,
  );
});

/** Whether each place where a text stands is in one lane. */
function isReadOnce(frames: readonly Frame[], body: Buffer, mark: string): boolean {
  const byKey = new Map<string, string>();
  for (const { key, text } of frames.flatMap(({ segments }) => segments)) byKey.set(key, (byKey.get(key) ?? '') + text);
  const inLanes = Array.from(byKey.values(), (text) => timesWritten(text, mark)).reduce((a, b) => a + b, 0);
  return inLanes === timesWritten(body.toString(), mark);
}

const timesWritten = (text: string, mark: string): number => text.split(mark).length - 1;

/** The value with one to three places changed. */
function moved(random: Random, value: unknown, mark: () => string): unknown {
  let changed = value;
  for (let count = 1 + random.below(3); count > 0; count--) changed = changeOne(random, changed, mark);
  return changed;
}

/** Goes down some path and puts a mark there, in a shape the dialect does not expect. */
function changeOne(random: Random, value: unknown, mark: () => string): unknown {
  if (value === null || typeof value !== 'object' || random.below(6) === 0) return strange(random, mark);
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1);
    return value.toSpliced(at, random.below(2), changeOne(random, value[at], mark));
  }
  const key = keys.length === 0 ? 'empty' : random.pick(keys);
  const child = (value as Readonly<Record<string, unknown>>)[key];
  const entries = Object.entries({ ...value, [random.below(5) === 0 ? random.pick(FIELDS) : key]: changeOne(random, child, mark) });
  return Object.fromEntries(random.below(3) === 0 ? entries.toReversed() : entries);
}

function strange(random: Random, mark: () => string): unknown {
  const shapes: readonly (() => unknown)[] = [
    () => mark(),
    () => [mark()],
    () => ({ text: mark() }),
    () => ({ type: 'text', text: { value: mark() } }),
    () => ({ type: mark(), content: [{ type: 'text', text: mark() }] }),
    () => [[mark(), { [random.pick(FIELDS)]: mark() }]],
    () => ({ [random.pick(FIELDS)]: { [random.pick(FIELDS)]: mark() } }),
  ];
  return random.pick(shapes)();
}

/** Stands before a name until the JSON is written: then the object has that name twice. */
const SECOND = 'second ';
const FIELDS = [
  'content',
  'text',
  'type',
  'role',
  'id',
  'name',
  'arguments',
  'input',
  'parts',
  'data',
  'url',
  'usage',
  'index',
  'metadata',
  'x-new',
  '__proto',
  'constructor',
  ...['content', 'text', 'role', 'type', 'arguments'].map((name) => SECOND + name),
];

/** The texts that a reading of a body has: of values, and of keys. */
function textsOf(frames: readonly Frame[]): { readonly values: readonly string[]; readonly keys: readonly string[] } {
  const segments = frames.flatMap((frame) => frame.segments);
  const isKey = (kind: string): boolean => kind === 'json-key';
  return {
    values: segments.filter(({ source }) => !isKey(source.kind)).map(({ text }) => text),
    keys: segments.filter(({ source }) => isKey(source.kind)).map(({ text }) => text),
  };
}

const sorted = (texts: readonly string[]): string => JSON.stringify(texts.toSorted());
const isIntact = (frames: readonly Frame[], body: Buffer): boolean => Buffer.concat(frames.map(({ bytes }) => bytes)).equals(body);
/** Of frames that may be plain text, which come as they arrive. */
const outline = (frames: readonly Frame[]): string =>
  JSON.stringify(
    frames.map(({ bytes, segments, uninspectable }) => [
      bytes.toString('latin1'),
      segments.map(({ key, text }) => [key, text]),
      uninspectable,
    ]),
  );

/** Whether every one of `few` is among `many`, each as often. */
function isWithin(few: readonly string[], many: readonly string[]): boolean {
  const left = new Map<string, number>();
  for (const text of many) left.set(text, (left.get(text) ?? 0) + 1);
  return few.every((text) => {
    const times = left.get(text) ?? 0;
    left.set(text, times - 1);
    return times > 0;
  });
}

function readCut(random: Random, body: Buffer, contentType: string, size = 1 + random.below(body.length + 8)): readonly Frame[] {
  const parts = Array.from({ length: Math.ceil(body.length / size) }, (_, i) => body.subarray(i * size, (i + 1) * size));
  return read(parts, { format: generic, direction: 'response', contentType }).frames;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What JSON.parse makes of bytes that are UTF-8, a byte order mark skipped and nesting bounded; undefined when it refuses them. */
function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    return depthOf(value) > DEFAULT_LIMITS.jsonDepth ? undefined : { value };
  } catch {
    return undefined;
  }
}

/** Bytes that JSON's first characters have in UTF-16: read, and read as such (RFC 4627 section 3). */
const isUtf16 = ([a, b]: Buffer): boolean => a === 0 || b === 0 || (a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe);

const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(stringsOf);
}

function makeJson(random: Random): Made {
  const texts: string[] = [];
  const keys: string[] = [];
  let room = 1 + random.below(20);
  const gap = (): string => (random.below(6) === 0 ? random.pick([' ', '\n', '\t\r\n  ']) : '');
  const deep = random.below(40) === 0 ? DEFAULT_LIMITS.jsonDepth - 8 : 0;
  const json = `${'['.repeat(deep)}${value(0)}${']'.repeat(deep)}`;
  return { json: `${gap()}${json}${gap()}`, texts, keys };

  function value(depth: number): string {
    const kind = depth > 6 || room-- <= 0 ? random.below(3) : random.below(6);
    switch (kind) {
      case 0:
        return random.pick(['null', 'true', 'false']);
      case 1:
        return number();
      case 2:
      case 3:
        return string(texts);
      case 4:
        return `[${gap()}${list(() => value(depth + 1))}${gap()}]`;
      default:
        return `{${gap()}${list(() => `${string(keys)}${gap()}:${gap()}${value(depth + 1)}`)}}`;
    }
  }

  function list(item: () => string): string {
    return Array.from({ length: random.below(5) }, item).join(`${gap()},${gap()}`);
  }

  function number(): string {
    const written = random.pick(NUMBERS);
    if (written.length >= 9 && digitsIn(written) >= 9) texts.push(written);
    return written;
  }

  function string(into: string[]): string {
    const text = Array.from({ length: random.below(5) }, () => random.pick(PARTS)).join('');
    if (text !== '') into.push(text);
    return quoted(random, text);
  }
}

const NUMBERS = [
  '0',
  '-1',
  '12.5',
  '1e9',
  '123456789',
  '-4111111111111111',
  '1.23456789e+308',
  '1e400',
  '9'.repeat(40),
  '0.1234567891',
  '12345678',
];
const PARTS = [
  'a',
  'id',
  'content',
  'text',
  '"',
  '\\',
  '/',
  '\n',
  '\b',
  '\u0000',
  '\u001f',
  'é',
  '漢',
  '😀',
  '\ud83d',
  '\ude00',
  '\u2028',
  '\ufeff',
  '{"a":1}',
  '4111 ',
  '[DONE]',
  'data: ',
  '__proto__',
  '~1',
  '.',
  '#',
];

/** A JSON string; each unit written in one of the ways there are. Halves of pairs can only be written as escapes. */
function quoted(random: Random, text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!;
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).padStart(4, '0');
    const escaped = `\\u${random.below(2) === 0 ? hex : hex.toUpperCase()}`;
    const paired = text.codePointAt(i)! > 0xffff;
    if (paired && random.below(3) > 0) out += text.slice(i, ++i + 1);
    else if ((code >= 0xd800 && code <= 0xdfff) || random.below(6) === 0) out += escaped;
    else out += JSON.stringify(unit).slice(1, -1);
  }
  return `"${out}"`;
}

/** Events with JSON payloads; keys of objects stay unread here, because a stream gives each name once. */
function makeEvents(random: Random): Made {
  const texts: string[] = [];
  const end = random.pick(['\n', '\r\n', '\r']);
  const event = (): string => {
    const made = makeJson(random);
    const lines = [`data:${random.pick(['', ' '])}${made.json.replaceAll(/[\r\n]/g, ' ')}`];
    texts.push(...made.texts);
    if (random.below(4) === 0) lines.unshift(note(':', 'keep alive'));
    if (random.below(4) === 0) lines.push(note('id: ', `${random.below(1e6)}`));
    if (random.below(4) === 0) lines.unshift('event: content_block_delta');
    return `${lines.join(end)}${end}${end}`;
  };
  const note = (field: string, text: string): string => {
    texts.push(text);
    return `${field}${text}`;
  };
  return { json: Array.from({ length: 1 + random.below(4) }, event).join(''), texts, keys: [] };
}

/** Bytes with something wrong in them: one changed, some cut out, put in or doubled. */
function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(6);
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(INSERTED)), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    default: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = random.below(3) === 0 ? random.below(256) : 0x20 + random.below(0x5f);
      return copy;
    }
  }
}

const INSERTED = [
  'NaN',
  '-Infinity',
  ',',
  '"',
  '\\',
  '\\u',
  '{',
  ']',
  '\u0000',
  '\ufeff',
  '\n\n',
  '\r',
  'data: ',
  '1e',
  '//',
  "'",
  '[[[[[[[['.repeat(10),
  '\\ud800',
];
