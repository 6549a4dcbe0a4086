/** A mechanical disguise of a text that a person or a model still reads. */
export interface Obfuscation {
  readonly name: string;
  /** The same text and seed give the same disguise on every machine. */
  readonly disguise: (text: string, seed: number) => string;
  /** Which findings it leaves a meaning: digits and random strings have no look-alike letters, and lose theirs in rot13. */
  readonly keeps: 'words' | 'everything';
}

/** Ten disguises. Each is applied to the whole text. */
export const OBFUSCATIONS: readonly Obfuscation[] = [
  { name: 'zero-width', keeps: 'everything', disguise: zeroWidth },
  { name: 'fullwidth', keeps: 'everything', disguise: (text) => text.replace(/[!-~]/g, (one) => shifted(one, 0xfee0)) },
  { name: 'look-alike letters', keeps: 'words', disguise: (text) => mapped(text, LOOK_ALIKES) },
  { name: 'leetspeak', keeps: 'words', disguise: (text) => mapped(text, LEET) },
  { name: 'spaced letters', keeps: 'words', disguise: (text) => [...text].join(' ') },
  { name: 'HTML entities', keeps: 'everything', disguise: htmlEntities },
  { name: 'URL encoding', keeps: 'everything', disguise: (text) => bytesOf(text).map(percent).join('') },
  { name: 'base64', keeps: 'everything', disguise: (text) => Buffer.from(text).toString('base64') },
  { name: 'hex', keeps: 'everything', disguise: (text) => Buffer.from(text).toString('hex') },
  { name: 'rot13', keeps: 'words', disguise: (text) => text.replace(/[a-z]/gi, rot13) },
];

/** Zero-width space, non-joiner, joiner, word joiner and no-break space, as copied texts have them. */
const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff'];

function zeroWidth(text: string, seed: number): string {
  const units = [...text];
  return units.map((one, i) => (i === 0 ? one : `${ZERO_WIDTH[(seed + i) % ZERO_WIDTH.length]}${one}`)).join('');
}

/** Cyrillic and Greek letters that look like Latin ones in most fonts (Unicode TR 39, confusables). */
const LOOK_ALIKES = pairs('aаcсeеiіjјoоpрsѕxхyуhһAΑBΒEΕHΗIΙKΚMΜNΝOΟPΡTΤXΧYΥZΖCС');
const LEET = pairs('a4A4e3E3i1I1o0O0s5S5t7T7');

function pairs(text: string): ReadonlyMap<string, string> {
  const units = [...text];
  return new Map(units.flatMap((one, i) => (i % 2 === 0 ? [[one, units[i + 1]!] as const] : [])));
}

const mapped = (text: string, table: ReadonlyMap<string, string>): string => Array.from(text, (one) => table.get(one) ?? one).join('');

const shifted = (one: string, by: number): string => String.fromCharCode(one.charCodeAt(0) + by);

/** Decimal or hexadecimal references, one kind in a text. */
function htmlEntities(text: string, seed: number): string {
  const reference = (codePoint: number): string => (seed % 2 === 0 ? `&#${codePoint};` : `&#x${codePoint.toString(16)};`);
  return Array.from(text, (one) => reference(one.codePointAt(0)!)).join('');
}

const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

function rot13(letter: string): string {
  const base = letter < 'a' ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
}
