import { describe, expect, test } from 'vitest';
import { comparedIn, openComparison } from '../../src/detect/comparison/comparison.ts';
import { type ComparedTexts, fingerprintInSlices, fingerprintOf } from '../../src/detect/comparison/fingerprint.ts';
import { openPassages, type Passage } from '../../src/detect/comparison/passages.ts';
import { createShingleSearch, sharesShingle } from '../../src/detect/comparison/shingle-search.ts';
import type { Fingerprint } from '../../src/detect/comparison/shingle-set.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import systemPrompt from '../../src/detect/leak/system-prompt.ts';
import type { Action, Rule } from '../../src/detect/scan.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { atOnce, SLICE_UNITS } from '../../src/lib/slices.ts';
import { renderText } from '../../src/respond/splice.ts';
import { DISGUISES, PASSAGE, SYSTEM_TEXT } from '../support/leaked-prompt.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';

const ruleThat = (action: Action): Rule => ({
  id: 'leak.system-prompt',
  detector: systemPrompt,
  severity: 'high',
  confidence: 0.98,
  action,
});
const ENGINE = createLaneEngine([ruleThat('redact')], { streamed: true });

/** Of these system texts; fails the test when they are too short to have one. */
function mustHave(texts: Partial<ComparedTexts>, bounds?: { readonly promptLetters: number }): Fingerprint {
  const fingerprint = fingerprintOf({ system: [SYSTEM_TEXT], known: [], ...texts }, bounds);
  if (fingerprint === undefined) throw new Error('the texts have no fingerprint');
  return fingerprint;
}

/** What is found in an answer, as the parts of it. */
const foundIn = (answer: string, texts: Partial<ComparedTexts> = {}): readonly string[] => {
  const scan = ENGINE.open({ stopAtDenial: true, fingerprint: mustHave(texts) });
  scan.push(answer);
  scan.end();
  return scan.takeMatches().map(({ start, end }) => answer.slice(start, end));
};

const DISGUISED = Object.entries(DISGUISES).map(([name, disguise]) => [name, disguise] as const);

describe('a passage of the system text', () => {
  test('there are sixteen disguises', () => {
    expect(DISGUISED).toHaveLength(16);
  });

  test.each(DISGUISED)('is found %s, with nothing beside it', (_, disguise) => {
    const hidden = disguise(PASSAGE);
    const found = foundIn(`Well, ${hidden} That is it.`);
    expect(found).toHaveLength(1);
    expect(hidden).toContain(found[0]);
    expect(found[0]!.length).toBeGreaterThan(hidden.length - 16);
  });

  test('is found in the middle of a sentence of another', () => {
    expect(foundIn('We lend at most nine books to one reader and never mention the reserve shelf, you see.')).toEqual([
      'lend at most nine books to one reader and never mention the reserve shelf',
    ]);
  });

  test('is found twice when it stands twice', () => {
    expect(foundIn(`${PASSAGE} Once more, and slowly this time: ${PASSAGE}`)).toHaveLength(2);
  });

  test('is found of a system text of 100 KB, and so is the end of that', () => {
    const long = Array.from(
      { length: 2_000 },
      (_, i) => `Rule ${i}: what is ${(i * 7919).toString(26)} stays ${(i * 104_729).toString(26)}.`,
    );
    const system = [`${long.join(' ')} ${SYSTEM_TEXT}`];
    expect(system[0]!.length).toBeGreaterThan(70_000);
    expect(foundIn(PASSAGE, { system })).toEqual([PASSAGE.slice(0, -1)]);
    expect(foundIn(long.slice(-3).join(' '), { system })).toHaveLength(1);
  });

  test('is found of each of several system texts, and none goes over from one to the next', () => {
    const [first, second] = [SYSTEM_TEXT.slice(0, 200), SYSTEM_TEXT.slice(200)];
    const system = [first, second];
    expect(foundIn(first, { system })).toHaveLength(1);
    expect(foundIn(second, { system })).toHaveLength(1);
    expect(foundIn(SYSTEM_TEXT.slice(160, 240), { system })).toEqual([]);
  });

  test('is found in Chinese, Japanese, Korean and Russian', () => {
    const texts = [
      '你是港口图书馆的助手,绝对不要向任何读者提起地图室后面的备用书架和夜班守门人的钥匙。',
      '港の図書館の案内役として、地図室の裏にある予備の棚については利用者に決して話してはいけません。',
      '항구 도서관의 안내자로서 지도실 뒤의 예비 서가에 대해서는 이용자에게 절대로 말하지 마십시오.',
      'Ты помощник портовой библиотеки и никогда не рассказываешь читателям о запасной полке за картами.',
    ];
    expect(texts.map((text) => foundIn(`> ${text}`, { system: [text] }).length)).toEqual([1, 1, 1, 1]);
  });
});

const HARMLESS: readonly (readonly [name: string, answer: string, texts?: Partial<ComparedTexts>])[] = [
  [
    'talk about the same things',
    'You may lend nine books, and a reader who asks about fines should ask at the desk, which decides about amounts.',
  ],
  ['a sentence that is shorter than a passage', 'Lend at most nine books to one reader.'],
  ['what the user wrote himself', PASSAGE, { known: [`Is this right? "${PASSAGE}"`] }],
  ['the whole text when the user has pasted it', SYSTEM_TEXT, { known: [`Improve this prompt:\n${SYSTEM_TEXT.toLowerCase()}`] }],
  ['what stands in a tool definition', PASSAGE, { known: [`{"description": "${PASSAGE}"}`] }],
  [
    'boilerplate',
    "You are a helpful assistant. If you don't know the answer, just say that you don't know, don't try to make up an answer.",
    {
      system: [
        `You are a helpful assistant. If you don't know the answer, just say that you don't know, don't try to make up an answer. ${SYSTEM_TEXT}`,
      ],
    },
  ],
  [
    'the words in another order',
    'The map room is behind the reserve shelf; one reader may never mention nine books, at most, and lend to the night porter.',
  ],
  ['numbers and signs', '1. 2. 3. 4. --- ### *** 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890'],
];

describe('no passage of the system text', () => {
  test('there are eight kinds of answers that are none', () => {
    expect(HARMLESS).toHaveLength(8);
  });

  test.each(HARMLESS.map(([name, answer, texts]) => ({ name, answer, texts })))('is $name', ({ answer, texts }) => {
    expect(foundIn(answer, texts)).toEqual([]);
  });

  test.each(['', 'Be kind.', 'You are a helpful assistant.', '1234567890 '.repeat(40)])('comes from the system text %j', (system) => {
    expect(
      fingerprintOf({ system: [system], known: [] }) === undefined || foundIn(`${system} `.repeat(4), { system: [system] }).length === 0,
    ).toBe(true);
  });

  test('is left of what a user quotes, but the rest is one', () => {
    const [quoted, rest] = [SYSTEM_TEXT.slice(0, 146), SYSTEM_TEXT.slice(146)];
    expect(foundIn(SYSTEM_TEXT, { known: [quoted] })).toHaveLength(1);
    expect(foundIn(SYSTEM_TEXT, { known: [quoted] })[0]).toContain(rest.slice(0, -1));
  });

  test('is spared because a long text of the user has some of its words', () => {
    const words = SYSTEM_TEXT.split(' ');
    const shuffled = Array.from({ length: 4_000 }, (_, i) => words[(i * 37) % words.length]);
    expect(foundIn(PASSAGE, { known: [shuffled.join(' ')] })).toHaveLength(1);
  });
});

/** Letters without any order, so that no twelve of them stand twice. */
const letters = (count: number): string =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(97 + ((Math.imul(i + 1, 0x9e37_79b1) >>> 7) % 26))).join('');

describe('at its bounds', () => {
  const text = letters(400);
  const fingerprint = mustHave({ system: [text] });
  const count = (answer: string, known = fingerprint): number => comparedIn(known, ruleThat('redact'), answer).length;

  test.each([
    [FIXED.passageLetters - 1, 0],
    [FIXED.passageLetters, 1],
    [FIXED.passageLetters + 1, 1],
  ])('%i letters in a row are %i passages', (length, passages) => {
    expect(count(`${text.slice(100, 100 + length)}`)).toBe(passages);
  });

  test.each([
    [FIXED.passageGapUnits - 1, 1],
    [FIXED.passageGapUnits, 1],
    [FIXED.passageGapUnits + 1, 0],
  ])('a passage with a gap of %i units is found %i times', (gap, passages) => {
    expect(count(`${text.slice(60, 100)}${'-'.repeat(gap)}${text.slice(100, 140)}`)).toBe(passages);
  });

  test.each([
    [FIXED.knownLetters - 1, 1],
    [FIXED.knownLetters, 0],
    [FIXED.knownLetters + 1, 0],
  ])('%i letters that the user wrote too leave %i passages', (length, passages) => {
    const known = mustHave({ system: [text], known: [`so: ${text.slice(140, 140 + length)}`] });
    expect(count(text.slice(110, 190), known)).toBe(passages);
  });

  test.each([
    [401, false],
    [400, false],
    [399, true],
  ])('a bound of %i letters cuts a text of 400: %s', (promptLetters, cut) => {
    const bounded = mustHave({ system: [text] }, { promptLetters });
    expect([bounded.cut, count(text, bounded)]).toEqual([cut, 1]);
    expect(comparedIn(bounded, ruleThat('redact'), text).map(({ end }) => end)).toEqual([Math.min(400, promptLetters)]);
  });

  test('a fingerprint takes at most twelve bytes a letter, and 1 KiB', () => {
    const sizes = [60, 500, 4_000, 100_000].map((size) => mustHave({ system: [letters(size)] }).bytes / size);
    expect(Math.max(...sizes.slice(2))).toBeLessThanOrEqual(13);
    expect(mustHave({ system: [letters(60)] }).bytes).toBeLessThanOrEqual(1024 + 512);
  });
});

/**
 * Passages as the definition has them: every twelve letters in a row stand in the system text, but for a word of one or two letters or the
 * last three of a longer one, which a passage is begun behind. Nothing is hashed and nothing is cut.
 */
function passagesOf(system: string, answer: string): readonly Passage[] {
  const lettersOf = (text: string) => [...text].flatMap((char, at) => (/[a-z]/.test(char) ? [{ char, at }] : []));
  const known = lettersOf(system)
    .map(({ char }) => char)
    .join('');
  const own = lettersOf(answer);
  const found: { start: number; end: number; letters: number }[] = [];
  let last = -1;
  for (let i = 0; i + 12 <= own.length; i++) {
    const window = own.slice(i, i + 12);
    const isHit =
      known.includes(window.map(({ char }) => char).join('')) && window.every(({ at }, j) => j === 0 || at - window[j - 1]!.at <= 17);
    if (isHit && last === i - 1 && last >= 0) {
      found.at(-1)!.end = window[11]!.at + 1;
      found.at(-1)!.letters++;
    } else if (isHit) {
      const begins = [2, 1, 0, 3].find((j) => answer[window[j]!.at - 1] === undefined || !/[a-z]/.test(answer[window[j]!.at - 1]!));
      found.push({ start: window[begins ?? 0]!.at, end: window[11]!.at + 1, letters: 12 });
    }
    if (isHit) last = i;
  }
  return found.filter((one) => one.letters >= FIXED.passageLetters).map(({ start, end }) => ({ start, end }));
}

describe('in texts of several slices', () => {
  const random = createRandom();
  const word = (): string => Array.from({ length: 2 + random.below(8) }, () => String.fromCharCode(0x61 + random.below(26))).join('');
  const words = (units: number): string => {
    let text = word();
    while (text.length < units) text += ` ${word()}`;
    return text;
  };
  const system = words(4 * SLICE_UNITS);
  const passages = [1, 2, 3].map((slice) => system.slice(slice * SLICE_UNITS - 70, slice * SLICE_UNITS + 70));

  test('a passage is found wherever a slice of the system text ends', () => {
    expect(passages.map((passage) => foundIn(passage, { system: [system] }).length)).toEqual([1, 1, 1]);
  });

  test('the request of the caller is known wherever a slice of it ends, and the rest of the system text is not', () => {
    const known = passages.map((passage, i) => words((i + 1) * SLICE_UNITS - 70).slice(0, (i + 1) * SLICE_UNITS - 70) + passage);
    const answers = [...passages, system.slice(SLICE_UNITS + 200, SLICE_UNITS + 400)];
    expect(answers.map((answer) => foundIn(answer, { system: [system], known }).length)).toEqual([0, 0, 0, 1]);
  });

  test('texts are compared in slices as at once, also with a system text that is remembered', () => {
    const known = [words(200), `${words(2 * SLICE_UNITS)} ${passages[0]}`, ...Array.from({ length: 300 }, () => words(20)), passages[2]!];
    const fresh = [words(3 * SLICE_UNITS)];
    for (const texts of [
      { system: [system], known },
      { system: [system], known: [] },
      { system: fresh, known: [fresh[0]!.slice(500, 900)] },
      { system: [system], known: [words(9 * SLICE_UNITS)] },
      { system: ['short'], known },
      { system: [], known },
    ]) {
      const sliced = atOnce(fingerprintInSlices(texts));
      expect(fingerprintOf(texts)).toEqual(sliced);
      expect(fingerprintOf(texts)).toEqual(sliced);
    }
    expect(fingerprintInSlices({ system: [system], known }).toArray().length).toBeGreaterThanOrEqual(8);
  });

  test('a caller who has written a passage again and again knows it', () => {
    const known = [Array.from({ length: 200 }, () => passages[0]).join(' ')];
    expect(passages.map((answer) => foundIn(answer, { system: [system], known }).length)).toEqual([0, 1, 1]);
  });

  test('letters that are too few to be known are left, also in front of some that are enough', () => {
    const few = passages[0]!.slice(0, 24);
    const known = [`${few}${'-'.repeat(FIXED.passageGapUnits + 1)}${passages[1]}`];
    expect(passages.map((answer) => foundIn(answer, { system: [system], known }).length)).toEqual([1, 0, 1]);
  });
});

describe('in generated texts', () => {
  const random = createRandom();
  const TIMEOUT = { timeout: LONG_RUN ? 600_000 : 30_000 };
  const ROUNDS = LONG_RUN ? 20_000 : 400;
  const WORDS = ['never', 'tell', 'the', 'reader', 'about', 'shelf', 'map', 'key', 'or', 'night', 'a', 'step'];
  const words = (count: number): string => Array.from({ length: count }, () => random.pick(WORDS)).join(' ');
  const piecesOf = (text: string): readonly string[] => {
    const cuts = Array.from({ length: random.below(8) }, () => random.below(text.length + 1)).sort((a, b) => a - b);
    return [0, ...cuts].map((from, i) => text.slice(from, cuts[i] ?? text.length));
  };
  /** Copied and made up, in turns, with gaps of all widths around the bound. */
  const answerTo = (system: string): string =>
    Array.from({ length: 1 + random.below(6) }, () => {
      const from = random.below(system.length);
      const part = random.below(2) === 0 ? system.slice(from, from + random.below(160)) : words(random.below(12));
      return part + random.pick(['', ' ', '. ', '-'.repeat(10 + random.below(12))]);
    }).join('');

  test('exactly the passages of the definition are found, however the answer comes', TIMEOUT, () => {
    let found = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const system = words(20 + random.below(60));
      const answer = answerTo(system);
      const fingerprint = fingerprintOf({ system: [system], known: [] });
      const ended: Passage[] = [];
      const passages = openPassages(fingerprint!, { letters: FIXED.passageLetters, ended: (passage) => ended.push(passage) });
      for (const piece of piecesOf(answer)) passages.push(piece);
      passages.end();
      expect({ system, answer, ended }).toEqual({ system, answer, ended: passagesOf(system, answer) });
      found += ended.length;
    }
    expect(found).toBeGreaterThan(ROUNDS / 4);
  });

  test('what has left is always the beginning of the whole answer redacted', TIMEOUT, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const system = words(20 + random.below(60));
      const answer = answerTo(system);
      const fingerprint = fingerprintOf({ system: [system], known: [] })!;
      const open = (pieces: readonly string[]) => {
        const scan = openComparison(fingerprint, { rule: ruleThat('redact'), stopAtDenial: true });
        const left: string[] = [];
        let pushed = '';
        for (const piece of pieces) {
          scan.push(piece);
          pushed += piece;
          left.push(
            renderText(
              pushed.slice(0, scan.settled),
              scan.edits.filter(({ start }) => start < scan.settled),
            ),
          );
        }
        scan.end();
        return { left, whole: renderText(answer, scan.edits) };
      };
      const { whole } = open([answer]);
      const streamed = open(piecesOf(answer));
      expect(streamed.whole).toBe(whole);
      expect(streamed.left.filter((left) => !whole.startsWith(left))).toEqual([]);
    }
  });

  test('nothing is held longer than the letters of a passage', () => {
    const scan = openComparison(mustHave({}), { rule: ruleThat('redact'), stopAtDenial: true });
    const held = [...`${PASSAGE} ${SYSTEM_TEXT}`].map((unit) => {
      scan.push(unit);
      return scan.length - scan.settled;
    });
    expect(Math.max(...held)).toBeLessThanOrEqual(2 * FIXED.passageLetters);
    expect(held.at(-1)).toBeLessThanOrEqual(12);
  });

  /** What is held when an answer has come that far. */
  const heldOf = (answer: string, system: string): string => {
    const scan = openComparison(mustHave({ system: [system] }), { rule: ruleThat('redact'), stopAtDenial: true });
    scan.push(answer);
    return answer.slice(scan.settled);
  };

  test('the last letters are held only as far as a passage may begin with them', () => {
    const system = 'Branches open at nine, and the manager may waive a fee of fifty euros once a year.';
    expect(['they hid', 'so much', 'a room for a', 'we met at', 'of nine'].map((answer) => heldOf(answer, system))).toEqual([
      'd',
      'ch',
      'a',
      'at',
      'nine',
    ]);
  });

  test('the end of a word and a word of two letters are not held once they are over', () => {
    const system = 'Branches open at nine, and the manager may waive a fee of fifty euros once a year.';
    const answers = ['they hid ', 'so much ', 'we met at ', 'we met at nine ', 'of nine ', 'a plan: open ', 'I hide my fan '];
    expect(answers.map((answer) => heldOf(answer, system))).toEqual(['', '', '', 'nine ', 'nine ', 'open ', '']);
  });

  test.each([
    [
      'before the first word of the system text',
      'Of course. Ask for the code word before you tell anybody what stands in the vault of the bank, or who has a key of it.',
      'Of course. ',
    ],
    [
      'with a word of two letters',
      'It is so: or the code word before you tell anybody what stands in the vault of the bank, or who has a key of it.',
      'It is so: or ',
    ],
    [
      'in the middle of a word',
      'xxsk for the code word before you tell anybody what stands in the vault of the bank, or who has a key of it.',
      'xxsk ',
    ],
    [
      'in the middle of a word that goes on',
      'xxcode word before you tell anybody what stands in the vault of the bank, or who has a key of it.',
      'xx',
    ],
  ])('a passage that begins %s', (_, answer, left) => {
    const scan = openComparison(
      mustHave({ system: ['Ask for the code word before you tell anybody what stands in the vault of the bank, or who has a key of it.'] }),
      {
        rule: ruleThat('redact'),
        stopAtDenial: true,
      },
    );
    for (const unit of answer) scan.push(unit);
    scan.end();
    expect(answer.slice(0, scan.edits[0]?.start)).toBe(left);
  });

  test('whatever the script, what a passage begins with is held', () => {
    const system = '一切客戶資料一律保密，一般職員不得向外人透露任何帳戶餘額一事，違者一概處分。'.repeat(2);
    const begun = Array.from({ length: 8 }, (_, from) => [1, 2, 3, 5].map((letters) => system.slice(from, from + letters)));
    expect(begun.flat().filter((text) => heldOf(`Ja. ${text}`, system).length < text.replace('，', '').length)).toEqual([]);
  });

  test('a denial comes with the last letter that makes a passage one, in any cutting', () => {
    const ends = [[PASSAGE], [...PASSAGE]].map((pieces) => {
      const scan = openComparison(mustHave({}), { rule: ruleThat('deny'), stopAtDenial: true });
      for (const piece of pieces) scan.push(piece);
      scan.end();
      return [scan.denied?.start, scan.denied?.end, scan.settled, scan.takeMatches().length];
    });
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]).toEqual([0, PASSAGE.indexOf('reserve') + 'reserve shelf'.length, 0, 1]);
  });
});

describe('fingerprints of the same system text', () => {
  const known = (text: string): Partial<ComparedTexts> => ({ known: [text] });

  test('are made once, and what one caller wrote is taken out for him alone', () => {
    const first = mustHave({});
    expect(mustHave({})).toBe(first);
    expect(mustHave(known('Hello.'))).toBe(first);
    expect(foundIn(PASSAGE, known(`Shorten this: ${PASSAGE}`))).toEqual([]);
    expect(foundIn(PASSAGE, known('Hello.'))).toHaveLength(1);
    expect(mustHave({})).toBe(first);
  });

  test('are those of its parts, not of the same letters in other parts', () => {
    const [begins, ends] = [SYSTEM_TEXT.slice(0, 200), SYSTEM_TEXT.slice(200)];
    expect(mustHave({ system: [begins, ends] })).toBe(mustHave({ system: [begins, ends] }));
    expect(mustHave({ system: [begins, ends] })).not.toBe(mustHave({ system: [begins + ends] }));
    expect(mustHave({}, { promptLetters: 100 })).not.toBe(mustHave({}));
  });
});

describe('a whole text that may be too short for a passage', () => {
  const HAN = '图书馆每位读者最多可以借九本书并且绝不提及地图室后面的备用书架';
  const whole = createLaneEngine([ruleThat('observe')], { streamed: true });
  const scanned = (text: string, fingerprint: Fingerprint): number => {
    const scan = whole.open({ stopAtDenial: true, fingerprint, whole: true });
    scan.push(text);
    scan.end();
    return scan.takeMatches().length;
  };

  test("shares a shingle exactly where one of its twelve letters in a row is the system text's", () => {
    const random = createRandom();
    const word = (): string => Array.from({ length: 1 + random.below(6) }, () => random.pick([...'abcde'])).join('');
    const words = (count: number): string => Array.from({ length: count }, word).join(' ');
    const lettersOf = (text: string): string => text.replaceAll(' ', '');
    const rows = Array.from({ length: 100 }, () => words(80)).flatMap((system) => {
      const fingerprint = mustHave({ system: [system] });
      return Array.from({ length: 60 }, () => {
        const at = random.below(system.length - 30);
        const text = words(random.below(6)) + system.slice(at, at + 8 + random.below(14)) + words(random.below(6));
        const letters = lettersOf(text);
        const twelves = Array.from({ length: Math.max(0, letters.length - 11) }, (_, start) => letters.slice(start, start + 12));
        const expected = twelves.some((row) => lettersOf(system).includes(row));
        const search = createShingleSearch(fingerprint);
        const inPieces = [text.slice(0, 7), text.slice(7, 19), text.slice(19)].some((piece) => search(piece));
        return { system, text, expected, actual: sharesShingle(fingerprint, text), inPieces };
      });
    });
    expect(rows.filter(({ expected, actual, inPieces }) => expected !== actual || expected !== inPieces)).toEqual([]);
    expect(rows.filter(({ expected }) => expected).length).toBeGreaterThan(1_000);
    expect(rows.filter(({ expected }) => !expected).length).toBeGreaterThan(1_000);
  });

  test('is quiet exactly where a scan finds nothing, however it is hidden', () => {
    const texts = [HAN, SYSTEM_TEXT];
    const forms = [
      (text: string) => text,
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => Buffer.from(text).toString('hex'),
      (text: string) => encodeURIComponent(text),
      (text: string) => JSON.stringify(text).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`),
      (text: string) => [...text].toReversed().join(''),
    ];
    let found = 0;
    for (const text of texts) {
      const fingerprint = mustHave({ system: [text] });
      for (const form of forms)
        for (let length = 12; length <= 70; length++) {
          const part = form(text.slice(0, length));
          const matches = scanned(part, fingerprint);
          found += matches;
          if (matches > 0) expect(whole.isQuiet(part, fingerprint), part).toBe(false);
        }
    }
    expect(found).toBeGreaterThan(200);
  });
});
