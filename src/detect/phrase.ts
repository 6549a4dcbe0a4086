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
  PHRASES.set(pattern, { templates, innerOf: (template) => ({ source: expand(template, SPACED), flags: 'i' }) });
  return pattern;
}

/** What a pattern made by `phrase` was made of. */
export interface Phrase {
  readonly templates: readonly string[];
  /** The pattern of one of them, without the word boundaries at its ends. */
  innerOf(template: string): { readonly source: string; readonly flags: string };
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
const WORD = "[a-z0-9'’À-ɏЀ-ӿء-ٟऀ-ॿ]{1,20}";
const SYLLABLE = '[\\u3040-\\u30ff\\u4e00-\\u9fff가-힣\\s]';

const SPACED: Spacing = {
  separator: `[${SEPARATORS}]{1,4}`,
  sentenceEnd: `[${SEPARATORS}]{0,2}[.;!?…]{0,3}`,
  gap: (most) => `(?: ${WORD}){0,${most}}`,
  listed: (words, most) => `(?: (?:${words})){0,${most}}`,
};

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
