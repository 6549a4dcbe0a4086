import type { BodyReader } from './body-reader.ts';
import { type Charset, createTranscoder, encode, lengthIn } from './charset.ts';
import type { Frame, UninspectableReason } from './frame.ts';
import { createGather } from './framing/gather.ts';
import { carriersOf, sealed, unreadFrame } from './plain-frame.ts';

/**
 * A body in another charset, read by a reader of UTF-8. Frames have the bytes that came; a seal writes
 * the charset again. An odd byte at the end, and bytes that are plainly of another charset, are `invalid-utf8`.
 */
export function transcodedBody(charset: Exclude<Charset, 'utf-8'>, inner: BodyReader): BodyReader {
  const transcoder = createTranscoder(charset);
  const original = createGather();
  let read = 0; // bytes that stand in frames
  let doubted = false;

  function back(frame: Frame): Frame {
    const bytes = taken(lengthIn(charset, frame.bytes));
    read += bytes.length;
    const uninspectable = frame.uninspectable ?? doubt();
    if (frame.segments.length === 0 && frame.tools === undefined) return { ...frame, bytes, uninspectable, carriers: undefined };
    const seal = (changed: readonly Buffer[]) => encode(sealed(frame, changed), charset);
    return { ...frame, bytes, uninspectable, carriers: carriersOf(frame), seal };
  }

  /** The reason is given once, to the first frame behind the place that has none of its own, so that it does not depend on the cutting. */
  function doubt(): UninspectableReason | undefined {
    if (doubted || read <= (transcoder.doubtfulAt() ?? Number.POSITIVE_INFINITY)) return undefined;
    doubted = true;
    return 'invalid-utf8';
  }

  return {
    push(bytes) {
      original.add(bytes);
      return inner.push(transcoder.push(bytes)).map(back);
    },
    end() {
      const rest = transcoder.end();
      const frames = [...restOfPair(rest), ...inner.end()].map(back);
      const odd = original.take();
      return odd.length === 0 ? frames : [...frames, unreadFrame(odd, 'invalid-utf8')];
    },
    isStream: () => inner.isStream(),
    start: () => inner.start?.(),
    written: (bytes) => encode(bytes, charset),
  };

  function taken(length: number): Buffer {
    const all = original.take();
    original.add(all.subarray(length));
    return all.subarray(0, length);
  }

  /** A high surrogate that waited for its other half is a character of its own after all. */
  function restOfPair(rest: Buffer): readonly Frame[] {
    return rest.length < 2 ? [] : inner.push(halfPair(rest, charset));
  }
}

function halfPair(rest: Buffer, charset: Charset): Buffer {
  const unit = charset === 'utf-16be' ? rest.readUInt16BE(0) : rest.readUInt16LE(0);
  return Buffer.from([0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}
