import { createDetectorCompiler, type DetectorCompiler } from './compiled-detectors.ts';
import { type Detector, NO_PATTERN } from './detector.ts';
import { type InstructionWords, instructionWords } from './instruction-words.ts';
import { lingers } from './lingering.ts';
import { isUnspaced } from './phrase.ts';
import { type CompiledPhrases, compilePhrases } from './phrases/phrase-scan.ts';

/** Detectors made ready for all lanes of a policy; engines that are made with one share its tables. */
export interface LaneDetectors {
  /** What the automata of lanes that are whole, and of lanes that stream, read: an automaton for each list. */
  readonly whole: readonly (readonly Detector[])[];
  readonly streamed: readonly (readonly Detector[])[];
  /** Phrases of scripts without spaces; only texts with such a character are read for them. */
  readonly unspaced: readonly Detector[];
  /** Phrases of all other scripts. */
  readonly phrases: CompiledPhrases;
  readonly instructionWords: InstructionWords;
  readonly compile: DetectorCompiler;
}

/** Makes detectors ready: phrases are read by words, everything else by automata. */
export function prepareDetectors(lists: { readonly whole: readonly Detector[]; readonly streamed: readonly Detector[] }): LaneDetectors {
  const all = [...new Set([...lists.whole, ...lists.streamed])];
  const phrases = compilePhrases(all);
  const unspaced = all.filter(({ pattern }) => isUnspaced(pattern));
  const others = all.filter(({ pattern }) => pattern === NO_PATTERN);
  const apart = new Set([...phrases.detectors, ...unspaced, ...others]);
  const readByUnits = (list: readonly Detector[], nameOf: (detector: Detector) => string) =>
    grouped(
      list.filter((detector) => !apart.has(detector)),
      nameOf,
    );
  return {
    whole: readByUnits(lists.whole, kindOf).flatMap(inPortions),
    streamed: readByUnits(lists.streamed, kindAndReadersOf),
    unspaced,
    phrases,
    instructionWords: instructionWords(all),
    compile: createDetectorCompiler({ folded: true }),
  };
}

function grouped(detectors: readonly Detector[], nameOf: (detector: Detector) => string): readonly (readonly Detector[])[] {
  return [...Map.groupBy(detectors, nameOf).values()];
}

/** Detectors that one automaton reads, and those among them that linger. */
const READ_TOGETHER_MAX = 200;
const LINGERING_TOGETHER_MAX = 10;

/**
 * Detectors of one kind for several automata. What is in the middle of a match through one word and the next (a command with what it is
 * given, a picture with its address) is combined with all that begins meanwhile: with two dozen such detectors, the documentation of
 * software makes a new state for every thirtieth unit, without end; in three portions they have a quarter of the states together.
 */
function inPortions(detectors: readonly Detector[]): readonly (readonly Detector[])[] {
  const lingering = detectors.filter(({ pattern }) => lingers(pattern));
  const count = Math.max(1, Math.ceil(detectors.length / READ_TOGETHER_MAX), Math.ceil(lingering.length / LINGERING_TOGETHER_MAX));
  const others = detectors.filter((detector) => !lingering.includes(detector));
  return Array.from({ length: count }, (_, i) => [...portionOf(lingering, { i, count }), ...portionOf(others, { i, count })]);
}

function portionOf<T>(list: readonly T[], { i, count }: { readonly i: number; readonly count: number }): readonly T[] {
  return list.slice(Math.floor((i * list.length) / count), Math.floor(((i + 1) * list.length) / count));
}

/**
 * What one automaton reads together. Where unlike detectors are alive at once, each pair of their states is a state of its own: a few
 * automata with some thousand states each stand for one with more than any memory holds.
 */
function kindOf({ family }: Detector): string {
  return family === 'tool' || family === 'leak' || family === 'output' ? 'injection' : family;
}

/** In a text that is held as long as something in it is alive, a lane reads no detector that is not its own. */
function kindAndReadersOf(detector: Detector): string {
  return [kindOf(detector), ...(detector.lanes?.toSorted() ?? ['every lane'])].join();
}
