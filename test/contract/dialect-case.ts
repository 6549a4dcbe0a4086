import type { Direction, Lane } from '../../src/text/lane.ts';
import type { UninspectableReason } from '../../src/wire/frame.ts';

/**
 * One shape of body that a dialect carries, written by us from its provider's documentation: what the contract plays whole, cut
 * everywhere, compressed, in other character sets, with canaries in every slot.
 */
export interface DialectCase {
  /** Of the format that must read it. */
  readonly format: string;
  /** What it is, unique within the dialect: `streamed answer with a tool call`. */
  readonly name: string;
  readonly direction: Direction;
  /** The head of the request it belongs to. Without `:method` it is POST; header names are lower case. */
  readonly head: { readonly path: string; readonly method?: string; readonly headers?: Readonly<Record<string, string>> };
  readonly contentType: string;
  /** It has a picture, audio or a file in it, which nobody reads and which is counted. */
  readonly media?: true;
  /** Every place that carries text of its own. */
  readonly slots: readonly Slot[];
  /** The body with these texts. A slot with `pieces` gets its text cut in any number of pieces, others in exactly one. */
  write(texts: ReadonlyMap<string, readonly string[]>): Buffer;
  /**
   * What a client of the dialect has in each slot after these bytes: decoded as the client decodes, all pieces joined. For a stream the
   * bytes may stop anywhere; what is not complete counts for nothing. Slots of which nothing has come may be missing.
   */
  read(bytes: Buffer): ReadonlyMap<string, string>;
  /** Whether the client that has got these bytes takes the stream for ended as its dialect ends. Only of streamed answers. */
  isEnded?(bytes: Buffer): boolean;
}

/** What is counted of a case as not inspected, besides all that is read. */
export const unreadOf = ({ media }: DialectCase): readonly UninspectableReason[] => (media === true ? ['media'] : []);

/** A place in a body. */
export interface Slot {
  readonly name: string;
  readonly lane: Lane;
  /** Its text may come in pieces, over several events of a stream or parts of a message. */
  readonly pieces?: true;
  /** It repeats the whole text of another slot, which `write` puts there too: not filled by itself, and redacted as that one is. */
  readonly repeats?: string;
  /** The text must be one string of JSON's own: it is the content of a string value inside nested JSON (tool arguments). */
  readonly nested?: true;
}
