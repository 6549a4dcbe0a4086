import { FIXED } from '../../lib/limits.ts';
import type { Signature } from '../../wire/frame.ts';
import { isBelow } from '../../wire/walk.ts';

/**
 * Signatures of one body and the texts of it that are redacted, by their keys: as soon as one is below the other, the signature does not
 * fit any more, whichever came first.
 */
export class SignedTexts {
  #redactedKeys: Set<string> | undefined;
  #signedKeys: Set<string> | undefined;

  /** The text of `key` does not leave as it came. Whether that breaks a signature. */
  redact(key: string): boolean {
    this.#redactedKeys ??= new Set();
    this.#redactedKeys.add(key);
    return this.#signedKeys?.values().some((signed) => isBelow(key, signed)) === true;
  }

  /** False: there are too many of them, and this one is not remembered. */
  sign({ key }: Signature): boolean {
    this.#signedKeys ??= new Set();
    if (this.#signedKeys.size >= FIXED.lanes) return false;
    this.#signedKeys.add(key);
    return true;
  }

  isBroken({ key }: Signature): boolean {
    return this.#redactedKeys?.values().some((redacted) => isBelow(redacted, key)) === true;
  }

  get hasRedactions(): boolean {
    return this.#redactedKeys !== undefined;
  }
}
