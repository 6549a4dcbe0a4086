import { CATALOGUE } from '../src/detect/catalogue.ts';
import { detectorId } from '../src/detect/detector.ts';
import { createEngine } from '../src/detect/engine.ts';
import { scoreInjection } from '../src/detect/model/injection-model.ts';
import { createRandom } from '../test/support/random.ts';
import type { BenchResult } from './harness/record.ts';
import { spread } from './harness/statistics.ts';

const UNITS = 4_000;
const BLOCKS = 15;
const CALLS = 40;

/** The injection model beside a pass of the catalogue's engine over the same text: nanoseconds per UTF-16 unit and their ratio. */
export async function model(): Promise<BenchResult> {
  const random = createRandom();
  const engine = createEngine(
    CATALOGUE.map((detector) => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'observe',
    })),
  );
  const scan = (text: string): void => {
    const lane = engine.open({ stopAtDenial: false });
    lane.push(text);
    lane.end();
  };
  const letters = [...'etaoinshrdlucmfwyp    ,.'];
  const rows = Object.entries({
    prose: 'The branch on Main Street opens at nine, and customers ask politely about fees that changed in spring. ',
    'random letters': Array.from({ length: UNITS }, () => random.pick(letters)).join(''),
    'any units': Array.from({ length: UNITS }, () => String.fromCharCode(random.below(0x10000))).join(''),
    ideographs: Array.from({ length: UNITS }, () => String.fromCharCode(0x4e00 + random.below(3_000))).join(''),
  }).map(([input, unit]) => {
    const text = unit.repeat(Math.ceil(UNITS / unit.length)).slice(0, UNITS);
    const samples = { model: [] as number[], rules: [] as number[] };
    for (let block = -3; block < BLOCKS; block++) {
      const taken = { model: time(() => scoreInjection(text)), rules: time(() => scan(text)) };
      if (block < 0) continue;
      samples.model.push(taken.model);
      samples.rules.push(taken.rules);
    }
    const [modelNs, rulesNs] = [spread(samples.model).median, spread(samples.rules).median];
    return { input, model: Number(modelNs.toFixed(1)), rules: Number(rulesNs.toFixed(1)), ratio: Number((modelNs / rulesNs).toFixed(2)) };
  });
  return { unit: 'ns of a UTF-16 unit', facts: { seed: random.seed, blocks: BLOCKS, units: UNITS }, rows };
}

function time(run: () => unknown): number {
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) run();
  return ((performance.now() - start) * 1e6) / (CALLS * UNITS);
}
