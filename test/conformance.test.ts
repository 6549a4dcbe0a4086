import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFORMANCE, renderConformance } from './conformance.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const rows = Object.values(CONFORMANCE).flat();

/** Whether a file has a test, or a table of tests, of this name. */
function hasTest(file: string, name: string): boolean {
  const text = read(file);
  return ["'", '"', '`'].some((quote) => text.includes(`(${quote}${name}${quote},`) || text.includes(`(\n    ${quote}${name}${quote},`));
}

describe('conformance', () => {
  test('every row has an id of its own', () => {
    expect(rows).toHaveLength(58);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  test.each(rows)('$id: its tests exist', ({ tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.filter(({ file, name }) => !hasTest(file, name))).toEqual([]);
  });

  test('docs/conformance.md is what `npm run docs` makes of the rows', () => {
    expect(read('docs/conformance.md')).toBe(renderConformance());
  });
});
