import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DETECTION = 'detection.md';
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** Puts a measurement between the markers of a page of `docs/`; the rest of the page is written by hand. Returns the file. */
export function writeMeasured(report: string, name = DETECTION): string {
  const file = pathOf(name);
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} has no ${BEGIN} … ${END}`);
  writeFileSync(file, `${before}${BEGIN}\n\n${report}\n\n${END}${after}`);
  return file;
}

function pathOf(name: string): string {
  return path.join(import.meta.dirname, '../docs', name);
}

/** The hash of the rules that the page was measured with. */
export function measuredRules(): string | undefined {
  return /Rules: `([0-9a-f]{12})`/.exec(readFileSync(pathOf(DETECTION), 'utf8'))?.[1];
}
