import { INSTRUCTING } from './instruction-words.ts';
import type { Match, Rule } from './scan.ts';

/**
 * What a second witness says of phrases that only flag: the findings of rules that confirm, each where such a phrase stands. It is asked once
 * for each neighbourhood, however many of them are in it.
 */
export function confirmedIn(text: string, found: readonly Match[], confirmers: readonly Rule[]): readonly Match[] {
  const suspected = confirmers.length === 0 ? [] : found.filter(isSuspicion);
  const agreeing = new Map<number, readonly Rule[]>();
  return joined(suspected).flatMap(({ start, end }) => {
    const place = Math.floor(start / PLACE_UNITS);
    const rules = agreeing.get(place) ?? confirmers.filter(({ detector: { confirms } }) => confirms!(neighbourhood(text, place)));
    agreeing.set(place, rules);
    return rules.map((rule) => ({ rule, start, end }));
  });
}

/** Whether a phrase about what a model is told to do only flags. */
function isSuspicion({ rule: { detector } }: Match): boolean {
  return detector.tier === 'flag' && INSTRUCTING.has(detector.family);
}

/** Units of the part of a text in which a phrase begins, of the part before it and of the one behind it: together its neighbourhood. */
const PLACE_UNITS = 400;

function neighbourhood(text: string, place: number): string {
  return text.slice(Math.max(0, (place - 1) * PLACE_UNITS), (place + 2) * PLACE_UNITS);
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
