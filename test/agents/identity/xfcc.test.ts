import { describe, expect, test } from 'vitest';
import { parseXfcc, type XfccElement } from '../../../src/agents/identity/xfcc.ts';
import { FIXED } from '../../../src/lib/limits.ts';

const element = (parts: Partial<XfccElement>): XfccElement => ({ hashed: false, subject: undefined, uris: [], dns: [], ...parts });

const READ: readonly (readonly [title: string, header: string, elements: readonly XfccElement[]])[] = [
  [
    'what Envoy writes',
    'By=spiffe://a/b;Hash=0f;Subject="CN=x,O=y";URI=spiffe://a/c',
    [element({ hashed: true, subject: 'CN=x,O=y', uris: ['spiffe://a/c'] })],
  ],
  ['several elements', 'Hash=0f;URI=a,Hash=1f;URI=b', [element({ hashed: true, uris: ['a'] }), element({ hashed: true, uris: ['b'] })]],
  ['several names of one kind', 'URI=a;URI=b;DNS=c;DNS=d', [element({ uris: ['a', 'b'], dns: ['c', 'd'] })]],
  ['keys in any case', 'HASH=0f;uri=a;dNs=b', [element({ hashed: true, uris: ['a'], dns: ['b'] })]],
  ['separators in quotes', 'Subject="CN=\\"a;b\\",O=c";Hash=0f', [element({ hashed: true, subject: 'CN="a;b",O=c' })]],
  [
    'a backslash before the closing quote, which is not escaped then',
    'Subject="CN=a\\\\";URI=b',
    [element({ subject: 'CN=a\\\\', uris: ['b'] })],
  ],
  ['a value with an equals sign', 'URI=spiffe://a/b=c', [element({ uris: ['spiffe://a/b=c'] })]],
  ['an empty subject', 'Hash=0f;Subject="";URI=a', [element({ hashed: true, uris: ['a'] })]],
  ['a blank after the comma, as joined headers have it', 'URI=a, URI=b', [element({ uris: ['a'] }), element({ uris: ['b'] })]],
];

const REFUSED: readonly (readonly [title: string, header: string])[] = [
  ['nothing', ''],
  ['an unknown key', 'Hash=0f;Role=admin'],
  ['a key alone', 'Hash=0f;URI'],
  ['a quote that does not end', 'Subject="CN=a'],
  ['a quote that ends in a backslash', 'Subject="CN=a\\"'],
  ['a quote inside a value', 'URI=a"b"'],
  ['text behind a quote', 'Subject="a"b;URI=c'],
  ['two subjects', 'Subject="a";Subject="b"'],
  ['two hashes', 'Hash=0f;Hash=1f'],
  ['an empty element', 'URI=a,,URI=b'],
  ['a separator at the end', 'URI=a;'],
];

describe('x-forwarded-client-cert', () => {
  test('has a row for every part of its grammar', () => {
    expect([READ.length, REFUSED.length]).toEqual([9, 11]);
  });

  test.each(READ)('reads %s', (_, header, elements) => {
    expect(parseXfcc(header)).toEqual(elements);
  });

  test.each(REFUSED)('refuses %s', (_, header) => {
    expect(parseXfcc(header)).toBeUndefined();
  });

  test.each([
    [FIXED.xfccElements - 1, true],
    [FIXED.xfccElements, true],
    [FIXED.xfccElements + 1, false],
  ])('%i elements: read %s', (count, isRead) => {
    expect(parseXfcc(Array(count).fill('URI=a').join(',')) !== undefined).toBe(isRead);
  });

  test.each([
    [FIXED.xfccUnits - 1, true],
    [FIXED.xfccUnits, true],
    [FIXED.xfccUnits + 1, false],
  ])('%i units: read %s', (units, isRead) => {
    expect(parseXfcc(`URI=${'a'.repeat(units - 4)}`) !== undefined).toBe(isRead);
  });
});
