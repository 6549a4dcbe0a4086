import { unitAt } from '../../lib/unit-at.ts';
import { type Context, context } from '../context.ts';
import { foldText } from '../views/fold.ts';
import { foldedForms } from '../views/folded-forms.ts';

/**
 * Looks for a label that a value belongs to, such as `passport no.` or `dateOfBirth`: one of these, in the last units before the value,
 * with no digit and no other label (`order`, `invoice`) in between. Labels are lower-case words; one that ends in `*` may go on
 * (`passport*`). Camel case and `_` part words, apostrophes are left out, disguises and accents are looked through. Scripts without case
 * have no word boundaries here.
 */
export function labelled(labels: readonly string[], units = 40): Context {
  const folded = labels.flatMap(foldedForms);
  const caseless = folded.filter((label) => isCaseless(unitAt(label, 0)));
  const own = byFirstLetter(folded.filter((label) => !isCaseless(unitAt(label, 0))));
  return context((before) => {
    const from = labelStart(before, units);
    if (from < 0) return false;
    const words = wordsOf(foldText(before.slice(from)), from > 0 && isWordUnit(unitAt(before, from - 1)));
    return isOwnLast(words, own) || caseless.some((label) => words.includes(label));
  }, labels);
}

/** By the unit they begin with: each label between spaces, or without the last one when it may go on. */
type Labels = ReadonlyMap<number, readonly string[]>;

function byFirstLetter(labels: readonly string[]): Labels {
  const written = labels.map((label) => (label.endsWith('*') ? ` ${label.slice(0, -1)}` : ` ${label} `));
  return Map.groupBy(written, (label) => unitAt(label, 1));
}

/** What numbers of other kinds are called: one of these closer to the value takes it. */
const OTHERS = byFirstLetter(['order', 'invoice', 'ticket', 'tracking', 'version', 'build', 'flight', 'page', 'zip', 'price', 'port']);

/** Whether the last of all labels is one of these. */
function isOwnLast(words: string, own: Labels): boolean {
  for (let i = words.length - 2; i >= 0; i--) {
    if (unitAt(words, i) !== SPACE) continue;
    const first = unitAt(words, i + 1);
    if (own.get(first)?.some((label) => words.startsWith(label, i))) return true;
    if (OTHERS.get(first)?.some((label) => words.startsWith(label, i))) return false;
  }
  return false;
}

const SPACE = 0x20;
const APOSTROPHE = 0x27;
const FIRST_LETTER = 0x41;

/** Where the text behind the last digit begins, at most `units` from the end; -1 when it has no letter: most numbers stand among numbers. */
function labelStart(before: string, units: number): number {
  const lowest = Math.max(0, before.length - units);
  let hasLetter = false;
  let from = before.length;
  for (; from > lowest; from--) {
    const unit = unitAt(before, from - 1);
    if (unit >= 48 && unit <= 57) break;
    hasLetter ||= unit >= FIRST_LETTER;
  }
  return hasLetter ? from : -1;
}

/** The words of a text in lower case, each between spaces. A text may begin within a word. */
function wordsOf(text: string, isCut: boolean): string {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return '';
  let words = isCut ? '' : ' ';
  let start = 0;
  const take = (end: number, next: number): void => {
    if (end > start) words += `${lower.slice(start, end)} `;
    start = next;
  };
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    if (unit === APOSTROPHE || unit === 0x2019) {
      words += lower.slice(start, i);
      start = i + 1;
    } else if (!isWordUnit(unit)) take(i, i + 1);
    else if (i > start && unitAt(lower, i) !== unit && unitAt(lower, i - 1) === unitAt(text, i - 1)) take(i, i);
  }
  take(text.length, text.length);
  return words;
}

function isWordUnit(unit: number): boolean {
  if (unit < 0x80) return (unit | 32) >= 0x61 && (unit | 32) <= 0x7a;
  const character = String.fromCharCode(unit);
  return character.toLowerCase() !== character.toUpperCase() || isCaseless(unit);
}

/** Letters of scripts without case: Hebrew, Arabic, the Indic ones, Thai and Lao, Chinese, Japanese, Korean. */
function isCaseless(unit: number): boolean {
  return (unit >= 0x0590 && unit <= 0x0eff) || (unit >= 0x3040 && unit <= 0xd7ff);
}
