import RE2 from 're2';
import { CATALOGUE } from '../src/detect/catalogue.ts';
import { type Detector, detectorId } from '../src/detect/detector.ts';
import { createEngine } from '../src/detect/engine.ts';
import { createLaneEngine, prepareDetectors } from '../src/detect/lane-engine.ts';
import type { Engine, Rule } from '../src/detect/scan.ts';
import { createRandom, type Random } from '../test/support/random.ts';
import { spread } from './support.ts';

const CLEAN_UNITS = 4_096;
const ROUNDS = 15;
/** Scans of the clean text in one sample of its time. */
const SCANS = 50;
/** Bytes for the set's automaton; 8 MiB, the default, is not enough for it to be built. */
const SET_MEMORY = 1 << 30;

const SENTENCES = [
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven.',
  'Fees changed in 2024; a transfer abroad costs 4.50 EUR now, and most customers never pay more than 12 EUR a year.',
  'My grandmother kept bees, and every spring she would write down the day on which they first left the hive.',
  'To sort a list in place, call its sort method; to keep the order of equal items, make sure that the sort is stable.',
  'We moved the meeting to Tuesday afternoon, because the new colleague only arrives at noon and would like to join.',
  'Boil the potatoes for twenty minutes, then drain them and let them steam before you add the butter and the salt.',
  'The train was late again, so I read the report twice and found that the second chapter repeats most of the first.',
  'If the printer shows a red light, open the cover, take out the paper and wait ten seconds before closing it.',
];

/**
 * Detection with every built-in rule: clean prose against one `RE2.Set` of the same rules, against half of the rules, and text made to be
 * slow against clean prose. Arms take turns, so that a noisy machine hits all of them.
 */
export async function detection(): Promise<object> {
  const random = createRandom();
  const clean = prose();
  const all = engineOf(CATALOGUE);
  const half = engineOf(CATALOGUE.filter((_, i) => i % 2 === 0));
  const { set, refused } = setOf(CATALOGUE);
  process.stderr.write(`${CATALOGUE.length} rules compiled\n`);
  const arms = {
    'all rules, streamed': arm(() => scan(all, [clean])),
    'all rules, complete text': arm(() => void all.isQuiet(clean)),
    'half of the rules, streamed': arm(() => scan(half, [clean])),
    'RE2.Set': arm(() => void set.match(clean)),
  };
  for (let round = -2; round < ROUNDS; round++) for (const { run, samples } of Object.values(arms)) measure(run, samples, round >= 0);
  const micros = (name: keyof typeof arms): number => spread(arms[name].samples).median;
  const perUnit = (micros('all rules, streamed') * 1_000) / CLEAN_UNITS;
  return {
    seed: random.seed,
    rules: CATALOGUE.length,
    refusedBySet: refused,
    states: statesAfter([clean]),
    cleanFindings: scan(all, [clean]),
    ratioToSet: round2(micros('all rules, streamed') / micros('RE2.Set')),
    ratioToSetComplete: round2(micros('all rules, complete text') / micros('RE2.Set')),
    ratioToHalf: round2(micros('all rules, streamed') / micros('half of the rules, streamed')),
    clean: Object.entries(arms).map(([name, { samples }]) => ({
      arm: name,
      'µs per 4 KB': round2(spread(samples).median),
      iqr: round2(spread(samples).iqr),
    })),
    rows: worstCases(all, random, perUnit),
  };
}

interface Arm {
  readonly run: () => void;
  readonly samples: number[];
}

const arm = (run: () => unknown): Arm => ({ run: () => void run(), samples: [] });
const round2 = (value: number): number => Number(value.toFixed(2));

function measure(run: () => void, samples: number[], keep: boolean): void {
  const start = performance.now();
  for (let i = 0; i < SCANS; i++) run();
  if (keep) samples.push(((performance.now() - start) * 1_000) / SCANS);
}

function prose(): string {
  let text = '';
  for (let i = 0; text.length < CLEAN_UNITS; i++) text += `${SENTENCES[i % SENTENCES.length]} `;
  return text.slice(0, CLEAN_UNITS);
}

const ruleOf = (detector: Detector): Rule => ({
  id: detectorId(detector),
  detector,
  severity: detector.severity,
  confidence: detector.confidence,
  action: 'redact',
});

const engineOf = (detectors: readonly Detector[]): Engine => createLaneEngine(detectors.map(ruleOf));

/** One scan as an exchange does it; the number of its findings. */
function scan(engine: Engine, pieces: readonly string[]): number {
  const lane = engine.open({ stopAtDenial: true });
  let findings = 0;
  for (const piece of pieces) {
    lane.push(piece);
    findings += lane.takeMatches().length;
    lane.forgetBefore(lane.settled);
  }
  lane.end();
  return findings + lane.takeMatches().length;
}

/** States that the automaton over all rules has after these texts, without a bound. */
function statesAfter(texts: readonly string[]): number {
  const { whole, compile } = prepareDetectors({ whole: CATALOGUE, streamed: [] });
  const bounds = { automatonStates: 1 << 20, blockUnits: 1 << 20 };
  const engine = createEngine(whole.flat().map(ruleOf), bounds, compile);
  for (const text of texts) scan(engine, [text]);
  return compile(whole.flat(), bounds).automaton.size();
}

/** The rules as one set of RE2, which says which of them match. It refuses repetitions over 1,000 and a few classes; those are left out. */
function setOf(detectors: readonly Detector[]): { readonly set: { match(text: string): number[] }; readonly refused: number } {
  const sources = detectors.map(({ pattern }) => `(?${pattern.flags.replaceAll(/[^is]/g, '')}:${pattern.source})`);
  const accepted = sources.filter(isAccepted);
  return { set: new RE2.Set(accepted, 'u', { maxMem: SET_MEMORY }), refused: sources.length - accepted.length };
}

function isAccepted(source: string): boolean {
  try {
    new RE2(source, 'u');
    return true;
  } catch {
    return false;
  }
}

// ---- worst cases

const WORST_UNITS = 1 << 13;
const WORST_ROUNDS = 2;
/** What may be spent: ten times clean text for each unit, and 5 µs for each finding. */
const RATIO_MAX = 10;
const FINDING_MICROS = 5;
const SHOWN = 25;

/** Measuring stops after this time, wherever it is: an engine that has become slow must not hold the bench for hours. */
const BUDGET_MS = 240_000;

/** The inputs that come nearest to what may be spent, or exceed it, first. `load` over 1 misses the goal. */
function worstCases(engine: Engine, random: Random, cleanNs: number): readonly object[] {
  const inputs = shuffled(adversarial(random), random);
  const deadline = performance.now() + BUDGET_MS;
  const rows: Worst[] = [];
  for (const input of inputs) {
    if (performance.now() > deadline) break;
    rows.push(worstCase(engine, input, cleanNs));
    if (rows.length % 50 === 0) process.stderr.write(`\rinput ${rows.length} of ${inputs.length}`);
  }
  process.stderr.write('\n');
  const sorted = rows.toSorted((a, b) => b.load - a.load);
  const over = rows.filter(({ load }) => load > 1).length;
  const title = `${rows.length} of ${inputs.length} inputs: ${over} over`;
  return [{ input: title, 'ns per unit': '', 'cold, ns per unit': '', findings: '', load: sorted[0]?.load }, ...sorted.slice(0, SHOWN)];
}

interface Worst {
  readonly input: string;
  readonly 'ns per unit': number;
  /** The first time, with tables that do not know the text. */
  readonly 'cold, ns per unit': number;
  readonly findings: number;
  /** What was spent, of what may be. */
  readonly load: number;
}

function worstCase(engine: Engine, { name, text }: Input, cleanNs: number): Worst {
  const count = Math.ceil(text.length / CLEAN_UNITS);
  const pieces = Array.from({ length: count }, (_, i) => text.slice(i * CLEAN_UNITS, (i + 1) * CLEAN_UNITS));
  let findings = 0;
  const times = Array.from({ length: WORST_ROUNDS + 1 }, () => {
    const start = performance.now();
    findings = scan(engine, pieces);
    return (performance.now() - start) * 1_000;
  });
  const micros = spread(times.slice(1)).median;
  const allowed = (RATIO_MAX * cleanNs * text.length) / 1_000 + FINDING_MICROS * findings;
  const nsPerUnit = (value: number): number => round2((value * 1_000) / text.length);
  return {
    input: name,
    'ns per unit': nsPerUnit(micros),
    'cold, ns per unit': nsPerUnit(times[0]!),
    findings,
    load: round2(micros / allowed),
  };
}

/** In random order, so that what a budget leaves out is of every kind. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, at: random.below(1 << 30) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

interface Input {
  readonly name: string;
  readonly text: string;
}

/** For each rule its findings, its look-alikes and its near-misses in a row; then long runs, and everything mixed. */
function adversarial(random: Random): readonly Input[] {
  const perRule = CATALOGUE.flatMap((detector): Input[] => {
    const id = detectorId(detector);
    const cut = detector.finds.map((text) => text.slice(0, Math.max(1, Math.floor(text.length * 0.8))));
    const broken = (text: string): string => {
      const at = random.below(text.length);
      return `${text.slice(0, at)}${random.pick([...'0aZ_-. '])}${text.slice(at + 1)}`;
    };
    return [
      { name: `${id}: findings`, text: filled((i) => `${detector.finds[i % detector.finds.length]} `) },
      { name: `${id}: look-alikes`, text: filled((i) => `${detector.ignores[i % detector.ignores.length]} `) },
      { name: `${id}: beginnings`, text: filled((i) => `${cut[i % cut.length]} `) },
      { name: `${id}: one unit wrong`, text: filled((i) => `${broken(detector.finds[i % detector.finds.length]!)} `) },
    ];
  });
  const words = [...new Set(CATALOGUE.flatMap(({ finds }) => finds.flatMap((text) => text.split(/\s+/))))];
  const runs = [
    'a',
    '7',
    ' ',
    '-',
    '@',
    'a.',
    '4 ',
    'sk-',
    'eyJ',
    '=',
    '%41',
    '&#65;',
    'QWN0',
    '416374',
    'ignore ',
    'you are ',
    'a b ',
    '\u200b',
    'Ａ',
    '\ud83d',
  ];
  return [
    ...perRule,
    ...runs.map((run) => ({ name: `${JSON.stringify(run)} …`, text: filled(() => run) })),
    { name: 'words of all samples at random', text: filled(() => `${random.pick(words)} `) },
    {
      name: 'base64 without end',
      text: filled(() => random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'])),
    },
    { name: 'digits in groups at random', text: filled(() => `${random.below(10)}${random.pick(['', '', ' ', '-', '.', '/'])}`) },
    { name: 'any units', text: filled(() => String.fromCharCode(random.below(0x10000))) },
  ];
}

function filled(next: (i: number) => string): string {
  let text = '';
  for (let i = 0; text.length < WORST_UNITS; i++) text += next(i);
  return text.slice(0, WORST_UNITS);
}
