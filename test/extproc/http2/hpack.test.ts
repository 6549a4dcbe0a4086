import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConnectionError, ERROR_CODE } from '../../../src/extproc/http2/frames.ts';
import { createHpackDecoder, encodeHeaderBlock } from '../../../src/extproc/http2/hpack.ts';
import { seeded } from '../seeded.ts';

const decoderOf = (limits: Partial<{ tableBytes: number; listBytes: number }> = {}) => {
  const decoder = createHpackDecoder({ tableBytes: 4096, listBytes: 65_536, ...limits });
  return (hex: string) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    return decoder.decode(bytes, 0, bytes.length);
  };
};
const pairs = (fields: readonly string[]) =>
  Array.from({ length: fields.length / 2 }, (_, index) => `${fields[2 * index]}: ${fields[2 * index + 1]}`);
const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

const FIRST = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const SECOND = [...FIRST, 'cache-control: no-cache'];
const THIRD = [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'];
const DATE = 'date: Mon, 21 Oct 2013 20:13:21 GMT';
const LOCATION = 'location: https://www.example.com';
const ANSWERS = [
  [':status: 302', 'cache-control: private', DATE, LOCATION],
  [':status: 307', 'cache-control: private', DATE, LOCATION],
  [
    ':status: 200',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:22 GMT',
    LOCATION,
    'content-encoding: gzip',
    'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
  ],
];

/** The examples of RFC 7541, appendix C: blocks of one connection each, and what they say. */
const EXAMPLES: readonly (readonly [name: string, tableBytes: number, blocks: readonly (readonly [string, readonly string[]])[]])[] = [
  [
    'C.2.1 literal with indexing',
    4096,
    [['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key: custom-header']]],
  ],
  ['C.2.2 literal without indexing', 4096, [['040c 2f73 616d 706c 652f 7061 7468', [':path: /sample/path']]]],
  ['C.2.3 literal never indexed', 4096, [['1008 7061 7373 776f 7264 0673 6563 7265 74', ['password: secret']]]],
  ['C.2.4 indexed', 4096, [['82', [':method: GET']]]],
  [
    'C.3 requests',
    4096,
    [
      ['8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d', FIRST],
      ['8286 84be 5808 6e6f 2d63 6163 6865', SECOND],
      ['8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65', THIRD],
    ],
  ],
  [
    'C.4 requests with Huffman coding',
    4096,
    [
      ['8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', FIRST],
      ['8286 84be 5886 a8eb 1064 9cbf', SECOND],
      ['8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf', THIRD],
    ],
  ],
  [
    'C.5 answers, with a table that is too small for all',
    256,
    [
      [
        '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        ANSWERS[0]!,
      ],
      ['4803 3330 37c1 c0bf', ANSWERS[1]!],
      [
        '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
        ANSWERS[2]!,
      ],
    ],
  ],
  [
    'C.6 answers with Huffman coding',
    256,
    [
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
        ANSWERS[0]!,
      ],
      ['4883 640e ffc1 c0bf', ANSWERS[1]!],
      [
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
        ANSWERS[2]!,
      ],
    ],
  ],
];

describe('header blocks', () => {
  test.each(EXAMPLES)('of RFC 7541, %s', (_name, tableBytes, blocks) => {
    const decode = decoderOf({ tableBytes });
    expect(blocks.map(([hex]) => pairs(decode(hex).fields))).toEqual(blocks.map(([, fields]) => fields));
  });
  test('the table of examples is whole', () => expect(EXAMPLES).toHaveLength(8));

  test('the same block again gives the same object, until the table changes', () => {
    const decode = decoderOf();
    decode('400161 0162');
    const read = decode('be');
    expect(decode('be')).toBe(read);
    decode('400163 0164');
    expect(pairs(decode('be').fields)).toEqual(['c: d']);
  });

  test('an entry larger than the table empties it', () => {
    const decode = decoderOf({ tableBytes: 64 });
    decode('400161 0162');
    decode(`4001 61 40 ${'62'.repeat(64)}`);
    expect(errorOf(() => decode('be'))).toBeInstanceOf(ConnectionError);
  });

  test('the size of the table may change at the beginning of a block, and drops what is over it', () => {
    const decode = decoderOf();
    decode('400161 0162 400163 0164');
    expect(pairs(decode('3f03 be').fields)).toEqual(['c: d']); // 34 bytes: one entry
    expect(errorOf(() => decode('bf'))).toBeInstanceOf(ConnectionError);
  });

  const refused: readonly (readonly [string, string])[] = [
    ['entry 0', '80'],
    ['an entry that is not there', 'be'],
    ['a table larger than was announced', '3fe21f'],
    ['a size of the table within the block', '82 20'],
    ['a string that is cut off', '0001'],
    ['a string without its length', '00'],
    ['a number that is cut off', 'ff'],
    ['a number that is too large', 'ff ff ff ff ff 7f'],
    ['a Huffman code of the end of the string', '0084 ffff ffff 00'],
    ['Huffman padding of more than seven bits', '0082 1fff 00'],
    ['Huffman padding with a zero', '0081 1e 00'],
  ];
  test.each(refused)('%s is a COMPRESSION_ERROR', (_name, hex) => {
    expect(errorOf(() => decoderOf()(hex))).toMatchObject({ name: 'ConnectionError', code: ERROR_CODE.compression });
  });
  test('the table of refused blocks is whole', () => expect(refused).toHaveLength(11));

  test('a list over its limit is read for the table and not kept', () => {
    const hex = '400161 0162'; // 34 bytes
    expect(decoderOf({ listBytes: 34 })(hex)).toMatchObject({ isTooLarge: false, fields: ['a', 'b'] });
    const decode = decoderOf({ listBytes: 33 });
    expect(decode(hex)).toEqual({ isTooLarge: true, fields: [] });
    expect(decode('be')).toMatchObject({ isTooLarge: true });
  });

  test('a small block that names a large entry again and again stays small', () => {
    const decode = decoderOf();
    decode(`40 0161 7f a11e ${'62'.repeat(4_000)}`);
    expect(decode('be'.repeat(60_000))).toEqual({ isTooLarge: true, fields: [] });
  });

  test('what is encoded is read back', () => {
    const letters = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(letters, letters), { maxLength: 20 }), (fields) => {
        const bytes = encodeHeaderBlock(fields);
        expect(createHpackDecoder({ tableBytes: 0, listBytes: 1e6 }).decode(bytes, 0, bytes.length).fields).toEqual(fields.flat());
      }),
      seeded(200),
    );
  });

  test('no bytes make the decoder throw anything else, or read beyond the block', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
        const decoder = createHpackDecoder({ tableBytes: 256, listBytes: 1_000 });
        const error = errorOf(() => {
          for (const bytes of blocks) decoder.decode(Buffer.from(bytes), 0, bytes.length);
        });
        expect(error === undefined || error instanceof ConnectionError).toBe(true);
      }),
      seeded(2_000),
    );
  });
});
