import { createRequire } from 'node:module';
import { AppError } from '../../lib/errors.ts';
import { BUCKET_BITS, readFeatures } from './features.ts';

/**
 * From this probability on a text is flagged. Chosen in cross-validation (docs/model-card.md); `eval/train-model.ts` says what it should
 * be after a training, and a test compares. The model may flag, never block by itself.
 */
export const FLAG_SCORE = 0.61;

/** Written by `eval/train-model.ts`. */
interface ModelFile {
  readonly flagScore: number;
  /** Platt scaling: probability = 1 / (1 + e^-(slope * score + offset)). */
  readonly slope: number;
  readonly offset: number;
  /** What a step of a weight stands for. */
  readonly scale: number;
  /** One signed byte for each bucket, in base64. */
  readonly weights: string;
}

interface Model extends Omit<ModelFile, 'weights'> {
  readonly weights: Int8Array;
}

const MODEL_FILE = './injection-weights.json';

let loaded: Model | undefined;

/**
 * The probability, 0–1, that a text tries to give a model orders it should not take (docs/model-card.md has its limits). A pure function
 * of the text; at most its first 4,000 and last 1,000 units are read. The weights are read from their file at the first call; when that
 * fails, AppError `internal` says how to get them back.
 */
export function scoreInjection(text: string): number {
  const { weights, scale, slope, offset } = injectionModel();
  // A text is as suspicious as its worst window: two blocks that touch, or the only block.
  let best = Number.NEGATIVE_INFINITY;
  let sumBefore = 0;
  let countBefore = 0;
  let blocks = 0;
  let first = 0;
  readFeatures(text, (buckets, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weights[buckets[i]!]!;
    if (blocks === 0) first = windowScore(sum, count);
    else best = Math.max(best, windowScore(sumBefore + sum, countBefore + count));
    sumBefore = sum;
    countBefore = count;
    blocks++;
  });
  const score = (blocks > 1 ? best : first) * scale;
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}

/** The model as its file has it, for the test that pins it. */
export function injectionModel(): Model {
  loaded ??= load();
  return loaded;
}

/** Divided by the root of the number of features, long and short texts have scores of one size: length is no sign of an attack. */
function windowScore(sum: number, count: number): number {
  return sum / Math.sqrt(Math.max(1, count));
}

function load(): Model {
  try {
    const { weights, ...file } = createRequire(import.meta.url)(MODEL_FILE) as ModelFile;
    const bytes = Buffer.from(weights, 'base64');
    if (bytes.length !== 1 << BUCKET_BITS) throw new Error(`${bytes.length} weights, not ${1 << BUCKET_BITS}`);
    return { ...file, weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  } catch (cause) {
    throw new AppError('internal', 'the weights of the injection model (src/detect/model/injection-weights.json) cannot be read', {
      cause,
      next: 'restore the file from the release or the repository, or train it anew: node eval/train-model.ts',
    });
  }
}
