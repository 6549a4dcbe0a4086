import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { ruleOf } from '../support/rules.ts';

const SAMPLES = CATALOGUE.flatMap(({ finds, ignores }) => [...finds, ...ignores]).filter((text) => text.length <= 160);

const compile = createDetectorCompiler();
/** Rules that deny open no block: what one swallows of other findings is not asked here. */
const engine = createEngine(
  CATALOGUE.map((detector) => ({ ...ruleOf(detector.name, detector.pattern, { action: 'deny' }), id: detectorId(detector), detector })),
  FIXED,
  compile,
);
const { parts } = compile(CATALOGUE, FIXED);

/** What the engine finds, where one automaton over all rules says which of them look, and where. */
function gated(text: string): string[] {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().map(({ rule, start, end }) => `${rule.id} ${start}-${end}`);
}

/** What each exact rule finds in each text when it looks at all of it, whatever the others do. */
function alone(texts: readonly string[]): readonly (readonly string[])[] {
  const found = texts.map((): string[] => []);
  for (const [i, { matcher }] of parts.entries()) {
    const id = detectorId(CATALOGUE[i]!);
    for (const [at, text] of texts.entries()) {
      const window = { from: 0, to: text.length, endMax: text.length };
      for (const { start, end } of matcher.search({ text, begins: true, ends: true }, window)) found[at]!.push(`${id} ${start}-${end}`);
    }
  }
  return found;
}

/** A text of samples, parts of them, and samples in which one unit is another. */
function generate(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => part(random)).join(random.pick(['', ' ', ' ', '\n', ', ', '7', 'x', '=']));
}

function part(random: Random): string {
  const sample = random.pick(SAMPLES);
  const at = random.below(sample.length);
  return random.pick([
    () => sample,
    () => sample.slice(at),
    () => sample.slice(0, at),
    () => `${sample.slice(0, at)}${random.pick([...'0123456789aZ_-. :"\'\u200b\ud83dé'])}${sample.slice(at + 1)}`,
    () => `${sample.slice(0, at)}${random.pick(SAMPLES).slice(0, 12)}${sample.slice(at)}`,
    () => Array.from({ length: random.below(120) }, () => random.below(10) + random.pick(['', '', ' ', '-', '.'])).join(''),
    () => random.pick(['the ', 'no. ', 'Grüße ', '12 ', 'a@', '{"a":"', 'ignore ', 'key=']),
  ])();
}

/** Texts that one rule reads before the next does: what it reads with stays in the cache. */
const BATCH = 1_000;

it('no rule misses anything for the gate before it', { timeout: 7_200_000 }, () => {
  const random = createRandom();
  const wrong: string[] = [];
  let found = 0;
  const runs = LONG_RUN ? 1_000_000 : 300;
  for (let run = 0; run < runs; run += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, runs - run) }, () => generate(random));
    for (const [at, expected] of alone(texts).entries()) {
      const [text, actual] = [texts[at]!, gated(texts[at]!)];
      found += expected.length;
      if (expected.toSorted().join() !== actual.toSorted().join())
        wrong.push(`${JSON.stringify(text)}: ${actual.join()} instead of ${expected.join()}`);
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(found).toBeGreaterThan(runs / 8);
});
