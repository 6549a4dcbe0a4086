import type { ByteOffset, Utf16Offset } from '../lib/units.ts';
import type { Lane } from './lane.ts';

/**
 * A piece of decoded text and the bytes it came from. Segments with the same key, in order, are one text: a match may begin in one
 * and end in another. Segments with different keys never mix.
 */
export interface Segment {
  /** Which stream of text, e.g. `choices.0.content`. Unique within one direction of one exchange. */
  readonly key: string;
  readonly lane: Lane;
  readonly text: string;
  readonly source: SegmentSource;
}

/** Where a segment's text stands in its frame's bytes, and so how a replacement is written there. */
export type SegmentSource =
  /** The content between the quotes of a JSON string; escapes are undone in `text`. */
  | { readonly kind: 'json-string'; readonly start: ByteOffset; readonly end: ByteOffset }
  /** A JSON number of nine or more digits; a replacement turns the whole token into a string. */
  | { readonly kind: 'json-number'; readonly start: ByteOffset; readonly end: ByteOffset }
  /** An object key: it can be read but not rewritten (a redaction there follows `onUninspectable`). Content between the quotes. */
  | { readonly kind: 'json-key'; readonly start: ByteOffset; readonly end: ByteOffset }
  /** Plain UTF-8. */
  | { readonly kind: 'utf8'; readonly start: ByteOffset; readonly end: ByteOffset }
  /**
   * Text inside JSON that is itself the text of a JSON string (tool-call arguments). `from`/`to` are offsets in the outer decoded text;
   * `token` says what stands there: the content of a string (escapes undone once more), a number, a key, or other characters as they are.
   */
  | {
      readonly kind: 'nested';
      readonly outer: OuterSource;
      readonly from: Utf16Offset;
      readonly to: Utf16Offset;
      readonly token: 'string' | 'number' | 'key' | 'raw';
      /** Earlier parts of the same number or escape, when it was cut between events of one frame; in order. They go when it goes. */
      readonly head?: readonly NestedPart[];
    };

/** A range in the decoded text of a string. */
export interface NestedPart {
  readonly outer: OuterSource;
  readonly from: Utf16Offset;
  readonly to: Utf16Offset;
}

/** What a nested segment stands in: bytes of a frame, or a text that has no bytes (a record given to `sluice scan`). */
export type OuterSource =
  | { readonly kind: 'json-string'; readonly start: ByteOffset; readonly end: ByteOffset }
  | { readonly kind: 'utf8'; readonly start: ByteOffset; readonly end: ByteOffset };

/** One replacement in a lane's text. `[start, end)` in the text of all segments of the lane. Edits are sorted and never overlap. */
export interface LaneEdit {
  readonly start: Utf16Offset;
  /** Grows while a block without a longest match (a private key) is still open. */
  end: Utf16Offset;
  /** `[REDACTED:<detector id>]`: only characters that need no escape in JSON, at any depth. */
  readonly replacement: string;
}
