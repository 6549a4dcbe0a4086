import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createDigestSet } from '../../src/lib/digest-set.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('binary');

describe('digests that were met lately', () => {
  test('what was added is known, for its owner alone', () => {
    const set = createDigestSet({ bytes: 1024 });
    set.add(digestOf('a'), 1);
    expect(set.has(digestOf('a'), 1)).toBe(true);
    expect(set.has(digestOf('a'), 2)).toBe(false);
    expect(set.has(digestOf('b'), 1)).toBe(false);
  });

  test.each(Array.from({ length: 28 }, (_, byte) => byte))('a digest that differs in byte %i alone is another one', (byte) => {
    const set = createDigestSet({ bytes: 64 });
    const one = digestOf('a');
    set.add(one, 1);
    const other = String.fromCharCode(one.charCodeAt(byte) ^ 0x80);
    expect(set.has(one.slice(0, byte) + other + one.slice(byte + 1), 1)).toBe(false);
  });

  test('the largest number is an owner like any other', () => {
    const set = createDigestSet({ bytes: 64 });
    set.add(digestOf('a'), 0xffff_ffff);
    expect(set.has(digestOf('a'), 0xffff_ffff)).toBe(true);
  });

  test('a full bucket forgets what it has not met for longest', () => {
    const set = createDigestSet({ bytes: 64 });
    const [a, b, c] = ['a', 'b', 'c'].map(digestOf) as [string, string, string];
    set.add(a, 1);
    set.add(b, 1);
    expect(set.has(a, 1)).toBe(true);
    set.add(c, 1);
    expect([a, b, c].map((digest) => set.has(digest, 1))).toEqual([true, false, true]);
  });

  test('what is added twice takes one place', () => {
    const set = createDigestSet({ bytes: 64 });
    const [a, b] = [digestOf('a'), digestOf('b')];
    set.add(a, 1);
    set.add(b, 1);
    set.add(b, 1);
    expect(set.has(a, 1)).toBe(true);
  });

  test('says of nothing that it was added when it was not', () => {
    const set = createDigestSet({ bytes: 1 << 16 });
    for (let i = 0; i < 10_000; i++) set.add(digestOf(`in ${i}`), 1);
    const known = Array.from({ length: 10_000 }, (_, i) => set.has(digestOf(`out ${i}`), 1));
    expect(known).not.toContain(true);
  });
});
