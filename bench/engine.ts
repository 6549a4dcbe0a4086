import { CATALOGUE } from '../src/detect/catalogue.ts';
import { detectorId } from '../src/detect/detector.ts';
import { createEngine } from '../src/detect/engine.ts';
import type { Engine, Rule } from '../src/detect/scan.ts';
import { createRandom, type Random } from '../test/support/random.ts';
import { generateTokenRules } from '../test/support/rules.ts';
import { spread } from './support.ts';

const RULES = 300;
const BLOCKS = 9;
const PIECE_UNITS = 4_096;
const WHOLE_UNITS = 1 << 18;
const TINY_UNITS = 1 << 16;

const PROSE =
  'The quick brown fox jumps over the lazy dog while customers ask about opening hours, and the assistant answers politely that the ' +
  'branch on Main Street opens at nine. It was in 2024 that fees changed; please see our website for details. ';

interface Arm {
  readonly text: string;
  readonly pieces: readonly string[];
  /** The row that its ratio is taken to: prose in the same pieces. */
  readonly base: string;
  readonly samples: number[];
  findings: number;
}

/**
 * The engine alone: the catalogue filled up with generated rules to 300, nanoseconds per character over prose and over text made to be
 * slow, in 4 KiB pieces and in pieces of one character. Inputs take turns in short blocks, so that a noisy machine hits all of them.
 */
export async function engine(): Promise<object> {
  const random = createRandom();
  const rules = benchRules(random);
  const compile = measureCompile(rules);
  const compiled = createEngine(rules);
  const arms = Object.entries(makeArms(random));
  for (let block = -2; block < BLOCKS; block++) {
    process.stderr.write(`\rblock ${Math.max(0, block + 1)} of ${BLOCKS}`);
    for (const [, arm] of arms) measure(compiled, arm, block >= 0);
  }
  process.stderr.write('\n');
  const medians = new Map(arms.map(([name, { samples }]) => [name, spread(samples).median]));
  return {
    unit: 'ns per character',
    seed: random.seed,
    rules: rules.length,
    blocks: BLOCKS,
    compile,
    rows: arms.map(([name, { samples, base, findings }]) => {
      const { median, iqr } = spread(samples);
      return {
        input: name,
        median: Number(median.toFixed(1)),
        iqr: Number(iqr.toFixed(1)),
        ratio: Number((median / medians.get(base)!).toFixed(2)),
        'MB/s': Math.round(1_000 / median),
        findings,
      };
    }),
  };
}

function benchRules(random: Random): Rule[] {
  const catalogue = CATALOGUE.map(
    (detector): Rule => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'redact',
    }),
  );
  return [...catalogue, ...generateTokenRules(random, RULES - catalogue.length)];
}

/** Time of a compile (median of 5) and what the first one adds to the resident memory. */
function measureCompile(rules: readonly Rule[]): { ms: number; residentMB: number } {
  const before = process.memoryUsage.rss();
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    createEngine(rules);
    return performance.now() - start;
  });
  return { ms: Math.round(spread(times).median), residentMB: Math.round((process.memoryUsage.rss() - before) / 5 / 1e6) };
}

function makeArms(random: Random): Record<string, Arm> {
  const jwt = `see ${'eyJ'}${base64Url(random, 297)}.${'eyJ'}${base64Url(random, 2_590)}.${base64Url(random, 690)} ok. `;
  const whole = (text: string): Arm => arm(text, { units: WHOLE_UNITS, pieceUnits: PIECE_UNITS, base: 'prose' });
  const tiny = (text: string): Arm => arm(text, { units: TINY_UNITS, pieceUnits: 1, base: 'prose, 1-unit pieces' });
  return {
    prose: whole(PROSE),
    'ignore ignore …': whole('ignore '),
    'a.b@c…': whole('a.b@c'),
    digits: whole('1234567890'),
    'JWT, 4 KiB': whole(jwt),
    'base64 without end': whole(base64Url(random, WHOLE_UNITS)),
    'spaced digits': whole('1234 5678 '),
    'e-mail in every sentence': whole(`Write to bob@bank.example. ${PROSE}`),
    'prose, 1-unit pieces': tiny(PROSE),
    'ignore ignore …, 1-unit pieces': tiny('ignore '),
    'a.b@c…, 1-unit pieces': tiny('a.b@c'),
    'digits, 1-unit pieces': tiny('1234567890'),
    'JWT, 4 KiB, 1-unit pieces': tiny(jwt),
  };
}

function arm(unit: string, { units, pieceUnits, base }: { units: number; pieceUnits: number; base: string }): Arm {
  const text = unit.repeat(Math.ceil(units / unit.length)).slice(0, units);
  const pieces = Array.from({ length: Math.ceil(units / pieceUnits) }, (_, i) => text.slice(i * pieceUnits, (i + 1) * pieceUnits));
  return { text, pieces, base, samples: [], findings: 0 };
}

const base64Url = (random: Random, length: number): string =>
  Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[random.below(64)]).join('');

/** One scan of the whole input, as an exchange does it: push, look at what is settled, let go of it. */
function measure(compiled: Engine, arm: Arm, keep: boolean): void {
  const start = performance.now();
  const scan = compiled.open({ stopAtDenial: true });
  for (const piece of arm.pieces) {
    scan.push(piece);
    scan.forgetBefore(scan.settled);
  }
  scan.end();
  const ns = ((performance.now() - start) * 1e6) / arm.text.length;
  arm.findings = scan.takeMatches().length;
  if (keep) arm.samples.push(ns);
}
