import { shannonBits } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

/** Bits per character under which a text of 20 and more characters is no random one: repeated groups, counting, `aaabbb`. */
const BITS_MIN = 3;

/** The check of a token whose prefix says whose it is: what follows is no placeholder and no simple repetition. */
export function looksRandom(candidate: string): boolean {
  return !isPlaceholder(candidate) && shannonBits(candidate) >= BITS_MIN;
}

/** The check of a token in mixed case: `looksRandom`, and has a digit, an upper-case and a lower-case letter. Identifiers in code rarely do. */
export function looksRandomMixed(candidate: string): boolean {
  let kinds = 0;
  for (let i = 0; i < candidate.length; i++) kinds |= kindOf(candidate.charCodeAt(i));
  return kinds === (DIGIT | UPPER | LOWER) && looksRandom(candidate);
}

const [DIGIT, UPPER, LOWER] = [1, 2, 4] as const;

function kindOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return DIGIT;
  if (unit >= 65 && unit <= 90) return UPPER;
  return unit >= 97 && unit <= 122 ? LOWER : 0;
}
