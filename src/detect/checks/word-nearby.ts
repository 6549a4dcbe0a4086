import { type Context, context } from '../context.ts';
import { foldText } from '../views/fold.ts';
import { foldedForms } from '../views/folded-forms.ts';

/**
 * Looks for words that name an identifier in the text to its left. Case and diacritics do not matter. How a word is written says how much
 * it must stand alone:
 * - up to four letters (`tfn`): not next to a letter, so that `bsn` is not found inside another word;
 * - longer (`personnummer`): anywhere, compounds and spaces (`PersonNummer`, `person nummer`) included;
 * - with a space (`tax id`, also found as `tax_id` and `tax-id`): its beginning not after a letter, because `valid number` is no id;
 * - in capitals (`SIN`, which is also a word of some language): in capitals, or as the last word before the identifier (`"sin": "…`).
 * Scripts without case have no word boundaries here.
 */
export function wordNearby(words: readonly string[]): Context {
  const acronyms = words.filter((word) => word !== word.toLowerCase()).map(fold);
  const small = words.filter((word) => word !== word.toLowerCase()).flatMap(foldedForms);
  const plain = words.filter((word) => word === word.toLowerCase()).flatMap((word) => foldedForms(word).map(spaced));
  const short = plain.filter((word) => word.length <= SHORT_UNITS);
  const long = plain.filter((word) => word.length > SHORT_UNITS && !word.includes(' '));
  const terms = plain.filter((word) => word.length > SHORT_UNITS && word.includes(' '));
  return context((before) => {
    if (!hasLetter(before)) return false;
    const text = fold(before);
    const lower = text.toLowerCase();
    const joined = lower.replaceAll(' ', '');
    return (
      long.some((word) => joined.includes(word)) ||
      short.some((word) => hasWord(lower, word)) ||
      terms.some((word) => hasStart(lower, word)) ||
      acronyms.some((word) => hasWord(text, word)) ||
      small.some((word) => isLastWord(lower, word))
    );
  }, words);
}

/** What people call a number of the tax office, whatever the country. */
export const TAX_WORDS = ['tax id', 'taxid', 'tax number', 'tax no', 'tax identification', 'taxpayer', 'tax payer', 'TIN'];

/** What people call a number of a register of persons, whatever the country. */
export const IDENTITY_WORDS = [
  'national id',
  'nationalid',
  'national number',
  'national identification',
  'national identity',
  'identity number',
  'identity card',
  'personal number',
  'personal id',
  'personal identification',
  'personal code',
  'citizen id',
  'citizen number',
  'id card',
];

const SHORT_UNITS = 4;
const FIRST_LETTER = 0x41;

/** Most numbers stand among numbers: what has no letter needs no more work. */
function hasLetter(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= FIRST_LETTER) return true;
  return false;
}

/** As traffic is folded, and spaced. */
function fold(text: string): string {
  return spaced(foldText(text.normalize('NFC')));
}

/**
 * Decomposed, without the combining diacritical marks (U+0300–U+036F), with spaces for what joins words in the names of fields: `tax_id`,
 * `tax-id` and `taxId` are one.
 */
function spaced(text: string): string {
  let out = '';
  let wasSmall = false;
  for (const character of text.normalize('NFD')) {
    if (character >= '\u0300' && character <= '\u036f') continue;
    if (wasSmall && character !== character.toLowerCase()) out += ' ';
    out += character === '_' || character === '-' ? ' ' : character;
    wasSmall = character !== character.toUpperCase();
  }
  return out;
}

/** Whether a word stands in a text without a letter on either side. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isCased(text[at - 1]) && !isCased(text[at + word.length])) return true;
  }
  return false;
}

/** Whether a word stands in a text without a letter before it. */
function hasStart(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (!isCased(text[at - 1])) return true;
  return false;
}

/** Whether the letters of a text end in this word. */
function isLastWord(lower: string, word: string): boolean {
  let end = lower.length;
  while (end > 0 && !isCased(lower[end - 1])) end--;
  return lower.slice(0, end).endsWith(word) && !isCased(lower[end - word.length - 1]);
}

function isCased(character: string | undefined): boolean {
  return character !== undefined && character.toLowerCase() !== character.toUpperCase();
}
