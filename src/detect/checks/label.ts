/**
 * Looks for a label that a value belongs to, such as `passport no.` or `dateOfBirth`: one of these, in the last units before the value,
 * with no digit and no other label (`order`, `invoice`) in between. Labels are lower-case words; one that ends in `*` may go on
 * (`passport*`). Camel case and `_` part words, apostrophes are left out. Scripts without case have no word boundaries here.
 */
export function labelled(labels: readonly string[], units = 40): (before: string) => boolean {
  const wanted = labels.map((label) => {
    const start = isCaseless(label.charCodeAt(0)) ? '' : ' ';
    if (label.endsWith('*')) return start + label.slice(0, -1);
    return start === '' ? label : `${start}${label} `;
  });
  return (before) => {
    const from = labelStart(before, units);
    if (from < 0) return false;
    const words = wordsOf(before, from);
    const at = Math.max(...wanted.map((label) => words.lastIndexOf(label)));
    return at >= 0 && !OTHER_LABELS.some((other) => words.lastIndexOf(other) > at);
  };
}

/** What numbers of other kinds are called: one of these closer to the value takes it. */
const OTHER_LABELS = [
  ' order ',
  ' invoice ',
  ' ticket ',
  ' tracking ',
  ' version ',
  ' build ',
  ' flight ',
  ' page ',
  ' zip ',
  ' price ',
  ' port ',
];

const FIRST_LETTER = 0x41;

/** Where the text behind the last digit begins, at most `units` from the end; -1 when it has no letter: most numbers stand among numbers. */
function labelStart(before: string, units: number): number {
  const lowest = Math.max(0, before.length - units);
  let hasLetter = false;
  let from = before.length;
  for (; from > lowest; from--) {
    const unit = before.charCodeAt(from - 1);
    if (unit >= 48 && unit <= 57) break;
    hasLetter ||= unit >= FIRST_LETTER;
  }
  return hasLetter ? from : -1;
}

/** The words from an offset on, in lower case, each between spaces. */
function wordsOf(text: string, from: number): string {
  let words = from > 0 && isWordCharacter(text[from - 1]!) ? '' : ' ';
  for (let i = from; i < text.length; i++) {
    const character = text[i]!;
    if (character === "'" || character === '’') continue;
    const lower = character.toLowerCase();
    if (!isWordCharacter(character)) words += words.endsWith(' ') ? '' : ' ';
    else words += lower !== character && i > from && isLowerCase(text[i - 1]!) ? ` ${lower}` : lower;
  }
  return words.endsWith(' ') ? words : `${words} `;
}

function isLowerCase(character: string): boolean {
  return character !== character.toUpperCase();
}

function isWordCharacter(character: string): boolean {
  return character.toLowerCase() !== character.toUpperCase() || isCaseless(character.charCodeAt(0));
}

/** Letters of scripts without case: Arabic and the Indic ones, Chinese, Japanese, Korean. */
function isCaseless(unit: number): boolean {
  return (unit >= 0x0600 && unit <= 0x0dff) || (unit >= 0x3040 && unit <= 0xd7ff);
}
