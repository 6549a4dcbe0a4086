/**
 * The lower-case name that a value right behind this text is given: `api_key` for `"api_key": "`, `export API_KEY=`, `--api-key `,
 * `setenv('API_KEY', '`, `<api_key>`, `X-Api-Key: Bearer `, `my API_KEY is `. Empty when nothing separates the two or nothing name-like
 * stands there. Reads at most 24 units between name and value.
 */
export function assignedName(before: string): string {
  let end = skipSeparators(before, before.length);
  if (end === before.length) return '';
  let name = nameBefore(before, end);
  // Authorization schemes and the verb of a sentence stand between the name and the value.
  for (let words = 0; words < FILLERS_MAX && FILLERS.has(name); words++) {
    end = skipSeparators(before, end - name.length);
    name = nameBefore(before, end);
  }
  return name;
}

const FILLERS = new Set(['bearer', 'token', 'basic', 'is', 'are', 'was', 'to', 'as', 'the', 'value', 'set', 'string', 'default', 'str']);
const FILLERS_MAX = 3;
const SEPARATORS_MAX = 24;
const SEPARATORS = ' \t\r\n"\'`=:>,|?()[]{}\\;*';

function skipSeparators(text: string, end: number): number {
  let at = end;
  while (at > 0 && end - at < SEPARATORS_MAX && SEPARATORS.includes(text[at - 1]!)) at--;
  return at;
}

/** The identifier, key or option that ends here, dotted and hyphenated ones as a whole, in lower case. */
function nameBefore(text: string, end: number): string {
  let at = end;
  while (at > 0 && isNameUnit(text.charCodeAt(at - 1))) at--;
  return text.slice(at, end).toLowerCase();
}

/** ASCII letters and digits, `_`, `-`, `.`. */
function isNameUnit(unit: number): boolean {
  const lower = unit | 32;
  return (lower >= 97 && lower <= 122) || (unit >= 48 && unit <= 57) || unit === 95 || unit === 45 || unit === 46;
}
