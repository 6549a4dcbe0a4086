import type { Detector, Family } from './detector.ts';
import { phraseOf } from './phrase.ts';

/** Families that are about what a model is told to do: disguised words matter there, disguised numbers do not read as any. */
export const INSTRUCTING: ReadonlySet<Family> = new Set(['injection', 'tool', 'leak', 'exfil']);

/** Words that instructions are made of, in small ASCII letters. */
export interface InstructionWords {
  /** Whether a word may be one; of those that patterns write with endings to choose from, whatever it ends in. */
  has(word: string): boolean;
}

/** Where any word may matter. */
export const ANY_WORD: InstructionWords = { has: () => true };

/** Shorter ones tell nothing, and shorter beginnings too little. */
const WORD_UNITS_MIN = 3;
const STEM_UNITS_MIN = 4;

/** The words that stand in the patterns of the detectors that look for instructions. */
export function instructionWords(detectors: readonly Detector[]): InstructionWords {
  const words = new Set<string>();
  const stems = new Set<string>();
  for (const { family, pattern } of detectors) {
    if (!INSTRUCTING.has(family)) continue;
    for (const text of phraseOf(pattern)?.templates ?? [pattern.source]) addWords(text, { words, stems });
  }
  const stemUnitsMax = Math.max(0, ...Array.from(stems, ({ length }) => length));
  return {
    has(word) {
      if (words.has(word)) return true;
      for (let units = STEM_UNITS_MIN; units <= Math.min(stemUnitsMax, word.length); units++)
        if (stems.has(word.slice(0, units))) return true;
      return false;
    },
  };
}

/** Runs of letters in a pattern; behind one an optional letter or a group may go on with the word. */
function addWords(pattern: string, { words, stems }: { readonly words: Set<string>; readonly stems: Set<string> }): void {
  const plain = pattern.replaceAll(ESCAPES, ' ').toLowerCase();
  for (const { 0: run, index } of plain.matchAll(RUNS)) {
    const next = plain[index + run.length] ?? '';
    const behind = plain[index + run.length + 1] ?? '';
    const shorter = '?*{'.includes(next) ? run.slice(0, -1) : run;
    const isWhole = next === '?' && !GOES_ON.test(behind);
    if (run.length >= WORD_UNITS_MIN) words.add(run);
    if (isWhole && shorter.length >= WORD_UNITS_MIN) words.add(shorter);
    if (!isWhole && shorter.length >= STEM_UNITS_MIN && next !== '' && '?*{(['.includes(next)) stems.add(shorter);
  }
}

/** Of a pattern, which an author or an operator wrote. */
const ESCAPES = /\\(?:[pPu]\{[^}]*\}|.)/g;
const RUNS = /[a-z]+/g;
/** What a word goes on with behind a letter that may be missing. */
const GOES_ON = /[a-z([]/;
