const FIRST_LETTER = 0x41;

/**
 * Looks for lower-case words in the last `units` units of a text, whatever its case. Made for many texts without any letter, such as what
 * stands before each of the numbers in a table.
 */
export function contextWords(words: readonly string[], units = Number.POSITIVE_INFINITY): (text: string) => boolean {
  return (text) => {
    const from = Math.max(0, text.length - units);
    for (let i = from; i < text.length; i++) {
      if (text.charCodeAt(i) < FIRST_LETTER) continue;
      const lower = text.slice(i).toLowerCase();
      return words.some((word) => lower.includes(word));
    }
    return false;
  };
}
