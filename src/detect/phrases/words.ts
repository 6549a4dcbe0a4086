import { has, WORD } from '../charset.ts';

/** The words of a text, in lower case, and where they stand. */
export interface Words {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly words: readonly string[];
}

export function cutWords(text: string): Words {
  const [starts, ends, words]: [number[], number[], string[]] = [[], [], []];
  for (let i = 0; i < text.length; ) {
    if (!isWordUnit(text.charCodeAt(i))) {
      i++;
      continue;
    }
    let end = i + 1;
    while (end < text.length && isWordUnit(text.charCodeAt(end))) end++;
    starts.push(i);
    ends.push(end);
    words.push(end - i <= TOKEN_UNITS_MAX ? text.slice(i, end).toLowerCase() : '');
    i = end;
  }
  return { starts, ends, words };
}

/** Longer words are no words of a phrase. */
export const TOKEN_UNITS_MAX = 40;

/** Letters, digits and marks, as the scan cuts words. */
export function isWordUnit(unit: number): boolean {
  if (unit < 128) return (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a);
  return WORD_UNITS[unit] === 1;
}

const WORD_UNITS = Uint8Array.from({ length: 0x10000 }, (_, unit) => (unit >= 128 && has(WORD, unit) ? 1 : 0));

/** Letters of old manuscripts that are another case of today's (`ᲄ` of `т`): no word is listed with them. */
export function isOldCyrillic(unit: number): boolean {
  return unit >= 0x1c80 && unit <= 0x1c8f;
}
