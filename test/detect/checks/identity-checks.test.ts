import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base58CheckVersion, RIPPLE_ALPHABET } from '../../../src/detect/checks/base58.ts';
import { COUNTRY_CODES } from '../../../src/detect/checks/country-codes.ts';
import { hasIbanStructure, IBAN_LENGTHS, UNREGISTERED_IBAN_LENGTHS } from '../../../src/detect/checks/iban-country.ts';
import { ipv6Groups, isPublicIpv4, isPublicIpv6 } from '../../../src/detect/checks/ip-range.ts';
import { keccak256 } from '../../../src/detect/checks/keccak256.ts';
import { labelled } from '../../../src/detect/checks/label.ts';
import { isPassportNumber } from '../../../src/detect/checks/passport-format.ts';
import { hasCallingCode, isPlannedNumber } from '../../../src/detect/checks/phone-plan.ts';
import { isSegwitAddress } from '../../../src/detect/checks/segwit.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('Keccak-256', () => {
  it('has the digests of the Keccak team and of Ethereum', () => {
    expect(hex(keccak256(''))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(hex(keccak256('abc'))).toBe('4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45');
  });
});

describe('Base58Check', () => {
  it('gives the version of an address', () => {
    expect(base58CheckVersion('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')).toBe(0);
    expect(base58CheckVersion('3P14159f73E4gFr7JterCCQh9QjiTjiZrG')).toBe(5);
    expect(base58CheckVersion('rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', RIPPLE_ALPHABET)).toBe(0);
  });

  it('sees every changed character', () => {
    const address = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa';
    fc.assert(
      fc.property(fc.nat(address.length - 1), fc.constantFrom(...'23456789BCDEFGHJ'), (at, other) => {
        fc.pre(address[at] !== other);
        expect(base58CheckVersion(address.slice(0, at) + other + address.slice(at + 1))).toBeUndefined();
      }),
    );
  });
});

describe('segregated witness addresses', () => {
  it('are those of BIP 173 and BIP 350', () => {
    const valid = [
      'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
      'BC1SW50QGDZ25J',
    ];
    expect(valid.filter((address) => !isSegwitAddress(address))).toEqual([]);
  });

  it('have one case, the checksum of their version and a length that it allows', () => {
    const invalid = [
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7Kv8f3t4',
      'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4',
      'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P',
      'bc1gmk9yu',
    ];
    expect(invalid.filter(isSegwitAddress)).toEqual([]);
  });
});

describe('public addresses', () => {
  it('are outside the special-purpose registries', () => {
    expect(['81.2.69.142', '172.32.0.1', '100.128.0.1', '192.0.3.1'].filter((address) => !isPublicIpv4(address))).toEqual([]);
    const reserved = ['10.1.2.3', '172.31.255.255', '100.64.0.1', '169.254.1.1', '224.0.0.1', '255.255.255.0', '01.2.3.4', '256.1.1.1'];
    expect(reserved.filter(isPublicIpv4)).toEqual([]);
  });

  it('of version 6 are read with one gap of zeros', () => {
    expect(ipv6Groups('2a02:8109::17')).toEqual([0x2a02, 0x8109, 0, 0, 0, 0, 0, 0x17]);
    expect(['1:2:3', '1::2::3', '1:2:3:4:5:6:7:8:9', '12345::1'].filter((address) => ipv6Groups(address) !== undefined)).toEqual([]);
    expect(['2001:db8::1', 'fe80::1', '::1', 'fd00::1', '3fff::1'].filter((address) => isPublicIpv6(ipv6Groups(address)!))).toEqual([]);
  });
});

describe('labels', () => {
  const isDob = labelled(['dob', 'date of birth', 'geburt*', 'né', '生年月日']);

  it('are whole words before the value, however they are written', () => {
    const before = [
      'DOB: ',
      '"dateOfBirth":"',
      'date_of_birth=',
      "the user's Date of Birth is ",
      'Geburtsdatum: ',
      'né ',
      '私の生年月日は',
      'userDob ',
    ];
    expect(before.filter((text) => !isDob(text))).toEqual([]);
  });

  it('do not count inside a word, behind another number or before another label', () => {
    expect(['adobe ', 'dob 12/12, ', 'date of birth, order ', '', `dob ${'x'.repeat(50)} `].filter(isDob)).toEqual([]);
  });
});

describe('plans of numbers', () => {
  it('know lengths and beginnings of a country', () => {
    expect(
      ['14155552671', '442079460958', '33142685300', '4930901820', '254728530234'].filter((digits) => !isPlannedNumber(digits)),
    ).toEqual([]);
    expect(['33042685300', '3314268530', '728530234', '999123456789'].filter(isPlannedNumber)).toEqual([]);
    expect([hasCallingCode('44'), hasCallingCode('999')]).toEqual([true, false]);
  });

  it('of passports are those of the country', () => {
    expect(isPassportNumber('C01X00T47', 'DE')).toBe(true);
    expect(isPassportNumber('AS0123456', 'DE')).toBe(false);
    expect(isPassportNumber('u 01048537', 'TR')).toBe(true);
    expect(isPassportNumber('925076473', 'XX')).toBe(false);
  });

  it('of bank accounts have letters and digits in their places', () => {
    expect(hasIbanStructure('GB82WEST12345698765432')).toBe(true);
    expect(hasIbanStructure('VG46H07Y0223060094359858')).toBe(false);
    expect([...UNREGISTERED_IBAN_LENGTHS.keys()].filter((country) => IBAN_LENGTHS.has(country))).toEqual([]);
    expect([...IBAN_LENGTHS.keys(), ...UNREGISTERED_IBAN_LENGTHS.keys()].filter((country) => !COUNTRY_CODES.has(country))).toEqual([]);
  });
});
