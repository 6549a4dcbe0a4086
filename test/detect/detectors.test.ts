import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { fingerprintOf } from '../../src/detect/comparison/fingerprint.ts';
import type { Fingerprint } from '../../src/detect/comparison/shingle-set.ts';
import { type Detector, detectorId, FAMILIES, type Opinion } from '../../src/detect/detector.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import { parsePattern } from '../../src/detect/pattern.ts';
import type { Engine, Match, Rule } from '../../src/detect/scan.ts';
import { foldText } from '../../src/detect/views/fold.ts';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { LANES } from '../../src/text/lane.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';

const FOLDERS: Readonly<Record<string, string>> = {
  answers: 'output',
  exfil: 'exfil',
  indirect: 'injection',
  injection: 'injection',
  'national-id': 'pii',
  pii: 'pii',
  leak: 'leak',
  secrets: 'secret',
  tools: 'tool',
};

/** Pairs of offsets at which a sample is cut in the usual run; the long run tries every pair. */
const PAIRS = 4;
/** Offsets at which a sample is cut in two in the usual run; the long run tries each. */
const OFFSETS = 12;
/** Cuttings tried with all rules of a lane, where the detector has company. */
const IN_COMPANY = 2;
/** Lanes of the usual run; a detector that runs in none of them is tried in its first lane. */
const USUAL_LANES = ['user (request)', 'output (response)'];

const sound = CATALOGUE.filter(({ pattern, until = pattern }) => parsePattern(pattern).ok && parsePattern(until).ok);

/** The engines of a policy that observes everything, each with the first lane and direction that has it. Built when first used. */
const laneEngines = enginesOfLanes();

function enginesOfLanes(): readonly { readonly name: string; readonly engine: Engine }[] {
  const source = { file: 'test.yaml', text: 'version: 1\nextends: none\nmode: observe\n' };
  const compiled = compilePolicy(source, { createEngine: createLaneEngine, catalogue: sound });
  if (!compiled.ok) throw new Error(compiled.errors.map(({ message }) => message).join('\n'));
  const { profile } = compiled.policy.route({ routeName: undefined, host: '', path: '' });
  const named = LANES.flatMap((lane) =>
    (['request', 'response'] as const).map((direction) => [profile.engine(lane, direction), `${lane} (${direction})`] as const),
  );
  const first = new Map(named.toReversed());
  return [...first].flatMap(([engine, name]) => (engine === undefined ? [] : [{ name, engine }]));
}

/** Everything found in a text that arrives in these pieces; the answer to a request with this system text. */
function scan(engine: Engine, pieces: readonly string[], fingerprint: Fingerprint | undefined): readonly Match[] {
  const lane = engine.open({ stopAtDenial: true, fingerprint });
  for (const piece of pieces) lane.push(piece);
  lane.end();
  return lane.takeMatches();
}

const show = (matches: readonly Match[]): string => matches.map(({ rule, start, end }) => `${rule.id} ${start}-${end}`).join(', ');

const observed = (detector: Detector): Rule => ({
  id: detectorId(detector),
  detector,
  severity: detector.severity,
  confidence: detector.confidence,
  action: 'observe',
});

const isWitness = ({ witness, quotes }: Detector): boolean => witness !== undefined || quotes === true;

/** What is wrong with the samples of one kind: under every cut where the detector is alone (a witness needs the others), and under some in its lanes, among all others. */
function problems(detector: Detector, texts: readonly string[], wanted: number): string[] {
  const id = detectorId(detector);
  const fingerprint = detector.compares === undefined ? undefined : fingerprintOf({ system: [detector.compares], known: [] });
  const alone = createLaneEngine((isWitness(detector) ? sound : [detector]).map(observed));
  return [
    ...texts.flatMap((text, i) => problemsWith(alone, { id, name: `sample ${i}`, text, wanted, fingerprint, cuttings: cuttings(text) })),
    ...inCompany(id, texts).flatMap(({ engine, lane, text }) =>
      problemsWith(engine, { id, name: `${JSON.stringify(text)} in ${lane}`, text, wanted, fingerprint, cuttings: someCuttings(text) }),
    ),
  ];
}

/** In the long run every sample in every lane; else one sample in one lane. */
function inCompany(id: string, texts: readonly string[]) {
  const lanes = laneEngines.filter(({ engine }) => engine.rules.some((rule) => rule.id === id));
  const usual = lanes.filter(({ name }) => USUAL_LANES.includes(name));
  expect(lanes.length).toBeGreaterThan(0);
  const all = lanes.flatMap(({ engine, name }) => texts.map((text) => ({ engine, lane: name, text })));
  if (LONG_RUN) return all;
  const { engine, name } = random.pick(usual.length > 0 ? usual : lanes.slice(0, 1));
  return [{ engine, lane: name, text: random.pick(texts) }];
}

interface Sample {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly wanted: number;
  readonly fingerprint: Fingerprint | undefined;
  readonly cuttings: Iterable<readonly string[]>;
}

function problemsWith(engine: Engine, sample: Sample): string[] {
  const { fingerprint } = sample;
  const whole = scan(engine, [sample.text], fingerprint);
  const own = whole.filter(({ rule }) => rule.id === sample.id).length;
  if (own !== sample.wanted) return [`${sample.name}: ${own} findings instead of ${sample.wanted} (${show(whole)})`];
  const expected = show(whole);
  for (const pieces of sample.cuttings) {
    const found = show(scan(engine, pieces, fingerprint));
    if (found !== expected) return [`${sample.name} cut ${JSON.stringify(pieces)}: ${found} instead of ${expected}`];
  }
  return [];
}

/** The same offsets and samples in every usual run: what it finds is found again. */
const random = createRandom(LONG_RUN ? undefined : 1);

/** In single units, in two pieces and in three. In the long run at every offset and every pair of offsets, else at some. */
function* cuttings(text: string): Generator<readonly string[]> {
  yield text.split('');
  const offsets = LONG_RUN || text.length <= OFFSETS ? range(1, text.length) : someOffsets(text.length, OFFSETS);
  for (const at of offsets) yield [text.slice(0, at), text.slice(at)];
  const pairs = LONG_RUN ? everyPair(text.length) : Array.from({ length: PAIRS }, () => someOffsets(text.length, 2));
  for (const [first = 0, second = 0] of pairs) yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
}

/** With everybody in a lane: every cutting in the long run, else single units and a few. */
function* someCuttings(text: string): Generator<readonly string[]> {
  if (LONG_RUN) return yield* cuttings(text);
  yield text.split('');
  for (let i = 0; i < IN_COMPANY; i++) {
    const [first = 0, second = 0] = someOffsets(text.length, 2);
    yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

const someOffsets = (length: number, count: number): number[] =>
  Array.from({ length: count }, () => random.below(length + 1)).sort((a, b) => a - b);

function* everyPair(length: number): Generator<readonly number[]> {
  for (const first of range(1, length)) for (const second of range(first + 1, length)) yield [first, second];
}

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
    expect(laneEngines.length).toBeGreaterThanOrEqual(3);
    expect(laneEngines.map(({ name }) => name)).toEqual(expect.arrayContaining(USUAL_LANES));
  });
});

/** A long run tries some ten million cuttings. */
const TIMEOUT = { timeout: LONG_RUN ? 3_600_000 : 60_000 };

const OF_EXCHANGE = CATALOGUE.filter(({ ofExchange }) => ofExchange === true);

describe('detectors that no text decides', () => {
  it('have no samples, and no text of any lane gives a finding of them', () => {
    expect(OF_EXCHANGE.map(detectorId)).toEqual(['output.schema', 'output.tool-schema']);
    expect(OF_EXCHANGE.flatMap(({ finds, ignores }) => [...finds, ...ignores])).toEqual([]);
    expect(OF_EXCHANGE.flatMap((detector) => problems(detector, ['{"a":1}', '[', 'plain'], 0))).toEqual([]);
  });
});

describe('weak phrases', () => {
  const opinionsOn = ({ finds }: Detector): Opinion[] =>
    CATALOGUE.flatMap(({ witness }) => (witness === undefined ? [] : finds.map((text) => witness(foldText(text)))));

  it.each(CATALOGUE.filter(({ weak }) => weak === true))('$name only flags, and no witness speaks against its samples', (detector) => {
    expect(detector.tier).toBe('flag');
    expect(opinionsOn(detector)).toHaveLength(detector.finds.length);
    expect(opinionsOn(detector)).not.toContain('disagrees');
  });

  it.each([
    'The heating panel has a safety override: hold both buttons for five seconds.',
    'In release 2.4 the admin override of the heating schedule was replaced by a button.',
  ])('are nothing in %j among all others', (text) => {
    const alone = createLaneEngine(CATALOGUE.filter(({ weak }) => weak === true).map(observed));
    const { engine } = laneEngines.find(({ name }) => name.startsWith('user'))!;
    expect([scan(alone, [text], undefined).length, show(scan(engine, [text], undefined))]).toEqual([1, show([])]);
  });
});

describe.each(CATALOGUE.filter(({ ofExchange }) => ofExchange !== true).map((detector) => ({ id: detectorId(detector), detector })))(
  '$id',
  ({ detector }) => {
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
      const bound =
        detector.check === undefined && detector.context === undefined && detector.nearby === undefined ? DEFAULT_LIMITS.holdBytes : 128;
      expect(Math.max(...longest)).toBeLessThanOrEqual(bound);
    });

    it('finds exactly one in each of its samples, in every lane and however it is cut', TIMEOUT, () => {
      expect(problems(detector, detector.finds, 1)).toEqual([]);
    });

    it('finds none in its look-alikes, in any lane and however they are cut', TIMEOUT, () => {
      expect(problems(detector, detector.ignores, 0)).toEqual([]);
    });
  },
);
