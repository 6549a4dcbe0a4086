import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import { type Detector, detectorId, FAMILIES } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { parsePattern } from '../../src/detect/pattern.ts';
import type { Engine, Match, Rule } from '../../src/detect/scan.ts';
import { DEFAULT_LIMITS, FIXED } from '../../src/lib/limits.ts';
import { LANES, type Lane } from '../../src/text/lane.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';

const FOLDERS: Readonly<Record<string, string>> = {
  exfil: 'exfil',
  indirect: 'injection',
  injection: 'injection',
  'national-id': 'pii',
  pii: 'pii',
  secrets: 'secret',
  tools: 'tool',
};

/** Splits of each kind tried for a sample in a lane in the usual run, at least; the long run tries every one. */
const SPLITS = 12;
/** Up to this length a sample is cut at every offset in the first lane that has its rules; longer ones at as many. */
const EVERY_OFFSET = 160;

const observing = (detector: Detector): Rule => ({
  id: detectorId(detector),
  detector,
  severity: detector.severity,
  confidence: detector.confidence,
  action: 'observe',
});

/** One engine for all lanes that have the same rules, as in a policy; named by the first of them. */
const engines = laneEngines();

function laneEngines(): ReadonlyMap<Lane, Engine> {
  const compile = createDetectorCompiler();
  const sound = CATALOGUE.filter(({ pattern, until = pattern }) => parsePattern(pattern).ok && parsePattern(until).ok);
  const rulesIn = (lane: Lane): Rule[] => sound.filter(({ lanes }) => lanes?.includes(lane) ?? true).map(observing);
  const groups = Map.groupBy(LANES, (lane) =>
    rulesIn(lane)
      .map(({ id }) => id)
      .join(),
  );
  return new Map([...groups.values()].map(([lane]) => [lane!, createEngine(rulesIn(lane!), FIXED, compile)]));
}

/** Everything found in a text that arrives in these pieces. */
function scan(engine: Engine, pieces: readonly string[]): readonly Match[] {
  const lane = engine.open({ stopAtDenial: true });
  for (const piece of pieces) lane.push(piece);
  lane.end();
  return lane.takeMatches();
}

const show = (matches: readonly Match[]): string => matches.map(({ rule, start, end }) => `${rule.id} ${start}-${end}`).join(', ');

/** What is wrong with a sample, in every lane the detector runs in, whole and cut. */
function problems({ id, detector }: { readonly id: string; readonly detector: Detector }, text: string, wanted: number): string[] {
  const inLane = ([lane]: readonly [Lane, Engine]): boolean => detector.lanes?.includes(lane) ?? true;
  return [...engines].filter(inLane).flatMap(([lane, engine], i) => {
    const whole = scan(engine, [text]);
    const own = whole.filter(({ rule }) => rule.id === id).length;
    if (own !== wanted) return [`in lane ${lane}: ${own} findings instead of ${wanted} (${show(whole)})`];
    const expected = show(whole);
    const cut = cuttings(text, i === 0 ? EVERY_OFFSET : SPLITS).find((pieces) => show(scan(engine, pieces)) !== expected);
    return cut === undefined ? [] : [`in lane ${lane}, cut ${JSON.stringify(cut)}: ${show(scan(engine, cut))} instead of ${expected}`];
  });
}

const random = createRandom();

/** In single units, in two pieces and in three. In the long run at every offset and every pair of offsets, else at some. */
function* cuttings(text: string, offsets: number): Generator<readonly string[]> {
  yield text.split('');
  for (const at of LONG_RUN || text.length <= offsets ? range(1, text.length) : someOffsets(text.length, offsets))
    yield [text.slice(0, at), text.slice(at)];
  const pairs = LONG_RUN ? everyPair(text.length) : Array.from({ length: SPLITS }, () => someOffsets(text.length, 2));
  for (const [first = 0, second = 0] of pairs) yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

const someOffsets = (length: number, count: number): number[] =>
  Array.from({ length: count }, () => random.below(length + 1)).sort((a, b) => a - b);

function* everyPair(length: number): Generator<readonly number[]> {
  for (const first of range(1, length)) for (const second of range(first + 1, length)) yield [first, second];
}

const judged = (texts: readonly string[], judge: (text: string) => string[]): string[] =>
  texts.flatMap((text, i) => judge(text).map((problem) => `sample ${i} ${problem}`));

describe('the catalogue', () => {
  it('lists every file of the family folders and nothing else', () => {
    const files = Object.entries(FOLDERS).flatMap(([folder, family]) =>
      readdirSync(new URL(`../../src/detect/${folder}/`, import.meta.url))
        .filter((file) => file !== 'index.ts')
        .map((file) => `${family}.${file.replace(/\.ts$/, '')}`),
    );
    expect(files.length).toBeGreaterThanOrEqual(14);
    expect(CATALOGUE.map(detectorId).sort()).toEqual(files.sort());
  });

  it('names each detector once, in lower case, with a family of the closed list', () => {
    const ids = CATALOGUE.map(detectorId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(CATALOGUE.filter(({ family }) => !FAMILIES.includes(family))).toEqual([]);
  });

  it('runs each detector in at least one lane', () => {
    expect(CATALOGUE.filter(({ lanes = LANES }) => lanes.length === 0).map(detectorId)).toEqual([]);
    expect(engines.size).toBeGreaterThanOrEqual(2);
  });
});

/** A long run tries some ten million cuttings. */
const TIMEOUT = { timeout: LONG_RUN ? 3_600_000 : 60_000 };

describe.each(CATALOGUE.map((detector) => ({ id: detectorId(detector), detector })))('$id', ({ id, detector }) => {
  it('has at least four samples to find, five to ignore, a summary, a reference and a confidence between 0 and 1', () => {
    expect(detector.finds.length).toBeGreaterThanOrEqual(4);
    expect(detector.ignores.length).toBeGreaterThanOrEqual(5);
    expect(detector.references.length).toBeGreaterThanOrEqual(1);
    expect(detector.summary).toMatch(/^.{20,140}\.$/);
    expect(detector.confidence).toBeGreaterThan(0.5);
    expect(detector.confidence).toBeLessThan(1);
  });

  it('has a pattern within the bounds of the engine', () => {
    const parsed = [detector.pattern, detector.until ?? detector.pattern].map(parsePattern);
    expect(parsed.map((result) => (result.ok ? undefined : result.error))).toEqual([undefined, undefined]);
    const longest = parsed.map((result) => (result.ok ? result.pattern.longest : Number.POSITIVE_INFINITY));
    const bound = detector.check === undefined && detector.nearby === undefined ? DEFAULT_LIMITS.holdBytes : 128;
    expect(Math.max(...longest)).toBeLessThanOrEqual(bound);
  });

  it('finds exactly one in each of its samples, in every lane and however it is cut', TIMEOUT, () => {
    expect(judged(detector.finds, (text) => problems({ id, detector }, text, 1))).toEqual([]);
  });

  it('finds none in its look-alikes, in any lane and however they are cut', TIMEOUT, () => {
    expect(judged(detector.ignores, (text) => problems({ id, detector }, text, 0))).toEqual([]);
  });
});
