import { isMap, isNode, isScalar, isSeq, type Node, parseDocument, stringify, type YAMLSeq } from 'yaml';
import { asciiSet } from '../lib/ascii-set.ts';
import type { ExceptionRow } from './schema.ts';

const KEYS = [
  'detector',
  'agent',
  'host',
  'path',
  'routeName',
  'lane',
  'until',
  'reason',
  'by',
] as const satisfies readonly (keyof ExceptionRow)[];

/** A row of `exceptions` as one line of YAML, `- {detector: pii.email, …}`. Names are quoted where YAML would read something else. */
export function exceptionText(row: ExceptionRow): string {
  const pairs = KEYS.flatMap((key) => (row[key] === undefined ? [] : [`${key}: ${scalar(row[key])}`]));
  return `- {${pairs.join(', ')}}`;
}

/**
 * The text of a policy file with one more row at the end of its `exceptions`; everything else stays as it is, comments too. A list in
 * brackets becomes one with a row on each line. Undefined when the file is no mapping in lines, or `exceptions` is no list.
 */
export function withException(text: string, row: ExceptionRow): string | undefined {
  const document = parseDocument(text);
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root) || root.flow === true) return undefined;
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'exceptions');
  if (pair === undefined) return `${ended(text)}exceptions:\n  ${exceptionText(row)}\n`;
  const list = pair.value;
  if (isScalar(list) && list.value === null && list.range != null) return withRowsAfter(text, list.range[0], [exceptionText(row)]);
  if (!isSeq(list) || list.range == null || list.anchor !== undefined) return undefined;
  return list.flow === true ? withRowInBrackets(text, list, row) : withRowBelow(text, list, row);
}

function withRowBelow(text: string, { items, range }: YAMLSeq, row: ExceptionRow): string {
  const [start, end] = range!; // asked by the caller
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start - 1) - 1);
  const lastEnd = rangeOf(items.at(-1))?.[1] ?? end;
  const lineEnd = text.indexOf('\n', text.slice(0, lastEnd).trimEnd().length); // the range of a block ends behind its last line
  const cut = lineEnd < 0 ? text.length : lineEnd + 1;
  return `${ended(text.slice(0, cut))}${indent}${exceptionText(row)}\n${text.slice(cut)}`;
}

/** Rows that stood between brackets come each on a line of their own, as they were written, with the comments before and behind them. */
function withRowInBrackets(text: string, { items, range }: YAMLSeq, row: ExceptionRow): string | undefined {
  const [start, end] = range!; // asked by the caller
  const lines: string[] = [];
  for (const item of items) {
    const place = rangeOf(item);
    if (place === undefined) return undefined;
    const { commentBefore, comment } = item as Node; // it has a place, so it is a node
    const [behind, ...below] = commentLines(comment);
    const written = indented(text.slice(place[0], place[1]));
    lines.push(...commentLines(commentBefore), `- ${written}${behind === undefined ? '' : ` ${behind}`}`, ...below);
  }
  return withRowsAfter(text.slice(0, start) + text.slice(end), start, [...lines, exceptionText(row)]);
}

const rangeOf = (item: unknown): readonly [start: number, valueEnd: number, nodeEnd: number] | undefined =>
  isNode(item) && item.range != null ? item.range : undefined;

const commentLines = (comment: string | null | undefined): readonly string[] =>
  comment == null ? [] : comment.split('\n').map((line) => `#${line}`);

/** Lines of a row that was written on several: deeper than its dash, which is all that YAML asks of them. */
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line, at) => (at === 0 ? line : `      ${line.trim()}`))
    .join('\n');

/** Lines of a list below the key whose value begins at a place; what follows on the key's own line, a comment, stays there. */
function withRowsAfter(text: string, place: number, lines: readonly string[]): string {
  const lineEnd = text.indexOf('\n', place);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const [key, behind, rest] = [text.slice(0, place).trimEnd(), text.slice(place, end).trim(), text.slice(end + 1)];
  return `${key}${behind === '' ? '' : ` ${behind}`}\n${lines.map((line) => `  ${line}\n`).join('')}${rest}`;
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const isPlain = asciiSet('a-zA-Z0-9/._*-');

/** Quoted unless it is a plain word: inside braces more needs quotes than in a block. Nothing in it can steer a terminal. */
function scalar(value: string): string {
  if (isPlain(value) && stringify(value, { lineWidth: 0 }).trimEnd() === value) return value;
  return [...JSON.stringify(value)].map(escaped).join('');
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x7f ? character : `\\U${code.toString(16).padStart(8, '0')}`;
}
