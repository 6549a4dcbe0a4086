import { unitAt } from '../../lib/unit-at.ts';
import { type Words, wordHash } from '../phrases/words.ts';
import { createViewBuilder, type View } from './view.ts';

const isLetter = (unit: number): boolean => (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;

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
