/**
 * Sets of code points as sorted, disjoint, inclusive ranges: `[lo, hi, lo, hi, …]`. Immutable.
 * Everything a pattern can say about characters becomes one of these before any automaton sees it.
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

/** For each of the 65,536 UTF-16 units, 1 when it is a character of the set. */
export function unitsOf(set: CharSet): Uint8Array {
  const members = new Uint8Array(0x10000);
  for (const [lo, hi] of ranges(set)) if (lo <= 0xffff) members.fill(1, lo, Math.min(hi, 0xffff) + 1);
  return members;
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

/** Where Unicode 17 has assigned characters (surrogates are none), */
const ASSIGNED: readonly (readonly [number, number])[] = [
  [0, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, 0x3ffff],
  [0xe0000, 0xe0fff],
];
/** and where all are alike: unassigned or for private use. The first stands for the rest. */
const UNIFORM: readonly (readonly [number, number])[] = [
  [0x40000, 0xdffff],
  [0xe1000, 0xeffff],
  [0xf0000, 0x10ffff],
];

/** Code points that a Unicode property names. The property comes from a pattern, never from traffic. */
export function propertySet(name: string): CharSet {
  return collect(new RegExp(`\\p{${name}}+`, 'gu'), MAX_CODE_POINT);
}

/**
 * What `\b` takes for a word character: letters, digits, marks and `_` of the basic plane, without the variation selectors (which would
 * let an invisible character hide a boundary). Astral letters count as non-words, because a scan sees UTF-16 units.
 */
export const WORD: CharSet = intersection(basicPlane(/[\p{L}\p{N}\p{M}_]+/gu), complement([0xfe00, 0xfe0f]));

/** Code points up to `upTo` in the matches of `runs`, which matches runs of single characters. */
function collect(runs: RegExp, upTo: number): CharSet {
  const assigned = ASSIGNED.filter(([lo]) => lo <= upTo).flatMap(([lo, hi]) => runsIn(runs, lo, Math.min(hi, upTo)));
  const uniform = UNIFORM.filter(([lo]) => lo <= upTo && runsIn(runs, lo, lo).length > 0);
  return charSet([...assigned, ...uniform]);
}

function runsIn(runs: RegExp, lo: number, hi: number): [number, number][] {
  const width = lo > 0xffff ? 2 : 1;
  const units = new Uint16Array((hi - lo + 1) * width);
  for (let codePoint = lo, at = 0; codePoint <= hi; codePoint++) {
    if (width === 2) units[at++] = 0xd7c0 + (codePoint >> 10);
    units[at++] = width === 2 ? 0xdc00 + (codePoint & 0x3ff) : codePoint;
  }
  const text = new TextDecoder('utf-16le').decode(units);
  return Array.from(text.matchAll(runs), ({ 0: run, index }) => [lo + index / width, lo + (index + run.length) / width - 1]);
}

/** Characters of the basic plane that a pattern names, which matches runs of single characters. */
export function basicPlane(runs: RegExp): CharSet {
  return collect(runs, 0xffff);
}

/** Runs of characters that have another case. */
export const CASED = /[\p{Changes_When_Lowercased}\p{Changes_When_Uppercased}]+/gu;

let foldsFound: ReadonlyMap<number, readonly number[]> | undefined;

/** Found when the first pattern without case is read. */
function folds(): ReadonlyMap<number, readonly number[]> {
  foldsFound ??= foldOrbits();
  return foldsFound;
}

/** The set with every character that differs from a member only in case (simple Unicode folding, as RE2 does: `ſ` and `K` included). */
export function foldCase(set: CharSet): CharSet {
  const orbits = folds();
  const extra: [number, number][] = [];
  const add = (orbit: readonly number[]): void => {
    for (const member of orbit) if (!has(set, member)) extra.push([member, member]);
  };
  if (size(set) <= 64) {
    for (const [lo, hi] of ranges(set)) for (let c = lo; c <= hi; c++) add(orbits.get(c) ?? []);
  } else {
    for (const [codePoint, orbit] of orbits) if (has(set, codePoint)) add(orbit);
  }
  return extra.length === 0 ? set : charSet([...ranges(set), ...extra]);
}

/**
 * Characters grouped by what they fold to. The two Turkic i's are left alone, as simple folding does. Two characters whose upper case is
 * the same longer text (`ﬅ` and `ﬆ`) are one.
 */
function foldOrbits(): ReadonlyMap<number, readonly number[]> {
  const orbits = new Map<number, number[]>();
  const firstOf = new Map<string, number>();
  const join = (a: number, b: number): void => {
    const merged = [...new Set([...(orbits.get(a) ?? [a]), ...(orbits.get(b) ?? [b])])];
    for (const member of merged) orbits.set(member, merged);
  };
  const cased = collect(CASED, 0x1ffff);
  for (const codePoint of ranges(cased).flatMap(([lo, hi]) => Array.from({ length: hi - lo + 1 }, (_, i) => lo + i))) {
    if (codePoint === 0x130 || codePoint === 0x131) continue;
    const char = String.fromCodePoint(codePoint);
    for (const other of [char.toLowerCase(), char.toUpperCase()]) {
      const isOne = other.length === char.length;
      const target = isOne ? other.codePointAt(0)! : firstOf.get(other);
      if (target === undefined) firstOf.set(other, codePoint);
      else if (target !== codePoint) join(codePoint, target);
    }
  }
  return orbits;
}
