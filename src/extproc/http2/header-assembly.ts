import { ConnectionError, ERROR_CODE, FLAG, INT31_MAX, readUint32 } from './frames.ts';

/** A header block that has come whole, with what its HEADERS frame says beside it. */
export interface AssembledBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  /** Its priority names its own stream, which is an error of the stream (RFC 7540, 5.3.1). */
  readonly dependsOnItself: boolean;
  /** The block stands from `start` to `end`. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export interface HeaderAssembly {
  /** A HEADERS frame's payload. Gives the block when it is whole. Throws ConnectionError. */
  begin(flags: number, streamId: number, bytes: Buffer, start: number, end: number): AssembledBlock | undefined;
  /** The same for a CONTINUATION. */
  go(flags: number, bytes: Buffer, start: number, end: number): AssembledBlock | undefined;
  /** The stream whose block is not whole yet: only its CONTINUATION may come. 0: none. */
  readonly streamId: number;
}

/** Puts header blocks together. `blockBytesMax`: over it the connection ends, however many frames they come in. */
export function createHeaderAssembly(blockBytesMax: number): HeaderAssembly {
  let endStream = false;
  let dependsOnItself = false;
  let parts: Buffer[] = [];
  let partBytes = 0;

  const assembly = {
    streamId: 0,
    begin(flags: number, streamId: number, bytes: Buffer, frameStart: number, frameEnd: number): AssembledBlock | undefined {
      if (streamId % 2 === 0) throw new ConnectionError(ERROR_CODE.protocol, 'a request has a number that no request has');
      let start = frameStart;
      let end = frameEnd;
      if ((flags & FLAG.padded) !== 0) {
        if (start >= end) throw new ConnectionError(ERROR_CODE.frameSize, 'a padded frame has no padding length');
        end -= bytes[start++]!;
      }
      dependsOnItself = false;
      if ((flags & FLAG.priority) !== 0) {
        if (end - start < PRIORITY_BYTES) throw new ConnectionError(ERROR_CODE.frameSize, 'a priority is cut off');
        dependsOnItself = (readUint32(bytes, start) & INT31_MAX) === streamId;
        start += PRIORITY_BYTES;
      }
      if (start > end) throw new ConnectionError(ERROR_CODE.protocol, 'the padding is longer than its frame');
      endStream = (flags & FLAG.endStream) !== 0;
      if ((flags & FLAG.endHeaders) !== 0) return { streamId, endStream, dependsOnItself, bytes, start, end };
      assembly.streamId = streamId;
      add(bytes, start, end);
      return undefined;
    },
    go(flags: number, bytes: Buffer, start: number, end: number): AssembledBlock | undefined {
      if (assembly.streamId === 0) throw new ConnectionError(ERROR_CODE.protocol, 'a CONTINUATION continues nothing');
      add(bytes, start, end);
      if ((flags & FLAG.endHeaders) === 0) return undefined;
      const whole = Buffer.concat(parts, partBytes);
      const { streamId } = assembly;
      assembly.streamId = 0;
      parts = [];
      partBytes = 0;
      return { streamId, endStream, dependsOnItself, bytes: whole, start: 0, end: whole.length };
    },
  };
  return assembly;

  function add(bytes: Buffer, start: number, end: number): void {
    partBytes += end - start;
    if (partBytes > blockBytesMax) throw new ConnectionError(ERROR_CODE.enhanceYourCalm, 'a header block is too large');
    if (end > start) parts.push(Buffer.from(bytes.subarray(start, end)));
  }
}

export const PRIORITY_BYTES = 5;
