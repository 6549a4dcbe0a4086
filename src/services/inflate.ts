import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { Effect, EnvoyEvent } from '../exchange/events.ts';
import { FIXED } from '../lib/limits.ts';
import type { Coding } from '../wire/encodings/codings.ts';

type Request = Extract<Effect, { kind: 'decode' }>;
/** What became of it. */
export type Decoded = Pick<Extract<EnvoyEvent, { kind: 'decoded' }>, 'parts' | 'more' | 'failure'>;
type Failure = NonNullable<Decoded['failure']>;

/** The decoders of one body, in the order of its bytes. */
export interface Inflate {
  /**
   * Decodes the next bytes; exactly one call of `onDecoded`, later, unless it is closed before. Not before the call before has been
   * answered. After an answer with `more`, a request without bytes gets what follows.
   */
  decode(request: Pick<Request, 'bytes' | 'endOfStream'>, onDecoded: (decoded: Decoded) => void): void;
  /** Frees everything; nothing is told any more. Any number of times. */
  close(): void;
}

export interface InflateOptions extends Pick<Request, 'codings' | 'ratioMax'> {
  /** Time one request may take, in milliseconds. Default: `FIXED.decodeMs`. */
  readonly decodeMs?: number;
}

/**
 * Decodes a body with the codings it has, the last one first. Never throws: what cannot be decoded is a failure, after which there is
 * nothing more. No answer holds much more than `FIXED.decodedPartBytes`, however far the bytes would expand: decoders work only as far
 * as they are asked.
 */
export function createInflate({ codings, ratioMax, decodeMs = FIXED.decodeMs }: InflateOptions): Inflate {
  const stages = codings.toReversed().map((coding) => createStage(coding, checkRatio));
  let output: AsyncGenerator<Buffer> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let isFirst = true;

  function checkRatio(bytes: number): void {
    const read = stages[0]!.consumed();
    if (bytes > FIXED.decodedFreeBytes && bytes > read * ratioMax) throw new DecodeFailure('decoded-limit');
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
    for (const stage of stages) stage.close();
  }

  /** One answer's worth of what the request before still has. */
  async function take(from: AsyncGenerator<Buffer>): Promise<Decoded> {
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      while (bytes < FIXED.decodedPartBytes) {
        const next = await from.next();
        if (next.done === true) return { parts, more: false, failure: undefined };
        parts.push(next.value);
        bytes += next.value.length;
      }
      return { parts, more: true, failure: undefined };
    } catch (error) {
      return { parts, more: false, failure: failureOf(error) };
    }
  }

  return {
    decode({ bytes, endOfStream }, onDecoded) {
      let answered = false;
      const answer = (decoded: Decoded): void => {
        if (closed || answered) return;
        answered = true;
        clearTimeout(timer);
        if (!decoded.more) output = undefined;
        if (decoded.failure !== undefined) close();
        onDecoded(decoded);
      };
      const whole = isFirst && endOfStream ? decodeSmall(codings, bytes) : undefined;
      isFirst = false;
      if (whole !== undefined) {
        setImmediate(answer, { parts: whole.length === 0 ? [] : [whole], more: false, failure: undefined } satisfies Decoded);
        return;
      }
      output ??= through(stages, { bytes, last: endOfStream });
      timer = setTimeout(() => answer({ parts: [], more: false, failure: 'decoded-limit' }), decodeMs);
      void take(output).then(answer);
    },
    close,
  };
}

/**
 * A small body that came as a whole, decoded at once: a tenth of what a stream and its threads cost. Undefined for all others, and for
 * every one with which anything is wrong: the stream says what.
 */
function decodeSmall([coding, ...others]: readonly Coding[], bytes: Buffer): Buffer | undefined {
  if (coding === undefined || others.length > 0 || bytes.length < SNIFFED_BYTES[coding] || bytes.length > SMALL_BYTES) return undefined;
  try {
    const { buffer, engine } = decodeSync(coding, bytes) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === bytes.length ? buffer : undefined;
  } catch {
    return undefined; // damaged, or larger than one answer: seen again by the stream
  }
}

/** What is decoded on the main thread, in bytes before: at most some 0.3 ms. */
const SMALL_BYTES = 16 * 1024;

/** With `info` these give an object, which their types do not say. */
function decodeSync(coding: Coding, bytes: Buffer): unknown {
  const options = { info: true, maxOutputLength: FIXED.decodedPartBytes };
  switch (coding) {
    case 'gzip':
      return zlib.gunzipSync(bytes, options);
    case 'deflate':
      return isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
    case 'br':
      return zlib.brotliDecompressSync(bytes, options);
    case 'zstd':
      return zlib.zstdDecompressSync(bytes, { ...options, ...ZSTD_OPTIONS });
    default:
      return coding satisfies never;
  }
}

/** A failure that ends a body's decoding. */
class DecodeFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof DecodeFailure) return error.failure;
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR' ? 'truncated' : 'content-encoding';
}

interface Input {
  readonly bytes: Buffer;
  /** Nothing follows. */
  readonly last: boolean;
}

/** Each stage reads what the one before gives, as far as somebody takes the output of the last. */
async function* through(stages: readonly Stage[], input: Input): AsyncGenerator<Buffer> {
  const [stage, ...rest] = stages;
  if (stage === undefined) {
    if (input.bytes.length > 0) yield input.bytes;
    return;
  }
  for await (const bytes of stage.feed(input)) yield* through(rest, { bytes, last: false });
  if (input.last) yield* through(rest, { bytes: NO_BYTES, last: true });
}

const NO_BYTES: Buffer = Buffer.alloc(0);

/** One coding of a body. */
interface Stage {
  /** What the next bytes decode to. Throws zlib's errors, and `DecodeFailure`. */
  feed(input: Input): AsyncGenerator<Buffer>;
  /** Bytes the decoder has read. */
  consumed(): number;
  close(): void;
}

/** `onOutput`: told how many bytes the stage has given in all, before it gives the last of them; may throw. */
function createStage(coding: Coding, onOutput: (bytes: number) => void): Stage {
  let stream: Decoder | undefined;
  /** Of a coding whose first bytes say which form it has. */
  let beginning: Buffer = NO_BYTES;
  let consumedBefore = 0;
  let output = 0;
  /** The body is complete. */
  let over = false;

  async function* feed({ bytes, last }: Input): AsyncGenerator<Buffer> {
    let input = beginning.length === 0 ? bytes : Buffer.concat([beginning, bytes]);
    beginning = NO_BYTES;
    while (input.length > 0 && !over) {
      if (stream === undefined && input.length < SNIFFED_BYTES[coding] && !last) {
        beginning = input;
        return;
      }
      stream ??= openDecoder(coding, input);
      for await (const part of counted(stream.write(input))) yield part;
      const unread = stream.unread();
      input = unread === 0 ? NO_BYTES : input.subarray(input.length - unread);
      if (unread > 0) endMember();
    }
    if (input.some((byte) => byte !== 0) || (input.length > 0 && coding !== 'gzip')) throw new DecodeFailure('content-encoding');
    if (!last || stream === undefined) return;
    for await (const part of counted(stream.end())) yield part;
    endMember();
  }

  async function* counted(parts: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
    for await (const part of parts) {
      output += part.length;
      onOutput(output);
      yield part;
    }
  }

  /** Frames of zstd may follow each other (RFC 8878, 3.1); Node reads on itself unless the next one begins in the same bytes. */
  function endMember(): void {
    over = coding !== 'zstd';
    consumedBefore += stream!.consumed();
    stream!.close();
    stream = undefined;
  }

  return {
    feed,
    consumed: () => consumedBefore + (stream?.consumed() ?? 0),
    close: () => stream?.close(),
  };
}

/** How much of a coding's beginning must be known. */
const SNIFFED_BYTES = { gzip: 1, br: 1, zstd: 1, deflate: 2 } as const satisfies Record<Coding, number>;

/** A stream of node:zlib that is asked for its output. */
interface Decoder {
  write(bytes: Buffer): AsyncGenerator<Buffer>;
  end(): AsyncGenerator<Buffer>;
  consumed(): number;
  /** Bytes of those written that it has left unread: they stand behind its end. */
  unread(): number;
  close(): void;
}

function openDecoder(coding: Coding, beginning: Buffer): Decoder {
  const stream = newStream(coding, beginning);
  let written = 0;
  let ended = false;
  let error: Error | undefined;
  let wake: () => void = () => {};
  const note = () => wake();
  stream.on('readable', note);
  stream.on('close', note);
  stream.on('end', () => {
    ended = true;
    note();
  });
  stream.on('error', (reason) => {
    error = reason;
    note();
  });

  /** What comes out until `isDone` says that no more will. */
  async function* output(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      // Looked at before reading: what was decoded by then can be read now.
      const done = isDone() || ended;
      for (let part = read(); part !== null; part = read()) yield part;
      if (error !== undefined) throw error;
      if (done || ended || stream.destroyed) return;
      await woken;
    }
  }

  const read = (): Buffer | null => stream.read() as Buffer | null;

  return {
    async *write(bytes) {
      written += bytes.length;
      let accepted = false;
      stream.write(bytes, () => {
        accepted = true;
        note();
      });
      yield* output(() => accepted);
    },
    async *end() {
      if (!ended) stream.end();
      yield* output(() => false);
    },
    consumed: () => stream.bytesWritten,
    unread: () => written - stream.bytesWritten,
    close: () => void stream.destroy(),
  };
}

function newStream(coding: Coding, beginning: Buffer): Transform & { readonly bytesWritten: number } {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip(ZLIB_OPTIONS);
    case 'deflate':
      return isZlib(beginning) ? zlib.createInflate(ZLIB_OPTIONS) : zlib.createInflateRaw(ZLIB_OPTIONS);
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress(ZSTD_OPTIONS);
    default:
      return coding satisfies never;
  }
}

/** Everything that can be decoded comes out at once: an event stream waits for its next event, not for its end. */
const ZLIB_OPTIONS = { flush: zlib.constants.Z_SYNC_FLUSH };

/** RFC 9659: as a content coding, zstd has windows of at most 8 MiB. */
const ZSTD_OPTIONS = { params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } };

/** `deflate` means zlib (RFC 9110, 8.4.1.2); some send the raw form. The header is a multiple of 31 and names method 8 (RFC 1950, 2.2). */
function isZlib(beginning: Buffer): boolean {
  const [first = 0, second = 0] = beginning;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
