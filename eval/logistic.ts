import { readFeatures } from '../src/detect/model/features.ts';
import { foldText } from '../src/detect/views/fold.ts';

/** A text as the model sees it: the distinct buckets of each block. */
export interface Sample {
  readonly blocks: readonly Int32Array[];
  readonly label: 0 | 1;
  /** How much it counts in training. */
  readonly weight: number;
}

/** Weights of the buckets and the score of an empty text. */
export interface Weights {
  readonly buckets: Float32Array;
  readonly bias: number;
}

export interface Training {
  /** There are two to the power of this many weights. */
  readonly bits: number;
  readonly epochs: number;
  /** AdaGrad's step (Duchi et al., 2011). */
  readonly step: number;
  /** Pull of every weight towards zero. */
  readonly shrink: number;
  /** The samples are shuffled by it before each epoch. */
  readonly below: (limit: number) => number;
}

export function toBlocks(text: string): readonly Int32Array[] {
  const blocks: Int32Array[] = [];
  readFeatures(foldText(text), (buckets, count) => blocks.push(buckets.slice(0, count)));
  return blocks;
}

/**
 * Logistic regression over the window that looks most like an attack: the gradient of a text goes to that window alone, so that a long
 * attack need not look like one throughout, and a long harmless text is held to its worst part. Same order and seed, same weights.
 */
export function train(samples: readonly Sample[], { bits, epochs, step, shrink, below }: Training): Weights {
  const buckets = new Float32Array(1 << bits);
  const squares = new Float32Array(1 << bits).fill(1e-4);
  let bias = 0;
  let biasSquares = 1e-4;
  const order = samples.map((_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, below);
    for (const index of order) {
      const { blocks, label, weight } = samples[index]!;
      const best = bestWindow(blocks, buckets);
      const error = (1 / (1 + Math.exp(-(best.sum + bias))) - label) * weight;
      biasSquares += error * error;
      bias -= (step * error) / Math.sqrt(biasSquares);
      const gradient = error / Math.sqrt(best.count);
      for (const block of blocks.slice(best.from, best.from + 2)) {
        for (const bucket of block) {
          const slope = gradient + shrink * buckets[bucket]!;
          squares[bucket]! += slope * slope;
          buckets[bucket]! -= (step * slope) / Math.sqrt(squares[bucket]!);
        }
      }
    }
  }
  return { buckets, bias };
}

/** Score of a text before calibration. */
export function score({ buckets, bias }: Weights, blocks: readonly Int32Array[]): number {
  return bestWindow(blocks, buckets).sum + bias;
}

/** Scores of its windows, in order; none for an empty text. */
export function windowScores({ buckets, bias }: Weights, blocks: readonly Int32Array[]): readonly number[] {
  return windowsOf(blocks, buckets).map(({ sum }) => sum + bias);
}

interface Window {
  /** The number of its first block. */
  readonly from: number;
  readonly sum: number;
  readonly count: number;
}

const NO_WINDOW: Window = { from: 0, sum: 0, count: 1 };

function bestWindow(blocks: readonly Int32Array[], buckets: Float32Array): Window {
  return windowsOf(blocks, buckets).reduce((best, window, i) => (i === 0 || window.sum > best.sum ? window : best), NO_WINDOW);
}

function windowsOf(blocks: readonly Int32Array[], buckets: Float32Array): readonly Window[] {
  const sums = blocks.map((block) => sumOf(block, buckets));
  return blocks.slice(0, Math.max(1, blocks.length - 1)).map((block, from) => {
    const count = Math.max(1, block.length + (blocks[from + 1]?.length ?? 0));
    return { from, sum: (sums[from]! + (sums[from + 1] ?? 0)) / Math.sqrt(count), count };
  });
}

function sumOf(block: Int32Array, buckets: Float32Array): number {
  let sum = 0;
  for (const bucket of block) sum += buckets[bucket]!;
  return sum;
}

function shuffle(order: number[], below: (limit: number) => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}
