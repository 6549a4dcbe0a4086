/** Under which words are hashed: 64 bits that nobody outside a process knows. Hashes of different keys have nothing in common. */
export interface WordKey {
  readonly low: number;
  readonly high: number;
}

/** Where nobody who chooses texts meets the hashes: tests and measurements. */
export const OPEN_KEY: WordKey = { low: 0, high: 0 };

/** A hash that is told UTF-16 units one by one. */
export interface WordHash {
  add(unit: number): void;
  /** A whole number below 2^53; the next unit begins another word. */
  end(): number;
}

/**
 * HalfSipHash-2-4 (J.-P. Aumasson, https://github.com/veorq/SipHash) over pairs of units, 53 of its 64 bits: who does not know the key cannot
 * search for a word that counts as another one.
 */
export function createWordHash({ low, high }: WordKey): WordHash {
  let [v0, v1, v2, v3] = [0, 0, 0, 0];
  let pending = 0;
  let units = 0;

  function begin(): void {
    v0 = low;
    v1 = high ^ 0xee;
    v2 = low ^ 0x6c79_6765;
    v3 = high ^ 0x7465_6462;
    pending = 0;
    units = 0;
  }

  function mix(rounds: number): void {
    for (let round = 0; round < rounds; round++) {
      v0 = (v0 + v1) | 0;
      v1 = turned(v1, 5) ^ v0;
      v0 = turned(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = turned(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = turned(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = turned(v1, 13) ^ v2;
      v2 = turned(v2, 16);
    }
  }

  function take(word: number): void {
    v3 ^= word;
    mix(2);
    v0 ^= word;
  }

  begin();
  return {
    add(unit) {
      if ((units++ & 1) === 0) pending = unit;
      else take(pending | (unit << 16));
    },
    end() {
      take(((units & 0xff) << 24) | ((units & 1) === 1 ? pending : 0));
      v2 ^= 0xee;
      mix(4);
      const first = (v1 ^ v3) >>> 0;
      v1 ^= 0xdd;
      mix(4);
      const hash = ((v1 ^ v3) & 0x1f_ffff) * 0x1_0000_0000 + first;
      begin();
      return hash;
    },
  };
}

const turned = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
