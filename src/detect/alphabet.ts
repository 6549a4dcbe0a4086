import { type CharSet, has, ranges, WORD } from './charset.ts';

/** UTF-16 units grouped into classes: units of one class are in the same sets, so an automaton needs one column for all of them. */
export interface Alphabet {
  readonly classCount: number;
  /** Class of each of the 65,536 units. */
  readonly classOf: UnitTable;
  /** What the units of a class are to an assertion. */
  readonly kindOf: readonly UnitKind[];
  /** Some unit of the class: stands for all of them when a set is asked. */
  readonly sample: readonly number[];
}

/** A number for each of the 65,536 units; bytes where all numbers are below 256. */
export type UnitTable = Uint8Array | Uint16Array;

/** A word character for `\b`, half of a surrogate pair, or neither. */
export type UnitKind = 'word' | 'lead' | 'trail' | 'other';

const LEADS: CharSet = [0xd800, 0xdbff];
const TRAILS: CharSet = [0xdc00, 0xdfff];

/** The coarsest grouping that tells the given sets and the kinds of units apart. */
export function buildAlphabet(sets: readonly CharSet[]): Alphabet {
  const distinct = [WORD, LEADS, TRAILS, ...new Map(Array.from(new Set(sets), (set) => [set.join(), set])).values()];
  const borders = [...new Set([0, ...distinct.flatMap((set) => ranges(set).flatMap(([lo, hi]) => [lo, hi + 1]))])]
    .filter((at) => at <= 0xffff)
    .sort((a, b) => a - b);
  const { groupOf, sample } = groupUnits(borders, distinct);
  const classOf = sample.length <= 256 ? new Uint8Array(0x10000) : new Uint16Array(0x10000);
  borders.forEach((from, i) => {
    classOf.fill(groupOf[i]!, from, borders[i + 1] ?? 0x10000);
  });
  return { classCount: sample.length, classOf, sample, kindOf: sample.map(kindOfUnit) };
}

/** The classes of an alphabet as far as the given sets and the kinds of units tell them apart: the columns of one automaton. */
export function groupClasses(alphabet: Alphabet, sets: readonly CharSet[]): { columnOf: Uint16Array; columns: Column[] } {
  const classes = alphabet.sample.map((unit, index) => ({ unit, index })).sort((a, b) => a.unit - b.unit);
  const units = classes.map(({ unit }) => unit);
  const { groupOf, sample } = byFrequency(units, groupUnits(units, [WORD, LEADS, TRAILS, ...sets]));
  const columnOf = new Uint16Array(alphabet.classCount);
  classes.forEach(({ index }, i) => {
    columnOf[index] = groupOf[i]!;
  });
  const inside = new Uint8Array(sample.length * sets.length); // one for all: many columns have few sets
  const columns = sample.map(
    (unit, i): Column => ({ kind: kindOfUnit(unit), inside: inside.subarray(i * sets.length, (i + 1) * sets.length) }),
  );
  sets.forEach((set, number) => {
    for (const i of members(units, set)) columns[groupOf[i]!]!.inside[number] = 1;
  });
  return { columnOf, columns };
}

/** What most texts are made of, the most frequent unit first. */
const FREQUENT = ' etaoinsrhldcumfpgwybvk.,ETAOINSRHLDCUMFPGWYBVK-\n0123456789:/"\'()xjqz_';

/** Numbers the groups by how often text has their units: what is read of most rows then stands in the same few lines of the cache. */
function byFrequency(units: readonly number[], { groupOf, sample }: Groups): Groups {
  const indexOf = new Map(units.map((unit, i) => [unit, i]));
  const frequent = [...FREQUENT].flatMap((letter) => indexOf.get(letter.charCodeAt(0)) ?? []).map((i) => groupOf[i]!);
  const order = [...new Set([...frequent, ...sample.keys()])];
  const numberOf = new Int32Array(order.length);
  order.forEach((group, number) => {
    numberOf[group] = number;
  });
  return { groupOf: groupOf.map((group) => numberOf[group]!), sample: order.map((group) => sample[group]!) };
}

/** Units that one automaton need not tell apart. */
export interface Column {
  readonly kind: UnitKind;
  /** 1 for each of the sets that has these units, in the order they were given. */
  readonly inside: Uint8Array;
}

/** Numbers columns by which of some sets have their units: from 1 on, those that no set tells apart alike; 0 for columns of other kinds. */
export function groupColumns(
  columns: readonly Column[],
  { kind, sets }: { readonly kind: UnitKind; readonly sets: readonly number[] },
): Uint16Array {
  const numbers = new Map<string, number>();
  const key = Buffer.alloc(sets.length);
  return Uint16Array.from(columns, (column) => {
    if (column.kind !== kind) return 0;
    for (let i = 0; i < sets.length; i++) key[i] = column.inside[sets[i]!]!;
    const members = key.toString('latin1');
    const number = numbers.get(members) ?? numbers.size + 1;
    numbers.set(members, number);
    return number;
  });
}

function kindOfUnit(unit: number): UnitKind {
  if (has(WORD, unit)) return 'word';
  if (has(LEADS, unit)) return 'lead';
  return has(TRAILS, unit) ? 'trail' : 'other';
}

/** The number of each unit's group, and some unit of each. */
interface Groups {
  readonly groupOf: Int32Array;
  readonly sample: readonly number[];
}

/** Groups units, given in ascending order, by which sets they are in. `sample` is some unit of each group. */
function groupUnits(units: readonly number[], sets: readonly CharSet[]): Groups {
  const groupOf = new Int32Array(units.length);
  const sizes = [units.length];
  for (const set of new Map(sets.map((one) => [one.join(), one])).values()) splitGroups(members(units, set), groupOf, sizes);
  const sample: number[] = new Array(sizes.length).fill(0);
  units.forEach((unit, i) => {
    sample[groupOf[i]!] = unit;
  });
  return { groupOf, sample };
}

/** Moves the units at some indexes into groups of their own, where others of their group stay behind. */
function splitGroups(indexes: readonly number[], groupOf: Int32Array, sizes: number[]): void {
  const inside = new Map<number, number>();
  for (const i of indexes) inside.set(groupOf[i]!, (inside.get(groupOf[i]!) ?? 0) + 1);
  const movesTo = new Map<number, number>();
  for (const [group, count] of inside) {
    if (count === sizes[group]) continue;
    sizes[group]! -= count;
    movesTo.set(group, sizes.push(count) - 1);
  }
  if (movesTo.size > 0) for (const i of indexes) groupOf[i] = movesTo.get(groupOf[i]!) ?? groupOf[i]!;
}

/** Indexes of the units, given in ascending order, that the set has. */
function members(units: readonly number[], set: CharSet): number[] {
  const out: number[] = [];
  for (let range = 0; range < set.length; range += 2)
    for (let i = firstFrom(units, set[range]!); i < units.length && units[i]! <= set[range + 1]!; i++) out.push(i);
  return out;
}

/** Index of the first unit that is not below `from`. */
function firstFrom(units: readonly number[], from: number): number {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (units[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
