import { glanceAt } from '../src/detect/glance.ts';
import { readWords, saysTooLittle, WORD_BUCKET_BITS, type WordCount } from '../src/detect/model/first-look.ts';
import { createKeyFilter } from '../src/detect/phrases/key-filter.ts';
import { foldText } from '../src/detect/views/fold.ts';
import { HINT } from '../src/detect/views/hints.ts';
import { type Sample, score, type Training, train, type Weights, windowScores } from './logistic.ts';

/** A window as the first look sees it. */
export interface WordWindow {
  /** Of its words, each as often as it stands there. */
  readonly buckets: Int32Array;
  /** Its words do not tell: it is read closely whatever they are. */
  readonly isReadAnyway: boolean;
}

/** How many of the attacks that the model flags the first look may lose in cross-validation. */
const LOST_MAX = 0.002;
/** An attack's window counts as much as so many harmless ones: with 1 or 10 as much is lost, and more harmless windows are read. */
const ATTACK_WEIGHT = 4;

const NO_KEYS = createKeyFilter(new Map());

/** The windows of a text in order; none of an empty one. */
export function toWordWindows(text: string): readonly WordWindow[] {
  const folded = foldText(text);
  const { hints, words } = glanceAt(folded, NO_KEYS);
  const blocks: (WordCount & Pick<WordWindow, 'buckets'>)[] = [];
  if (words !== undefined)
    readWords(folded.length, words, (buckets, count) => blocks.push({ ...count, buckets: buckets.slice(0, count.words) }));
  return blocks.slice(0, Math.max(1, blocks.length - 1)).map((block, i) => {
    const next = blocks[i + 1] ?? { buckets: new Int32Array(), units: 0, words: 0 };
    const count = { units: block.units + next.units, words: block.words + next.words };
    return {
      buckets: Int32Array.from([...block.buckets, ...next.buckets]),
      isReadAnyway: (hints & HINT.unspaced) !== 0 || saysTooLittle(count),
    };
  });
}

/** A text as both stages see it. */
interface Seen extends Sample {
  readonly words: readonly WordWindow[];
}

/** The close look: its weights, and the score from which on a window is flagged. */
export interface CloseLook {
  readonly model: Weights;
  readonly flagFrom: number;
}

/** Learns which windows the close look may flag: those that it does flag in attacks from all windows of harmless texts, by their words. */
export function trainFirstLook(examples: readonly Seen[], { model, flagFrom }: CloseLook, training: Omit<Training, 'bits'>): Weights {
  const samples = examples.flatMap(({ words, blocks, label, weight }) => {
    const scores = label === 1 ? windowScores(model, blocks) : [];
    const learnt = words.filter(({ isReadAnyway }, i) => !isReadAnyway && (label === 0 || scores[i]! >= flagFrom));
    return learnt.map(({ buckets }): Sample => ({ blocks: [buckets], label, weight: label === 1 ? weight * ATTACK_WEIGHT : weight }));
  });
  return train(samples, { ...training, bits: WORD_BUCKET_BITS });
}

/** A window, and what the looks say of it. */
export interface LookedAt {
  /** Of the first look; infinite for one that is read anyway. */
  readonly first: number;
  readonly isFlagged: boolean;
}

/** What a first look says of a text's windows beside a close one. */
export function lookAt(
  { words, blocks }: Pick<Seen, 'words' | 'blocks'>,
  first: Weights,
  { model, flagFrom }: CloseLook,
): readonly LookedAt[] {
  const scores = windowScores(model, blocks);
  return words.map(({ buckets, isReadAnyway }, i) => ({
    first: isReadAnyway ? Number.POSITIVE_INFINITY : score(first, [buckets]),
    isFlagged: scores[i]! >= flagFrom,
  }));
}

/** Whether the close look at a text's windows flags one. */
export function isFlagged(windows: readonly LookedAt[]): boolean {
  return windows.some((window) => window.isFlagged);
}

/** Whether it flags one of those that the first look lets pass. */
export function isKept(windows: readonly LookedAt[], threshold: number): boolean {
  return windows.some((window) => window.isFlagged && window.first >= threshold);
}

/** The highest score with which the first look loses no more of the flagged attacks than it may. */
export function chooseFirstThreshold(attacks: readonly (readonly LookedAt[])[]): number {
  const best = attacks.filter(isFlagged).map((windows) => Math.max(...windows.flatMap((one) => (one.isFlagged ? one.first : []))));
  return best.sort((a, b) => a - b)[Math.floor(best.length * LOST_MAX)]!;
}
