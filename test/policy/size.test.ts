import { expect, it } from 'vitest';
import { parseSize } from '../../src/policy/size.ts';

it.each([
  ['10MiB', 10 * 1024 * 1024],
  ['1.5 KiB', 1536],
  ['512', 512],
  ['512B', 512],
  ['3 kB', 3000],
  [' 2GB ', 2_000_000_000],
  [4096, 4096],
  [0, 0],
  ['1.0001KiB', undefined],
  ['10 mib', undefined],
  ['MiB', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  [-1, undefined],
  [1.5, undefined],
  [null, undefined],
  [true, undefined],
])('reads %j as %s bytes', (written, bytes) => {
  expect(parseSize(written)).toBe(bytes);
});
