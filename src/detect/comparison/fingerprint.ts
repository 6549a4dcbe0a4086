import { FIXED } from '../../lib/limits.ts';
import { atOnce, piecesOf, SLICE_UNITS, type Slices } from '../../lib/slices.ts';
import { createTextMemo, textKey, textKeyInSlices } from '../../lib/text-memo.ts';
import { foldText } from '../views/fold.ts';
import { BOILERPLATE } from './boilerplate.ts';
import { countLetters } from './letters.ts';
import { openPassages } from './passages.ts';
import { GRAM_LETTERS, ShingleReader } from './shingle.ts';
import { createShingleSearch, sharesShingle } from './shingle-search.ts';
import { add, copyOf, Erasure, emptyFingerprint, type Fingerprint } from './shingle-set.ts';

/** The texts of a request, as it brought them. */
export interface ComparedTexts {
  readonly system: readonly string[];
  /** What the caller wrote or gave besides: a passage that stands here too is no secret of the system text. */
  readonly known: readonly string[];
}

interface PromptBounds {
  readonly promptLetters: number;
}

/** Assistants say the same instructions with every request. `undefined`: too short. */
const OF_SYSTEM = createTextMemo<{ readonly made: Fingerprint | undefined }>({ bytesMax: FIXED.fingerprintMemoBytes });

/**
 * The fingerprint of a request's system texts; undefined when they are too short to have a passage. Most requests have a system text that
 * is remembered, and nothing of it in their other texts.
 */
export function fingerprintOf(texts: ComparedTexts, bounds: PromptBounds = FIXED): Fingerprint | undefined {
  const remembered = texts.system.length === 0 ? TOO_SHORT : recall(textKey(textOf(texts, bounds)));
  if (remembered === undefined) return atOnce(fingerprintInSlices(texts, bounds));
  const { made } = remembered;
  const isApart = made === undefined || !texts.known.some((text) => sharesShingle(made, foldText(text)));
  return isApart ? made : atOnce(withoutKnown(made, texts.known));
}

/** The same, a slice of bounded work in each step. */
export function* fingerprintInSlices(texts: ComparedTexts, bounds: PromptBounds = FIXED): Slices<Fingerprint | undefined> {
  const made = texts.system.length === 0 ? undefined : yield* fingerprintOfSystem(texts, bounds);
  return made && (yield* withoutKnown(made, texts.known));
}

/** A fingerprint without what the caller knows of it. */
function* withoutKnown(base: Fingerprint, known: readonly string[]): Slices<Fingerprint> {
  let made = base;
  let units = 0;
  for (const text of known) {
    const isShort = text.length <= SLICE_UNITS;
    if (isShort ? sharesShingle(made, foldText(text)) : yield* sharesInSlices(made, text)) {
      if (made === base) made = copyOf(base);
      yield* eraseKnown(made, text);
    }
    units += text.length + TEXT_UNITS;
    if (units < SLICE_UNITS) continue;
    units = 0;
    yield;
  }
  return made;
}

/** What a text costs beside its letters, in units of text. */
const TEXT_UNITS = 64;

const TOO_SHORT = { made: undefined } as const;

/** What the system texts of a request are remembered by. */
function textOf({ system }: ComparedTexts, { promptLetters }: PromptBounds): string {
  return `${promptLetters} ${system.map(({ length }) => length).join()} ${system.join('')}`;
}

/** What was made of system texts before. */
function recall(key: string | undefined): { readonly made: Fingerprint | undefined } | undefined {
  return key === undefined ? undefined : OF_SYSTEM.get(key);
}

/** Without what stands in thousands of other system texts. */
function* fingerprintOfSystem(texts: ComparedTexts, bounds: PromptBounds): Slices<Fingerprint | undefined> {
  const key = yield* textKeyInSlices(textOf(texts, bounds));
  const remembered = recall(key);
  if (remembered !== undefined) return remembered.made;
  const made = yield* makeFingerprint(texts.system, bounds.promptLetters);
  if (key !== undefined) OF_SYSTEM.set(key, { made }, made?.bytes ?? 0);
  return made;
}

function* makeFingerprint(system: readonly string[], promptLetters: number): Slices<Fingerprint | undefined> {
  const counts: number[] = [];
  for (const text of system) counts.push(yield* lettersIn(text));
  if (!counts.some((count) => 3 * count >= FIXED.passageLetters)) return undefined;
  const letters = counts.reduce((sum, count) => sum + count, 0);
  const made = emptyFingerprint(Math.min(letters, promptLetters), letters > promptLetters);
  let left = promptLetters;
  for (const text of system) left -= yield* addText(made, text, left);
  for (const text of BOILERPLATE) yield* eraseKnown(made, text);
  return made;
}

function* lettersIn(text: string): Slices<number> {
  let count = 0;
  for (const piece of piecesOf(text)) {
    count += countLetters(foldText(piece));
    yield;
  }
  return count;
}

/** Adds the first letters of a text; returns how many. */
function* addText(made: Fingerprint, text: string, lettersMax: number): Slices<number> {
  let letters = GRAM_LETTERS - 1;
  const reader = new ShingleReader((gram, shingle) => {
    if (letters++ < lettersMax) add(made, gram, shingle);
  });
  for (const piece of piecesOf(text)) {
    reader.push(foldText(piece));
    yield;
  }
  return letters;
}

/** As `sharesShingle`, for a text that is not folded yet. */
function* sharesInSlices(made: Fingerprint, text: string): Slices<boolean> {
  const shares = createShingleSearch(made);
  for (const piece of piecesOf(text)) {
    if (shares(foldText(piece))) return true;
    yield;
  }
  return false;
}

/** Takes out what stands in another text as a whole passage; single shingles that a long text has by chance stay. */
function* eraseKnown(made: Fingerprint, text: string): Slices {
  const erasure = new Erasure(made);
  const passages = openPassages(made, {
    letters: FIXED.knownLetters,
    grown(shingle, isFirst) {
      if (isFirst) erasure.forget();
      erasure.note(shingle);
    },
    ended: () => erasure.erase(),
  });
  for (const piece of piecesOf(text)) {
    passages.push(foldText(piece));
    yield;
  }
  passages.end();
}
