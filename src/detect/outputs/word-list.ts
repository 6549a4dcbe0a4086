import { FIXED } from '../../lib/limits.ts';
import { SEPARATORS } from '../phrase.ts';
import { isWordUnit } from '../phrases/words.ts';

/** What is wrong with an entry, and its index. The message is the end of a sentence that names the entry. */
export interface EntryProblem {
  readonly index: number;
  readonly message: string;
}

export type WordListResult =
  | { readonly ok: true; readonly patterns: readonly RegExp[] }
  | { readonly ok: false; readonly problems: readonly EntryProblem[] };

/**
 * The patterns of an operator's list of words and phrases, one for every few hundred of them. An entry is plain text: case does not count, it begins and ends at word
 * boundaries, a space stands for 1–4 separators (white space, commas, quotes, brackets, markup, hyphens), a hyphen also for none, and a
 * `*` at the end of a word for any ending of up to 20 letters. In scripts that put no spaces between words there are no boundaries.
 * Unlike the phrases of built-in detectors they are read by units, so that what it redacts in an answer that streams is redacted.
 */
export function wordList(entries: readonly string[]): WordListResult {
  const problems = entries.flatMap((entry, index) => {
    const message = problemOf(entry.trim());
    return message === undefined ? [] : [{ index, message }];
  });
  if (problems.length > 0) return { ok: false, problems };
  // Sorted, so that entries that begin alike are mostly read together.
  const written = [...new Set(entries.map((entry) => entry.trim()))].sort();
  return { ok: true, patterns: chunksOf(written).map((chunk) => new RegExp(chunk.map(patternOf).join('|'), 'i')) };
}

/** Lists that a pattern each has room for. */
function chunksOf(entries: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const entry of entries) {
    const needed = 2 * entry.length + 20 * (entry.split('*').length - 1);
    if (needed > room) {
      chunks.push([]);
      room = FIXED.patternNodes / 2;
    }
    chunks.at(-1)!.push(entry);
    room -= needed;
  }
  // The longest first: of two that begin alike, the one that says more is the match.
  return chunks.map((chunk) => chunk.sort((a, b) => b.length - a.length));
}

/** Longest entry, in UTF-16 units. */
export const ENTRY_UNITS_MAX = 128;

/** The entries of a file: one a line; empty lines and lines that begin with `#` are none. `line` counts from 1. */
export function entriesOfFile(text: string): readonly { readonly line: number; readonly entry: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, entry: line.trim() }))
    .filter(({ entry }) => entry !== '' && !entry.startsWith('#'));
}

function problemOf(entry: string): string | undefined {
  if (entry.length > ENTRY_UNITS_MAX) return `is longer than ${ENTRY_UNITS_MAX} characters`;
  if (/\*(?!$|\s|-)/.test(entry)) return 'has a * that is not at the end of a word';
  if (!isWordAt(entry, 0)) return 'must begin with a letter or a digit';
  if (!isWordAt(entry.replace(/\*$/, ''), -1)) return 'must end with a letter, a digit or a *';
  return undefined;
}

function isWordAt(text: string, index: number): boolean {
  const unit = text.at(index)?.charCodeAt(0);
  return unit !== undefined && (isWordUnit(unit) || (unit >= 0xd800 && unit <= 0xdfff));
}

function patternOf(entry: string): string {
  const inner = entry
    .split(/\s+/)
    .map((word) => [...word].map(characterPattern).join(''))
    .join(`[${SEPARATORS}]{1,4}`);
  const [first = '', last = ''] = [entry.at(0), entry.at(-1)];
  return `${UNSPACED.test(first) ? '' : '\\b'}${inner}${UNSPACED.test(last) || last === '*' ? '' : '\\b'}`;
}

function characterPattern(character: string): string {
  if (character === '-') return `[${SEPARATORS}]{0,2}`;
  if (character === '*') return `[${ENDING}]{0,20}`;
  if (character === "'" || character === '’') return "['’]";
  return character.replace(/[\\^$.|?+()[\]{}/]/, '\\$&');
}

/** Letters of an ending: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Hangul. */
const ENDING = 'a-z0-9À-ɏͰ-ԯא-ת\u0620-\u065fऀ-ॿ가-힣';
/** Scripts that put no spaces between words, and Korean, which hangs endings on them. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
