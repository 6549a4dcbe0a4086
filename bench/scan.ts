import RE2 from 're2';
import { CATALOGUE } from '../src/detect/catalogue.ts';
import { type Detector, detectorId } from '../src/detect/detector.ts';
import { createEngine } from '../src/detect/engine.ts';
import { prepareDetectors } from '../src/detect/lane-detectors.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import type { Engine, Rule } from '../src/detect/scan.ts';
import { createRandom } from '../test/support/random.ts';
import { profileHere } from './harness/in-process.ts';
import type { BenchOptions } from './harness/options.ts';
import type { BenchResult, Row } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { prose } from './harness/workloads.ts';
import { type Input, inputsOf } from './scan-inputs.ts';

const CLEAN_UNITS = 4_096;
/** Texts of a block. Each is scanned once by each arm: engines remember that a text is clean. */
const TEXTS = 64;
/** Blocks that count of clean prose, those before them, and blocks of each other input. */
const WHOLE = [15, 10, 7] as const;
const QUICK = [2, 1, 1] as const;
const PROFILE_SCANS = 5_000;
/** Bytes for the set's automaton; 8 MiB, the default, is not enough for it to be built. */
const SET_MEMORY = 1 << 30;

/**
 * Detection with every built-in rule: clean prose in MB/s beside one `RE2.Set` of the same rules and beside half of the rules; then text made
 * to be slow beside prose. Arms take turns in short blocks, so that a noisy machine hits all of them.
 */
export async function scan({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const [blocks, warmBlocks, inputBlocks] = quick ? QUICK : WHOLE;
  const random = createRandom();
  const makeTexts = (): readonly string[] => Array.from({ length: TEXTS }, () => prose(random, CLEAN_UNITS));
  const texts = makeTexts();
  const all = engineOf(CATALOGUE);
  const half = engineOf(CATALOGUE.filter((_, index) => index % 2 === 0));
  const { set, refused } = setOf(CATALOGUE);
  checkClean(all, set, texts);
  process.stderr.write(`${CATALOGUE.length} rules compiled\n`);
  const arms = {
    'all rules, as a text that streams': arm((text) => void scanOnce(all, [text])),
    'all rules, as a whole text': arm((text) => void all.isQuiet(text)),
    'half of the rules, as a text that streams': arm((text) => void scanOnce(half, [text])),
    'RE2.Set of the same rules': arm((text) => void set.match(text)),
  };
  for (let block = -warmBlocks; block < blocks; block++) {
    const fresh = makeTexts();
    for (const { run, samples } of Object.values(arms)) {
      const speed = megabytesPerSecond(run, fresh);
      if (block >= 0) samples.push(speed);
    }
  }
  const reference = arms['RE2.Set of the same rules'].samples;
  const ratioOf = ({ samples }: Arm): number => spread(samples.map((speed, at) => speed / reference[at]!)).median;
  const profile = await profileHere(() => {
    for (let at = 0; at < PROFILE_SCANS; at++) scanOnce(all, [texts[at % TEXTS]!]);
    return PROFILE_SCANS;
  });
  const inputs = inputsOf(random);
  const { pieces } = inputs['documentation of packages']!;
  return {
    unit: 'MB/s of clean prose (ASCII, 4 KiB a text); ratio to RE2.Set: the median of the ratios of the blocks',
    facts: {
      seed: random.seed,
      blocks,
      rules: CATALOGUE.length,
      'rules that RE2.Set refuses': refused,
      states: statesAfter(texts),
      'pieces of documentation': pieces.length,
      'of those, known to be empty': pieces.filter((piece) => all.isQuiet(piece)).length,
      ...compileCost(),
    },
    rows: Object.entries(arms).map(([name, one]) => {
      const { median, iqr } = spread(one.samples);
      return { arm: name, 'MB/s': rounded(median, 1), iqr: rounded(iqr, 1), 'ratio to RE2.Set': rounded(ratioOf(one)) };
    }),
    tables: { 'Text made to be slow, ns per character': inputRows(all, { inputs, blocks: inputBlocks }) },
    figures: [
      {
        what: 'MB/s of clean prose ÷ one RE2.Set of the same rules',
        value: ratioOf(arms['all rules, as a whole text']),
        goal: { least: 1 },
      },
    ],
    profiles: { 'clean prose, all rules': profile },
  };
}

interface Arm {
  readonly run: (text: string) => void;
  readonly samples: number[];
}

const arm = (run: (text: string) => void): Arm => ({ run, samples: [] });

/** Neither may find anything: they would not do the same work. */
function checkClean(engine: Engine, set: RuleSet, texts: readonly string[]): void {
  const found = texts.reduce((sum, text) => sum + scanOnce(engine, [text]), 0);
  if (found > 0) throw new Error(`${found} findings in prose that is meant to be clean`);
  const candidates = texts.reduce((sum, text) => sum + set.match(text).length, 0);
  process.stderr.write(`RE2.Set alone, without the checks behind the patterns: ${candidates} candidates in ${texts.length} texts\n`);
}

function megabytesPerSecond(run: (text: string) => void, texts: readonly string[]): number {
  const start = performance.now();
  for (const text of texts) run(text);
  return (texts.length * CLEAN_UNITS) / 1_000 / (performance.now() - start);
}

export const ruleOf = (detector: Detector): Rule => ({
  id: detectorId(detector),
  detector,
  severity: detector.severity,
  confidence: detector.confidence,
  action: 'redact',
});

const engineOf = (detectors: readonly Detector[]): Engine => createLaneEngine(detectors.map(ruleOf));

/** One scan as an exchange does it; the number of its findings. */
export function scanOnce(engine: Engine, pieces: readonly string[]): number {
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
  for (const text of texts) scanOnce(engine, [text]);
  return compile(whole.flat(), bounds).automaton.size();
}

/** Time of a compile (median of five) and what each adds to the resident memory. */
function compileCost(): { readonly 'ms to compile': number; readonly 'MB resident of that': number } {
  const before = process.memoryUsage.rss();
  const times = Array.from({ length: 5 }, () => {
    const rules = CATALOGUE.map(ruleOf).map(copyOf);
    const start = performance.now();
    createEngine(rules).warm();
    return performance.now() - start;
  });
  return {
    'ms to compile': Math.round(spread(times).median),
    'MB resident of that': Math.round((process.memoryUsage.rss() - before) / times.length / 1e6),
  };
}

/** A rule that shares nothing with another: what was compiled for one serves for equal ones. */
function copyOf(rule: Rule): Rule {
  return { ...rule, detector: { ...rule.detector, pattern: new RegExp(rule.detector.pattern) } };
}

interface RuleSet {
  match(text: string): number[];
}

/** The rules as one set of RE2, which says which of them match. It refuses repetitions over 1,000 and a few classes; those are left out. */
function setOf(detectors: readonly Detector[]): { readonly set: RuleSet; readonly refused: number } {
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

/** Nanoseconds per character of each input, and as a ratio to prose in pieces of the same size. */
function inputRows(
  engine: Engine,
  { inputs, blocks }: { readonly inputs: Readonly<Record<string, Input>>; readonly blocks: number },
): readonly Row[] {
  const measured = Object.entries(inputs).map(([name, input]) => ({ name, input, samples: [] as number[], findings: 0 }));
  for (let block = -2; block < blocks; block++) {
    process.stderr.write(`\rblock ${Math.max(0, block + 1)} of ${blocks}`);
    for (const one of measured) {
      const start = performance.now();
      one.findings = scanOnce(engine, one.input.pieces);
      const ns = ((performance.now() - start) * 1e6) / one.input.units;
      if (block >= 0) one.samples.push(ns);
    }
  }
  process.stderr.write('\n');
  const medians = new Map(measured.map(({ name, samples }) => [name, spread(samples).median]));
  return measured.map(({ name, input, samples, findings }) => {
    const { median, iqr } = spread(samples);
    return {
      input: name,
      median: rounded(median, 1),
      iqr: rounded(iqr, 1),
      '× prose': rounded(median / medians.get(input.base)!),
      findings,
    };
  });
}
