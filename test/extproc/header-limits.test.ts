import { describe, expect, test } from 'vitest';
import { ProtocolError, type RequestPart, readProcessingRequest } from '../../src/extproc/protobuf-reader.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { attributes, encode, header, type Plain, protos } from '../support/ext-proc-client.ts';

type Part = 'request_headers' | 'response_headers' | 'request_trailers';

function read(part: Part, headers: readonly Plain[]): RequestPart {
  const map = { headers };
  const message = part === 'request_trailers' ? { [part]: { trailers: map } } : { [part]: { headers: map, end_of_stream: true } };
  return readProcessingRequest(encode(protos.ProcessingRequest, message)).part!;
}

const count = (part: RequestPart) => ('headers' in part ? part.headers.length : 0);
const many = (headers: number) => Array.from({ length: headers }, (_, index) => header(`h${index}`, 'v'));
/** Headers whose map is so many bytes as protobuf. */
const large = (bytes: number) => {
  const overhead = encode(protos.ProcessingRequest, { request_headers: { headers: { headers: [header('a', 'x'.repeat(bytes))] } } });
  return [header('a', 'x'.repeat(2 * bytes - overhead.length + OUTER_BYTES))];
};
/** Tags and lengths around the map of a message of about 1 MiB. */
const OUTER_BYTES = 8;

describe.each(['request_headers', 'response_headers'] as const)('%s', (part) => {
  test.each([
    [FIXED.headers - 1, FIXED.headers - 1, false],
    [FIXED.headers, FIXED.headers, false],
    [FIXED.headers + 1, FIXED.headers, true],
    [FIXED.headers * 50, FIXED.headers, true],
  ])('of %d headers give %d, cut: %s', (sent, got, cut) => {
    const found = read(part, many(sent));
    expect({ count: count(found), cut: 'cut' in found && found.cut, end: 'endOfStream' in found && found.endOfStream }).toEqual({
      count: got,
      cut,
      end: true,
    });
  });

  test.each([
    [FIXED.headerBytes - 1, false],
    [FIXED.headerBytes, false],
    [FIXED.headerBytes + 1, true],
    [FIXED.headerBytes * 8, true],
  ])('of %d bytes are cut: %s, and what follows them is read', (bytes, cut) => {
    expect(read(part, large(bytes))).toMatchObject({ cut, endOfStream: true });
  });

  test('that are too many in all, in several maps, are cut', () => {
    const map = { [part]: { headers: { headers: many(FIXED.headers) } } };
    const one = encode(protos.ProcessingRequest, map);
    const inner = one.subarray(1 + lengthBytes(one));
    const twice = Buffer.concat([inner, inner]);
    const message = Buffer.concat([one.subarray(0, 1), varint(twice.length), twice]);
    expect(readProcessingRequest(message).part).toMatchObject({ cut: true });
  });
});

test('trailers are not read beyond the limit either', () => {
  expect(count(read('request_trailers', many(FIXED.headers + 1)))).toBe(FIXED.headers);
});

describe('attributes', () => {
  const of = (number: number) =>
    encode(protos.ProcessingRequest, {
      attributes: attributes(Object.fromEntries(Array.from({ length: number }, (_, i) => [`a${i}`, 'v']))),
    });
  test('are read up to their limit', () => {
    expect(readProcessingRequest(of(FIXED.attributes)).attributes.size).toBe(FIXED.attributes);
  });
  test('over it are no ext_proc', () => {
    expect(() => readProcessingRequest(of(FIXED.attributes + 1))).toThrow(ProtocolError);
  });
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Bytes of the length that follows the first tag. */
function lengthBytes(message: Buffer): number {
  let at = 1;
  while (message[at]! >= 0x80) at++;
  return at;
}
