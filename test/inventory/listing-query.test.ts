import { describe, expect, test } from 'vitest';
import { listRows } from '../../src/inventory/listing-query.ts';
import type { OrphanRow } from '../../src/inventory/rows.ts';

const orphan = (id: string, path: string, file: string): OrphanRow => ({
  id,
  method: 'GET',
  host: 'h',
  path,
  file,
  operationId: null,
  deprecated: false,
});

const ROWS = [orphan('1', '/B', 'x'), orphan('2', '/a', 'y'), orphan('3', '/b', 'x'), orphan('4', '/A', 'z')];
const ask = (rows: readonly OrphanRow[], parameters: Readonly<Record<string, string>>): string => {
  const page = listRows('orphans', rows, new Map(Object.entries(parameters)));
  return page.ok ? `${page.total}: ${page.items.map(({ id }) => id).join(' ')}` : page.error;
};

describe('a list that is asked for again and again', () => {
  test('answers the same for the same question, whatever was asked between', () => {
    const questions = ['path', '-path', 'file', '-file', 'host', '-method'].map((sort) => ({ sort }));
    const first = questions.map((question) => ask(ROWS, question));
    expect(first).toEqual(['4: 4 1 2 3', '4: 3 2 1 4', '4: 1 3 2 4', '4: 4 2 1 3', '4: 1 2 3 4', '4: 1 2 3 4']);
    expect([...questions, ...questions].map((question) => ask(ROWS, question))).toEqual([...first, ...first]);
  });

  test('finds what is searched in it letter by letter, in any case', () => {
    expect(['/', '/b', '/B', 'get h/a', '/c'].map((q) => ask(ROWS, { q }))).toEqual(['4: 4 1 2 3', '2: 1 3', '2: 1 3', '2: 4 2', '0: ']);
  });

  test('says nothing of rows that are no more', () => {
    expect(ask(ROWS, { sort: 'path' })).toBe('4: 4 1 2 3');
    expect(ask([...ROWS.slice(1), orphan('5', '/0', 'x')], { sort: 'path' })).toBe('4: 5 4 2 3');
    expect(ask(ROWS, { sort: 'path' })).toBe('4: 4 1 2 3');
  });
});
