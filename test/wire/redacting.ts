import { utf16Offset } from '../../src/lib/units.ts';
import { spliceFrame } from '../../src/respond/splice.ts';
import type { Frame } from '../../src/wire/frame.ts';

/** The body in which every text that can be rewritten has `[X]` in the place of `secret`; the secret stands within single segments. */
export function redacted(frames: readonly Frame[], secret: string): Buffer {
  return Buffer.concat(
    frames.map((frame) => {
      const found = frame.segments
        .map(({ text, source }, segment) => ({ segment, at: text.indexOf(secret), source }))
        .filter(({ at, source }) => at >= 0 && source.kind !== 'json-key');
      return spliceFrame(
        frame,
        found.map(({ segment, at }) => ({ segment, start: utf16Offset(at), end: utf16Offset(at + secret.length), replacement: '[X]' })),
      );
    }),
  );
}

/** The bytes of all frames, as they came. */
export const bytesOf = (frames: readonly Frame[]): Buffer => Buffer.concat(frames.map(({ bytes }) => bytes));

/** Every reason, once, in order. */
export const reasonsOf = (frames: readonly Frame[]): readonly unknown[] => [
  ...new Set(frames.map(({ uninspectable }) => uninspectable).filter((reason) => reason !== undefined)),
];
