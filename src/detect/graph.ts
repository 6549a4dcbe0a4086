import type { CharSet } from './charset.ts';
import type { Nfa, UnitAssertion } from './nfa.ts';

/** The nodes of an `Nfa` in typed arrays, as small as their numbers allow: as objects they would be most of what a policy holds in memory. */
export interface Graph {
  /** First node of each pattern, by pattern number. */
  readonly starts: readonly number[];
  /** `UNIT`, `SPLIT`, `ACCEPT` or `ASSERT`. */
  readonly kinds: Uint8Array;
  readonly patterns: Numbers;
  /** Where a node leads to; of a split, where its `ways` begin. */
  readonly next: Numbers;
  /** Of each split, to how many nodes it leads, and to which. */
  readonly ways: Numbers;
  /** Of a unit node the number of its set, of an assertion its own in `ASSERTIONS`. */
  readonly setOf: Numbers;
  /** Each set once. */
  readonly sets: readonly CharSet[];
  /**
   * For a node in a copy of a loosened repetition, how many nodes before it the one stands that replaces it when both wait; 0 for none.
   * Empty where no node has one.
   */
  readonly further: Numbers;
}

export type Numbers = Uint8Array | Uint16Array | Int32Array;

export const UNIT = 0;
export const SPLIT = 1;
export const ACCEPT = 2;
export const ASSERT = 3;
export const ASSERTIONS = ['boundary', 'not-boundary', 'start', 'end', 'between-characters'] as const satisfies readonly UnitAssertion[];

/** In which walk a node was last seen, whatever graph it is one of: no walk begins before another is over. */
export let seenIn = new Uint32Array(0);
let walks = 0;
const WALKS_MAX = 0xffff_ffff;

/** Number of a new walk over a graph: nothing in `seenIn` has it. */
export function beginWalk(): number {
  if (walks === WALKS_MAX) {
    seenIn.fill(0);
    walks = 0;
  }
  return ++walks;
}

export function createGraph({ nodes, starts, further }: Nfa): Graph {
  const kinds = new Uint8Array(nodes.length);
  const next: number[] = new Array(nodes.length).fill(0);
  const setOf: number[] = new Array(nodes.length).fill(0);
  const ways: number[] = [];
  const sets = createSetNumbers();
  nodes.forEach((node, i) => {
    if (node.kind === 'split') {
      kinds[i] = SPLIT;
      next[i] = ways.length;
      ways.push(node.next.length, ...node.next);
    } else if (node.kind === 'accept') kinds[i] = ACCEPT;
    else {
      kinds[i] = node.kind === 'unit' ? UNIT : ASSERT;
      next[i] = node.next;
      setOf[i] = node.kind === 'unit' ? sets.numberOf(node.set) : ASSERTIONS.indexOf(node.what);
    }
  });
  if (seenIn.length < nodes.length) seenIn = new Uint32Array(nodes.length);
  return {
    starts,
    kinds,
    patterns: numbers(nodes.map(({ pattern }) => pattern)),
    next: numbers(next),
    ways: numbers(ways),
    setOf: numbers(setOf),
    sets: sets.all,
    further: numbers(further.size === 0 ? [] : nodes.map((_, node) => node - (further.get(node) ?? node))),
  };
}

/** In as few bytes as the highest of them needs; none is negative. */
function numbers(values: readonly number[]): Numbers {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (most <= 0xff) return Uint8Array.from(values);
  return most <= 0xffff ? Uint16Array.from(values) : Int32Array.from(values);
}

/** Numbers for sets, the same one for equal sets. */
function createSetNumbers(): { readonly all: readonly CharSet[]; numberOf(set: CharSet): number } {
  const all: CharSet[] = [];
  const numberOf = new Map<string, number>();
  const numberOfSame = new Map<CharSet, number>();
  return {
    all,
    numberOf(set) {
      const same = numberOfSame.get(set);
      if (same !== undefined) return same;
      const key = set.join();
      const number = numberOf.get(key) ?? all.push(set) - 1;
      numberOf.set(key, number);
      numberOfSame.set(set, number);
      return number;
    },
  };
}
