import { describe, expect, test } from 'vitest';
import { commonNames } from '../../../src/agents/identity/distinguished-name.ts';
import { isSpiffeId } from '../../../src/agents/identity/spiffe-id.ts';

const NAMES: readonly (readonly [name: string, common: readonly string[] | undefined])[] = [
  ['CN=billing,OU=fin,O=Corp', ['billing']],
  ['O=Corp,CN=billing', ['billing']],
  ['cn=billing', ['billing']],
  ['2.5.4.3=billing', ['billing']],
  ['CN=a+CN=b,O=Corp', ['a', 'b']],
  ['CN=bill\\,ing,O=Corp', ['bill,ing']],
  ['CN=guest\\,CN\\=admin', ['guest,CN=admin']],
  ['CN=J\\C3\\BCrgen', ['Jürgen']],
  ['O=CN=admin', []],
  ['O=Corp', []],
  ['', []],
  ['CN=a\\', undefined],
  ['CN=#04024869', undefined],
  ['no equals', undefined],
  ['C N=a', undefined],
];

const IDS: readonly (readonly [id: string, valid: boolean])[] = [
  ['spiffe://corp.example/ns/fin/sa/billing', true],
  ['spiffe://corp.example', true],
  ['spiffe://corp.example/', false],
  ['spiffe://', false],
  ['spiffe:///path', false],
  ['spiffe://Corp.example/a', false],
  ['spiffe://corp.example:8443/a', false],
  ['spiffe://user@corp.example/a', false],
  ['spiffe://corp.example/a?b', false],
  ['spiffe://corp.example/a#b', false],
  ['spiffe://corp.example/a//b', false],
  ['spiffe://corp.example/a/../b', false],
  ['spiffe://corp.example/./a', false],
  ['spiffe://corp.example/a,spiffe://corp.example/b', false],
  ['spiffe://corp.example/%61', false],
  [`spiffe://corp.example/${'a'.repeat(2048 - 22)}`, true],
  [`spiffe://corp.example/${'a'.repeat(2048 - 21)}`, false],
];

describe('a distinguished name', () => {
  test.each(NAMES)('%s has the common names %j', (name, common) => {
    expect(commonNames(name)).toEqual(common);
  });
});

describe('a SPIFFE id', () => {
  test.each(IDS)('%s: %s', (id, valid) => {
    expect(isSpiffeId(id)).toBe(valid);
  });

  test('every row was run', () => {
    expect([NAMES.length, IDS.length]).toEqual([15, 17]);
  });
});
