import { FIXED } from '../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { createLinkContext } from './link-context.ts';
import { TOKEN_ALPHABET, TOKEN_LETTERS, type ValueTokens } from './value-tokens.ts';

/** Finds the tokens of one text that comes in pieces. What it says does not depend on how the text was cut. */
export interface TokenReader {
  push(text: string): void;
  /** No more text follows. */
  end(): void;
  /** Everything before is decided. Held is only a tail that a token could begin with. */
  readonly settled: Utf16Offset;
  /** The value in place of each token that may be restored; sorted, apart from each other. */
  readonly edits: readonly LaneEdit[];
  forgetBefore(offset: Utf16Offset): void;
}

/** A token that is being read. `text` is what it is so far: upper case, without the backslashes that Markdown puts before underscores. */
interface Candidate {
  readonly start: number;
  readonly prefix: string;
  readonly isInLink: boolean;
  text: string;
  isEscaped: boolean;
}

/** Reads in either case; a token that stands where it could be fetched stays as it is. */
export function createTokenReader(tokens: ValueTokens): TokenReader {
  const context = createLinkContext();
  let alive: Candidate[] = [];
  let edits: LaneEdit[] = [];
  let length = 0;

  return {
    push(text) {
      for (let i = 0; i < text.length; i++) read(text.charAt(i));
    },
    end() {
      alive = [];
    },
    get settled() {
      return utf16Offset(alive[0]?.start ?? length);
    },
    get edits() {
      return edits;
    },
    forgetBefore(offset) {
      edits = edits.filter(({ end }) => end > offset);
    },
  };

  function read(unit: string): void {
    const upper = UPPER.get(unit) ?? unit;
    const isInLink = context.isInside;
    alive = alive.filter((candidate) => goesOn(candidate, upper));
    if (alive.length < FIXED.tokenCandidates)
      for (const prefix of tokens.prefixes)
        if (prefix.startsWith(upper)) alive.push({ start: length, prefix, isInLink, text: upper, isEscaped: false });
    length++;
    context.push(unit);
    if (alive.some(isWhole)) finish();
  }

  function goesOn(candidate: Candidate, unit: string): boolean {
    const { prefix, text } = candidate;
    if (unit === '\\' && !candidate.isEscaped) {
      candidate.isEscaped = true;
      return prefix[text.length] === '_';
    }
    const fits = text.length < prefix.length ? prefix[text.length] === unit : LETTERS.has(unit);
    candidate.text += unit;
    candidate.isEscaped = false;
    return fits;
  }

  /** Of those that are whole the first that may be restored; what began in it is no token. */
  function finish(): void {
    const found = alive.find((one) => isWhole(one) && !one.isInLink && tokens.valueOf(one.text) !== undefined);
    const value = found && tokens.valueOf(found.text);
    alive = found === undefined ? alive.filter((one) => !isWhole(one)) : [];
    if (found !== undefined && value !== undefined)
      edits.push({ start: utf16Offset(found.start), end: utf16Offset(length), replacement: value });
  }
}

const isWhole = ({ text, prefix }: Candidate): boolean => text.length === prefix.length + TOKEN_LETTERS;

const LETTERS: ReadonlySet<string> = new Set(TOKEN_ALPHABET);
/** ASCII alone: nothing else becomes a letter of a token. */
const UPPER: ReadonlyMap<string, string> = new Map([...'abcdefghijklmnopqrstuvwxyz'].map((letter) => [letter, letter.toUpperCase()]));
