import { decodeAscii85 } from './ascii85.ts';
import { joinSpaced, reversed, rot13, unleet } from './disguises.ts';
import { decodeEscapes } from './escapes.ts';
import { HINT } from './hints.ts';
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
export function disguisedViews(text: string, hints: number, isTelltale: boolean): View[] {
  const views: View[] = hints & HINT.leet ? unleet(text) : [];
  const joined = hints & HINT.spaced ? joinSpaced(text) : undefined;
  if (joined !== undefined) views.push(joined);
  if (isTelltale) views.push(rot13(text), reversed(text));
  return views;
}
