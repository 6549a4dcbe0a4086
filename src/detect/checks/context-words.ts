import { foldText } from '../views/fold.ts';
import { foldedForms } from '../views/folded-forms.ts';

const FIRST_LETTER = 0x41;

/**
 * Looks for lower-case words in the last `units` units of a text, whatever its case, accents and disguise. Made for many texts without any letter, such as what
 * stands before each of the numbers in a table.
 */
export function contextWords(words: readonly string[], units = Number.POSITIVE_INFINITY): (text: string) => boolean {
  const folded = words.flatMap(foldedForms);
  return (text) => {
    const from = Math.max(0, text.length - units);
    for (let i = from; i < text.length; i++) {
      if (text.charCodeAt(i) < FIRST_LETTER) continue;
      const lower = foldText(text.slice(i)).toLowerCase();
      return folded.some((word) => lower.includes(word));
    }
    return false;
  };
}
