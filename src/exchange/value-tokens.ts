import { FIXED } from '../lib/limits.ts';

/** Values of one caller, person and conversation, and the tokens that stand for them at the provider. One for an exchange. */
export interface ValueTokens {
  /** The token of a value, the same every time. Undefined: over a bound, or another value has it; such a value is redacted. */
  mint(kind: string, value: string): string | undefined;
  /** The value of a token as `TokenReader` gives it (upper case). Undefined: nobody in this scope was given it. */
  valueOf(token: string): string | undefined;
  /** Takes over what earlier exchanges of the scope minted. Entries whose MAC does not fit are left out. */
  learn(earlier: ReadonlyMap<string, string>): void;
  /** Name of caller, person and conversation together, hex; fixed with the first token. */
  readonly scope: string;
  /** What this exchange minted. */
  readonly minted: ReadonlyMap<string, string>;
  /** The beginnings of all tokens that are known: `PII_CARD_`. */
  readonly prefixes: ReadonlySet<string>;
  /** Bytes of the values it keeps. */
  readonly heldBytes: number;
}

export interface ValueTokensOptions {
  /** Who the tokens are for, asked once, when the first one is needed. */
  readonly scope: () => readonly (string | undefined)[];
  /** Keyed hash, hex, at least 24 digits. */
  readonly hash: (text: string) => string;
}

/**
 * A token is `<KIND>_<entry><mac>`: ten letters from the keyed hash of scope, kind and value, six from that of scope and the token so far.
 * Nothing is drawn, so a client that sends its history again is given the same tokens, in every process with the same key.
 */
export function createValueTokens({ scope: scopeOf, hash }: ValueTokensOptions): ValueTokens {
  let scope: string | undefined;
  const values = new Map<string, string>();
  const minted = new Map<string, string>();
  const prefixes = new Set<string>();

  const scopeNow = (): string => (scope ??= hash(`token-scope\0${JSON.stringify(scopeOf().map((part) => part ?? null))}`));
  const macOf = (stem: string): string => lettersOf(hash(`token-mac\0${scopeNow()}\0${stem}`), MAC_LETTERS);
  const self = {
    minted,
    prefixes,
    heldBytes: 0,
    get scope() {
      return scopeNow();
    },
    mint(kind: string, value: string) {
      const entry = lettersOf(hash(`token-entry\0${scopeNow()}\0${kind}\0${value}`), ENTRY_LETTERS);
      const token = `${kind}_${entry}${macOf(`${kind}_${entry}`)}`;
      if (!keep(token, value)) return undefined;
      minted.set(token, value);
      return token;
    },
    valueOf: (token: string) => values.get(token),
    learn(earlier: ReadonlyMap<string, string>) {
      for (const [token, value] of earlier) if (macOf(token.slice(0, -MAC_LETTERS)) === token.slice(-MAC_LETTERS)) keep(token, value);
    },
  };
  return self;

  function keep(token: string, value: string): boolean {
    const known = values.get(token);
    if (known !== undefined) return known === value;
    const bytes = 2 * (token.length + value.length);
    if (values.size >= FIXED.tokenEntries || self.heldBytes + bytes > FIXED.tokenBytes) return false;
    values.set(token, value);
    prefixes.add(token.slice(0, -TOKEN_LETTERS));
    self.heldBytes += bytes;
    return true;
  }
}

const ENTRY_LETTERS = 10;
const MAC_LETTERS = 6;
/** Letters behind the prefix of every token. */
export const TOKEN_LETTERS = ENTRY_LETTERS + MAC_LETTERS;

/** Sixteen letters, one for each hex digit: no vowels (no words), no two that look alike, no digits (no numbers that a detector finds). */
export const TOKEN_ALPHABET = 'BCDFGHJKMPQRTVWX';

function lettersOf(hex: string, count: number): string {
  let letters = '';
  for (let i = 0; i < count; i++) letters += TOKEN_ALPHABET[Number.parseInt(hex[i] ?? '0', 16)] ?? TOKEN_ALPHABET[0];
  return letters;
}

/** What the tokens of a detector are called: `pii.card` → `PII_CARD`. */
export function tokenKind(detectorId: string): string {
  let kind = '';
  for (const letter of detectorId.toUpperCase()) kind += LETTER_OR_DIGIT.has(letter) ? letter : '_';
  return kind;
}

const LETTER_OR_DIGIT: ReadonlySet<string> = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
