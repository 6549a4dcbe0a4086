import { assert } from '../lib/assert.ts';
import { once } from '../lib/once.ts';
import type { CharSet } from './charset.ts';
import { parsePattern, type Written } from './pattern.ts';

/**
 * A pattern of words from a readable template, for prompts and instructions. Case is ignored.
 * A space is a run of 1–4 separators (white space, commas, quotes, brackets, markup, slashes, underscores, hyphens; no full stop: a phrase
 * stays within its sentence); ` ?` is one that may be missing, ` / ` one that may end a sentence. ` ~3 ` is a gap of up to three words of
 * 1–20 letters. ` {a|b}3 ` is a gap of up to three of the listed words. Alternatives are written `(?:a|b)`; one with a space inside is
 * allowed. The phrase begins and ends at word boundaries.
 */
export function phrase(...templates: readonly string[]): RegExp {
  const inner = templates.map((template) => expand(template, SPACED)).join('|');
  const pattern = new RegExp(`\\b(?:${inner})\\b`, 'i');
  PHRASES.set(pattern, { templates, innerOf: (template) => ({ source: expand(template, SHORT), flags: 'i', sets: shortSets() }) });
  return pattern;
}

/** What a pattern made by `phrase` was made of. */
export interface Phrase {
  readonly templates: readonly string[];
  /** The pattern of one of them, without the word boundaries at its ends. */
  innerOf(template: string): Written;
}

const PHRASES = new WeakMap<RegExp, Phrase>();

/** Undefined for a pattern that was not made by `phrase`. */
export function phraseOf(pattern: RegExp): Phrase | undefined {
  return PHRASES.get(pattern);
}

/**
 * The same for scripts that write no spaces (Chinese, Japanese) or hang endings on words (Korean): a space is 0–2 separators, ` ~3 ` is a
 * gap of up to three characters of those scripts, ` {a|b}3 ` one of up to three of the listed words; no word boundaries.
 */
export function phraseUnspaced(...templates: readonly string[]): RegExp {
  const pattern = new RegExp(templates.map((template) => expand(template, UNSPACED)).join('|'), 'i');
  UNSPACED_PHRASES.add(pattern);
  return pattern;
}

const UNSPACED_PHRASES = new WeakSet<RegExp>();

/** Whether a pattern was made by `phraseUnspaced`: it needs a character of a script without spaces. */
export function isUnspaced(pattern: RegExp): boolean {
  return UNSPACED_PHRASES.has(pattern);
}

interface Spacing {
  readonly separator: string;
  readonly sentenceEnd: string;
  readonly gap: (most: string) => string;
  readonly listed: (words: string, most: string) => string;
}

/** What may stand between two words of a phrase, inside the brackets of a character class. */
export const SEPARATORS = '-\\s,:"\'*_`()<>“”‘’«»„\\[\\]{}\\\\/–—';
// Letters of the scripts that put spaces between words; a gap that took every letter would stay alive across a whole Chinese text.
const LETTER = "[a-z0-9'’À-ɏЀ-ӿء-ٟऀ-ॿ]";
const SEPARATOR = `[${SEPARATORS}]`;
const SYLLABLE = '[\\u3040-\\u30ff\\u4e00-\\u9fff가-힣\\s]';

const spaced = (separator: string, letter: string): Spacing => ({
  separator: `${separator}{1,4}`,
  sentenceEnd: `${separator}{0,2}[.;!?…]{0,3}`,
  gap: (most) => `(?: ${letter}{1,20}){0,${most}}`,
  listed: (words, most) => `(?: (?:${words})){0,${most}}`,
});

const SPACED = spaced(SEPARATOR, LETTER);

/** Characters that stand for the two classes where a template is read for itself: they are most of its length, and of the work to read it. */
const [SHORT_SEPARATOR, SHORT_LETTER] = ['\ue000', '\ue001'] as const;
const SHORT = spaced(SHORT_SEPARATOR, SHORT_LETTER);
const shortSets = once<ReadonlyMap<number, CharSet>>(
  () =>
    new Map([
      [SHORT_SEPARATOR.charCodeAt(0), setOf(SEPARATOR)],
      [SHORT_LETTER.charCodeAt(0), setOf(LETTER)],
    ]),
);

function setOf(source: string): CharSet {
  const parsed = parsePattern({ source, flags: 'i' });
  assert(parsed.ok && parsed.pattern.root.kind === 'set', 'a class is a set');
  return parsed.pattern.root.set;
}

const UNSPACED: Spacing = {
  separator: `[${SEPARATORS}、，：「」『』《》【】]{0,2}`,
  sentenceEnd: '[.;!?…。！？；]{0,3}',
  gap: (most) => ` ${SYLLABLE}{0,${most}}`,
  listed: (words, most) => `(?: (?:${words})){0,${most}}`,
};

function expand(template: string, { separator, sentenceEnd, gap, listed }: Spacing): string {
  return template
    .replace(/ ~(\d+)(?= )/g, (_, most: string) => gap(most))
    .replace(/ \{([^{}]+)\}(\d+)(?= )/g, (_, words: string, most: string) => listed(words, most))
    .replaceAll(' /', sentenceEnd)
    .replaceAll(' ?', `(?:${separator})?`)
    .replaceAll(' ', separator);
}
