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

test.each([
  ['agent.unknown', 'Blocked by policy: this caller may not do this.'],
  ['agent.stopped', 'Blocked by policy: this caller may not do this.'],
  ['agent.not-permitted', 'Blocked by policy: this caller may not do this.'],
  ['behaviour.budget', 'Blocked by policy: this caller has done more than it may.'],
  ['tool.changed', 'Blocked by policy: the content of this exchange is not allowed.'],
])('what %s denies says whether the caller or the content is the reason, and no more', (detector, message) => {
  expect(denialFor('content_filter', detector)).toEqual({ status: 403, code: 'content_filter', message, detector });
  expect(denialFor('uninspectable', detector).message).toBe('Blocked by policy: the content cannot be inspected.');
});

test('451 takes the place of 403 by option, and of nothing else', () => {
  expect(CODES.map(([code]) => denialFor(code, undefined, { legal: true }).status)).toEqual([451, 413, 451, 503]);
});
