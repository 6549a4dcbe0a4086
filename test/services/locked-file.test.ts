import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { locked, replaceFile } from '../../src/services/locked-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-locked-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const codeOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : 'another error';
  }
  return 'none';
};

describe('a file that is written in one step', () => {
  test('is there whole, and nothing beside it', () => {
    replaceFile(path.join(folder, 'list.json'), '[1]\n');
    expect([readdirSync(folder), readFileSync(path.join(folder, 'list.json'), 'utf8')]).toEqual([['list.json'], '[1]\n']);
  });

  test('that cannot be replaced is an error of the state folder, and leaves no draft behind', () => {
    mkdirSync(path.join(folder, 'list.json'));
    expect(codeOf(() => replaceFile(path.join(folder, 'list.json'), '[1]\n'))).toBe('state-unusable');
    expect(readdirSync(folder)).toEqual(['list.json']);
  });

  test('in a folder that is gone is an error of the state folder', () => {
    expect(codeOf(() => replaceFile(path.join(folder, 'gone', 'list.json'), '[1]\n'))).toBe('state-unusable');
    expect(codeOf(() => locked(path.join(folder, 'gone', 'lock'), () => {}))).toBe('state-unusable');
  });
});
