/** A value of a cell; lists are joined with a space, null and undefined are empty. */
type Cell = string | number | boolean | null | undefined | readonly string[];

/**
 * Rows as CSV (RFC 4180, CRLF). A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection");
 * control characters become spaces.
 */
export function csvOf(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  return lineOf(columns.map(cellText)) + csvLines(columns, rows);
}

/** Further rows of the same file. */
export const csvLines = (columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string =>
  rows.map((row) => lineOf(columns.map((column) => cellText(asCell(row[column]))))).join('');

const lineOf = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

/** Objects have no place in a cell. */
function asCell(value: unknown): Cell {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

const FORMULA_STARTS: ReadonlySet<string> = new Set(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);

function cellText(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string' && typeof value !== 'object') return String(value);
  const text = typeof value === 'string' ? value : value.join(' ');
  const guarded = FORMULA_STARTS.has(text[0] ?? '') ? `'${text}` : text;
  return `"${withoutControls(guarded).replaceAll('"', '""')}"`;
}

function withoutControls(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    out += code < 32 || (code >= 127 && code < 160) ? ' ' : character;
  }
  return out;
}
