/** The words of a text in lower case: runs of ASCII letters; everything else separates. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) | 0x20 : 0;
    const letter = unit >= 0x61 && unit <= 0x7a;
    if (letter && start < 0) start = i;
    if (letter || start < 0) continue;
    words.push(text.slice(start, i).toLowerCase());
    start = -1;
  }
  return words;
}
