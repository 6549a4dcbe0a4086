import { unitAt } from '../../lib/unit-at.ts';
import { PART_UNITS, unitsFrom } from '../text-units.ts';
import { FOLDED } from './fold-table.ts';
import { isRunUnit, RUN_UNITS_MIN } from './runs.ts';

/** What a text shows of being disguised, as bits: which views of it are worth making. */
export const HINT = {
  /** A run of letters and digits long enough to be base64 or hexadecimal. */
  run: 1,
  /** A sign that escapes begin with, before what may be one. */
  escape: 2,
  /** A word of letters and the digits or signs that leetspeak writes for them. */
  leet: 4,
  /** Single letters in a row. */
  spaced: 8,
  /** `<~` */
  ascii85: 16,
  /** A character that is not its own fold. */
  fold: 32,
  /** A character of a script that writes no spaces between words. */
  unspaced: 64,
} as const;

/** Letters of a word with digits or signs in it that may be leetspeak: `1gnore`, not `2nd`, `b2b` or `mp3`. */
const LEET_LETTERS_MIN = 3;
/** Single letters in a row that may be a word. */
const SPACED_MIN = 4;

/** What a unit is to the hints; an automaton over these kinds reads every unit once, and that is the whole cost on clean text. */
const KINDS = [
  'other',
  'folds',
  'unspaced',
  'a-f',
  'x-u',
  'letter',
  'digit',
  'leet',
  'space',
  'dash',
  'sign',
  '%',
  '&',
  '\\',
  '<',
  '#',
  '~',
] as const;
type Kind = (typeof KINDS)[number];

/** What has been read, as far as it matters for what comes. */
interface State {
  /** Units of the run that is open, `RUN_UNITS_MIN` at most. */
  readonly run: number;
  /** Letters, and whether digits or signs, of the word that is open. */
  readonly letters: number;
  readonly signs: boolean;
  /** Letters and digits since the last separator, 2 at most. */
  readonly word: number;
  /** Single letters in a row before that. */
  readonly alone: number;
  /** A sign that escapes begin with, just read. */
  readonly lead: '%' | '&' | '\\' | '<' | '';
}

const START: State = { run: 0, letters: 0, signs: false, word: 0, alone: 0, lead: '' };

/** The hints of a text: 0 when nothing shows that it hides anything. */
export function hintsOf(text: string): number {
  let read = 0;
  for (let from = 0; from < text.length; from += PART_UNITS)
    read = readHints(unitsFrom(text, from), Math.min(PART_UNITS, text.length - from), read);
  return hintsAtEnd(read);
}

/** Reads on in a text of which `read` is what was read, 0 for nothing: what is read then. */
export function readHints(units: Uint16Array, count: number, read: number): number {
  let hints = read & HINTS;
  let row = read >> ROW_SHIFT;
  for (let i = 0; i < count; i++) {
    const entry = TABLE[row + COLUMNS[units[i]!]!]!;
    hints |= entry;
    row = entry >> ROW_SHIFT;
  }
  return (row << ROW_SHIFT) | (hints & HINTS);
}

/** The hints of a text that was read and has ended: as if something stood behind it, so that what is open there ends. */
export function hintsAtEnd(read: number): number {
  return (read | TABLE[read >> ROW_SHIFT]!) & HINTS;
}

function step(state: State, kind: Kind): { readonly next: State; readonly hints: number } {
  const isLetter = kind === 'a-f' || kind === 'x-u' || kind === 'letter';
  const isAlnum = isLetter || kind === 'digit';
  const isWordUnit = isAlnum || kind === 'leet';
  const isSeparator = kind === 'space' || kind === 'dash';
  const run = isAlnum || kind === 'dash' || kind === 'sign' ? Math.min(RUN_UNITS_MIN, state.run + 1) : 0;
  const wasAlone = state.word === 1 ? state.alone + 1 : state.word === 0 ? state.alone : 0;
  const alone = isWordUnit ? state.alone : isSeparator ? Math.min(SPACED_MIN, wasAlone) : 0;
  let hints = kind === 'folds' ? HINT.fold : kind === 'unspaced' ? HINT.unspaced : 0;
  if (run === RUN_UNITS_MIN) hints |= HINT.run;
  if (!isWordUnit && state.signs && state.letters === LEET_LETTERS_MIN) hints |= HINT.leet;
  if (wasAlone >= SPACED_MIN && !isWordUnit) hints |= HINT.spaced;
  if (isEscape(state.lead, kind)) hints |= state.lead === '<' ? HINT.ascii85 : HINT.escape;
  return {
    next: {
      run,
      letters: isWordUnit ? Math.min(LEET_LETTERS_MIN, state.letters + (isLetter ? 1 : 0)) : 0,
      signs: isWordUnit && (state.signs || !isLetter),
      word: isAlnum ? Math.min(2, state.word + 1) : kind === 'leet' ? 2 : 0,
      alone: state.word >= 1 && isWordUnit ? 0 : alone,
      lead: kind === '%' || kind === '&' || kind === '\\' || kind === '<' ? kind : '',
    },
    hints,
  };
}

function isEscape(lead: State['lead'], kind: Kind): boolean {
  switch (lead) {
    case '%':
      return kind === 'a-f' || kind === 'digit';
    case '&':
      return kind === '#' || kind === 'a-f' || kind === 'x-u' || kind === 'letter';
    case '\\':
      return kind === 'x-u';
    case '<':
      return kind === '~';
    case '':
      return false;
  }
}

/** Kana, Han, Hangul. */
const UNSPACED = [
  [0x3041, 0x30ff],
  [0x3400, 0x9fff],
  [0xac00, 0xd7a3],
] as const;

/** The row of an entry's next state stands above its hints. It begins in row 0. */
const ROW_SHIFT = 7;
const HINTS = (1 << ROW_SHIFT) - 1;
const COLUMNS: Uint8Array = kindsOfUnits();
const TABLE: Uint32Array = buildTable();

function kindsOfUnits(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  const set = (units: Iterable<string>, kind: Kind): void => {
    for (const char of units) kinds[unitAt(char, 0)] = KINDS.indexOf(kind);
  };
  set('ghijklmnopqrstvwyzGHIJKLMNOPQRSTVWYZ', 'letter');
  set('abcdefABCDEF', 'a-f');
  set('xuXU', 'x-u');
  set('0123456789', 'digit');
  set('@$!|', 'leet');
  set(' .*,\t\n\r', 'space');
  for (let unit = 0; unit < 0x80; unit++) if (kinds[unit] === 0 && isRunUnit(unit)) kinds[unit] = KINDS.indexOf('sign');
  set('-_/', 'dash');
  for (const kind of ['%', '&', '\\', '<', '#', '~'] as const) set(kind, kind);
  for (const [from, to] of UNSPACED) kinds.fill(KINDS.indexOf('unspaced'), from, to + 1);
  for (let unit = 0x80; unit < 0x10000; unit++) if (FOLDED[unit] !== unit) kinds[unit] = KINDS.indexOf('folds');
  return kinds;
}

/** Every state that can be reached, each a row with an entry for each kind of unit. */
function buildTable(): Uint32Array {
  const states: State[] = [START];
  const rows = new Map<string, number>([[JSON.stringify(START), 0]]);
  const entries: number[] = [];
  for (let i = 0; i < states.length; i++) {
    for (const kind of KINDS) {
      const { next, hints } = step(states[i]!, kind);
      const key = JSON.stringify(next);
      const row = rows.get(key) ?? states.push(next) - 1;
      rows.set(key, row);
      entries.push(((row * KINDS.length) << ROW_SHIFT) | hints);
    }
  }
  return Uint32Array.from(entries);
}
