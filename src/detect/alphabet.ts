import { type CharSet, ranges, WORD } from './charset.ts';

/** UTF-16 units grouped into classes: units of one class are in the same sets, so an automaton needs one column for all of them. */
export interface Alphabet {
  readonly classCount: number;
  /** Class of each of the 65,536 units. */
  readonly classOf: Uint16Array;
  /** The first 128 of them: small enough to stay in the processor's nearest cache. */
  readonly asciiClassOf: Uint16Array;
  /** Whether the units of a class are word characters for `\b`. */
  readonly isWord: readonly boolean[];
  /** Some unit of the class: stands for all of them when a set is asked. */
  readonly sample: readonly number[];
}

/** The coarsest grouping that tells the given sets and word characters apart. */
export function buildAlphabet(sets: readonly CharSet[]): Alphabet {
  const distinct = [...new Map([WORD, ...sets].map((set) => [set.join(), set])).values()];
  const borders = [...new Set([0, ...distinct.flatMap((set) => ranges(set).flatMap(([lo, hi]) => [lo, hi + 1]))])]
    .filter((at) => at <= 0xffff)
    .sort((a, b) => a - b);
  const classes = distinct.reduce(
    (grouping, set) => refine(grouping, borders, set),
    borders.map(() => 0),
  );
  const classCount = Math.max(...classes) + 1;
  const classOf = new Uint16Array(0x10000);
  const sample: number[] = new Array(classCount).fill(0);
  borders.forEach((from, i) => {
    classOf.fill(classes[i]!, from, borders[i + 1] ?? 0x10000);
    sample[classes[i]!] = from;
  });
  const word = new Set<number>();
  for (const [lo, hi] of ranges(WORD)) for (let unit = lo; unit <= hi; unit++) word.add(classOf[unit]!);
  return { classCount, classOf, asciiClassOf: classOf.slice(0, 128), sample, isWord: sample.map((_, index) => word.has(index)) };
}

/** Splits every class of the intervals that begin at `borders` into members and non-members of `set`. */
function refine(classes: readonly number[], borders: readonly number[], set: CharSet): number[] {
  const names = new Map<number, number>();
  let at = 0;
  return classes.map((old, i) => {
    const unit = borders[i]!;
    while (at < set.length && set[at + 1]! < unit) at += 2;
    const inside = at < set.length && set[at]! <= unit;
    const key = old * 2 + (inside ? 1 : 0);
    const name = names.get(key) ?? names.size;
    names.set(key, name);
    return name;
  });
}
