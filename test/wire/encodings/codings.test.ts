import { describe, expect, test } from 'vitest';
import { CODINGS, decodableEncodings, readContentEncoding } from '../../../src/wire/encodings/codings.ts';

describe('a Content-Encoding', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['identity', []],
    [' , identity ,', []],
    ['gzip', ['gzip']],
    ['X-GZip', ['gzip']],
    ['deflate', ['deflate']],
    ['BR', ['br']],
    ['zstd', ['zstd']],
    ['gzip, br', ['gzip', 'br']],
    ['gzip,identity,gzip , zstd', ['gzip', 'gzip', 'zstd']],
  ])('%s says in which order the codings were applied', (value, codings) => {
    expect(readContentEncoding(value)).toEqual({ kind: 'codings', codings });
  });

  test.each(['compress', 'gzip, dcz', 'gzip;q=1', 'gzip br', 'gzip, gzip, gzip, gzip', 'aws-chunked'])('%s is unknown', (value) => {
    expect(readContentEncoding(value)).toEqual({ kind: 'unknown' });
  });

  test('every coding is known by its name', () => {
    expect(CODINGS.map((name) => readContentEncoding(name))).toEqual(CODINGS.map((name) => ({ kind: 'codings', codings: [name] })));
  });
});

describe('an Accept-Encoding', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'gzip, deflate, br, zstd'],
    ['GZIP;q=0.5,identity', 'GZIP;q=0.5,identity'],
    ['gzip, dcb, dcz, br;q=0.9', 'gzip, br;q=0.9'],
    ['gzip, *', 'gzip'],
    ['*', undefined],
    ['compress', undefined],
    ['', undefined],
  ])('%s leaves %s to be asked for', (value, left) => {
    expect(decodableEncodings(value)).toBe(left);
  });
});
