import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62 } from '../../../src/detect/checks/base62.ts';
import { isIssuedCardNumber, issuedNumberPattern } from '../../../src/detect/checks/card-network.ts';
import { crc32 } from '../../../src/detect/checks/crc32.ts';
import { IBAN_LENGTHS } from '../../../src/detect/checks/iban-country.ts';
import { createLuhnSums, passesLuhn } from '../../../src/detect/checks/luhn.ts';
import { passesMod97 } from '../../../src/detect/checks/mod97.ts';

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 18 }).map((list) => list.join(''));

describe('Luhn', () => {
  it('passes exactly one of the ten check digits of any number', () => {
    fc.assert(
      fc.property(digits, (number) => {
        expect([...'0123456789'].filter((digit) => passesLuhn(number + digit))).toHaveLength(1);
      }),
    );
  });

  it('sees every changed digit', () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, position, change) => {
        const good = number + [...'0123456789'].find((digit) => passesLuhn(number + digit));
        const at = position % good.length;
        const bad = `${good.slice(0, at)}${(Number(good[at]) + change) % 10}${good.slice(at + 1)}`;
        expect(passesLuhn(bad)).toBe(false);
      }),
    );
  });

  it('does not pass nothing', () => {
    expect(passesLuhn('')).toBe(false);
  });
});

describe('Luhn sums', () => {
  it('say of every stretch of a text what the check says of its digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9 -]{1,24}$/), fc.nat(5), (text, from) => {
        const sums = createLuhnSums();
        const range = { from: Math.min(from, text.length), to: text.length };
        sums.read(text, range);
        for (let start = range.from; start < range.to; start++)
          for (let end = start + 1; end <= range.to; end++) expect(sums.passes(start, end)).toBe(passesLuhn(text.slice(start, end)));
      }),
    );
  });
});

describe('MOD 97-10', () => {
  it('passes exactly one of the check digits 02 to 98 of any account', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{11,30}$/), fc.stringMatching(/^[A-Z]{2}$/), (account, country) => {
        const checks = Array.from({ length: 97 }, (_, i) => String(i + 2).padStart(2, '0'));
        expect(checks.filter((check) => passesMod97(country + check + account))).toHaveLength(1);
      }),
    );
  });

  it('never passes other characters', () => {
    expect(passesMod97('DE89-370400440532013000')).toBe(false);
    expect(passesMod97('de89370400440532013000')).toBe(false);
    expect(passesMod97('')).toBe(false);
  });
});

describe('CRC-32', () => {
  it('is what zlib computes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,64}$/), (text) => {
        expect(crc32(text)).toBe(zlibCrc32(text));
      }),
    );
  });

  it('in base 62 is six characters wide', () => {
    expect([base62(0, 6), base62(61, 6), base62(62, 6), base62(0xffffffff, 6)]).toEqual(['000000', '00000z', '000010', '4gfFC3']);
  });
});

describe('issuer prefixes', () => {
  it('are all let through by the pattern for candidates', () => {
    const pattern = new RegExp(`^(?:${issuedNumberPattern()})$`);
    const issued = Array.from({ length: 10_000 }, (_, prefix) => String(prefix).padStart(4, '0'))
      .flatMap((prefix) => [12, 13, 14, 15, 16, 17, 18, 19, 20].map((length) => prefix.padEnd(length, '0')))
      .filter(isIssuedCardNumber);
    expect(issued.length).toBeGreaterThan(4_000);
    expect(issued.filter((number) => !pattern.test(number))).toEqual([]);
  });

  it.each([
    ['4111111111111111', true],
    ['4222222222222', true],
    ['41111111111111', false],
    ['5555555555554444', true],
    ['555555555555444', false],
    ['2221000000000009', true],
    ['2720990000000007', true],
    ['2721000000000004', false],
    ['2220990000000008', false],
    ['378282246310005', true],
    ['358282246310005', false],
    ['1234567812345670', false],
    ['9792030000000000', true],
    ['7000000000000000', false],
  ])('%s is issued: %s', (number, issued) => {
    expect(isIssuedCardNumber(number)).toBe(issued);
  });
});

it('the IBAN registry has the lengths of 89 countries between 15 and 33', () => {
  expect(IBAN_LENGTHS.size).toBe(89);
  expect([...IBAN_LENGTHS].filter(([country, length]) => !/^[A-Z]{2}$/.test(country) || length < 15 || length > 33)).toEqual([]);
});
