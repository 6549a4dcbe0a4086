import type { InstructionWords } from '../instruction-words.ts';
import { decodeAscii85 } from './ascii85.ts';
import { joinSpaced, reversed, rot13 } from './disguises.ts';
import { decodeEscapes } from './escapes.ts';
import { HINT } from './hints.ts';
import { unleet } from './leet.ts';
import { decodeRuns } from './runs.ts';
import type { View } from './view.ts';

/** What the decoded text of a coding is: any text, in which everything is looked for and which may be coded again. */
export function codedViews(text: string, hints: number): View[] {
  const views: View[] = hints & HINT.run ? decodeRuns(text) : [];
  const unescaped = hints & HINT.escape ? decodeEscapes(text) : undefined;
  if (unescaped !== undefined) views.push(unescaped);
  if (hints & HINT.ascii85) views.push(...decodeAscii85(text));
  return views;
}

/** Disguises that hide words from a reader of patterns, not from a model: only instructions are looked for in them. */
export function disguisedViews(text: string, { hints, isTelltale, words }: Disguise): View[] {
  const views: View[] = hints & HINT.leet ? unleet(text, words) : [];
  const joined = hints & HINT.spaced ? joinSpaced(text) : undefined;
  if (joined !== undefined) views.push(joined);
  if (isTelltale) views.push(rot13(text), reversed(text));
  return views;
}

/** What a text shows of being disguised. */
export interface Disguise {
  readonly hints: number;
  /** It may be rotated or reversed. */
  readonly isTelltale: boolean;
  /** Words that would be worth hiding. */
  readonly words: InstructionWords;
}
