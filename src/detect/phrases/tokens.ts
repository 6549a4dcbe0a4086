import { unitAt } from '../../lib/unit-at.ts';
import { EMPTY_HASH, hashedUnit, mixedHash, TOKEN_UNITS_MAX } from './words.ts';

/** A run of letters and digits, of underscores, or of what else stands between words. One object for each text, as long as it is known. */
export interface Token {
  readonly text: string;
  /** What it is in small letters; undefined where that is itself, and where not all of it is ASCII. */
  readonly small: Token | undefined;
  /** The one with the same hash that was known before it. */
  readonly before: Token | undefined;
  /** How many were. */
  readonly depth: number;
}

/** A part of a text. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Finds the tokens of texts without making a string of each. A token longer than `TOKEN_UNITS_MAX` is another object each time. */
export interface TokenTable {
  /** `hash`: of the word that stands there (`wordHash`). */
  wordAt(text: string, range: Range, hash: number): Token;
  /** What stands between words. */
  betweenAt(text: string, range: Range): Token;
}

/** Tokens that are known, of those with capitals and of those without. More, and they are forgotten. */
const TOKENS_MAX = 1 << 14;
/** Tokens with one hash that are known. More, and they are forgotten: hashes can be made to be alike. */
const SAME_HASH_MAX = 8;

/** Nearly all that stands between words. */
const SPACE = 0x20;

export function createTokenTable(): TokenTable {
  /** Capitals apart: a word has thousands of mixtures of them, all with its hash. */
  const withoutCapitals = createChains();
  const withCapitals = createChains();
  const space: Token = { text: ' ', small: undefined, before: undefined, depth: 0 };
  return {
    wordAt: tokenAt,
    betweenAt(text, range) {
      if (range.to - range.from === 1 && unitAt(text, range.from) === SPACE) return space;
      return tokenAt(text, range, hashBetween(text, range));
    },
  };

  function tokenAt(text: string, range: Range, hash: number): Token {
    const { from, to } = range;
    if (to - from > TOKEN_UNITS_MAX) return { text: text.slice(from, to), small: undefined, before: undefined, depth: 0 };
    return withoutCapitals.find(text, range, hash) ?? withCapitals.find(text, range, hash) ?? add(text.slice(from, to), hash);
  }

  function add(text: string, hash: number): Token {
    const small = inSmallLetters(text);
    return small === text
      ? withoutCapitals.add({ text, small: undefined }, hash)
      : withCapitals.add({ text, small: tokenAt(small, { from: 0, to: small.length }, hash) }, hash);
  }
}

/** Tokens by their hash. */
function createChains() {
  let byHash = new Map<number, Token>();
  let count = 0;
  return { find, add };

  function find(text: string, range: Range, hash: number): Token | undefined {
    let token = byHash.get(hash);
    while (token !== undefined && !standsIn(text, range, token.text)) token = token.before;
    return token;
  }

  function add(made: Pick<Token, 'text' | 'small'>, hash: number): Token {
    if (count >= TOKENS_MAX) {
      byHash = new Map();
      count = 0;
    }
    count++;
    const last = byHash.get(hash);
    const before = last === undefined || last.depth + 1 >= SAME_HASH_MAX ? undefined : last;
    const token: Token = { ...made, before, depth: before === undefined ? 0 : before.depth + 1 };
    byHash.set(hash, token);
    return token;
  }
}

function standsIn(text: string, { from, to }: Range, token: string): boolean {
  if (to - from !== token.length) return false;
  for (let i = 0; i < token.length; i++) if (unitAt(text, from + i) !== unitAt(token, i)) return false;
  return true;
}

function inSmallLetters(text: string): string {
  const { length } = text;
  for (let i = 0; i < length; i++) if (unitAt(text, i) > 0x7f) return text;
  return text.toLowerCase();
}

function hashBetween(text: string, { from, to }: Range): number {
  let hash = EMPTY_HASH;
  for (let i = from; i < Math.min(to, from + TOKEN_UNITS_MAX); i++) hash = hashedUnit(hash, unitAt(text, i));
  return mixedHash(hash);
}
