import { unitAt } from '../lib/unit-at.ts';
import { isWordUnit } from './phrases/words.ts';

/** Units between a stretch and the mark before it, and the mark behind it: a quotation is a sentence, not a document in quotes. */
const BEFORE_UNITS = 16;
const BEHIND_UNITS = 64;

/** Between letters it is none of the marks. */
const APOSTROPHE = "'";

/** Marks that open a quotation in folded text, with those that close it. */
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  [APOSTROPHE, APOSTROPHE],
  ['`', '`'],
  ['«', '»'],
  ['»', '«'],
  ['‹', '›'],
  ['「', '」'],
  ['『', '』'],
  ['《', '》'],
]);

/** Whether a stretch of a folded text stands between quotation marks, on one line and near them. */
export function isQuoted(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  for (let at = start - 1; at >= Math.max(0, start - BEFORE_UNITS); at--) {
    const mark = text[at]!;
    if (mark === '\n') return false;
    const closing = CLOSING.get(mark);
    if (closing !== undefined && !(mark === APOSTROPHE && isWordAt(text, at - 1))) return closesBehind(text, end, closing);
  }
  return false;
}

function closesBehind(text: string, end: number, closing: string): boolean {
  const last = Math.min(text.length, end + BEHIND_UNITS);
  for (let at = end; at < last && text[at] !== '\n'; at++)
    if (text[at] === closing && !(closing === APOSTROPHE && isWordAt(text, at + 1))) return true;
  return false;
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isWordUnit(unitAt(text, at));
}
