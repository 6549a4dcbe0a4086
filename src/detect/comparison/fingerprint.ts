import { FIXED } from '../../lib/limits.ts';
import { createTextMemo, textKey } from '../../lib/text-memo.ts';
import { foldText } from '../views/fold.ts';
import { BOILERPLATE } from './boilerplate.ts';
import { countLetters } from './letters.ts';
import { openPassages, sharesShingle } from './passages.ts';
import { eachShingle, GRAM_LETTERS } from './shingle.ts';
import { add, copyOf, emptyFingerprint, erase, type Fingerprint } from './shingle-set.ts';

/** The texts of a request, as it brought them. */
export interface ComparedTexts {
  readonly system: readonly string[];
  /** What the caller wrote or gave besides: a passage that stands here too is no secret of the system text. */
  readonly known: readonly string[];
}

/** Assistants say the same instructions with every request. `undefined`: too short. */
const OF_SYSTEM = createTextMemo<{ readonly made: Fingerprint | undefined }>({ bytesMax: FIXED.fingerprintMemoBytes });

/** The fingerprint of a request's system texts; undefined when they are too short to have a passage. */
export function fingerprintOf(
  { system, known }: ComparedTexts,
  { promptLetters }: { readonly promptLetters: number } = FIXED,
): Fingerprint | undefined {
  const base = system.length === 0 ? undefined : fingerprintOfSystem(system, promptLetters);
  let made = base;
  for (const text of known) {
    if (base === undefined || made === undefined) break;
    const folded = foldText(text);
    if (!sharesShingle(made, folded)) continue;
    if (made === base) made = copyOf(base);
    eraseKnown(made, folded);
  }
  return made;
}

/** Without what stands in thousands of other system texts. */
function fingerprintOfSystem(system: readonly string[], promptLetters: number): Fingerprint | undefined {
  const key = textKey(`${promptLetters} ${system.map(({ length }) => length).join()} ${system.join('')}`);
  const before = key === undefined ? undefined : OF_SYSTEM.get(key);
  if (before !== undefined) return before.made;
  const made = makeFingerprint(system, promptLetters);
  if (key !== undefined) OF_SYSTEM.set(key, { made }, made?.bytes ?? 0);
  return made;
}

function makeFingerprint(system: readonly string[], promptLetters: number): Fingerprint | undefined {
  const folded = system.map(foldText);
  const counts = folded.map(countLetters);
  const letters = counts.reduce((sum, count) => sum + count, 0);
  if (!counts.some((count) => 3 * count >= FIXED.passageLetters)) return undefined;
  const made = emptyFingerprint(Math.min(letters, promptLetters), letters > promptLetters);
  let left = promptLetters;
  for (const text of folded) left -= addText(made, text, left);
  for (const text of BOILERPLATE) eraseKnown(made, text);
  return made;
}

/** Adds the first letters of a text; returns how many. */
function addText(made: Fingerprint, text: string, lettersMax: number): number {
  let letters = GRAM_LETTERS - 1;
  eachShingle(text, (gram, shingle) => {
    if (letters++ < lettersMax) add(made, gram, shingle);
  });
  return letters;
}

/** Takes out what stands in another text as a whole passage; single shingles that a long text has by chance stay. */
function eraseKnown(made: Fingerprint, text: string): void {
  const passages = openPassages(made, {
    letters: FIXED.knownLetters,
    ended: ({ start, end }) => eachShingle(text.slice(start, end), (_, shingle) => shingle !== undefined && erase(made, shingle)),
  });
  passages.push(text);
  passages.end();
}
