import { type CharSet, has, intersection, ranges } from './charset.ts';
import type { Assertion, PatternNode } from './pattern.ts';

/**
 * Many patterns as one graph over UTF-16 units (Thompson's construction). A node is one of: a unit of a set, an assertion, or the
 * acceptance of a pattern; edges without a character are followed when a state is built. Patterns speak of characters: a surrogate pair
 * is one, a surrogate without its other half reads as U+FFFD, and no match begins or ends inside a pair.
 */
export interface Nfa {
  readonly nodes: readonly NfaNode[];
  /** First node of each pattern, by pattern number. */
  readonly starts: readonly number[];
  /** For a node in a copy of a loosened repetition, the same node one copy further on: whatever goes on from here goes on from there. */
  readonly further: ReadonlyMap<number, number>;
}

export type NfaNode =
  | { readonly kind: 'unit'; readonly set: CharSet; next: number; readonly pattern: number }
  | { readonly kind: 'assert'; readonly what: UnitAssertion; next: number; readonly pattern: number }
  | { readonly kind: 'split'; readonly next: number[]; readonly pattern: number }
  | { readonly kind: 'accept'; readonly pattern: number };

/** What a graph can ask about a position: what patterns can, and whether it stands between characters, not inside a surrogate pair. */
export type UnitAssertion = Assertion | 'between-characters';

/**
 * `exact` keeps every counted repetition. `loose` turns a wide one (`isWide`) into a few copies and a star: it accepts more, so it may hold
 * text longer and point at too much, but it never misses, and it stays small.
 */
export type Precision = 'exact' | 'loose';

/**
 * `backward` reads matches from their ends to their starts. It asks for word boundaries only: what a backward graph accepts may begin
 * where the forward one, asking everything, finds nothing, never the other way round.
 */
export type Direction = 'forward' | 'backward';

/** Copies that a loosened repetition keeps at most: enough to tell a card number from a date, few because other rules begin inside. */
const LOOSE_COPIES = 8;

/** Longest repetition of single characters that keeps its count: a number, or what may stand between a label and what it names. */
const COUNTED_UNITS_MAX = 16;

/**
 * Whether a repetition is loosened: a long one, or one of several words or groups. With its upper bound gone, whoever has come furthest
 * stands for all that began later. With the bound, the states of the union are all the sets of counts, and digits in random groups make a
 * new state for every unit. A short one of single characters is better off with its bound: how long a run of digits is says how far all
 * numbers in it are, and a label is forgotten behind the last place where its value may begin; without, a long run of letters would have
 * a state for each set of labels that it has had.
 */
function isWide({ item, min, max }: { readonly item: PatternNode; readonly min: number; readonly max: number }): boolean {
  return item.kind === 'set' ? max > COUNTED_UNITS_MAX : max > 4 || max > Math.max(1, min);
}

export function buildNfa(patterns: readonly PatternNode[], precision: Precision, direction: Direction = 'forward'): Nfa {
  const nodes: NfaNode[] = [];
  const further = new Map<number, number>();
  const starts = patterns.map((root, pattern) => {
    const accept = push({ kind: 'accept', pattern });
    return build(root, accept, pattern);
  });
  return { nodes, starts, further };

  function push(node: NfaNode): number {
    nodes.push(node);
    return nodes.length - 1;
  }

  /** Adds the nodes that match `node` and then go on at `next`; gives the first of them. Built from the back. */
  function build(node: PatternNode, next: number, pattern: number): number {
    switch (node.kind) {
      case 'set':
        return buildSet(node.set, next, pattern);
      case 'assert':
        return buildAssertion(node.what, next, pattern);
      case 'cat':
        return buildSequence(node.items, next, pattern);
      case 'alt':
        return push({ kind: 'split', next: node.items.map((item) => build(item, next, pattern)), pattern });
      case 'repeat':
        return precision === 'loose' && isWide(node) ? buildLoose(node, next, pattern) : buildCounted(node, next, pattern);
    }
  }

  function buildSequence(items: readonly PatternNode[], next: number, pattern: number): number {
    const add = (after: number, item: PatternNode): number => build(item, after, pattern);
    return direction === 'forward' ? items.reduceRight(add, next) : items.reduce(add, next);
  }

  function buildAssertion(what: UnitAssertion, next: number, pattern: number): number {
    const readsBothWays = what === 'boundary' || what === 'not-boundary';
    return direction === 'forward' || readsBothWays ? push({ kind: 'assert', what, next, pattern }) : next;
  }

  /** Every copy has the same nodes in the same order, and the star stands last: that is how their nodes belong together. */
  function buildLoose({ item, min }: { item: PatternNode; min: number }, next: number, pattern: number): number {
    const star = buildStar(item, next, pattern);
    const [copied, size] = [nodes.length, nodes.length - 1 - star];
    const first = buildCopies(item, Math.min(min, LOOSE_COPIES), star, pattern);
    for (let node = copied; node < nodes.length; node++) further.set(node, node - size);
    return first;
  }

  function buildCopies(item: PatternNode, count: number, next: number, pattern: number): number {
    let first = next;
    for (let copy = 0; copy < count; copy++) first = build(item, first, pattern);
    return first;
  }

  function buildStar(item: PatternNode, next: number, pattern: number): number {
    const loop: number[] = [next];
    const split = push({ kind: 'split', next: loop, pattern });
    loop.push(build(item, split, pattern));
    return split;
  }

  function buildCounted({ item, min, max }: { item: PatternNode; min: number; max: number }, next: number, pattern: number): number {
    let first = next;
    for (let copy = min; copy < max; copy++) first = push({ kind: 'split', next: [next, build(item, first, pattern)], pattern });
    return buildCopies(item, min, first, pattern);
  }

  function buildSet(set: CharSet, next: number, pattern: number): number {
    const { units, pairs } = unitSetsOf(set);
    const ways = pairs.map((pair) => buildPair(pair, next, pattern));
    if (has(units, 0xfffd)) ways.push(buildLoneSurrogate(next, pattern));
    if (units.length > 0 || ways.length === 0) ways.push(push({ kind: 'unit', set: units, next, pattern }));
    return ways.length === 1 ? ways[0]! : push({ kind: 'split', next: ways, pattern });
  }

  function buildPair([lead, trail]: SurrogatePairs, next: number, pattern: number): number {
    const [first, last] = direction === 'forward' ? [lead, trail] : [trail, lead];
    const second = push({ kind: 'unit', set: last, next, pattern });
    return push({ kind: 'unit', set: first, next: second, pattern });
  }

  function buildLoneSurrogate(next: number, pattern: number): number {
    const after = buildAssertion('between-characters', next, pattern);
    const unit = push({ kind: 'unit', set: SURROGATES, next: after, pattern });
    return buildAssertion('between-characters', unit, pattern);
  }
}

const SURROGATES: CharSet = [0xd800, 0xdfff];

/** A set of characters as sets of units: those of the basic plane, and pairs for the rest. */
interface UnitSets {
  readonly units: CharSet;
  readonly pairs: readonly SurrogatePairs[];
}

const BASIC_PLANE: CharSet = [0, 0xd7ff, 0xe000, 0xffff];

/** One pair of them for each set: the copies of a repetition share theirs, and so do the patterns that share a set. */
function unitSetsOf(set: CharSet): UnitSets {
  const known = UNIT_SETS.get(set);
  if (known !== undefined) return known;
  const made = { units: isBasic(set) ? set : intersection(set, BASIC_PLANE), pairs: astralPairs(set) };
  UNIT_SETS.set(set, made);
  return made;
}

const UNIT_SETS = new WeakMap<CharSet, UnitSets>();

/** Whether a set has nothing but characters of one unit each. */
function isBasic(set: CharSet): boolean {
  for (let i = 0; i < set.length; i += 2) if (set[i + 1]! > 0xffff || (set[i]! <= 0xdfff && set[i + 1]! >= 0xd800)) return false;
  return true;
}

/** Leads that share their trails, as sets of units. */
type SurrogatePairs = readonly [lead: CharSet, trail: CharSet];

/** The astral part of a set. */
function astralPairs(set: CharSet): SurrogatePairs[] {
  return ranges(set)
    .filter(([, hi]) => hi > 0xffff)
    .flatMap(([lo, hi]) => pairsOfRange(Math.max(lo, 0x10000) - 0x10000, hi - 0x10000));
}

/** At most three: the rest of the first lead, the whole leads between, the beginning of the last. Both offsets count from U+10000. */
function pairsOfRange(from: number, to: number): SurrogatePairs[] {
  const [first, last] = [0xd800 + (from >> 10), 0xd800 + (to >> 10)];
  const [low, high] = [0xdc00 + (from & 0x3ff), 0xdc00 + (to & 0x3ff)];
  if (first === last)
    return [
      [
        [first, first],
        [low, high],
      ],
    ];
  const wholeFrom = low === 0xdc00 ? first : first + 1;
  const wholeTo = high === 0xdfff ? last : last - 1;
  const pairs: SurrogatePairs[] = [];
  if (wholeFrom > first)
    pairs.push([
      [first, first],
      [low, 0xdfff],
    ]);
  if (wholeFrom <= wholeTo)
    pairs.push([
      [wholeFrom, wholeTo],
      [0xdc00, 0xdfff],
    ]);
  if (wholeTo < last)
    pairs.push([
      [last, last],
      [0xdc00, high],
    ]);
  return pairs;
}
