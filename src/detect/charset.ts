/**
 * Sets of code points as sorted, disjoint, inclusive ranges: `[lo, hi, lo, hi, …]`. Immutable.
 * Everything a pattern can say about characters becomes one of these before any automaton or RE2 sees it, so both agree on it.
 */
export type CharSet = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const EVERYTHING: CharSet = [0, MAX_CODE_POINT];
export const NOTHING: CharSet = [];

/** The union of ranges in any order, overlapping or not: pairs of `[lo, hi]`. */
export function charSet(pairs: readonly (readonly [number, number])[]): CharSet {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of sorted) {
    const last = out.length - 1;
    if (last > 0 && lo <= out[last]! + 1) out[last] = Math.max(out[last]!, hi);
    else out.push(lo, hi);
  }
  return out;
}

export function union(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? sets[0]! : charSet(sets.flatMap(ranges));
}

export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let next = 0;
  for (const [lo, hi] of ranges(set)) {
    if (lo > next) out.push(next, lo - 1);
    next = hi + 1;
  }
  if (next <= MAX_CODE_POINT) out.push(next, MAX_CODE_POINT);
  return out;
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  return complement(union([complement(a), complement(b)]));
}

export function has(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < set[2 * middle]!) high = middle - 1;
    else if (codePoint > set[2 * middle + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}

/** Whether every member of `a` is in `b`. */
export function isSubset(a: CharSet, b: CharSet): boolean {
  return intersection(a, complement(b)).length === 0;
}

/** The set as `[lo, hi]` pairs. */
export function ranges(set: CharSet): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) out.push([set[i]!, set[i + 1]!]);
  return out;
}

/** How many code points the set has. */
export function size(set: CharSet): number {
  return ranges(set).reduce((sum, [lo, hi]) => sum + hi - lo + 1, 0);
}

export const DIGIT: CharSet = [0x30, 0x39];
export const ASCII_WORD: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** ECMAScript `\s`. */
export const SPACE: CharSet = charSet([
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
/** ECMAScript line terminators: what `.` leaves out without the `s` flag. */
export const LINE_END: CharSet = [10, 10, 13, 13, 0x2028, 0x2029];

/** Code points that a Unicode property names. The property comes from a pattern, never from traffic; one code point at a time is tested. */
export function propertySet(name: string): CharSet {
  return collect(new RegExp(`\\p{${name}}`, 'u'), MAX_CODE_POINT);
}

/**
 * What `\b` takes for a word character: letters, digits, marks and `_` of the basic plane, without the variation selectors (which would
 * let an invisible character hide a boundary). Astral letters count as non-words, because a scan sees UTF-16 units.
 */
export const WORD: CharSet = intersection(collect(/[\p{L}\p{N}\p{M}_]/u, 0xffff), complement([0xfe00, 0xfe0f]));

function collect(test: RegExp, upTo: number): CharSet {
  const out: number[] = [];
  let open = false;
  for (let codePoint = 0; codePoint <= upTo; codePoint++) {
    const inside = test.test(String.fromCodePoint(codePoint));
    if (inside && !open) out.push(codePoint);
    if (!inside && open) out.push(codePoint - 1);
    open = inside;
  }
  if (open) out.push(upTo);
  return out;
}

const FOLDS = foldOrbits();

/** The set with every character that differs from a member only in case (simple Unicode folding, as RE2 does: `ſ` and `K` included). */
export function foldCase(set: CharSet): CharSet {
  const extra: [number, number][] = [];
  const add = (orbit: readonly number[]): void => {
    for (const member of orbit) extra.push([member, member]);
  };
  if (size(set) <= 64) {
    for (const [lo, hi] of ranges(set)) for (let c = lo; c <= hi; c++) add(FOLDS.get(c) ?? []);
  } else {
    for (const [codePoint, orbit] of FOLDS) if (has(set, codePoint)) add(orbit);
  }
  return extra.length === 0 ? set : charSet([...ranges(set), ...extra]);
}

/** Characters grouped by what they fold to. The two Turkic i's are left alone, as simple folding does. */
function foldOrbits(): ReadonlyMap<number, readonly number[]> {
  const orbits = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    const merged = [...new Set([...(orbits.get(a) ?? [a]), ...(orbits.get(b) ?? [b])])];
    for (const member of merged) orbits.set(member, merged);
  };
  for (let codePoint = 0x41; codePoint <= 0x1e943; codePoint++) {
    if (codePoint === 0x130 || codePoint === 0x131) continue;
    if (codePoint === 0x3400) codePoint = 0xa640; // ideographs and Hangul have no case
    if (codePoint === 0xac00) codePoint = 0xfb00;
    const char = String.fromCodePoint(codePoint);
    for (const other of [char.toLowerCase(), char.toUpperCase()]) {
      const target = other.codePointAt(0)!;
      if (target !== codePoint && other.length === String.fromCodePoint(target).length) join(codePoint, target);
    }
  }
  return orbits;
}
