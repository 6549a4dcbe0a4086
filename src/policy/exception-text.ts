import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
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
 * The text of a policy file with one more row at the end of its `exceptions`; everything else stays as it is, comments too. Undefined when
 * the list is written in a way that a line cannot be added to, or the file is no mapping.
 */
export function withException(text: string, row: ExceptionRow): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === 'exceptions');
  if (pair === undefined) return `${ended(text)}exceptions:\n  ${exceptionText(row)}\n`;
  const list = pair.value;
  if (!isSeq(list) || list.range == null) return undefined;
  const [start, end] = list.range;
  if (list.flow === true)
    return list.items.length === 0 ? `${text.slice(0, start).trimEnd()}\n  ${exceptionText(row)}${text.slice(end)}` : undefined;
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start - 1) - 1);
  const last = list.items.at(-1);
  const lastEnd = last !== null && typeof last === 'object' && 'range' in last ? (last.range as [number, number, number])[1] : end;
  const lineEnd = text.indexOf('\n', text.slice(0, lastEnd).trimEnd().length); // the range of a block ends behind its last line
  const cut = lineEnd < 0 ? text.length : lineEnd + 1;
  return `${ended(text.slice(0, cut))}${indent}${exceptionText(row)}\n${text.slice(cut)}`;
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
