import { describe, expect, test } from 'vitest';
import { LONG_RUN } from '../support/random.ts';
import { policyFrom } from '../support/streams.ts';
import { CASES } from './cases.ts';
import type { DialectCase, Slot } from './dialect-case.ts';
import { cutEvery, fill, ownSlots, play, redacted, slotsWith, spans, written } from './playing.ts';

const REDACTING = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n');

/** A sample of each family that redacts: at the start, in the middle, side by side and at the end of a text. */
const SECRETS = `4111 1111 1111 1111 is mine, write to anna@example.org or +49 30 1234567; key ${'AKIA'}QZ7M3KX5TWNB2RVD, DE89370400440532013000`;

describe('what leaves of a slot is the redaction of its whole text', () => {
  const rows = CASES.flatMap((one, i) =>
    ownSlots(one).map((slot, j) => [`${one.format} ${one.direction}: ${one.name}: ${slot.name}`, one, slot, i + j] as const),
  );

  test('there is a row for every slot that is filled by itself', () => {
    expect(rows.length).toBe(CASES.flatMap(ownSlots).length);
    expect(rows.length).toBeGreaterThan(CASES.length);
  });

  test.each(rows)('%s', (_, one, slot, offset) => {
    const wrong: string[] = [];
    for (const pieces of slot.pieces === true ? twoCuts(SECRETS, offset) : [[SECRETS]]) {
      const body = one.write(fill(one, { slot: slot.name, pieces }));
      const problem = mismatch(one, slot, [body]);
      if (problem !== undefined) wrong.push(`${problem} for ${JSON.stringify(pieces)}`);
    }
    const body = one.write(fill(one, { slot: slot.name, pieces: slot.pieces === true ? [...SECRETS] : [SECRETS] }));
    for (const size of [1, 13, body.length]) {
      const problem = mismatch(one, slot, cutEvery(body, size));
      if (problem !== undefined) wrong.push(`${problem} in pieces of ${size} bytes`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  /** What is wrong with one run; undefined when streamed and whole agree. */
  function mismatch(one: DialectCase, slot: Slot, parts: readonly Buffer[]): string | undefined {
    const { inspection, findings, released } = play(REDACTING, one, parts);
    if (inspection.denial !== undefined) return `denied: ${inspection.denial.code}`;
    const all = slotsWith(one, slot.name).map(({ lane }) => ({ lane, whole: redacted(REDACTING, lane, SECRETS) }));
    const wanted = all.flatMap(({ lane, whole }) => whole.findings.map((span) => `${lane} ${span}`)).toSorted();
    if (spans(findings).join() !== wanted.join()) return `findings ${spans(findings).join()} instead of ${wanted.join()}`;
    const got = one.read(released);
    for (const [name, text] of expectedTexts(one, slot)) {
      if (got.get(name) !== text) return `${name} is ${JSON.stringify(got.get(name))} instead of ${JSON.stringify(text)}`;
    }
    return undefined;
  }

  function expectedTexts(one: DialectCase, slot: Slot): ReadonlyMap<string, string> {
    const texts = written(one, fill(one, { slot: slot.name, pieces: [SECRETS] }));
    return new Map(one.slots.map(({ name, lane }) => [name, redacted(REDACTING, lane, texts.get(name)!).text]));
  }
});

/** A text in three pieces, cut everywhere in the long run, else at about four places that differ from row to row. */
function* twoCuts(text: string, offset: number): Generator<readonly string[]> {
  const stride = LONG_RUN ? 1 : Math.ceil(text.length / 3);
  for (let first = offset % stride; first <= text.length; first += stride) {
    for (let second = first; second <= text.length; second += stride) {
      yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
    }
  }
}
