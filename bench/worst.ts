import { CATALOGUE } from '../src/detect/catalogue.ts';
import { detectorId } from '../src/detect/detector.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import type { Engine } from '../src/detect/scan.ts';
import { createRandom, type Random } from '../test/support/random.ts';
import type { BenchResult, Row } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { prose } from './harness/workloads.ts';
import { ruleOf, scanOnce } from './scan.ts';

const CLEAN_UNITS = 4_096;
const CLEAN_SCANS = 200;

const WORST_UNITS = 1 << 13;
const WORST_ROUNDS = 2;
/** What may be spent: ten times clean text for each unit, and 5 µs for each finding. */
const RATIO_MAX = 10;
const FINDING_MICROS = 5;
const SHOWN = 25;

/** Measuring stops after this time, wherever it is: an engine that has become slow must not hold the bench for hours. */
const BUDGET_MS = 240_000;

/**
 * For each built-in rule text made to be slow: findings, look-alikes, beginnings and near-misses in a row; then long runs, and everything
 * mixed. What is spent on each is compared with what may be: ten times clean prose, and something for each finding.
 */
export async function worst(): Promise<BenchResult> {
  const random = createRandom();
  const engine = createLaneEngine(CATALOGUE.map(ruleOf));
  const clean = prose(random, CLEAN_UNITS);
  const times = Array.from({ length: CLEAN_SCANS }, () => {
    const start = performance.now();
    scanOnce(engine, [clean]);
    return ((performance.now() - start) * 1e6) / CLEAN_UNITS;
  });
  const cleanNs = spread(times).median;
  const { rows, measured, inputs } = worstCases(engine, random, cleanNs);
  const over = measured.filter(({ load }) => load > 1).length;
  return {
    unit: `The ${SHOWN} inputs that come nearest to what may be spent, or exceed it; load: what was spent, of what may be; in ns a UTF-16 unit`,
    facts: { seed: random.seed, rules: CATALOGUE.length, 'ns a unit, clean': rounded(cleanNs), inputs, measured: measured.length, over },
    rows,
    figures: [{ what: 'most that any input costs, of what it may', value: rows[0]?.load ?? Number.NaN, goal: { most: 1 } }],
  };
}

/** The inputs that come nearest to what may be spent, or exceed it, first. `load` over 1 misses the goal. */
function worstCases(engine: Engine, random: Random, cleanNs: number) {
  const inputs = shuffled(adversarial(random), random);
  const deadline = performance.now() + BUDGET_MS;
  const measured: Worst[] = [];
  for (const input of inputs) {
    if (performance.now() > deadline) break;
    measured.push(worstCase(engine, input, cleanNs));
    if (measured.length % 50 === 0) process.stderr.write(`\rinput ${measured.length} of ${inputs.length}`);
  }
  process.stderr.write('\n');
  return { inputs: inputs.length, measured, rows: measured.toSorted((a, b) => b.load - a.load).slice(0, SHOWN) };
}

interface Worst extends Row {
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
    findings = scanOnce(engine, pieces);
    return (performance.now() - start) * 1_000;
  });
  const micros = spread(times.slice(1)).median;
  const allowed = (RATIO_MAX * cleanNs * text.length) / 1_000 + FINDING_MICROS * findings;
  const nsPerUnit = (value: number): number => rounded((value * 1_000) / text.length);
  return {
    input: name,
    'ns per unit': nsPerUnit(micros),
    'cold, ns per unit': nsPerUnit(times[0]!),
    findings,
    load: rounded(micros / allowed),
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
  // A rule without a pattern of its own (a schema, which the policy names) has no samples.
  const sampled = CATALOGUE.filter(({ finds, ignores }) => finds.length > 0 && ignores.length > 0);
  const perRule = sampled.flatMap((detector): Input[] => {
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
