const FIRST_LETTER = 0x61;

/**
 * Looks for lower-case words in a text, whatever its case. Made for many short texts without any of them, such as what stands before each
 * of the numbers in a table: the first letters decide.
 */
export function contextWords(words: readonly string[]): (text: string) => boolean {
  const initials = new Set(words.map((word) => word.charCodeAt(0)));
  return (text) => {
    const lower = text.toLowerCase();
    for (let i = 0; i < lower.length; i++) {
      const unit = lower.charCodeAt(i);
      if (unit >= FIRST_LETTER && initials.has(unit) && words.some((word) => lower.startsWith(word, i))) return true;
    }
    return false;
  };
}
