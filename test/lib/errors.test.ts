import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError, ERRORS, EXIT } from '../../src/lib/errors.ts';

const docs = readFileSync(path.resolve(import.meta.dirname, '../../docs/errors.md'), 'utf8');

describe('errors', () => {
  test('docs/errors.md shows exactly the rows of the table', () => {
    const rows = docs.split('\n').filter((line) => line.startsWith('| `'));
    const expected = Object.entries(ERRORS).map(([code, { exit, meaning, next }]) => `| \`${code}\` | ${exit} | ${meaning} | ${next} |`);
    expect(expected.length).toBeGreaterThan(10);
    expect(rows).toEqual(expected);
  });

  test('an error carries the exit code and the next step of its row', () => {
    const error = new AppError('policy-invalid', 'p.yaml:3:1: unknown key');
    expect({ exit: error.exitCode, next: error.next, message: error.message }).toEqual({
      exit: 3,
      next: ERRORS['policy-invalid'].next,
      message: 'p.yaml:3:1: unknown key',
    });
  });

  test('a better next step replaces the one of the row, and the cause stays', () => {
    const cause = new Error('EADDRINUSE');
    const error = new AppError('address-in-use', 'taken', { cause, next: 'use --port 0' });
    expect([error.next, error.cause]).toEqual(['use --port 0', cause]);
  });

  test('exit codes are the documented ones', () => {
    expect(EXIT).toEqual({ ok: 0, findings: 1, usage: 2, policy: 3, unreachable: 4, internal: 5, interrupted: 130 });
  });
});
