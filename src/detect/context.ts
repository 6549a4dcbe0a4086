import { unitAt } from '../lib/unit-at.ts';
import { basicPlane, unitsOf } from './charset.ts';
import { COMPARABLE } from './phrases/words.ts';
import { DROPPED, FOLDED, PAIRED } from './views/fold-table.ts';
import { foldedForms } from './views/folded-forms.ts';

/** What must stand in the units left of a match, at most `FIXED.contextUnits` of them: a label, a word of a list. */
export interface Context {
  (before: string): boolean;
  /**
   * Words of which one stands in every `before` that it accepts, its letters in this order with nothing between them but units that are no
   * letters. Where none stands, it need not be asked.
   */
  readonly words: readonly string[];
}

/** Makes a context of a function that decides, and of the words without which it never accepts. */
export function context(accepts: (before: string) => boolean, words: readonly string[]): Context {
  return Object.assign((before: string) => accepts(before), { words: words.flatMap(foldedForms) });
}

/** Where the context of a rule may stand: matches that begin in other places need not be looked for. */
export interface ContextPlaces {
  /** Takes in the text between two offsets; forgets what was read before. */
  read(text: string, range: { readonly from: number; readonly to: number }): void;
  /** Places of a context by its number, by start: a match begins in `[from, to)` of one of them. They may overlap. */
  placesOf(number: number): readonly Place[];
  /** Whether a match may begin in a part of what was read, whatever text follows. */
  mayBegin(number: number, range: Place): boolean;
}

export interface Place {
  readonly from: number;
  readonly to: number;
}

/** One that can be looked for by its words. */
export interface SoughtContext {
  readonly words: readonly string[];
  /** Units that may lie between the first letter of a word and the start of a match behind it. */
  readonly reach: number;
  /** Units of a match in front of the word's first letter, for words that may stand in the match itself; 0 for those that stand before. */
  readonly inside: number;
}

/** First letters of a word that it is looked for by; a word of two letters by those. */
const LETTERS = 3;
const LETTER_BITS = 5;

/**
 * Looks for the first letters of words, whatever stands between them: one table look-up for each unit, for all contexts together. It finds
 * more places than there are words, never fewer. A context with a word of one letter may stand anywhere.
 */
export function createContextPlaces(contexts: readonly SoughtContext[]): ContextPlaces {
  return contexts.length === 0 ? NO_CONTEXTS : seekContexts(contexts);
}

/** Of the lists of detectors most have no context: they need no tables. */
const NO_CONTEXTS: ContextPlaces = { read() {}, placesOf: () => NO_PLACES, mayBegin: () => false };

function seekContexts(contexts: readonly SoughtContext[]): ContextPlaces {
  const letters = letterOfUnit();
  const lists = new Map<string, number>();
  const contextsOf: (readonly number[])[] = [[]];
  /** Number of the list of contexts for each three letters, and for each two. */
  const three = new Uint16Array(1 << (LETTERS * LETTER_BITS));
  const two = new Uint16Array(1 << (2 * LETTER_BITS));
  const everywhere = contexts.map(({ words }) => words.some((word) => lettersOf(word).length < 2));
  fillTables();
  const found: (Place[] | undefined)[] = contexts.map(() => undefined);
  return {
    read,
    placesOf: (number) => found[number] ?? NO_PLACES,
    mayBegin: (number, range) =>
      contexts[number]!.inside > 0 || found[number]?.some(({ from, to }) => from < range.to && range.from < to) === true,
  };

  function fillTables(): void {
    const listOf = new Map<Uint16Array, Map<number, Set<number>>>([
      [three, new Map()],
      [two, new Map()],
    ]);
    contexts.forEach(({ words }, number) => {
      for (const word of words) {
        const codes = lettersOf(word).slice(0, LETTERS);
        const table = listOf.get(codes.length === LETTERS ? three : two)!;
        const key = codes.reduce((sum, code) => (sum << LETTER_BITS) | code, 0);
        table.set(key, (table.get(key) ?? new Set()).add(number));
      }
    });
    for (const [table, byKey] of listOf) for (const [key, numbers] of byKey) table[key] = numberOfList([...numbers]);
  }

  function numberOfList(numbers: readonly number[]): number {
    const key = numbers.join();
    const number = lists.get(key) ?? contextsOf.push(numbers) - 1;
    lists.set(key, number);
    return number;
  }

  function lettersOf(word: string): number[] {
    return Array.from({ length: word.length }, (_, i) => letters[unitAt(word, i)]!).filter((code) => code > 0);
  }

  function read(text: string, { from, to }: { readonly from: number; readonly to: number }): void {
    for (let number = 0; number < found.length; number++) found[number] = everywhere[number] ? [{ from, to }] : undefined;
    /** The last letters, and where the last two before this one stand. */
    let last = 0;
    let [first, second] = [from, from];
    for (let i = from; i < to; i++) {
      const code = letters[unitAt(text, i)]!;
      if (code === NONE) continue;
      if (code === ANY) {
        for (let number = 0; number < contexts.length; number++) add(number, i, i + 1);
        continue;
      }
      last = (last << LETTER_BITS) | code;
      const byThree = three[last & (three.length - 1)]!;
      const byTwo = two[last & (two.length - 1)]!;
      if (byThree > 0) for (const number of contextsOf[byThree]!) add(number, first, i + 1);
      if (byTwo > 0) for (const number of contextsOf[byTwo]!) add(number, second, i + 1);
      first = second;
      second = i;
    }
  }

  /** Notes where matches may begin when a word begins at `start` and goes on behind `end`. */
  function add(number: number, start: number, end: number): void {
    const { reach, inside } = contexts[number]!;
    found[number] ??= [];
    const places = found[number];
    const place = { from: inside > 0 ? start - inside : end, to: start + reach + 1 };
    const before = places.at(-1);
    if (before !== undefined && place.from <= before.to)
      places[places.length - 1] = { from: Math.min(before.from, place.from), to: Math.max(before.to, place.to) };
    else places.push(place);
  }
}

const NO_PLACES: readonly Place[] = [];
const NONE = 0;
/** A unit that may be any letter. */
const ANY = 32;
/** The code of `a`; letters of other scripts share those behind `z`. */
const FIRST_LETTER = 1;
const OTHER_LETTERS = { from: 27, count: 5 } as const;

let letterTable: Uint8Array | undefined;

/**
 * What each unit is as a letter of a word: folded, small, without marks. Syllables of Hangul are one letter, and so is the first part of one
 * that is written in parts.
 */
function letterOfUnit(): Uint8Array {
  letterTable ??= makeLetterTable();
  return letterTable;
}

function makeLetterTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  const isLetter = unitsOf(basicPlane(/\p{L}+/gu));
  for (let unit = 0; unit < table.length; unit++) {
    const folded = FOLDED[unit]!;
    if (folded === PAIRED) table[unit] = ANY;
    else if (folded !== DROPPED && (isLetter[unit] === 1 || folded !== unit)) table[unit] = letterCode(folded);
  }
  table.fill(OTHER_LETTERS.from, HANGUL.syllables[0], HANGUL.syllables[1] + 1);
  table.fill(OTHER_LETTERS.from, HANGUL.firstParts[0], HANGUL.firstParts[1] + 1);
  table.fill(NONE, HANGUL.laterParts[0], HANGUL.laterParts[1] + 1);
  return table;
}

const HANGUL = { syllables: [0xac00, 0xd7a3], firstParts: [0x1100, 0x115f], laterParts: [0x1160, 0x11ff] } as const;

function letterCode(unit: number): number {
  const letter = COMPARABLE[unit]!;
  if (letter < 0x80) return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 + FIRST_LETTER : NONE;
  const base = COMPARABLE[String.fromCharCode(letter).normalize('NFD').charCodeAt(0)]!;
  if (base < 0x80) return letterCode(base);
  return OTHER_LETTERS.from + ((base === FINAL_SIGMA ? SIGMA : base) % OTHER_LETTERS.count);
}

const [FINAL_SIGMA, SIGMA] = [0x3c2, 0x3c3];
