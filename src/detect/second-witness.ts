import type { Opinion } from './detector.ts';
import { INSTRUCTING } from './instruction-words.ts';
import { isQuoted } from './quotation.ts';
import type { Match, Rule } from './scan.ts';

/** Who is asked about the phrases that were found in a text. */
export interface Witnesses {
  /** The second witness; undefined where nobody is asked: phrases are what they are then. */
  readonly witness: Rule | undefined;
  /** What stands in for a phrase of the block tier that is quoted; undefined where it stays what it is. */
  readonly quoted: Rule | undefined;
}

/**
 * Phrases as a second witness sees them. One that only flags, where none of the block tier stands, is confirmed where the witness agrees: a
 * finding more, at its place; a weak one is none where it disagrees. One of the block tier that somebody quotes stays what it is where the
 * witness agrees, and is a quotation where not. The witness is asked once for each neighbourhood, however many phrases stand in it.
 */
export function weighed(text: string, found: readonly Match[], { witness, quoted }: Witnesses): readonly Match[] {
  if (found.length === 0 || witness === undefined) return found;
  const opinions = new Map<number, Opinion>();
  const sure = joined(found.filter(isSure));
  const suspected = found.filter((match) => isSuspicion(match) && !sure.some((place) => overlap(place, match)));
  const agreed = joined(suspected).filter((place) => opinionAt(place) === 'agrees');
  const standing = found.filter((match) => !isWeak(match) || opinionAt(match) !== 'disagrees');
  const confirmed = agreed.map((place) => ({ rule: witness, ...place }));
  if (quoted === undefined) return [...standing, ...confirmed];
  const mentions = new Set(standing.filter((match) => isMention(text, match) && opinionAt(match) !== 'agrees'));
  const others = standing.filter((match) => !mentions.has(match));
  return [...others, ...confirmed, ...joined([...mentions]).map((place) => ({ rule: quoted, ...place }))];

  function opinionAt({ start }: Place): Opinion {
    const number = Math.floor(start / PLACE_UNITS);
    const opinion = opinions.get(number) ?? witness!.detector.witness!(neighbourhood(text, number));
    opinions.set(number, opinion);
    return opinion;
  }
}

/** Whether a phrase about what a model is told to do only flags. */
function isSuspicion({ rule: { detector } }: Match): boolean {
  return detector.tier === 'flag' && INSTRUCTING.has(detector.family);
}

/** Whether it is one that a witness may speak against. */
function isWeak({ rule: { detector } }: Match): boolean {
  return detector.weak === true;
}

function isSure({ rule: { detector } }: Match): boolean {
  return detector.tier === 'block' && INSTRUCTING.has(detector.family);
}

/** Whether one that is sure is quoted. */
function isMention(text: string, match: Match): boolean {
  return isSure(match) && isQuoted(text, match);
}

function overlap(a: Place, b: Place): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Units of the part of a text in which a phrase begins, of the part before it and of the one behind it: together its neighbourhood. */
const PLACE_UNITS = 400;

function neighbourhood(text: string, number: number): string {
  return text.slice(Math.max(0, (number - 1) * PLACE_UNITS), (number + 2) * PLACE_UNITS);
}

/** Where matches stand, in order; those that overlap as one. */
function joined(matches: readonly Match[]): readonly Place[] {
  const places: Place[] = [];
  for (const { start, end } of matches.toSorted((a, b) => a.start - b.start)) {
    const last = places.at(-1);
    if (last === undefined || start >= last.end) places.push({ start, end });
    else if (end > last.end) places[places.length - 1] = { start: last.start, end };
  }
  return places;
}

type Place = Pick<Match, 'start' | 'end'>;
