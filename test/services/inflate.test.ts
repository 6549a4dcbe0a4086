import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { FIXED } from '../../src/lib/limits.ts';
import { createInflate, type Decoded, type Inflate } from '../../src/services/inflate.ts';
import type { Coding } from '../../src/wire/encodings/codings.ts';
import { waitFor } from '../support/processes.ts';
import { createRandom } from '../support/random.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const TEXT = Buffer.from(
  JSON.stringify({ messages: Array.from({ length: 50 }, (_, i) => ({ role: 'user', content: `Line ${i * 7919}, grüße.` })) }),
);

const ENCODERS = {
  gzip: (bytes: Buffer) => zlib.gzipSync(bytes),
  deflate: (bytes: Buffer) => zlib.deflateSync(bytes),
  br: (bytes: Buffer) => zlib.brotliCompressSync(bytes),
  zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes),
} as const satisfies Record<Coding, (bytes: Buffer) => Buffer>;

const encoded = (codings: readonly Coding[], bytes: Buffer): Buffer => codings.reduce((out, coding) => ENCODERS[coding](out), bytes);

const opened: Inflate[] = [];
afterEach(() => {
  for (const inflate of opened.splice(0)) inflate.close();
});

function open(codings: readonly Coding[], more: { readonly ratioMax?: number; readonly decodeMs?: number } = {}): Inflate {
  const inflate = createInflate({ codings, ratioMax: 300, ...more });
  opened.push(inflate);
  return inflate;
}

const once = (inflate: Inflate, bytes: Buffer, endOfStream: boolean): Promise<Decoded> =>
  new Promise((resolve) => inflate.decode({ bytes, endOfStream }, resolve));

interface Whole {
  readonly bytes: Buffer;
  readonly failure: Decoded['failure'];
  readonly answers: number;
  /** Of the answer with the most bytes. */
  readonly largest: number;
}

/** Decodes chunks to their end, asking as long as there is more. */
async function decodeAll(inflate: Inflate, chunks: readonly Buffer[]): Promise<Whole> {
  const parts: Buffer[] = [];
  let answers = 0;
  let largest = 0;
  for (const [i, chunk] of chunks.entries()) {
    let decoded = await once(inflate, chunk, i === chunks.length - 1);
    for (;;) {
      answers++;
      parts.push(...decoded.parts);
      largest = Math.max(
        largest,
        decoded.parts.reduce((sum, part) => sum + part.length, 0),
      );
      if (decoded.failure !== undefined) return { bytes: Buffer.concat(parts), failure: decoded.failure, answers, largest };
      if (!decoded.more) break;
      decoded = await once(inflate, Buffer.alloc(0), i === chunks.length - 1);
    }
  }
  return { bytes: Buffer.concat(parts), failure: undefined, answers, largest };
}

const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

function cutAnywhere(bytes: Buffer): Buffer[] {
  const random = createRandom();
  const borders = [0, ...Array.from({ length: 5 }, () => random.below(bytes.length)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i], end));
}

const CHAINS: readonly (readonly Coding[])[] = [
  ['gzip'],
  ['deflate'],
  ['br'],
  ['zstd'],
  ['gzip', 'br'],
  ['gzip', 'gzip'],
  ['zstd', 'deflate', 'br'],
];

describe.each(CHAINS)('%s %s %s', (...codings) => {
  const chain = codings.filter((coding) => coding !== undefined);
  const body = encoded(chain, TEXT);

  test.each([
    ['whole', [body]],
    ['cut anywhere', cutAnywhere(body)],
    ['one byte at a time', bytewise(body)],
    ['with an empty end', [body, Buffer.alloc(0)]],
    ['with empty pieces', [Buffer.alloc(0), body.subarray(0, 9), Buffer.alloc(0), body.subarray(9)]],
  ])('is decoded %s', async (_, chunks) => {
    const { bytes, failure } = await decodeAll(open(chain), chunks);
    expect([failure, bytes.toString()]).toEqual([undefined, TEXT.toString()]);
  });

  test('of an empty body there is nothing', async () => {
    expect(await once(open(chain), Buffer.alloc(0), true)).toEqual({ parts: [], more: false, failure: undefined });
  });

  test.each([1, 4, 30])('%i missing bytes are a truncated body', async (missing) => {
    expect((await decodeAll(open(chain), [body.subarray(0, -missing)])).failure).toBe('truncated');
    expect((await decodeAll(open(chain), bytewise(body.subarray(0, -missing)))).failure).toBe('truncated');
  });

  test.each([
    ['in the same piece', (garbage: Buffer) => [Buffer.concat([body, garbage])]],
    ['in a piece of its own', (garbage: Buffer) => [body, garbage]],
    ['after an empty piece', (garbage: Buffer) => [body, Buffer.alloc(0), garbage]],
  ])('garbage behind the end fails, %s', async (_, chunks) => {
    expect((await decodeAll(open(chain), chunks(Buffer.from('{"a":"hidden"}')))).failure).toBe('content-encoding');
  });

  test('bytes that are something else fail', async () => {
    expect((await decodeAll(open(chain), [TEXT])).failure).toBe('content-encoding');
  });

  test('a body that is damaged anywhere is decoded or fails, and never throws', async () => {
    const random = createRandom();
    for (let i = 0; i < 20; i++) {
      const damaged = Buffer.from(body);
      const at = random.below(damaged.length);
      damaged[at] = damaged[at]! ^ (1 + random.below(255));
      const { failure } = await decodeAll(open(chain), [damaged.subarray(0, at), damaged.subarray(at)]);
      expect([undefined, 'content-encoding', 'truncated', 'decoded-limit']).toContain(failure);
    }
  });
});

describe('the forms of a coding', () => {
  test('deflate is read raw too, whole and one byte at a time', async () => {
    const raw = zlib.deflateRawSync(TEXT);
    for (const chunks of [[raw], bytewise(raw)]) expect((await decodeAll(open(['deflate']), chunks)).bytes.equals(TEXT)).toBe(true);
  });

  test.each(['gzip', 'zstd'] as const)('%s: every member of a body is decoded, wherever it is cut', async (coding) => {
    const body = Buffer.concat([ENCODERS[coding](Buffer.from('one, ')), ENCODERS[coding](Buffer.from('two, ')), ENCODERS[coding](TEXT)]);
    for (const chunks of [[body], bytewise(body), cutAnywhere(body)]) {
      const { bytes, failure } = await decodeAll(open([coding]), chunks);
      expect([failure, bytes.toString()]).toEqual([undefined, `one, two, ${TEXT.toString()}`]);
    }
  });

  test('gzip may end with padding of zeros', async () => {
    const body = Buffer.concat([zlib.gzipSync(TEXT), Buffer.alloc(20)]);
    for (const chunks of [[body], bytewise(body)]) expect((await decodeAll(open(['gzip']), chunks)).failure).toBeUndefined();
  });

  test('zstd with a window over 8 MiB is refused', async () => {
    const withWindow = async (log: number): Promise<Buffer> => {
      const encoder = zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_windowLog]: log } });
      encoder.write(TEXT);
      await new Promise<void>((resolve) => encoder.flush(zlib.constants.ZSTD_e_flush, resolve));
      encoder.end();
      return Buffer.concat(await encoder.toArray());
    };
    expect((await decodeAll(open(['zstd']), [await withWindow(23)])).failure).toBeUndefined();
    expect((await decodeAll(open(['zstd']), [await withWindow(24)])).failure).toBe('content-encoding');
  });
});

describe('a stream', () => {
  test.each([
    ['gzip', zlib.createGzip(), zlib.constants.Z_SYNC_FLUSH],
    ['deflate', zlib.createDeflate(), zlib.constants.Z_SYNC_FLUSH],
    ['br', zlib.createBrotliCompress(), zlib.constants.BROTLI_OPERATION_FLUSH],
    ['zstd', zlib.createZstdCompress(), zlib.constants.ZSTD_e_flush],
  ] as const)('%s: each event comes out with the bytes it came in', async (coding, encoder, flush) => {
    const inflate = open([coding]);
    for (let i = 0; i < 5; i++) {
      const event = `data: {"n":${i},"text":"Hello again and again."}\n\n`;
      encoder.write(event);
      await new Promise<void>((resolve) => encoder.flush(flush, resolve));
      const { parts } = await once(inflate, encoder.read() as Buffer, false);
      expect(Buffer.concat(parts).toString()).toBe(event);
    }
    encoder.destroy();
  });
});

describe('bombs', () => {
  const zeros = Buffer.alloc(40 * MIB);
  const BOMBS: readonly (readonly [string, readonly Coding[], () => Buffer])[] = [
    ['gzip', ['gzip'], () => zlib.gzipSync(zeros)],
    ['deflate', ['deflate'], () => zlib.deflateSync(zeros)],
    ['br', ['br'], () => zlib.brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } })],
    ['zstd', ['zstd'], () => zlib.zstdCompressSync(zeros)],
    ['gzip in gzip', ['gzip', 'gzip'], () => zlib.gzipSync(zlib.gzipSync(zeros))],
  ];

  test.each(BOMBS)('%s is stopped soon after a megabyte', async (_, codings, make) => {
    const body = make();
    const { bytes, failure, largest } = await decodeAll(open(codings), [body]);
    expect(failure).toBe('decoded-limit');
    expect(bytes.length).toBeLessThan(FIXED.decodedFreeBytes + FIXED.decodedPartBytes + body.length * 300);
    expect(bytes.length).toBeLessThan(30 * MIB);
    expect(largest).toBeLessThan(FIXED.decodedPartBytes + 64 * KIB);
  });

  test('an outer coding that expands into an inner one that says nothing is stopped too', async () => {
    const empty = zlib.gzipSync('');
    const members = zlib.gzipSync(Buffer.concat(Array.from({ length: 300_000 }, () => empty)));
    const { bytes, failure } = await decodeAll(open(['gzip', 'gzip'], { ratioMax: 20 }), [members]);
    expect([bytes.length, failure]).toEqual([0, 'decoded-limit']);
  });

  test('up to the ratio, and in the first megabyte, nothing is stopped', async () => {
    const small = zlib.gzipSync(Buffer.alloc(FIXED.decodedFreeBytes));
    expect((await decodeAll(open(['gzip'], { ratioMax: 10 }), [small])).failure).toBeUndefined();
    const fair = Buffer.alloc(4 * MIB);
    for (let at = 0; at < fair.length; at += 100) fair.writeUInt32LE((at * 2654435761) % 0xffffffff, at);
    expect((await decodeAll(open(['gzip']), [zlib.gzipSync(fair)])).failure).toBeUndefined();
  });

  test('a large answer comes in slices, as they are asked for', async () => {
    const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `${i},`.repeat(10)).join(''));
    const { bytes, answers, largest } = await decodeAll(open(['gzip']), [zlib.gzipSync(noise)]);
    expect(bytes.equals(noise)).toBe(true);
    expect(answers).toBeGreaterThan(5);
    expect(largest).toBeLessThan(FIXED.decodedPartBytes + 64 * KIB);
  });
});

describe('the end', () => {
  test('over its time an answer is a failure, and the only one', async () => {
    const answers: Decoded[] = [];
    const inflate = open(['gzip'], { decodeMs: 0, ratioMax: 100_000 });
    inflate.decode({ bytes: zlib.gzipSync(Buffer.alloc(64 * MIB)), endOfStream: true }, (decoded) => answers.push(decoded));
    await waitFor(() => answers[0]);
    await delay(100);
    expect(answers).toHaveLength(1);
  });

  test('after close nothing is told, and nothing is left open', async () => {
    const before = process.getActiveResourcesInfo().length;
    let told = 0;
    for (const coding of ['gzip', 'deflate', 'br', 'zstd'] as const) {
      const inflate = open([coding]);
      inflate.decode({ bytes: ENCODERS[coding](TEXT), endOfStream: false }, () => told++);
      inflate.close();
      inflate.close();
    }
    await waitFor(() => process.getActiveResourcesInfo().length <= before + 1 || undefined);
    await delay(50);
    expect(told).toBe(0);
  });
});
