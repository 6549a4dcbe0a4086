/**
 * A pattern of words from a readable template, for prompts and instructions. Case is ignored.
 * A space is a run of 1–4 separators (white space, commas, quotes, brackets, markup, underscores, hyphens; no full stop: a phrase stays
 * within its sentence). ` ~3 ` is a gap of up to three words of 1–20 letters. ` {a|b}3 ` is a gap of up to three of the listed words.
 * Alternatives are written `(?:a|b)`; one with a space inside is allowed. The phrase begins and ends at word boundaries.
 */
export function phrase(...templates: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${templates.map(expand).join('|')})\\b`, 'i');
}

const SEPARATOR = '[\\s,:"\'*_`()<>“”‘’–—-]{1,4}';
const WORD = "[a-z0-9'’]{1,20}";

function expand(template: string): string {
  return template
    .replace(/ ~(\d+) /g, (_, most: string) => ` (?:${WORD} ){0,${most}}`)
    .replace(/ \{([^{}]+)\}(\d+) /g, (_, words: string, most: string) => ` (?:(?:${words}) ){0,${most}}`)
    .replaceAll(' ', SEPARATOR);
}
