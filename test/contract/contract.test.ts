import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Segment } from '../../src/text/segment.ts';
import { FORMATS, formatById, recogniseFormat } from '../../src/wire/formats/index.ts';
import { createRandom } from '../support/random.ts';
import { policyFrom } from '../support/streams.ts';
import { read } from '../wire/reading.ts';
import { CASES } from './cases.ts';
import { type DialectCase, type Slot, unreadOf } from './dialect-case.ts';
import { renderDialects } from './dialect-table.ts';
import { cutEvery, fill, headOfCase, ownSlots, play, redacted, slotsWith, type Texts, written } from './playing.ts';

const REDACTING = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n');
const DENYING = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n');

/** Denied at its second half. */
const DENIED = `Good morning, anna@example.org, the key is ${'AKIA'}QZ7M3KX5TWNB2RVD. It goes on after that.`;

const named = (cases: readonly DialectCase[]) => cases.map((one) => [`${one.format} ${one.direction}: ${one.name}`, one] as const);
const isSse = ({ contentType }: DialectCase): boolean => contentType.startsWith('text/event-stream');
const isLines = ({ contentType }: DialectCase): boolean => /ndjson|jsonl|json-seq/.test(contentType);

describe('the cases', () => {
  test('are there for every dialect, each with a name of its own', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(120);
    expect(FORMATS.length).toBe(20);
    expect(new Set(CASES.map(({ format }) => format)).size).toBe(FORMATS.length);
    expect([...new Set(CASES.map(({ format }) => format))].filter((id) => formatById(id) === undefined)).toEqual([]);
    expect(new Set(named(CASES).map(([name]) => name)).size).toBe(CASES.length);
  });

  test('are there for every format, in both directions', () => {
    const covered = new Set(CASES.map(({ format, direction }) => `${format} ${direction}`));
    const missing = FORMATS.flatMap(({ id }) => [`${id} request`, `${id} response`]).filter((one) => !covered.has(one));
    expect(missing).toEqual([]);
  });

  test('come from every file in the folder', () => {
    const files = readdirSync(path.join(import.meta.dirname, 'dialects')).map((name) => name.replace('.ts', ''));
    expect(files.toSorted()).toEqual([...new Set(CASES.map(({ format }) => format))].toSorted());
  });

  test('docs/dialects.md is what `npm run docs` makes of them', () => {
    expect(readFileSync(path.join(import.meta.dirname, '../../docs/dialects.md'), 'utf8')).toBe(renderDialects());
  });

  test.each(named(CASES))('%s: its reader finds what its writer wrote', (_, one) => {
    const texts = fill(one);
    expect(one.read(one.write(texts))).toEqual(written(one, texts));
  });

  test.each(named(CASES))('%s: its dialect recognises it', (_, one) => {
    const byHead = recogniseFormat(headOfCase(one)).id;
    const byBody = formatById(one.format)?.recogniseBody !== undefined ? [one.format, 'generic'] : [one.format];
    expect(byBody).toContain(byHead);
    expect(play(REDACTING, one, [one.write(fill(one))]).format.id).toBe(one.format);
  });
});

describe('a harmless body leaves as it came', () => {
  test.each(named(CASES))('%s: whole, byte by byte and in random pieces', (_, one) => {
    const random = createRandom();
    const body = one.write(fill(one));
    const cuttings = [[body], cutEvery(body, 1), ...Array.from({ length: 6 }, () => cutEvery(body, 1 + random.below(90)))];
    for (const parts of cuttings) expectUntouched(one, parts);
  });

  test.each(named(CASES.filter((one) => isSse(one) || isLines(one))))(
    '%s: with other line ends, comments, ids and retry lines',
    (_, one) => {
      const texts = fill(one);
      for (const variant of variantsOf(one, one.write(texts))) {
        for (const parts of [[variant], cutEvery(variant, 1), cutEvery(variant, 7)]) expectUntouched(one, parts);
        expect(one.read(variant)).toEqual(written(one, texts));
      }
    },
  );

  function expectUntouched(one: DialectCase, parts: readonly Buffer[]): void {
    const { inspection, findings, released } = play(REDACTING, one, parts);
    expect({ findings, uninspected: [...inspection.uninspected], changed: inspection.changed, denial: inspection.denial }).toEqual({
      findings: [],
      uninspected: unreadOf(one),
      changed: false,
      denial: undefined,
    });
    expect(released.equals(Buffer.concat(parts))).toBe(true);
  }
});

/** The same stream with the other line ends its framing allows, and with lines in it that are no data. */
function variantsOf(one: DialectCase, body: Buffer): readonly Buffer[] {
  const text = body.toString();
  const withEnds = (source: string, ends: readonly string[]): Buffer[] => ends.map((end) => Buffer.from(source.replaceAll('\n', end)));
  if (!isSse(one)) return withEnds(text, ['\r\n']);
  const events = text.split('\n\n').slice(0, -1);
  const noisy = events.map((event, i) => `: keep-alive\n\n: ping\nid: ${i}\nretry: 3000\n${event}\n\n`).join('');
  return [...withEnds(text, ['\r\n', '\r']), ...withEnds(noisy, ['\n', '\r\n', '\r'])];
}

/** More than one word that still grows and the event after it: a text of another place has begun, or ends where it stands. */
const EVENTS_IN_HAND_MAX = 6;

describe('a stream of prose leaves as it comes', () => {
  const streams = CASES.filter((one) => one.direction === 'response' && (isSse(one) || isLines(one)));
  test.each(named(streams))('%s', (_, one) => {
    const prose = 'Our branch opens at nine and closes at five, so come in before then and ask for the form you need'.match(/\S+ ?/g)!;
    // Results of tools are read as a whole: their pieces would wait for each other.
    const texts = new Map(
      ownSlots(one).map(({ name, pieces, lane }) => [name, pieces === true && lane !== 'tool-result' ? prose : [prose.join('')]]),
    );
    const body = one.write(texts);
    const events = body
      .toString()
      .split(isSse(one) ? /(?<=\n\n)/ : /(?<=\n)/)
      .map((event) => Buffer.from(event));
    expect(mostInHand(one, events)).toBeLessThanOrEqual(EVENTS_IN_HAND_MAX);
  });

  function mostInHand(one: DialectCase, events: readonly Buffer[]): number {
    const ends = events.map((_, i) => events.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0));
    const inHand: number[] = [];
    let bytes = 0;
    play(REDACTING, one, events, {
      onPiece: (released, index) => {
        bytes += released;
        inHand.push(index + 1 - ends.filter((end) => end <= bytes).length);
      },
    });
    return Math.max(...inHand);
  }
});

describe('a denial', () => {
  const rows = CASES.flatMap((one) =>
    ownSlots(one).map((slot) => [`${one.format} ${one.direction}: ${one.name}: ${slot.name}`, one, slot] as const),
  );

  test.each(rows)('%s: only the beginning of its redaction leaves', (_, one, slot) => {
    const pieces = slot.pieces === true ? cutText(DENIED, 5) : [DENIED];
    const texts = fill(one, { slot: slot.name, pieces });
    const body = one.write(texts);
    const { inspection, released, format } = play(DENYING, one, cutEvery(body, 40));
    expect(inspection.denial?.code).toBe('content_filter');
    expect(inspection.denial?.detector).toBe('secret.aws-access-key');
    const answer = format.denial(inspection.denial!);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(answer.body)).toBeTypeOf('object');
    const left = released.length === 0 ? [] : [...one.read(released)];
    expect(left.filter(([name, text]) => !wholeOf(one, slot, name, texts).startsWith(text))).toEqual([]);
    const ended = inspection.isStream() ? Buffer.concat([released, inspection.ending(inspection.denial!)]) : released;
    expect(one.isEnded?.(ended)).not.toBe(false);
  });

  function wholeOf(one: DialectCase, slot: Slot, name: string, texts: Texts): string {
    const { lane } = one.slots.find((each) => each.name === name) ?? slot;
    return redacted(REDACTING, lane, written(one, texts).get(name) ?? '').text;
  }
});

const cutText = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));

describe('every text is in exactly one lane', () => {
  test.each(named(CASES))('%s', (_, one) => {
    const texts = fill(one);
    const { frames } = read(cutEvery(one.write(texts), 50), {
      format: formatById(one.format)!,
      direction: one.direction,
      contentType: one.contentType,
    });
    const keys = textsByKey(frames.flatMap(({ segments }) => segments));
    const whole = written(one, texts);
    const found = one.slots.map(({ name, lane }) => [
      name,
      lane,
      keys.filter(({ text }) => text.includes(whole.get(name)!)).map((key) => key.lane),
    ]);
    const wanted = one.slots.map(({ name, repeats, lane }) => [name, lane, slotsWith(one, repeats ?? name).map((slot) => slot.lane)]);
    expect(found.map(sortedLanes)).toEqual(wanted.map(sortedLanes));
  });
});

const sortedLanes = (row: readonly unknown[]) => [row[0], row[1], (row[2] as readonly string[]).toSorted()];

function textsByKey(segments: readonly Segment[]): readonly { readonly lane: string; readonly text: string }[] {
  const byKey = Map.groupBy(segments, ({ key }) => key);
  return [...byKey.values()].map((all) => ({ lane: all[0]!.lane, text: all.map(({ text }) => text).join('') }));
}
