import { unitAt } from '../../lib/unit-at.ts';
import { type Words, wordHash } from '../phrases/words.ts';
import { createViewBuilder, type View } from './view.ts';

/** Digits and signs that leetspeak writes for letters. `1`, `!` and `|` may be i or l: see `unleet`. */
const LEET: ReadonlyMap<number, string> = new Map(
  Object.entries({
    0: 'o',
    1: '1',
    3: 'e',
    4: 'a',
    5: 's',
    6: 'g',
    7: 't',
    8: 'b',
    9: 'g',
    '@': 'a',
    $: 's',
    '!': '1',
    '|': '1',
    '+': 't',
    '€': 'e',
  }).map(([sign, letter]) => [unitAt(sign, 0), letter]),
);

/**
 * The text with leetspeak undone in the words that mix letters with its digits and signs, once with i and, where that can matter, once with
 * l for `1`, `!` and `|`.
 */
export function unleet(text: string): View[] {
  const first = unleetAs(text, 'i');
  if (first === undefined) return [];
  return first.isAmbiguous ? [first.view, unleetAs(text, 'l')!.view] : [first.view];
}

function unleetAs(text: string, one: 'i' | 'l'): { readonly view: View; readonly isAmbiguous: boolean } | undefined {
  const out = createViewBuilder(text.length);
  let changed = false;
  let isAmbiguous = false;
  for (let i = 0; i < text.length; ) {
    const end = leetWordEnd(text, i);
    const mixed = end > i && isMixed(text, i, end);
    const to = Math.max(end, i + 1);
    for (let at = i; at < to; at++) {
      const unit = unitAt(text, at);
      const letter = mixed && !endsSentence(text, at, to) ? LEET.get(unit) : undefined;
      if (letter === '1') isAmbiguous = true;
      changed ||= letter !== undefined;
      out.add(letter === undefined ? unit : letter === '1' ? unitAt(one, 0) : unitAt(letter, 0), at, at + 1);
    }
    i = to;
  }
  return changed ? { view: out.build(), isAmbiguous } : undefined;
}

const isLetter = (unit: number): boolean => (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;

function leetWordEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && (isLetter(unitAt(text, i)) || LEET.has(unitAt(text, i)))) i++;
  return i;
}

/** Whether a word has letters and, before its last letter, something that stands for one. */
function isMixed(text: string, from: number, to: number): boolean {
  let letters = 0;
  let signs = 0;
  for (let i = from; i < to; i++) {
    if (isLetter(unitAt(text, i))) letters++;
    else signs++;
  }
  return letters > 0 && signs > 0;
}

/** An exclamation mark at the end of a word is one. */
function endsSentence(text: string, at: number, to: number): boolean {
  return unitAt(text, at) === 0x21 && (at + 1 === to || unitAt(text, at + 1) === 0x21);
}

/** Letters that stand alone in a row before they are read as words. */
const SPACED_MIN = 4;
/** Most separators between two words of spaced letters. */
const GAP_UNITS_MAX = 4;

/**
 * The text with spaced-out letters joined: `i g n o r e   a l l`, `i.g.n.o.r.e`, `i-g-n-o-r-e`. Two separators and more, or another one, stand
 * for a space. Undefined when no letters are spaced out.
 */
export function joinSpaced(text: string): View | undefined {
  const out = createViewBuilder(text.length);
  let changed = false;
  for (let i = 0; i < text.length; ) {
    const end = spacedEnd(text, i);
    if (end === i) {
      out.add(unitAt(text, i), i, i + 1);
      i++;
      continue;
    }
    changed = true;
    joinRun(text, i, end, out);
    i = end;
  }
  return changed ? out.build() : undefined;
}

const isSeparator = (unit: number): boolean =>
  unit === 0x20 ||
  unit === 0x2e ||
  unit === 0x2d ||
  unit === 0x5f ||
  unit === 0x2a ||
  unit === 0x7c ||
  unit === 0x2c ||
  unit === 0x2f ||
  unit === 9 ||
  unit === 10;
const isAlone = (unit: number): boolean => isLetter(unit) || (unit >= 0x30 && unit <= 0x39) || unit > 0xbf;

/** Where a run of single letters with separators between them ends; `from` when it has fewer than `SPACED_MIN`, or begins inside a word. */
function spacedEnd(text: string, from: number): number {
  if (!isAlone(unitAt(text, from)) || (from > 0 && isAlone(unitAt(text, from - 1)))) return from;
  let letters = 0;
  let end = from;
  for (let i = from; i < text.length && isAlone(unitAt(text, i)); ) {
    if (i + 1 < text.length && isAlone(unitAt(text, i + 1))) break; // a whole word: not of the run
    letters++;
    end = i + 1;
    let next = end;
    while (next < text.length && next - end < GAP_UNITS_MAX && isSeparator(unitAt(text, next))) next++;
    if (next === end) break;
    i = next;
  }
  return letters >= SPACED_MIN ? end : from;
}

/** Joins the letters of a run; a gap wider than the narrowest, or of other separators, is a space. */
function joinRun(text: string, from: number, to: number, out: ReturnType<typeof createViewBuilder>): void {
  const separator = unitAt(text, from + 1);
  for (let i = from; i < to; ) {
    out.add(unitAt(text, i), i, i + 1);
    let next = i + 1;
    while (next < to && isSeparator(unitAt(text, next))) next++;
    if (next < to && (next - i - 1 > 1 || unitAt(text, i + 1) !== separator)) out.add(0x20, i + 1, next);
    i = next;
  }
}

/** The text with every letter moved by 13, which is its own inverse. */
export function rot13(text: string): View {
  const out = createViewBuilder(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    const base = unit & 0x20 ? 0x61 : 0x41;
    out.add(isLetter(unit) ? base + ((unit - base + 13) % 26) : unit, i, i + 1);
  }
  return out.build();
}

/** The text read from its end. */
export function reversed(text: string): View {
  const out = createViewBuilder(text.length);
  for (let i = text.length - 1; i >= 0; i--) out.add(unitAt(text, i), i, i + 1);
  return out.build();
}

/**
 * Words that injections cannot do without, as they look when rotated or read backwards. They are no words of any language; one of them in
 * a text is what makes it worth while to undo that.
 */
const TELLTALE_WORDS = [
  ...['ignore', 'disregard', 'forget', 'bypass', 'override', 'instructions', 'instruction', 'previous', 'system', 'prompt', 'reveal'],
  ...[
    'pretend',
    'unrestricted',
    'restrictions',
    'guidelines',
    'password',
    'jailbreak',
    'developer',
    'rules',
    'repeat',
    'response',
    'answer',
  ],
] as const;

/** A word as rot13 writes it. */
function rotated(word: string): string {
  return Array.from(word, (letter) => String.fromCharCode(((unitAt(letter, 0) - 0x61 + 13) % 26) + 0x61)).join('');
}

/** A word read from its end. */
function mirrored(word: string): string {
  return [...word].reverse().join('');
}

/** Those words, as they look then. */
export const TELLTALES: ReadonlySet<string> = new Set([...TELLTALE_WORDS.map(rotated), ...TELLTALE_WORDS.map(mirrored)]);

/** Whether one of the words is a telltale one. */
export function areTelltale({ keys, keyCount, hashes, word }: Words): boolean {
  for (let i = 0; i < keyCount; i++) if (TELLTALE_HASHES.has(hashes[keys[i]!]!) && TELLTALES.has(word(keys[i]!))) return true;
  return false;
}

const TELLTALE_HASHES: ReadonlySet<number> = new Set(Array.from(TELLTALES, wordHash));
