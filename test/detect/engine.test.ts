import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { createEngine, type EngineBounds } from '../../src/detect/engine.ts';
import type { Engine, LaneScan, Rule } from '../../src/detect/scan.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';
import { type ReferenceScan, referenceScan, show } from '../support/reference-scan.ts';
import { cutText, generateRules, generateText, ruleOf } from '../support/rules.ts';

/** A long run takes minutes where a short one takes seconds. */
const TIMEOUT = { timeout: LONG_RUN ? 3_600_000 : 60_000 };

interface Streamed extends ReferenceScan {
  /** What was said on the way and turned out different at the end. */
  readonly broken: readonly string[];
}

const showEdit = ({ start, end, replacement }: LaneScan['edits'][number]): string => `${start}-${end} ${replacement}`;

/** The edits as far as a text is settled: what a consumer has let go by then. */
const released = (scan: LaneScan): string[] =>
  scan.edits
    .filter(({ start }) => start < scan.settled)
    .map(({ start, end, replacement }) => `${start}-${Math.min(end, scan.settled)} ${replacement}`);

/** As models write: each word with the space before it. */
const inWords = (text: string): string[] => text.split(/(?= )/);

/** Feeds pieces and keeps what was final after each; compares it with what is known at the end. */
function scanPieces(engine: Engine, pieces: readonly string[], stopAtDenial = true): Streamed {
  const scan = engine.open({ stopAtDenial });
  const matches: string[] = [];
  const ends: number[] = [];
  const snapshots: { settled: number; released: string[]; handedOut: number }[] = [];
  const take = (): void => {
    for (const match of scan.takeMatches()) {
      matches.push(show(match));
      ends.push(match.end);
    }
  };
  for (const piece of pieces) {
    scan.push(piece);
    take();
    snapshots.push({ settled: scan.settled, released: released(scan), handedOut: matches.length });
  }
  scan.end();
  take();
  const broken = snapshots.flatMap((then) => {
    const now = scan.edits
      .filter(({ start }) => start < then.settled)
      .map(({ start, end, replacement }) => `${start}-${Math.min(end, then.settled)} ${replacement}`);
    // What reaches the end of the lane (a block without its end marker) is known when the lane ends.
    const due = ends.filter((end) => end <= then.settled && end < scan.length).length;
    return [
      ...(now.join() === then.released.join() ? [] : [`edits before ${then.settled} were ${then.released.join()}, are ${now.join()}`]),
      ...(then.handedOut >= due ? [] : [`${due} matches end before ${then.settled}, ${then.handedOut} were handed out`]),
    ];
  });
  return {
    matches,
    edits: scan.edits.filter(({ start }) => scan.denied === undefined || start < scan.settled).map(showEdit),
    denied: scan.denied === undefined ? undefined : show(scan.denied),
    exceeded: scan.exceeded.includes('block-limit'),
    broken,
  };
}

/**
 * What is wrong with a scan. How much is settled when a denial comes depends on the cutting, so then only the edits that both have are
 * compared, and of them what no later text changes: where they begin and what they are called.
 */
function differences(expected: ReferenceScan, actual: Streamed): string[] {
  const count = expected.denied === undefined ? Number.MAX_SAFE_INTEGER : Math.min(expected.edits.length, actual.edits.length);
  const final = ({ edits, denied }: ReferenceScan): string =>
    edits
      .slice(0, count)
      .map((edit) => (denied === undefined ? edit : edit.replace(/-\d+/, '')))
      .join();
  return [
    ...actual.broken,
    ...differing('matches', actual.matches.join(), expected.matches.join()),
    ...differing('edits', final(actual), final(expected)),
    ...differing('denied', String(actual.denied), String(expected.denied)),
    ...differing('exceeded', String(actual.exceeded), String(expected.exceeded)),
  ];
}

const differing = (what: string, actual: string, expected: string): string[] =>
  actual === expected ? [] : [`${what} ${actual} instead of ${expected}`];

interface Run {
  readonly rules: readonly Rule[];
  readonly text: string;
  readonly bounds?: EngineBounds;
  readonly stopAtDenial?: boolean;
}

const reference = ({ rules, text, bounds = FIXED, stopAtDenial = true }: Run, engine: Engine): ReferenceScan =>
  referenceScan(rules, text, { stopAtDenial, longest: engine.longest, blockUnits: bounds.blockUnits });

const redacting = CATALOGUE.map(
  (detector): Rule => ({
    id: detectorId(detector),
    detector,
    severity: detector.severity,
    confidence: detector.confidence,
    action: 'redact',
  }),
);

describe('a scan gives what the brute-force reference gives', () => {
  it('for generated rules and texts, with few states, small blocks, denials and without', TIMEOUT, () => {
    const random = createRandom();
    const failures: string[] = [];
    let found = 0;
    let denials = 0;
    for (let i = 0; i < (LONG_RUN ? 600 : 14); i++) {
      const generated = generateRules(random, 11 + random.below(22));
      const rules = generated.map(({ rule }) => rule);
      const bounds = {
        automatonStates: random.pick([8, 64, 4096]),
        blockUnits: random.pick([20, 65_536]),
        stateAllowance: random.pick([0, 10, 100, 4096]),
      };
      const stopAtDenial = random.below(4) > 0;
      const engine = createEngine(rules, bounds);
      for (let k = 0; k < 20; k++) {
        const text = generateText(random, generated, 12);
        const expected = reference({ rules, text, bounds, stopAtDenial }, engine);
        found += expected.matches.length;
        denials += expected.denied === undefined ? 0 : 1;
        for (const pieces of [[text], text.split(''), inWords(text), cutText(random, text, 9)]) {
          const wrong = differences(expected, scanPieces(engine, pieces, stopAtDenial));
          if (wrong.length > 0) failures.push(`${JSON.stringify(pieces)}: ${wrong.slice(0, 3).join('; ')}`);
        }
      }
    }
    expect(failures.slice(0, 3)).toEqual([]);
    expect(found).toBeGreaterThan(500);
    expect(denials).toBeGreaterThan(2);
  });

  it.each([
    ['', FIXED.stateAllowance],
    [', where an automaton makes few states', 300],
    [', where it makes none', 0],
  ])('for the catalogue and its samples joined at random%s', TIMEOUT, (_, stateAllowance) => {
    const random = createRandom();
    const engine = createEngine(redacting, { ...FIXED, stateAllowance });
    const samples = CATALOGUE.flatMap(({ finds, ignores }) => [...finds, ...ignores]).filter((text) => text.length < 120);
    expect(samples.length).toBeGreaterThan(100);
    const failures: string[] = [];
    for (let i = 0; i < (LONG_RUN ? 400 : 6); i++) {
      const text = Array.from({ length: 1 + random.below(4) }, () => random.pick(samples)).join(random.pick(['', ' ', '\n', '\ud800']));
      const expected = reference({ rules: redacting, text }, engine);
      for (const pieces of [[text], text.split(''), inWords(text), cutText(random, text, 20)])
        failures.push(...differences(expected, scanPieces(engine, pieces)).map((wrong) => `${JSON.stringify(pieces)}: ${wrong}`));
    }
    expect(failures).toEqual([]);
  });
});

describe('with 330 rules', () => {
  const random = createRandom();
  const generated = generateRules(random, 330);
  const rules = generated.map(({ rule }) => rule);
  const engine = createEngine(rules, { automatonStates: 512, blockUnits: 2_000 });
  const longRun = (): string => random.pick(['ab', 'ab ', '0123456789', 'key ', 'é', '\ud83d', 'x.']).repeat(40 + random.below(600));

  it('any cutting says what the whole says, and never takes back what was settled', TIMEOUT, () => {
    const failures: string[] = [];
    let matches = 0;
    for (let i = 0; i < (LONG_RUN ? 1_000 : 7); i++) {
      const text = generateText(random, generated, 60) + longRun() + generateText(random, generated, 60);
      const stopAtDenial = i % 3 === 0;
      const whole = scanPieces(engine, [text], stopAtDenial);
      matches += whole.matches.length;
      const cut = random.below(text.length);
      const cuttings = [text.split(''), cutText(random, text, 7), cutText(random, text, 900), [text.slice(0, cut), text.slice(cut)]];
      for (const pieces of cuttings) {
        const wrong = differences(whole, scanPieces(engine, pieces, stopAtDenial));
        if (wrong.length > 0) failures.push(`${JSON.stringify(pieces)}: ${wrong.slice(0, 2).join('; ')}`);
      }
    }
    expect(failures.slice(0, 3)).toEqual([]);
    expect(matches).toBeGreaterThan(150);
  });

  it('agrees with the reference, which tries every rule everywhere', TIMEOUT, () => {
    const failures: string[] = [];
    for (let i = 0; i < (LONG_RUN ? 300 : 8); i++) {
      const text = generateText(random, generated, 20);
      const expected = referenceScan(rules, text, { stopAtDenial: false, longest: engine.longest, blockUnits: 2_000 });
      failures.push(...differences(expected, scanPieces(engine, [text], false)).map((wrong) => `${JSON.stringify(text)}: ${wrong}`));
    }
    expect(failures.slice(0, 3)).toEqual([]);
  });

  it('calls no text quiet that has a match', () => {
    const texts = Array.from({ length: 200 }, () => generateText(random, generated, 3));
    const quiet = texts.filter((text) => engine.isQuiet(text));
    expect(quiet.length).toBeGreaterThan(10);
    expect(quiet.length).toBeLessThan(200);
    expect(quiet.filter((text) => scanPieces(engine, [text]).matches.length > 0)).toEqual([]);
  });
});

const block = { until: /-END-+/ } as const;
const even = (candidate: string): boolean => digitSum(candidate) % 2 === 0;
const digitSum = (text: string): number => [...text.replace(/\D/g, '')].reduce((sum, digit) => sum + Number(digit), 0);

interface Row {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly text: string;
  readonly matches: readonly string[];
  readonly edits: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'takes the longest end that passes the check, and the next start when none does',
    rules: [ruleOf('even', /\b\d(?: ?\d){1,6}\b/, { check: even })],
    text: '2 3 1 x 1 12 x 1 1',
    matches: ['pii.even 0-5', 'pii.even 8-12', 'pii.even 15-18'],
    edits: ['0-5 [REDACTED:pii.even]', '8-12 [REDACTED:pii.even]', '15-18 [REDACTED:pii.even]'],
  },
  {
    name: 'a rejected candidate hides nothing that begins inside it',
    rules: [ruleOf('even', /\b\d(?: ?\d){3}\b/, { check: even })],
    text: '1 2 2 2 1 3',
    matches: ['pii.even 4-11'],
    edits: ['4-11 [REDACTED:pii.even]'],
  },
  {
    name: 'merges what overlaps under the name of the gravest, and keeps neighbours apart',
    rules: [ruleOf('low', /abcd/, { severity: 'low' }), ruleOf('high', /cdef/, { severity: 'high' }), ruleOf('next', /gh/)],
    text: 'abcdefgh',
    matches: ['pii.low 0-4', 'pii.high 2-6', 'pii.next 6-8'],
    edits: ['0-6 [REDACTED:pii.high]', '6-8 [REDACTED:pii.next]'],
  },
  {
    name: 'names a replacement by length, then by id, when severities are equal',
    rules: [ruleOf('short', /abc/), ruleOf('a-long', /bcde/), ruleOf('b-long', /cdef/)],
    text: 'abcdef',
    matches: ['pii.short 0-3', 'pii.a-long 1-5', 'pii.b-long 2-6'],
    edits: ['0-6 [REDACTED:pii.a-long]'],
  },
  {
    name: 'a block goes to the first end of its marker and swallows what lies in it',
    rules: [ruleOf('block', /BEGIN [a-z]{2}/, block), ruleOf('word', /word/)],
    text: 'BEGIN ab word -END--- word',
    matches: ['pii.block 0-19', 'pii.word 22-26'],
    edits: ['0-19 [REDACTED:pii.block]', '22-26 [REDACTED:pii.word]'],
  },
  {
    name: 'a block without its end marker goes to the end of the lane',
    rules: [ruleOf('block', /BEGIN [a-z]{2}/, block), ruleOf('word', /word/)],
    text: 'BEGIN ab word -END',
    matches: ['pii.block 0-18'],
    edits: ['0-18 [REDACTED:pii.block]'],
  },
  {
    name: 'what reaches out of a block is redacted to its own end',
    rules: [ruleOf('block', /BEGIN [a-z]{2}/, block), ruleOf('out', /END-secret/)],
    text: 'BEGIN ab -END-secret.',
    matches: ['pii.block 0-14', 'pii.out 10-20'],
    edits: ['0-20 [REDACTED:pii.block]'],
  },
  {
    name: 'what begins before a block and ends after it is redacted to its own end',
    rules: [ruleOf('block', /BEGIN/, { until: /END/ }), ruleOf('around', /x.{15}x/)],
    text: 'x  BEGIN END    x  ',
    matches: ['pii.block 3-12', 'pii.around 0-17'],
    edits: ['0-17 [REDACTED:pii.around]'],
  },
  {
    name: 'a block that is only observed hides no redaction',
    rules: [
      ruleOf('block', /BEGIN [a-z]{2}/, { ...block, action: 'observe' }),
      ruleOf('word', /word/),
      ruleOf('seen', /seen/, { action: 'observe' }),
    ],
    text: 'BEGIN ab word seen -END-',
    matches: ['pii.word 9-13', 'pii.block 0-24'],
    edits: ['9-13 [REDACTED:pii.word]'],
  },
  {
    name: 'a denial inside a block ends the scan',
    rules: [ruleOf('block', /BEGIN [a-z]{2}/, block), ruleOf('stop', /stop/, { action: 'deny' })],
    text: 'BEGIN ab stop -END- more',
    matches: ['pii.stop 9-13'],
    edits: ['0-13 [REDACTED:pii.block]'],
  },
  {
    name: 'the denial with the lowest end wins, then the gravest, then the first id',
    rules: [
      ruleOf('long', /abcdef/, { action: 'deny', severity: 'critical' }),
      ruleOf('z', /abcd/, { action: 'deny', severity: 'high' }),
      ruleOf('c', /d/, { action: 'deny', severity: 'high' }),
      ruleOf('low', /bcd/, { action: 'deny', severity: 'low' }),
    ],
    text: 'abcdef',
    matches: ['pii.c 3-4'],
    edits: [],
  },
  {
    name: 'context words stand in the match or in the 64 units left of it',
    rules: [ruleOf('pin', /\b\d{4}\b/, { nearby: ['pin'] })],
    text: `PIN ${'x'.repeat(59)} 1111 ${'x'.repeat(64)} 2222 pin`,
    matches: ['pii.pin 64-68'],
    edits: ['64-68 [REDACTED:pii.pin]'],
  },
  {
    name: 'half of a surrogate pair hides nothing behind it',
    rules: [ruleOf('key', /secret[0-9]{4}/)],
    text: '\ud800secret1234 \ude00secret5678',
    matches: ['pii.key 1-11', 'pii.key 13-23'],
    edits: ['1-11 [REDACTED:pii.key]', '13-23 [REDACTED:pii.key]'],
  },
  {
    name: 'a surrogate pair counts as one character and is never cut',
    rules: [ruleOf('two', /x.{2}/s)],
    text: 'x😀😀😀x\ud83d\ud83d\ude00',
    matches: ['pii.two 0-5', 'pii.two 7-11'],
    edits: ['0-5 [REDACTED:pii.two]', '7-11 [REDACTED:pii.two]'],
  },
  {
    name: 'a word boundary knows letters outside ASCII',
    rules: [ruleOf('word', /\b[a-zü]{2,9}\b/), ruleOf('kelvin', /\bsk\b/i)],
    text: 'éab müll ſK',
    matches: ['pii.word 4-8', 'pii.kelvin 9-11'],
    edits: ['4-8 [REDACTED:pii.word]', '9-11 [REDACTED:pii.kelvin]'],
  },
  {
    name: '^ and $ are the start and the end of the lane',
    rules: [ruleOf('first', /^ab/), ruleOf('last', /ab$/)],
    text: 'ab ab\nab',
    matches: ['pii.first 0-2', 'pii.last 6-8'],
    edits: ['0-2 [REDACTED:pii.first]', '6-8 [REDACTED:pii.last]'],
  },
];

describe('compiling', () => {
  const list = [ruleOf('a', /a/).detector, ruleOf('b', /b/).detector];

  it('makes the tables of a list once, whoever asks', () => {
    expect(createDetectorCompiler()(list, FIXED)).toBe(createDetectorCompiler()(list, FIXED));
  });

  it.each([
    ['another order', createDetectorCompiler(), list.toReversed(), FIXED],
    ['folded texts', createDetectorCompiler({ folded: true }), list, FIXED],
    ['fewer states', createDetectorCompiler(), list, { automatonStates: 64 }],
    ['fewer states at once', createDetectorCompiler(), list, { ...FIXED, stateAllowance: 1 }],
    ['equal detectors that are not the same', createDetectorCompiler(), list.map((one) => ({ ...one })), FIXED],
  ])('makes tables of their own for %s', (_, compile, detectors, bounds) => {
    expect(compile(detectors, bounds)).not.toBe(createDetectorCompiler()(list, FIXED));
  });
});

describe('a scan', () => {
  it('has 16 rows of examples', () => expect(ROWS).toHaveLength(16));

  it.each(ROWS)('$name', ({ rules, text, matches, edits }) => {
    const engine = createEngine(rules);
    const expected = reference({ rules, text }, engine);
    for (const pieces of [[text], text.split('')]) {
      const actual = scanPieces(engine, pieces);
      expect(actual.matches).toEqual(matches);
      expect(differences({ ...expected, edits }, actual)).toEqual([]);
    }
  });

  it('holds at most two and a half longest matches, even where matches overlap without end', () => {
    const engine = createEngine([ruleOf('a', /a.{40}/), ruleOf('b', /b.{40}/, { severity: 'high' }), ruleOf('gap', /x[^.]{0,100}y/)]);
    const text = `x${`a${' '.repeat(20)}b${' '.repeat(19)}`.repeat(100)}`;
    const scan = engine.open({ stopAtDenial: true });
    const held = Array.from(text, (unit) => {
      scan.push(unit);
      return scan.length - scan.settled;
    });
    expect(Math.max(...held)).toBeLessThanOrEqual(2.5 * engine.longest);
    expect(engine.longest).toBe(202);
    expect(scan.edits.map(({ start, replacement }) => `${start} ${replacement}`)).toEqual(['1 [REDACTED:pii.b]']);
  });

  it('says that a block exceeded its limit exactly when it did, whatever the cutting', () => {
    const engine = createEngine([ruleOf('block', /BEGIN/, { until: /END/ })], { automatonStates: 64, blockUnits: 100 });
    const lengths = [99, 100, 101].map((length) => `BEGIN${'x'.repeat(length - 8)}END and more`);
    const exceeded = (pieces: (text: string) => string[]) => lengths.map((text) => scanPieces(engine, pieces(text)).exceeded);
    expect(exceeded((text) => [text])).toEqual([false, false, true]);
    expect(exceeded((text) => text.split(''))).toEqual([false, false, true]);
  });

  it('ignores text after a denial and forgets edits that were passed', () => {
    const scan = createEngine([ruleOf('word', /word/), ruleOf('stop', /stop/, { action: 'deny' })]).open({ stopAtDenial: true });
    scan.push('word word ');
    scan.forgetBefore(scan.settled);
    expect(scan.edits).toEqual([]);
    scan.push('stop. word ');
    const { settled } = scan;
    scan.push('word ');
    scan.end();
    expect([scan.settled, scan.denied?.rule.id, scan.takeMatches().length]).toEqual([settled, 'pii.stop', 3]);
  });
});
