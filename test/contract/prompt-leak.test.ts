import { describe, expect, test } from 'vitest';
import { ANSWER_LANES } from '../../src/detect/answer-lanes.ts';
import type { Fingerprint } from '../../src/detect/comparison/shingle-set.ts';
import { LEAKS } from '../../src/detect/leak/index.ts';
import { createPromptMemory, type PromptMemory } from '../../src/exchange/prompt-memory.ts';
import { renderText } from '../../src/respond/splice.ts';
import type { Lane } from '../../src/text/lane.ts';
import { DISGUISES, PASSAGE, SYSTEM_TEXT } from '../support/leaked-prompt.ts';
import { LONG_RUN } from '../support/random.ts';
import { policyFrom } from '../support/streams.ts';
import { CASES } from './cases.ts';
import { type DialectCase, type Slot, unreadOf } from './dialect-case.ts';
import { cutEvery, fill, ownSlots, play, slotsWith, spans, written } from './playing.ts';

const POLICY = policyFrom('version: 1\nextends: none\ndetectors:\n  leak.system-prompt: {action: redact}\n', LEAKS);

interface Place {
  readonly one: DialectCase;
  readonly slot: Slot;
}

const places = (direction: DialectCase['direction'], lanes: readonly Lane[]): readonly Place[] =>
  CASES.filter((one) => one.direction === direction).flatMap((one) =>
    ownSlots(one).flatMap((slot) => (lanes.includes(slot.lane) ? [{ one, slot }] : [])),
  );

const SYSTEM = places('request', ['system']);
const DIALECTS = [...new Set(SYSTEM.map(({ one }) => one.format))];
const ANSWERS = places('response', ANSWER_LANES).filter(({ one }) => DIALECTS.includes(one.format));

/** What an exchange keeps of a request that says these things. */
function asked({ one, slot }: Place, text: string): PromptMemory {
  const prompt = createPromptMemory();
  const { inspection } = play(POLICY, one, [one.write(fill(one, { slot: slot.name, pieces: [text] }))], { prompt });
  expect([...inspection.uninspected].filter((reason) => reason !== 'opaque')).toEqual(unreadOf(one));
  return prompt;
}

/** What the answer's whole text is after redaction, and where the passage was found. */
function redacted(fingerprint: Fingerprint | undefined, lane: Lane, text: string) {
  const engine = POLICY.route({ routeName: undefined, host: '', path: '' }).profile.engine(lane, 'response');
  const scan = engine!.open({ stopAtDenial: true, fingerprint });
  scan.push(text);
  scan.end();
  return {
    text: renderText(text, scan.edits),
    found: scan.takeMatches().map(({ rule, start, end }) => `${lane} ${rule.id}@${start}-${end}`),
  };
}

/** What is wrong with an answer that says a text in one place; undefined when it is redacted there, and nothing else is touched. */
function problem(
  { one, slot }: Place,
  { prompt, pieces, parts }: { prompt: PromptMemory; pieces: readonly string[]; parts: (body: Buffer) => readonly Buffer[] },
) {
  const texts = fill(one, { slot: slot.name, pieces });
  const { inspection, findings, released } = play(POLICY, one, parts(one.write(texts)), { prompt });
  if (inspection.denial !== undefined) return `denied: ${inspection.denial.code}`;
  const same = slotsWith(one, slot.name);
  const whole = new Map(same.map(({ name, lane }) => [name, redacted(prompt.fingerprint, lane, pieces.join(''))]));
  const wanted = [...whole.values()].flatMap(({ found }) => found).toSorted();
  if (spans(findings).join() !== wanted.join()) return `findings ${spans(findings).join()} instead of ${wanted.join()}`;
  const got = one.read(released);
  const wrong = [...written(one, texts)].find(([name, text]) => got.get(name) !== (whole.get(name)?.text ?? text));
  return wrong === undefined ? undefined : `${wrong[0]} is ${JSON.stringify(got.get(wrong[0]))}`;
}

/** Every offset for one place of each dialect, and for all in the long run; else some. */
function offsets(length: number, place: Place): readonly number[] {
  const isFirst = ANSWERS.find(({ one, slot }) => one.format === place.one.format && slot.pieces === true) === place;
  return Array.from({ length: length + 1 }, (_, at) => at).filter((at) => LONG_RUN || isFirst || at % 16 === 0);
}

const nameOf = ({ one, slot }: Place): string => `${one.format} ${one.name}, ${slot.name}`;

describe('the system text', () => {
  test('has a place in ten dialects', () => {
    expect(DIALECTS).toHaveLength(10);
    expect(SYSTEM.length).toBeGreaterThanOrEqual(19);
  });

  test.each(SYSTEM.map((place) => [nameOf(place), place] as const))('%s: is kept as a fingerprint', (_, place) => {
    const { fingerprint, heldBytes } = asked(place, SYSTEM_TEXT);
    expect(redacted(fingerprint, 'output', PASSAGE).found).toHaveLength(1);
    expect([fingerprint?.bytes, fingerprint?.cut]).toEqual([heldBytes, false]);
  });

  test.each(places('request', ['user', 'tool-definition', 'document']).map((place) => [nameOf(place), place] as const))(
    '%s: what stands here too is no secret of it',
    (_, place) => {
      const prompt = createPromptMemory();
      prompt.note({ key: 'elsewhere', lane: 'system', text: SYSTEM_TEXT });
      play(POLICY, place.one, [place.one.write(fill(place.one, { slot: place.slot.name, pieces: [SYSTEM_TEXT] }))], { prompt });
      expect(redacted(prompt.fingerprint, 'output', PASSAGE).found).toEqual([]);
    },
  );
});

describe('an answer', () => {
  const promptOf = new Map(DIALECTS.map((format) => [format, asked(SYSTEM.find(({ one }) => one.format === format)!, SYSTEM_TEXT)]));
  const disguises = Object.entries(DISGUISES);

  test('the grid has every place of an answer in every disguise', () => {
    expect(new Set(ANSWERS.map(({ one }) => one.format)).size).toBe(DIALECTS.length);
    expect(ANSWERS.length * disguises.length).toBeGreaterThanOrEqual(1_000);
  });

  test.each(ANSWERS.map((place) => [nameOf(place), place] as const))('%s: is redacted in every disguise', (_, place) => {
    const prompt = promptOf.get(place.one.format)!;
    const wrong = disguises.flatMap(([disguise, hide]) => {
      const pieces = [`Well: ${hide(PASSAGE)} That is all.`];
      const found = problem(place, { prompt, pieces, parts: (body) => cutEvery(body, 333) });
      return found === undefined ? [] : [`${disguise}: ${found}`];
    });
    expect(wrong).toEqual([]);
  });

  const streamed = ANSWERS.filter(({ slot }) => slot.pieces);

  test('there are streams of nine dialects at least', () => {
    expect(new Set(streamed.map(({ one }) => one.format)).size).toBeGreaterThanOrEqual(9);
  });

  test.each(streamed.map((place) => [nameOf(place), place] as const))('%s: is redacted the same at every split', (_, place) => {
    const prompt = promptOf.get(place.one.format)!;
    const text = `Well: ${PASSAGE} That is all.`;
    const cuts = offsets(text.length, place).map((at) => [text.slice(0, at), text.slice(at)]);
    const wrong = [...cuts, [...text]].flatMap((pieces) => problem(place, { prompt, pieces, parts: (body) => [body] }) ?? []);
    expect(wrong).toEqual([]);
  });

  test.each(ANSWERS.map((place) => [nameOf(place), place] as const))('%s: that says nothing of it leaves as it came', (_, place) => {
    const body = place.one.write(
      fill(place.one, { slot: place.slot.name, pieces: ['You may lend nine books to a reader, and the desk decides about fines.'] }),
    );
    const { released, findings } = play(POLICY, place.one, cutEvery(body, 100), { prompt: promptOf.get(place.one.format)! });
    expect(findings).toEqual([]);
    expect(released.equals(body)).toBe(true);
  });
});
