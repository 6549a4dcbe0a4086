import { createHash, hash } from 'node:crypto';
import { piecesOf, SLICE_UNITS, type Slices } from './slices.ts';

/** What was made of texts lately, found again by the SHA-256 of a text: of the texts themselves nothing is kept. */
export interface TextMemo<T> {
  get(key: string): T | undefined;
  /** `bytes`: what the value keeps in memory, beside its key. */
  set(key: string, value: T, bytes: number): void;
}

/** What a key and its place in a map cost, bytes. */
const ENTRY_BYTES = 128;

/**
 * At most `bytesMax`, in two generations: what was asked for since the younger began stays when the older is forgotten. A value larger than
 * a quarter of that is not kept.
 */
export function createTextMemo<T>({ bytesMax }: { readonly bytesMax: number }): TextMemo<T> {
  type Entry = { readonly value: T; readonly bytes: number };
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let youngBytes = 0;

  return {
    get(key) {
      const entry = young.get(key);
      if (entry !== undefined) return entry.value;
      const before = old.get(key);
      if (before !== undefined) keep(key, before);
      return before?.value;
    },
    set: (key, value, bytes) => keep(key, { value, bytes: bytes + ENTRY_BYTES }),
  };

  function keep(key: string, entry: Entry): void {
    if (entry.bytes > bytesMax / 4) return;
    if (youngBytes + entry.bytes > bytesMax / 2) {
      old = young;
      young = new Map();
      youngBytes = 0;
    }
    young.set(key, entry);
    youngBytes += entry.bytes;
  }
}

/** The key of a text; undefined for one with half a surrogate pair, of which UTF-8 says less than it has. */
export function textKey(text: string): string | undefined {
  return text.isWellFormed() ? hash('sha256', text, 'binary') : undefined;
}

/** Units of a text that are hashed in one slice: that takes a tenth of what reading them does. */
const HASHED_UNITS = 16 * SLICE_UNITS;

/** The same, a slice of bounded work in each step. */
export function* textKeyInSlices(text: string): Slices<string | undefined> {
  if (text.length <= HASHED_UNITS) return textKey(text);
  if (!text.isWellFormed()) return undefined;
  const hashing = createHash('sha256');
  for (const piece of piecesOf(text, HASHED_UNITS)) {
    hashing.update(piece, 'utf8');
    yield;
  }
  return hashing.digest('binary');
}
