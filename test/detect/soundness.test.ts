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

/** What each exact rule finds when it looks at the whole text, whatever the others do. */
function alone(text: string): string[] {
  const haystack = { text, begins: true, ends: true };
  const window = { from: 0, to: text.length, endMax: text.length };
  return parts.flatMap(({ matcher }, i) =>
    matcher.search(haystack, window).map(({ start, end }) => `${detectorId(CATALOGUE[i]!)} ${start}-${end}`),
  );
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

it('no rule misses anything for the gate before it', { timeout: 7_200_000 }, () => {
  const random = createRandom();
  const wrong: string[] = [];
  let found = 0;
  const runs = LONG_RUN ? 1_000_000 : 300;
  for (let run = 0; run < runs; run++) {
    const text = generate(random);
    const [expected, actual] = [alone(text).toSorted(), gated(text).toSorted()];
    found += expected.length;
    if (expected.join() !== actual.join()) wrong.push(`${JSON.stringify(text)}: ${actual.join()} instead of ${expected.join()}`);
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(found).toBeGreaterThan(runs / 8);
});
