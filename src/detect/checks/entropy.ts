/**
 * Shannon entropy of a text in bits per UTF-16 unit, over its own frequencies: 0 for one repeated character, at most `log2(length)`.
 * Random hexadecimal of 32 characters has about 3.6, random base 64 of 40 about 4.7; words and paths of that length have 3.0–3.9.
 */
export function shannonBits(text: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < text.length; i++) counts.set(text.charCodeAt(i), (counts.get(text.charCodeAt(i)) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
