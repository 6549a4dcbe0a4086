import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../src/lib/glob.ts';
import { normalisePath } from '../../src/lib/normalise-path.ts';

const PATH = { separator: '/' } as const;

/** What a glob means, said as a regular expression: an independent second opinion for short generated texts. */
const asRegExp = (source: string): RegExp =>
  new RegExp(
    `^${source
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('**', '\u0000')
      .replaceAll('*', '[^/]*')
      .replaceAll('\u0000', '[^]*')}$`,
    'u',
  );

const glob = fc
  .array(fc.constantFrom('a', 'b', '/', '.', '*', '**/', '/**'), { maxLength: 7 })
  .map((parts) => parts.join('').replace(/\*{3,}/g, '**'));
const text = fc.array(fc.constantFrom('a', 'b', '/', '.', 'é'), { maxLength: 9 }).map((parts) => parts.join(''));

describe('a glob', () => {
  it('matches what the same regular expression matches', () => {
    fc.assert(
      fc.property(glob, text, (source, candidate) => {
        expect(compileGlob(source, PATH).matches(candidate)).toBe(asRegExp(source).test(candidate));
      }),
      { numRuns: 3000 },
    );
  });

  it('that covers another matches everything the other matches', () => {
    let covering = 0;
    fc.assert(
      fc.property(glob, glob, text, (wide, narrow, candidate) => {
        const [outer, inner] = [wide, narrow].map((source) => compileGlob(source, { separator: '/', bareParent: true })) as [
          ReturnType<typeof compileGlob>,
          ReturnType<typeof compileGlob>,
        ];
        const claims = outer.covers(inner);
        covering += Number(claims);
        expect(claims && inner.matches(candidate) && !outer.matches(candidate)).toBe(false);
      }),
      { numRuns: 5000 },
    );
    expect(covering).toBeGreaterThan(100);
  });

  it('covers itself', () => {
    fc.assert(
      fc.property(glob, (source) => {
        const one = compileGlob(source, PATH);
        expect(one.covers(one)).toBe(true);
      }),
    );
  });

  it('takes time linear in the text however many wildcards it has', () => {
    const one = compileGlob('*a*a*a*a*a*a*a*a*a*a*b', { separator: '' });
    expect(one.matches('a'.repeat(20_000))).toBe(false);
  });

  it('with a bare parent matches what stands before its last separator', () => {
    const one = compileGlob('/v1/**', { separator: '/', bareParent: true });
    expect(['/v1', '/v1/', '/v1/a/b', '/v1x', '/'].map((path) => one.matches(path))).toEqual([true, true, true, false, false]);
    expect(compileGlob('/v1/**', PATH).matches('/v1')).toBe(false);
  });
});

describe('a normalised path', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', '/', '.', '..', '%2f', '%2e', '%5C', '%25', '\\', '%', '?', '#', '%zz'), { maxLength: 14 })
    .map((parts) => parts.join(''));

  it('begins with a slash and holds no dot segments, no double slashes, no backslashes and no escaped slashes', () => {
    fc.assert(
      fc.property(path, (written) => {
        const normal = normalisePath(written);
        expect(normal.startsWith('/')).toBe(true);
        expect(normal.split('/').filter((part) => part === '.' || part === '..')).toEqual([]);
        expect(/\/\/|\\|%2f|%5c|[?#]/i.test(normal.replaceAll('%25', 'x'))).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});
