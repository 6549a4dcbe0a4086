import { describe, expect, test } from 'vitest';
import type { WireFormat } from '../../src/wire/format.ts';
import { FORMATS } from '../../src/wire/formats/index.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { CASES } from '../contract/cases.ts';
import type { DialectCase } from '../contract/dialect-case.ts';
import { fill } from '../contract/playing.ts';
import { jsonEvents, jsonLines } from '../contract/writing.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { read } from './reading.ts';

/** Bodies, and streams, per dialect and direction. */
const RUNS = LONG_RUN ? 100_000 : 150;
const HOUR_MS = 3_600_000;

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (_, format) => {
  const words = vocabularyOf(format);

  test.each(['request', 'response'] as const)(
    'hides no text in a %s whose fields stand in wrong places and types',
    (direction) => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS && wrong.length < SHOWN; run++) {
        const { payloads, planted } = plant(random, words, 1);
        const body = Buffer.from(JSON.stringify(payloads[0]));
        const { frames } = read([body], { format, direction });
        wrong.push(...problems(frames, body, planted));
      }
      expect(shortest(wrong)).toBeUndefined();
    },
    HOUR_MS,
  );

  test.each([
    ['events', 'text/event-stream'],
    ['JSON lines', 'application/x-ndjson'],
  ] as const)(
    'hides no text in a stream of such %s',
    (_framing, contentType) => {
      const random = createRandom();
      const wrong: string[] = [];
      for (let run = 0; run < RUNS && wrong.length < SHOWN; run++) {
        const { payloads, planted } = plant(random, words, 1 + random.below(3));
        const events = payloads.map((payload) => eventOf(payload, contentType, random.pick(words.names)));
        const { frames } = read(events, { format, direction: 'response', contentType });
        wrong.push(...problems(frames, Buffer.concat(events), planted));
      }
      expect(shortest(wrong)).toBeUndefined();
    },
    HOUR_MS,
  );
});

test('every dialect but a few has bodies of its own to start from', () => {
  const own = FORMATS.filter((format) => CASES.some((one) => one.format === format.id));
  expect(own.length).toBeGreaterThanOrEqual(FORMATS.length / 2);
});

const SHOWN = 20;
const shortest = (wrong: readonly string[]): string | undefined => wrong.toSorted((a, b) => a.length - b.length)[0];

function eventOf(payload: unknown, contentType: string, name: string): Buffer {
  const json = JSON.stringify(payload);
  return Buffer.from(contentType === 'text/event-stream' ? `event: ${name}\ndata: ${json}\n\n` : `${json}\n`);
}

// ---- what a dialect's bodies are made of

interface Vocabulary {
  /** Bodies and events of the dialect. */
  readonly templates: readonly unknown[];
  readonly fields: readonly string[];
  /** Types, roles, events: short strings that may say how the rest is read. */
  readonly names: readonly string[];
}

function vocabularyOf({ id }: WireFormat): Vocabulary {
  const own = CASES.filter((one) => one.format === id);
  const templates = own.flatMap(payloadsOf);
  const fields = new Set(['text', 'content', 'type', 'role', 'unknown']);
  const names = new Set(['text', 'user', 'tool', 'unknown']);
  for (const template of templates) collect(template, fields, names);
  return { templates: templates.length > 0 ? templates : [{}], fields: [...fields], names: [...names] };
}

/** The JSON documents in a case's body; none where it is another kind of body. */
function payloadsOf(one: DialectCase): readonly unknown[] {
  const bytes = one.write(fill(one));
  if (one.contentType.startsWith('text/event-stream')) return jsonEvents(bytes);
  if (/ndjson|jsonl|stream\+json/.test(one.contentType)) return jsonLines(bytes);
  const value = parsed(bytes.toString());
  return Array.isArray(value) ? value : [value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // a form, or frames of bytes
  }
}

function collect(value: unknown, fields: Set<string>, names: Set<string>): void {
  if (typeof value === 'string' && value.length < 30 && !value.includes(' ')) names.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [field, child] of Object.entries(value)) {
    if (!Array.isArray(value)) fields.add(field);
    collect(child, fields, names);
  }
}

// ---- planting

interface Planted {
  readonly payloads: readonly unknown[];
  /** Each stands in the payloads exactly once, as a value or as the name of a field. */
  readonly planted: readonly string[];
}

/** Longer than any name or identifier, so that structural fields must give it up too, and not base64. */
const word = (ordinal: number): string => `<${ordinal}> is planted here${FILL.repeat(9)}!`;
const FILL = ', and goes on';

function plant(random: Random, words: Vocabulary, count: number): Planted {
  const planted: string[] = [];
  const mark = (): string => {
    planted.push(word(planted.length));
    return planted.at(-1)!;
  };
  const payloads = Array.from({ length: count }, () => {
    const template = random.pick(words.templates);
    return random.below(4) === 0 ? tree(random, words, mark, 4) : bent(random, words, mark, without(template, random));
  });
  return { payloads, planted };
}

/** Every field is kept, renamed, dropped or replaced, and new ones come to it. */
function bent(random: Random, words: Vocabulary, mark: () => string, value: unknown): unknown {
  if (random.below(12) === 0) return tree(random, words, mark, 3);
  if (Array.isArray(value)) {
    const items = value.map((item) => bent(random, words, mark, item));
    return random.below(8) === 0 ? [...items, tree(random, words, mark, 2)] : items;
  }
  if (typeof value !== 'object' || value === null) return random.below(8) === 0 ? mark() : value;
  const entries = Object.entries(value).map(([name, child]) => [
    random.below(20) === 0 ? random.pick(words.fields) : name,
    bent(random, words, mark, child),
  ]);
  if (random.below(6) === 0) entries.push([random.pick([...words.fields, mark()]), tree(random, words, mark, 2)]);
  return Object.fromEntries(random.below(4) === 0 ? entries.toReversed() : entries);
}

/** Sometimes one field of the template alone. */
function without(template: unknown, random: Random): unknown {
  if (typeof template !== 'object' || template === null || Array.isArray(template) || random.below(3) > 0) return template;
  const entries = Object.entries(template);
  return entries.length === 0 ? template : Object.fromEntries([random.pick(entries)]);
}

/** Any shape, of the dialect's own names. */
function tree(random: Random, words: Vocabulary, mark: () => string, depth: number): unknown {
  const kind = random.below(depth === 0 ? 4 : 9);
  if (kind < 2) return mark();
  if (kind === 2) return random.pick(words.names);
  if (kind === 3) return random.pick([null, true, false, 0, 7, -1.5, {}, []]);
  const size = 1 + random.below(3);
  if (kind < 6) return Array.from({ length: size }, () => tree(random, words, mark, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [
      random.below(12) === 0 ? mark() : random.pick(words.fields),
      random.below(3) === 0 ? random.pick(words.names) : tree(random, words, mark, depth - 1),
    ]),
  );
}

// ---- looking

/** Every word that is in the body and not in exactly one lane. */
function problems(frames: readonly Frame[], body: Buffer, planted: readonly string[]): readonly string[] {
  const json = body.toString();
  const texts = new Map<string, string>();
  for (const { key, text } of frames.flatMap(({ segments }) => segments)) texts.set(key, (texts.get(key) ?? '') + text);
  const lanes = [...texts.values()].join('\n');
  const intact = Buffer.concat(frames.map(({ bytes }) => bytes)).equals(body) ? [] : [`other bytes: ${json}`];
  const wrong = planted.filter((mark) => {
    const written = times(json, mark); // 0: a name that was given twice took it away
    return times(lanes, mark) !== written;
  });
  return [...intact, ...wrong.map((mark) => `${mark.split(' ')[0]} is read ${times(lanes, mark)} times: ${json.replaceAll(FILL, '')}`)];
}

const times = (text: string, mark: string): number => text.split(mark).length - 1;
