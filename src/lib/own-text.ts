/**
 * The same text in memory of its own: a part of a longer string keeps all of that. For text without lone surrogates, as what was decoded from
 * bytes is.
 */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
