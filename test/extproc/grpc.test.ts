import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMessageReader, FramingError, frameMessages, GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { frame } from '../support/ext-proc-client.ts';
import { seeded } from './seeded.ts';

const messageArb = fc
  .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 4_000, maxLength: 9_000 }))
  .map((bytes) => Buffer.from(bytes));

/** The same bytes in chunks whose lengths repeat `sizes`. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function read(chunks: readonly Buffer[], bytesMax?: number): { messages: Buffer[]; pendingBytes: number } {
  const messages: Buffer[] = [];
  const reader = createMessageReader({ onMessage: (message) => messages.push(message), ...(bytesMax !== undefined && { bytesMax }) });
  for (const chunk of chunks) reader.push(chunk);
  return { messages, pendingBytes: reader.pendingBytes };
}

describe('gRPC framing', () => {
  test('messages arrive whole however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(messageArb, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1 }),
        (messages, sizes) => {
          const bytes = Buffer.concat(messages.map((message) => frame(message)));
          expect(read(cut(bytes, sizes))).toEqual({ messages, pendingBytes: 0 });
        },
      ),
      seeded(500),
    );
  });

  test('a message in 1-byte chunks arrives', () => {
    expect(read(cut(Buffer.concat([frame(Buffer.from('ab')), frame(Buffer.alloc(0)), frame(Buffer.from('c'))]), [1]))).toEqual({
      messages: [Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c')],
      pendingBytes: 0,
    });
  });

  test('a message that lies in one chunk shares its memory', () => {
    const bytes = frame(Buffer.from('abc'));
    expect(read([bytes]).messages[0]!.buffer).toBe(bytes.buffer);
  });

  test('bytes of an incomplete message are counted', () => {
    expect(read([frame(Buffer.from('abc')).subarray(0, 7)]).pendingBytes).toBe(7);
  });

  const statusOf = (bytes: Buffer, bytesMax?: number) => {
    try {
      return read([bytes], bytesMax).messages.length;
    } catch (error) {
      expect(error).toBeInstanceOf(FramingError);
      return (error as FramingError).status.code;
    }
  };
  test('compressed messages are refused as UNIMPLEMENTED, other flags as INVALID_ARGUMENT', () => {
    expect(statusOf(frame(Buffer.from('a'), 1))).toBe(GRPC_STATUS.unimplemented);
    expect(statusOf(frame(Buffer.from('a'), 7))).toBe(GRPC_STATUS.invalidArgument);
  });

  test('a message of n bytes passes a cap of n; n + 1 is RESOURCE_EXHAUSTED before it has arrived', () => {
    expect(statusOf(frame(Buffer.alloc(10)), 10)).toBe(1);
    expect(statusOf(frame(Buffer.alloc(11)).subarray(0, 5), 10)).toBe(GRPC_STATUS.resourceExhausted);
  });

  test('what is framed is read back, and large parts are shared', () => {
    const partsArb = fc.array(fc.array(messageArb, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(partsArb, (messages) => {
        const buffers = frameMessages(messages);
        expect(read(buffers).messages).toEqual(messages.map((parts) => Buffer.concat(parts)));
        const large = messages.flat().filter((part) => part.length > 4_096);
        expect(large.filter((part) => !buffers.includes(part))).toEqual([]);
      }),
      seeded(300),
    );
  });

  test('small answers are one write', () => {
    expect(frameMessages([[Buffer.from('a')], [Buffer.from('b'), Buffer.from('c')]])).toHaveLength(1);
  });
});
