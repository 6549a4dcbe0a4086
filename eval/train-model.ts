import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../test/support/random.ts';
import { score, train, type Weights } from './logistic.ts';
import { calibrate, chooseThreshold, type Scored } from './model-calibration.ts';
import { type Example, trainingCorpus } from './model-corpus.ts';
import { crossValidationTable, halfTable, leaveOutTable } from './model-report.ts';

/** Trains the injection model: `node eval/train-model.ts [--data FOLDER]`. Same data, same bytes. Some minutes; read docs/model-card.md. */
const SEED = 20_251_121;
const FOLDS = 5;
const TRAINING = { epochs: 15, step: 0.1, shrink: 1e-3 } as const;
const WEIGHTS_FILE = path.join(import.meta.dirname, '../src/detect/model/injection-weights.json');
const CARD_FILE = path.join(import.meta.dirname, '../docs/model-card.md');

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const folder = path.resolve(values.data ?? process.env['SLUICE_EVAL_DATA'] ?? path.join(import.meta.dirname, '../../shared/data'));

const { examples, copies } = trainingCorpus(folder, createRandom(SEED).below);
const place = new Map(examples.map((one, i) => [one, i]));
const measurable = examples.filter(({ kind }) => kind !== 'composed');
const raw = heldOutScores(({ group }) => (group === -1 ? -1 : spreadOver(group)), FOLDS);
// With near-copies on both sides too: harmless questions come back inside attacks, and only these folds show what that costs.
const rawApart = heldOutScores((one) => spreadOver(place.get(one)!), FOLDS);
const { slope, offset } = calibrate(raw.filter(({ label, learnable }) => label === 0 || learnable));
const probability = (value: number): number => 1 / (1 + Math.exp(-(slope * value + offset)));
const calibrated = toProbabilities(raw);
const flagScore = Math.max(chooseThreshold(calibrated), chooseThreshold(toProbabilities(rawApart)));
const sets = [...new Set(measurable.map(({ set }) => set))];
const leftOut = heldOutScores(({ set }) => sets.indexOf(set), sets.length).map((scored) => ({
  ...scored,
  score: probability(scored.score),
}));
const weights = fit(examples);
const hash = writeWeights(weights);
const { scoreInjection } = await import('../src/detect/model/injection-model.ts');

replaceInCard('numbers', [
  `- SHA-256 of \`src/detect/model/injection-weights.json\`: \`${hash}\``,
  `- Flagged from a probability of ${flagScore} on (\`FLAG_SCORE\`)`,
  `- Examples: ${countOf(1)} attacks, ${countOf(0)} harmless, composed ones included; ${copies} left out as copies of texts in the other half`,
]);
replaceInCard('cross-validation', crossValidationTable(calibrated, flagScore));
replaceInCard('left-out', leaveOutTable(leftOut, flagScore));
replaceInCard('other-half', halfTable({ folder, scoreInjection, flagScore, learnt: measurable.filter(({ weight }) => weight > 0) }));
process.stdout.write(`flag score ${flagScore}\nweights ${hash}\n`);

function spreadOver(number: number): number {
  return (Math.imul(number + 1, 0x9e3779b1) >>> 0) % FOLDS;
}

function toProbabilities(scored: readonly Scored[]): readonly Scored[] {
  return scored.map((one) => ({ ...one, score: probability(one.score) }));
}

function countOf(label: 0 | 1): number {
  return examples.filter((example) => example.label === label && example.weight > 0).length;
}

/** Weights from examples; every call shuffles alike. */
function fit(from: readonly Example[]): Weights {
  const samples = from.filter(({ weight }) => weight > 0);
  return train(samples, { ...TRAINING, below: createRandom(SEED).below });
}

/** The score of each record by a model that has not seen its fold. */
function heldOutScores(foldOf: (example: Example) => number, folds: number): readonly Scored[] {
  return Array.from({ length: folds }, (_, fold) => {
    const outside = examples.filter((example) => foldOf(example) !== fold);
    const model = fit(outside);
    return measurable
      .filter((example) => foldOf(example) === fold)
      .map(({ set, kind, label, source, blocks, weight }) => ({
        set,
        kind,
        label,
        source,
        learnable: weight > 0,
        score: score(model, blocks),
      }));
  }).flat();
}

/** Quantises to signed bytes. The bias of the training goes into the offset, so that the file has one constant. */
function writeWeights({ buckets, bias }: Weights): string {
  const scale = buckets.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  const bytes = Int8Array.from(buckets, (weight) => Math.round(weight / scale));
  const file = { flagScore, slope, offset: offset + slope * bias, scale, weights: Buffer.from(bytes.buffer).toString('base64') };
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  writeFileSync(WEIGHTS_FILE, text);
  return createHash('sha256').update(text).digest('hex');
}

/** Replaces what stands between two comments of the card. */
function replaceInCard(name: string, lines: readonly string[]): void {
  const card = readFileSync(CARD_FILE, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [card.indexOf(begin) + begin.length, card.indexOf(end)];
  writeFileSync(CARD_FILE, `${card.slice(0, from)}\n\n${lines.join('\n')}\n\n${card.slice(to)}`);
}
