import { unitAt } from '../../lib/unit-at.ts';
import { foldText } from './fold.ts';

/**
 * What a word is in a folded text put in lower case, as it is written small, in capitals and with one: a capital may look like a letter of
 * another script where the small one does not (`Н` and `H`, `н` and `h`).
 */
export function foldedForms(word: string): readonly string[] {
  if (isAscii(word)) return [word.toLowerCase()];
  const written = [word, word.toLowerCase(), word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)];
  return [...new Set(written.map((one) => foldText(one).toLowerCase()))];
}

function isAscii(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (unitAt(word, i) > 0x7f) return false;
  return true;
}
