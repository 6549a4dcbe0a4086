import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shannonBits } from '../../../src/detect/checks/entropy.ts';
import { looksRandom, looksRandomMixed } from '../../../src/detect/checks/looks-random.ts';
import { isPlaceholder } from '../../../src/detect/checks/placeholder.ts';

const PLACEHOLDERS = [
  'x'.repeat(36),
  '<your key>',
  'AKIAIOSFODNN7EXAMPLE',
  `${'$'}{TOKEN}`,
  '{{ .Values.token }}',
  '0000000000000000',
  'abcdefghijklmnop',
  '9876543210',
  'your-api-key-goes-here',
  'ChangeMe1234',
  '************',
  `${'sk_test_'}BQokikJOvBiI2HlWgH4olfQ2`,
  `AccountKey=${'Eby8vdM02xNO'}cqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==`,
  `apiKey: "${'AIzaSyDdVgKwh'}Zl0sTTTLZ7iTmt1r3N2cJLnaDk`,
  `${'eyJhbGciOiJIUzI1NiIs'}InR5cCI6IkpXVCJ9.${'eyJzdWIiOiIxMjM0'}NTY3ODkwIiwibmFtZSI6`,
];

const VALUES = [
  '7Qk2vP9sLw4TzR8mXc1N',
  '12345678-ABCD-ABCD-ABCD-1234567890AB',
  'lJPECAAAAAAAAMqcxBBL',
  'wJalrXUtnFEMIK7MDENGbPxRfiCY',
  `${'sk_test_'}BQokikJOvBiI2HlWgH4olfQ3`,
];

describe('a placeholder', () => {
  it.each(PLACEHOLDERS.map((text) => ({ text })))('is recognised in $text', ({ text }) => {
    expect(isPlaceholder(text)).toBe(true);
    expect(looksRandom(text)).toBe(false);
  });

  it.each(VALUES.map((text) => ({ text })))('is not seen in $text', ({ text }) => {
    expect(isPlaceholder(text)).toBe(false);
    expect(looksRandom(text)).toBe(true);
  });
});

describe('the bits of a text', () => {
  it('are none for one repeated character and log2 of the number of different ones at most', () => {
    expect(shannonBits('aaaaaaaa')).toBe(0);
    expect(shannonBits('0123456789abcdef')).toBeCloseTo(4, 10);
    fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => shannonBits(text) <= Math.log2(new Set(text.split('')).size) + 1e-9));
  });
});

it('mixed case means a digit, an upper-case and a lower-case letter', () => {
  const mixed = ['7Qk2vP9sLw4TzR8mXc1N', '7QK2VP9SLW4TZR8MXC1N', '7qk2vp9slw4tzr8mxc1n', 'KQkzvPbsLwdTzRfmXcgN'].map(looksRandomMixed);
  expect(mixed).toEqual([true, false, false, false]);
});
