import { expect, test } from 'vitest';
import { formatById } from '../../src/wire/formats/index.ts';
import { smallPolicy } from '../support/streams.ts';
import { CASES } from './cases.ts';
import { type DialectCase, type Slot, unreadOf } from './dialect-case.ts';
import { ENCODINGS, type Encoding, exchange } from './exchanges.ts';
import { fill, ownSlots, slotsWith, type Texts, written } from './playing.ts';

const POLICY = smallPolicy('version: 1\ndetectors:\n  pii.*: {action: redact}\n');

const CANARIES = { 'pii.email': 'anna@example.org', 'pii.card': '4111 1111 1111 1111' } as const;
type Canary = keyof typeof CANARIES;

/** How a text in UTF-8 stands in another character set, and back. */
const CHARSETS = {
  'utf-8': { label: 'utf-8', encode: (text: string): Buffer => Buffer.from(text), decode: (bytes: Buffer): string => bytes.toString() },
  'utf-8 with a byte order mark': {
    label: undefined,
    encode: (text: string): Buffer => Buffer.from(`\ufeff${text}`),
    decode: (bytes: Buffer): string => bytes.toString().replace('\ufeff', ''),
  },
  'utf-16le': {
    label: 'utf-16le',
    encode: (text: string): Buffer => Buffer.from(text, 'utf16le'),
    decode: (bytes: Buffer): string => bytes.toString('utf16le'),
  },
  'utf-16be': {
    label: 'utf-16be',
    encode: (text: string): Buffer => Buffer.from(text, 'utf16le').swap16(),
    decode: (bytes: Buffer): string => Buffer.from(bytes).swap16().toString('utf16le'),
  },
  'latin-1': {
    label: 'iso-8859-1',
    encode: (text: string): Buffer => Buffer.from(text, 'latin1'),
    decode: (bytes: Buffer): string => bytes.toString('latin1'),
  },
} as const;
type Charset = keyof typeof CHARSETS;

interface Cell {
  readonly one: DialectCase;
  readonly slot: Slot;
  readonly encoding: Encoding;
  readonly charset: Charset;
  readonly canary: Canary;
}

const ALL_CHARSETS = Object.keys(CHARSETS) as Charset[];
const ALL_ENCODINGS = Object.keys(ENCODINGS) as Encoding[];

/**
 * Character sets that bodies of this type come in: events are UTF-8 by their standards; forms and what is no text have none. An array that
 * is read element by element is UTF-8 or UTF-16, as RFC 8259 has JSON; a whole JSON is read in Latin-1 too.
 */
function charsetsOf({ contentType, direction, format }: DialectCase): readonly Charset[] {
  if (/event-stream|ndjson|jsonl|stream\+json/.test(contentType)) return ['utf-8', 'utf-8 with a byte order mark'];
  if (direction === 'response' && formatById(format)?.arrayStream === true) return ALL_CHARSETS.slice(0, -1);
  return /^text\/|json|xml|graphql/.test(contentType) ? ALL_CHARSETS : ['utf-8'];
}

/** Every slot in every coding and in every character set; both canaries, and each pair of coding and character set, come in turn. */
function cellsOf(one: DialectCase, slot: Slot, turn: number): readonly Cell[] {
  const charsets = charsetsOf(one);
  const pairs: (readonly [Encoding, Charset])[] = [
    ...ALL_ENCODINGS.map((encoding) => [encoding, 'utf-8'] as const),
    ...charsets.slice(1).map((charset) => ['identity', charset] as const),
    [ALL_ENCODINGS[1 + (turn % 3)]!, charsets[turn % charsets.length]!],
  ];
  const canaries = Object.keys(CANARIES) as Canary[];
  return pairs.map(([encoding, charset], i) => ({ one, slot, encoding, charset, canary: canaries[(turn + i) % 2]! }));
}

const slots = CASES.flatMap((one) => ownSlots(one).map((slot) => ({ one, slot })));
const cells = slots.flatMap(({ one, slot }, turn) => cellsOf(one, slot, turn));
const byCase = [...Map.groupBy(cells, ({ one }) => one)].map(
  ([one, group]) => [`${one.format} ${one.direction}: ${one.name}`, group] as const,
);

test('the grid has every slot of every case in every coding and character set', () => {
  expect(cells.length).toBeGreaterThanOrEqual(4_000);
  expect(new Set(cells.map(({ encoding }) => encoding)).size).toBe(4);
  expect(new Set(cells.map(({ charset }) => charset)).size).toBe(5);
  expect(new Set(cells.map(({ one, slot }) => `${one.format} ${one.name} ${one.direction} ${slot.name}`)).size).toBe(slots.length);
});

test.each(byCase)('%s: a canary is found and does not leave', async (_, group) => {
  const wrong: string[] = [];
  for (const cell of group) {
    const problem = await mismatch(cell);
    if (problem !== undefined) wrong.push(`${cell.slot.name}, ${cell.encoding}, ${cell.charset}, ${cell.canary}: ${problem}`);
  }
  expect(wrong).toEqual([]);
});

test.each(CASES.map((one) => [`${one.format} ${one.direction}: ${one.name}`, one] as const))(
  '%s: a harmless body leaves as it came, whatever its coding; what is no single JSON may leave decoded',
  async (_, one) => {
    const body = one.write(fill(one));
    for (const [i, encoding] of ALL_ENCODINGS.entries()) {
      const size = i % 2 === 0 ? body.length : 100;
      const {
        record,
        came,
        left,
        denied,
        body: answer,
      } = await exchange(POLICY, one, { body, encoding, contentType: one.contentType, size });
      const { findings } = record;
      const uninspected = record.uninspected.map(({ reason }) => reason);
      expect({ encoding, denied, uninspected, findings }).toEqual({ encoding, denied: false, uninspected: unreadOf(one), findings: [] });
      expect(answer.equals(body)).toBe(true);
      const single = one.contentType.startsWith('application/json') && formatById(one.format)!.arrayStream !== true;
      expect(left.equals(came) || !single).toBe(true);
    }
  },
);

async function mismatch({ one, slot, encoding, charset, canary }: Cell): Promise<string | undefined> {
  const { label, encode, decode } = CHARSETS[charset];
  const texts = textsOf(one, slot, canary);
  const utf8 = one.write(texts);
  const binary = charsetsOf(one).length === 1;
  const contentType = label === undefined || label === 'utf-8' ? one.contentType : `${one.contentType.split(';')[0]}; charset=${label}`;
  const body = binary ? utf8 : encode(utf8.toString());
  const { record, denied, body: answer } = await exchange(POLICY, one, { body, encoding, contentType, size: 1500 });
  if (denied) return `denied, ${JSON.stringify(record.uninspected)}`;
  const unread = record.uninspected.map(({ reason }) => reason).join();
  if (unread !== unreadOf(one).join()) return `not inspected: ${unread}`;
  const wanted = slotsWith(one, slot.name).map(({ lane }) => `${canary} ${lane}`);
  const found = record.findings.map(({ detector, lane }) => `${detector} ${lane}`);
  if (found.toSorted().join() !== wanted.toSorted().join()) return `found ${found.join()} instead of ${wanted.join()}`;
  const output = binary ? answer : Buffer.from(decode(answer));
  if (output.includes(CANARIES[canary])) return 'it left';
  const whole = written(one, texts);
  const got = one.read(output);
  const other = one.slots.find(({ name }) => got.get(name) !== whole.get(name)!.replace(CANARIES[canary], `[REDACTED:${canary}]`));
  return other === undefined ? undefined : `${other.name} is ${JSON.stringify(got.get(other.name))}`;
}

/** Texts that every character set has, and the canary in one of them. */
const textsOf = (one: DialectCase, slot: Slot, canary: Canary): Texts =>
  new Map(ownSlots(one).map(({ name }) => [name, [name === slot.name ? `Grüße: ${CANARIES[canary]}, and bye.` : `Grüße to ${name}.`]]));
