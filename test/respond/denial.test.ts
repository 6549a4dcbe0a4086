import { expect, test } from 'vitest';
import { denialFor } from '../../src/respond/denial.ts';

const CODES = [
  ['content_filter', 403],
  ['request_too_large', 413],
  ['uninspectable', 403],
  ['unavailable', 503],
] as const;

test('the table of codes has all its rows', () => expect(CODES).toHaveLength(4));

test.each(CODES)('%s is a fixed sentence with status %i, whatever denied', (code, status) => {
  const plain = denialFor(code);
  expect(plain).toEqual({ status, code, message: expect.stringMatching(/\.$/), detector: undefined });
  expect(denialFor(code, 'pii.email')).toEqual({ ...plain, detector: 'pii.email' });
});

test('451 takes the place of 403 by option, and of nothing else', () => {
  expect(CODES.map(([code]) => denialFor(code, undefined, { legal: true }).status)).toEqual([451, 413, 451, 503]);
});
