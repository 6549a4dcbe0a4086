import { createRequire } from 'node:module';
import { AppError } from '../../lib/errors.ts';
import type { Glance } from '../glance.ts';
import { EVERY_BLOCK } from './blocks.ts';
import { BUCKET_BITS, readFeatures } from './features.ts';
import { blocksToRead, type FirstLook, WORD_BUCKET_BITS, windowScore } from './first-look.ts';

/**
 * From this probability on a text is flagged. Chosen in cross-validation (docs/model-card.md); `eval/train-model.ts` says what it should
 * be after a training, and a test compares. The model may flag, never block by itself.
 */
export const FLAG_SCORE = 0.63;

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
  readonly firstLook: Pick<FirstLook, 'threshold'> & Pick<ModelFile, 'weights'>;
}

interface Model extends Omit<ModelFile, 'weights' | 'firstLook'> {
  readonly weights: Int8Array;
  readonly firstLook: FirstLook;
}

const MODEL_FILE = './injection-weights.json';

let loaded: Model | undefined;

/**
 * The probability, 0–1, that a text tries to give a model orders it should not take (docs/model-card.md has its limits). A pure function
 * of what it is given; at most the first 4,000 and last 1,000 units are read. `glance`: of this text; with it only those windows are read
 * whose words look a little like an attack, and the score is 0 where there is none. The weights are read from their file at the first
 * call; when that fails, AppError `internal` says how to get them back.
 */
export function scoreInjection(text: string, glance?: Glance): number {
  const blocks = glance === undefined ? EVERY_BLOCK : blocksToRead(text, glance, injectionModel().firstLook);
  return blocks === 0 ? 0 : probabilityIn(text, blocks);
}

/** The same for these blocks of the text, which are whole windows. */
function probabilityIn(text: string, blocks: number): number {
  const { weights, scale, slope, offset } = injectionModel();
  // A text is as suspicious as its worst window: two blocks that touch, or the only block.
  let best = Number.NEGATIVE_INFINITY;
  let alone = 0;
  let sumBefore = 0;
  let countBefore = 0;
  let next = 0;
  readFeatures(
    text,
    (buckets, count, block) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += weights[buckets[i]!]!;
      if (block === 0) alone = windowScore(sum, count);
      else if (block === next) best = Math.max(best, windowScore(sumBefore + sum, countBefore + count));
      sumBefore = sum;
      countBefore = count;
      next = block + 1;
    },
    blocks,
  );
  const score = (best === Number.NEGATIVE_INFINITY ? alone : best) * scale;
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}

/** The model as its file has it, for the test that pins it. */
export function injectionModel(): Model {
  loaded ??= load();
  return loaded;
}

function load(): Model {
  try {
    const { weights, firstLook, ...file } = createRequire(import.meta.url)(MODEL_FILE) as ModelFile;
    return {
      ...file,
      weights: weightsFrom(weights, BUCKET_BITS),
      firstLook: { ...firstLook, weights: weightsFrom(firstLook.weights, WORD_BUCKET_BITS) },
    };
  } catch (cause) {
    throw new AppError('internal', 'the weights of the injection model (src/detect/model/injection-weights.json) cannot be read', {
      cause,
      next: 'restore the file from the release or the repository, or train it anew: node eval/train-model.ts',
    });
  }
}

function weightsFrom(base64: string, bits: number): Int8Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 1 << bits) throw new Error(`${bytes.length} weights, not ${1 << bits}`);
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
