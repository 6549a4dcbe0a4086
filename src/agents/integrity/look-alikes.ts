import { foldText } from '../../detect/views/fold.ts';

/** Shortest name, in UTF-16 units, in which one edit still makes a look-alike: shorter ones are each other's neighbours by chance. */
const EDITED_UNITS_MIN = 6;
/** A longer name is compared whole: nobody mistakes it by one letter. */
const EDITED_UNITS_MAX = 128;

/**
 * Finds things by names that a reader takes for the one asked: equal when look-alike letters, case and separators (`_`, `-`, `.`, blank)
 * count for nothing, or one edit away from that.
 */
export function createLookAlikes<Item>(items: readonly Item[], nameOf: (item: Item) => string): (name: string) => readonly Item[] {
  const byKey = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keysOf(skeleton(nameOf(item)))) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [item]);
      else known.push(item);
    }
  }
  return (name) => {
    const asked = skeleton(name);
    const candidates = new Set(keysOf(asked).flatMap((key) => byKey.get(key) ?? []));
    return [...candidates].filter((item) => isAlike(asked, skeleton(nameOf(item))));
  };
}

function skeleton(name: string): string {
  return Array.from(foldText(name).toLowerCase())
    .filter((letter) => !SEPARATORS.has(letter))
    .join('');
}

const SEPARATORS: ReadonlySet<string> = new Set(['_', '-', '.', ' ', '/', ':']);

/** The text, and each text with one unit of it left out: two texts that are one edit apart have one of them in common. */
function keysOf(text: string): readonly string[] {
  if (text.length + 1 < EDITED_UNITS_MIN || text.length > EDITED_UNITS_MAX) return [text];
  return [...new Set([text, ...Array.from({ length: text.length }, (_, at) => text.slice(0, at) + text.slice(at + 1))])];
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
