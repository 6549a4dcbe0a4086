import { byteOffset } from '../lib/units.ts';
import type { BodyReader, BodyReaderOptions } from './body-reader.ts';
import type { Frame, UninspectableReason } from './frame.ts';
import { createGather } from './framing/gather.ts';
import { binaryAt, createTextFramer, type TextPiece } from './framing/text.ts';
import { plainLane, unreadFrame } from './plain-frame.ts';

/** Why text is not as it should be: where its bytes are not UTF-8, or from the beginning. */
export interface TextReasons {
  readonly invalid: UninspectableReason;
  readonly always: UninspectableReason | undefined;
}

/** How many bytes of a type that is no text are looked at before they are taken for text all the same. */
const OPAQUE_BYTES_LOOKED_AT = 512;

/**
 * A type that is no text is not believed: what has no binary byte at its beginning is read as text, up to the first one. From there on,
 * and where the beginning has one, nobody reads it.
 */
export function opaqueBody(options: BodyReaderOptions): BodyReader {
  const framer = createTextFramer();
  const pending = createGather();
  let state: 'looking' | 'text' | 'opaque' = 'looking';

  function text(piece: TextPiece | undefined): readonly Frame[] {
    if (piece === undefined) return [];
    const { bytes, valid } = piece;
    const found = binaryAt(bytes);
    const stop = found < 0 && !valid ? 0 : found; // the beginning of a character at the end
    if (stop < 0) return textFrames(options, [piece], OPAQUE_TEXT);
    state = 'opaque';
    const before = bytes.subarray(0, stop);
    const readable = stop === 0 ? undefined : { bytes: before, text: before.toString('utf8'), valid: true };
    const rest = Buffer.concat([bytes.subarray(stop), framer.end()?.bytes ?? Buffer.alloc(0)]);
    return [...textFrames(options, [readable], OPAQUE_TEXT), { ...unreadFrame(rest, 'opaque'), laneEnds: ['*'] }];
  }

  function look(): readonly Frame[] {
    const window = pending.buffer.subarray(0, Math.min(pending.size, OPAQUE_BYTES_LOOKED_AT));
    if (binaryAt(window) >= 0) {
      state = 'opaque';
      return [unreadFrame(pending.take(), 'opaque')];
    }
    return window.length < OPAQUE_BYTES_LOOKED_AT ? [] : believe();
  }

  function believe(): readonly Frame[] {
    state = 'text';
    return text(framer.push(pending.take()));
  }

  return {
    push(bytes) {
      if (bytes.length === 0) return [];
      if (state === 'opaque') return [unreadFrame(bytes, 'opaque')];
      if (state === 'text') return text(framer.push(bytes));
      pending.add(bytes);
      return look();
    },
    end() {
      const frames = state === 'looking' ? believe() : [];
      return [...frames, ...text(framer.end())];
    },
    isStream: () => false,
  };
}

const OPAQUE_TEXT: TextReasons = { invalid: 'opaque', always: undefined };

/** Plain text, in the pieces it came in. */
export function textBody(options: BodyReaderOptions, reasons: TextReasons): BodyReader {
  const framer = createTextFramer();
  return {
    push: (bytes) => textFrames(options, [framer.push(bytes)], reasons),
    end: () => textFrames(options, [framer.end()], reasons),
    isStream: () => false,
  };
}

/** Pieces of plain text, each a frame of its own. */
export function textFrames(
  options: BodyReaderOptions,
  pieces: readonly (TextPiece | undefined)[],
  { invalid, always }: TextReasons,
): readonly Frame[] {
  return pieces
    .filter((piece) => piece !== undefined)
    .map(({ bytes, text, valid }) => ({
      ...unreadFrame(bytes, always),
      segments: [
        { key: 'text', lane: plainLane(options), text, source: { kind: 'utf8', start: byteOffset(0), end: byteOffset(bytes.length) } },
      ],
      uninspectable: always ?? (valid ? undefined : invalid),
    }));
}
