import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { prepareDetectors } from '../../src/detect/lane-detectors.ts';
import { lingers } from '../../src/detect/lingering.ts';

describe('a pattern lingers', () => {
  test.each([/curl\b.{0,200}-d/, /(?:a|b[^>]{0,40}c)/, /!\[(?:\w| ){0,60}\]/, /x(?:y.{0,17}){2}/])(
    'where text may stand in it: %s',
    (pattern) => {
      expect(lingers(pattern)).toBe(true);
    },
  );

  test.each([/ghp_[A-Za-z0-9]{36}/, /password[\s:=]{1,16}\w/, /a b c/, /\S{0,300}/])('not where a word ends it: %s', (pattern) => {
    expect(lingers(pattern)).toBe(false);
  });
});

describe('detectors that are read together in whole texts', () => {
  const { whole } = prepareDetectors({ whole: CATALOGUE, streamed: [] });

  test('are some that linger, and few enough for the states of their combinations', () => {
    const lingering = whole.map((group) => group.filter(({ pattern }) => lingers(pattern)).length);
    expect(Math.max(...lingering)).toBeLessThanOrEqual(10);
    expect(lingering.filter((count) => count > 0).length).toBeGreaterThan(3);
    expect(Math.max(...whole.map(({ length }) => length))).toBeLessThanOrEqual(200);
  });

  test('are each in one group, and of one kind', () => {
    const all = whole.flat();
    expect(new Set(all).size).toBe(all.length);
    const families = whole.map((group) => new Set(group.map(({ family }) => family)));
    expect(families.filter((some) => some.has('secret') || some.has('pii') || some.has('exfil')).every(({ size }) => size === 1)).toBe(
      true,
    );
  });
});
