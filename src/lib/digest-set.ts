import { assert } from './assert.ts';
import { unitAt } from './unit-at.ts';

/**
 * SHA-256 digests that were met lately, each with a number that says whose it is; of what they stand for nothing is kept. An answer costs one
 * line of the processor's cache, and nothing is left for the garbage collector to walk through.
 */
export interface DigestSet {
  /** `digest`: 32 units, each a byte; `owner`: a positive 32-bit integer. */
  has(digest: string, owner: number): boolean;
  add(digest: string, owner: number): void;
}

/** Words of 32 bits that are kept of a digest: all but one, in whose place the owner stands. */
const DIGEST_WORDS = 7;
const ENTRY_WORDS = DIGEST_WORDS + 1;
/** A bucket has the entry that was met last, and the one before it. */
const BUCKET_WORDS = 2 * ENTRY_WORDS;
const BUCKET_BYTES = BUCKET_WORDS * Uint32Array.BYTES_PER_ELEMENT;

/** `bytes`: what the set takes, a power of two of at least 64. A bucket that is full forgets what it has not met for longest. */
export function createDigestSet({ bytes }: { readonly bytes: number }): DigestSet {
  const buckets = bytes / BUCKET_BYTES;
  assert(Number.isInteger(Math.log2(buckets)), 'the size is a power of two');
  const words = new Uint32Array(buckets * BUCKET_WORDS);
  /** Where the bucket of a digest begins. */
  const bucketOf = (digest: string): number => (wordAt(digest, DIGEST_WORDS) & (buckets - 1)) * BUCKET_WORDS;

  return {
    has(digest, owner) {
      const at = bucketOf(digest);
      if (isAt(at, digest, owner)) return true;
      if (!isAt(at + ENTRY_WORDS, digest, owner)) return false;
      put(at, digest, owner);
      return true;
    },
    add(digest, owner) {
      const at = bucketOf(digest);
      if (!isAt(at, digest, owner)) put(at, digest, owner);
    },
  };

  function isAt(at: number, digest: string, owner: number): boolean {
    if (words[at + DIGEST_WORDS] !== owner) return false;
    for (let i = 0; i < DIGEST_WORDS; i++) if (words[at + i] !== wordAt(digest, i)) return false;
    return true;
  }

  /** Makes it the one that was met last. */
  function put(at: number, digest: string, owner: number): void {
    words.copyWithin(at + ENTRY_WORDS, at, at + ENTRY_WORDS);
    for (let i = 0; i < DIGEST_WORDS; i++) words[at + i] = wordAt(digest, i);
    words[at + DIGEST_WORDS] = owner;
  }
}

function wordAt(digest: string, index: number): number {
  const at = 4 * index;
  const high = (unitAt(digest, at) << 24) | (unitAt(digest, at + 1) << 16);
  return (high | (unitAt(digest, at + 2) << 8) | unitAt(digest, at + 3)) >>> 0;
}
