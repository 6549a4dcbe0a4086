import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, '../docs/detection.md');
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** Puts a measurement between the markers of `docs/detection.md`; the rest of the page is written by hand. */
export function writeMeasured(report: string): string {
  const page = readFileSync(FILE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has no ${BEGIN} … ${END}`);
  writeFileSync(FILE, `${before}${BEGIN}\n\n${report}\n\n${END}${after}`);
  return FILE;
}

/** The hash of the rules that the page was measured with. */
export function measuredRules(): string | undefined {
  return /Rules: `([0-9a-f]{12})`/.exec(readFileSync(FILE, 'utf8'))?.[1];
}
