import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BUCKET_BITS } from '../src/detect/model/features.ts';
import { createRandom } from '../test/support/random.ts';
import { chooseFirstThreshold, lookAt, trainFirstLook } from './first-look.ts';
import { score, train, type Weights } from './logistic.ts';
import { calibrate, chooseThreshold, type Scored } from './model-calibration.ts';
import { type Example, trainingCorpus } from './model-corpus.ts';
import { crossValidationTable, firstLookTable, halfTable, type Looked, leaveOutTable } from './model-report.ts';

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
const folds = foldsOf(({ group }) => (group === -1 ? -1 : spreadOver(group)), FOLDS);
const raw = folds.flatMap(heldOutScores);
// With near-copies on both sides too: harmless questions come back inside attacks, and only these folds show what that costs.
const rawApart = foldsOf((one) => spreadOver(place.get(one)!), FOLDS).flatMap(heldOutScores);
const { slope, offset } = calibrate(raw.filter(({ label, learnable }) => label === 0 || learnable));
const calibrated = toProbabilities(raw);
const flagScore = Math.max(chooseThreshold(calibrated), chooseThreshold(toProbabilities(rawApart)));
const flagFrom = (Math.log(flagScore / (1 - flagScore)) - offset) / slope;
const looked = folds.flatMap(heldOutLooks);
const firstThreshold = chooseFirstThreshold(looked.filter(({ label }) => label === 1).map(({ windows }) => windows));
const sets = [...new Set(measurable.map(({ set }) => set))];
const setFolds = foldsOf(({ set }) => sets.indexOf(set), sets.length);
const hash = writeModel(fit(examples));
const { scoreInjection } = await import('../src/detect/model/injection-model.ts');

replaceInCard('numbers', [
  `- SHA-256 of \`src/detect/model/injection-weights.json\`: \`${hash}\``,
  `- Flagged from a probability of ${flagScore} on (\`FLAG_SCORE\`)`,
  `- Examples: ${countOf(1)} attacks, ${countOf(0)} harmless, composed ones included; ${copies} left out as copies of texts in the other half`,
]);
replaceInCard('cross-validation', crossValidationTable(calibrated, flagScore));
replaceInCard('first-look', firstLookTable({ folds: looked, sets: setFolds.flatMap(heldOutLooks), threshold: firstThreshold }));
replaceInCard('left-out', leaveOutTable(toProbabilities(setFolds.flatMap(heldOutScores)), flagScore));
replaceInCard('other-half', halfTable({ folder, scoreInjection, flagScore, learnt: measurable.filter(({ weight }) => weight > 0) }));
process.stdout.write(`flag score ${flagScore}\nweights ${hash}\n`);

function spreadOver(number: number): number {
  return (Math.imul(number + 1, 0x9e3779b1) >>> 0) % FOLDS;
}

function toProbabilities(scored: readonly Scored[]): readonly Scored[] {
  return scored.map((one) => ({ ...one, score: 1 / (1 + Math.exp(-(slope * one.score + offset))) }));
}

function countOf(label: 0 | 1): number {
  return examples.filter((example) => example.label === label && example.weight > 0).length;
}

/** Weights from examples; every call shuffles alike. */
function fit(from: readonly Example[]): Weights {
  return train(from.filter(isLearnt), { ...TRAINING, bits: BUCKET_BITS, below: createRandom(SEED).below });
}

/** The first look for a model, from the same examples. */
function fitFirst(from: readonly Example[], model: Weights): Weights {
  return trainFirstLook(from.filter(isLearnt), { model, flagFrom }, { ...TRAINING, below: createRandom(SEED).below });
}

function isLearnt({ weight }: Example): boolean {
  return weight > 0;
}

/** A model, what it has learnt from, and records that it has not seen. */
interface Fold {
  readonly model: Weights;
  readonly learnt: readonly Example[];
  readonly heldOut: readonly Example[];
}

function foldsOf(foldOf: (example: Example) => number, count: number): readonly Fold[] {
  return Array.from({ length: count }, (_, fold) => {
    const learnt = examples.filter((example) => foldOf(example) !== fold);
    return { model: fit(learnt), learnt, heldOut: measurable.filter((example) => foldOf(example) === fold) };
  });
}

function heldOutScores({ model, heldOut }: Fold): readonly Scored[] {
  return heldOut.map(({ set, kind, label, source, blocks, weight }) => ({
    set,
    kind,
    label,
    source,
    learnable: weight > 0,
    score: score(model, blocks),
  }));
}

function heldOutLooks({ model, learnt, heldOut }: Fold): readonly Looked[] {
  const first = fitFirst(learnt, model);
  return heldOut.map(({ set, kind, label, source, ...one }) => ({
    set,
    kind,
    label,
    source,
    windows: lookAt(one, first, { model, flagFrom }),
  }));
}

/** The biases of the training go into the offset and the threshold, so that each look has one constant. */
function writeModel(model: Weights): string {
  const { scale, weights } = quantised(model);
  const first = fitFirst(examples, model);
  const { scale: step, weights: firstWeights } = quantised(first);
  const firstLook = { threshold: (firstThreshold - first.bias) / step, weights: firstWeights };
  const text = `${JSON.stringify({ flagScore, slope, offset: offset + slope * model.bias, scale, weights, firstLook }, undefined, 2)}\n`;
  writeFileSync(WEIGHTS_FILE, text);
  return createHash('sha256').update(text).digest('hex');
}

/** Weights as signed bytes in base64, and what a step of them stands for. */
function quantised({ buckets }: Weights): { readonly scale: number; readonly weights: string } {
  const scale = buckets.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  const bytes = Int8Array.from(buckets, (weight) => Math.round(weight / scale));
  return { scale, weights: Buffer.from(bytes.buffer).toString('base64') };
}

/** Replaces what stands between two comments of the card. */
function replaceInCard(name: string, lines: readonly string[]): void {
  const card = readFileSync(CARD_FILE, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [card.indexOf(begin) + begin.length, card.indexOf(end)];
  writeFileSync(CARD_FILE, `${card.slice(0, from)}\n\n${lines.join('\n')}\n\n${card.slice(to)}`);
}
