import { foldText } from '../../detect/views/fold.ts';

/** Shortest name, in UTF-16 units, in which one edit still makes a look-alike: shorter ones are each other's neighbours by chance. */
const EDITED_UNITS_MIN = 6;
/** A longer name is compared whole: nobody mistakes it by one letter. */
const EDITED_UNITS_MAX = 128;

/** Names, and those among them that a reader takes for one that is asked. Grows name by name, and forgets none. */
export interface LookAlikes {
  /** A name that is known costs nothing more. */
  add(name: string): void;
  /**
   * Those that are equal when look-alike letters, case and separators (`_`, `-`, `.`, blank) count for nothing, or one edit away from that;
   * the name itself with them.
   */
  of(name: string): readonly string[];
  readonly size: number;
}

export function createLookAlikes(): LookAlikes {
  const skeletons = new Map<string, string>();
  const byKey = new Map<string, string[]>();
  return {
    get size() {
      return skeletons.size;
    },
    add(name) {
      if (skeletons.has(name)) return;
      const bones = skeleton(name);
      skeletons.set(name, bones);
      for (const key of keysOf(bones)) {
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, [name]);
        else known.push(name);
      }
    },
    of(name) {
      const asked = skeleton(name);
      const candidates = new Set(askedKeys(asked).flatMap((key) => byKey.get(key) ?? []));
      return [...candidates].filter((one) => isAlike(asked, skeletons.get(one)!));
    },
  };
}

function skeleton(name: string): string {
  return Array.from(foldText(name).toLowerCase())
    .filter((letter) => !SEPARATORS.has(letter))
    .join('');
}

const SEPARATORS: ReadonlySet<string> = new Set(['_', '-', '.', ' ', '/', ':']);

/**
 * The halves of a text. One edit leaves one of them as it was: the first when it is made behind it, else the second. So a text is found by
 * either, and two keys are enough for each name.
 */
function keysOf(text: string): readonly string[] {
  const half = text.length >> 1;
  return [`${text.length}<${text.slice(0, half)}`, `${text.length}>${text.slice(half)}`];
}

/** The keys of texts that have this one's beginning or its end, and one unit less, as many, or one more. */
function askedKeys(text: string): readonly string[] {
  return [text.length - 1, text.length, text.length + 1].flatMap((length) => {
    const half = length >> 1;
    return length < 0 ? [] : [`${length}<${text.slice(0, half)}`, `${length}>${text.slice(Math.max(0, text.length - (length - half)))}`];
  });
}

function isAlike(a: string, b: string): boolean {
  if (a === b) return true;
  const longest = Math.max(a.length, b.length);
  return Math.min(a.length, b.length) >= EDITED_UNITS_MIN && longest <= EDITED_UNITS_MAX && isOneEdit(a, b);
}

/** One unit more, less or another. */
function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
