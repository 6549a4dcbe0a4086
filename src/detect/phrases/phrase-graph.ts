import { type CharSet, has } from '../charset.ts';
import { ACCEPT, ASSERT, ASSERTIONS, beginWalk, createGraph, type Graph, seenIn, UNIT } from '../graph.ts';
import { buildNfa, type UnitAssertion } from '../nfa.ts';
import type { Pattern } from '../pattern.ts';
import { foldPattern } from '../views/fold-pattern.ts';
import { isWordUnit } from './words.ts';

/** A graph of one pattern, and what its nodes ask of units. */
export interface PhraseGraph extends Pick<Graph, 'starts' | 'kinds' | 'next' | 'ways' | 'setOf' | 'sets'> {
  readonly ignoresCase: boolean;
  takes(node: number, unit: number): boolean;
  /** Whether an assertion holds between two units. */
  holds(node: number, last: UnitKind, next: UnitKind): boolean;
  /** Follows edges without a character, and assertions that are known to hold: none, unless told. Empties the list it is given. */
  close(from: number[], holds?: (node: number) => boolean): Closed;
}

/** Nodes that wait for a unit or for what decides an assertion, ascending, and whether a match may end before it. */
export interface Closed {
  readonly nodes: readonly number[];
  readonly accepts: boolean;
}

export function phraseGraph(pattern: Pattern): PhraseGraph {
  const { starts, kinds, next, ways, setOf, sets } = createGraph(buildNfa([foldPattern(pattern).root], 'exact'));
  const ascii = sets.map(asciiOf);
  return {
    starts,
    kinds,
    next,
    ways,
    setOf,
    sets,
    ignoresCase: ascii.every(ignoresCase),
    takes: (node, unit) => (unit < 128 ? ascii[setOf[node]!]![unit] === 1 : has(sets[setOf[node]!]!, unit)),
    holds: (node, last, unit) => isTrue(ASSERTIONS[setOf[node]!]!, last, unit),
    close,
  };

  function close(from: number[], holds: (node: number) => boolean = () => false): Closed {
    const nodes: number[] = [];
    let accepts = false;
    const walk = beginWalk();
    while (from.length > 0) {
      const node = from.pop()!;
      if (seenIn[node] === walk) continue;
      seenIn[node] = walk;
      switch (kinds[node]) {
        case UNIT:
          nodes.push(node);
          break;
        case ACCEPT:
          accepts = true;
          break;
        case ASSERT:
          if (holds(node)) from.push(next[node]!);
          else nodes.push(node);
          break;
        default: {
          const split = next[node]!;
          for (let way = 1; way <= ways[split]!; way++) from.push(ways[split + way]!);
        }
      }
    }
    return { nodes: nodes.sort((a, b) => a - b), accepts };
  }
}

/** A phrase that asks for the start or the end of a lane is not read by words. */
function isTrue(what: UnitAssertion, last: UnitKind, next: UnitKind): boolean {
  switch (what) {
    case 'boundary':
      return (last === WORD) !== (next === WORD);
    case 'not-boundary':
      return (last === WORD) === (next === WORD);
    case 'between-characters':
      return last !== LEAD || next !== TRAIL;
    case 'start':
    case 'end':
      return false;
  }
}

function asciiOf(set: CharSet): Uint8Array {
  const known = ASCII.get(set);
  if (known !== undefined) return known;
  const table = new Uint8Array(128);
  for (let i = 0; i < set.length && set[i]! < 128; i += 2) table.fill(1, set[i]!, Math.min(128, set[i + 1]! + 1));
  ASCII.set(set, table);
  return table;
}

/** Phrases share most of their sets. */
const ASCII = new WeakMap<CharSet, Uint8Array>();

/** Whether both cases of each ASCII letter are members, or neither is. */
function ignoresCase(members: Uint8Array): boolean {
  return members.subarray(0x41, 0x5b).every((member, i) => member === members[0x61 + i]);
}

/** What an assertion asks about a unit: one of a word, the first half of a surrogate pair, the second, or another. */
export type UnitKind = typeof OTHER | typeof WORD | typeof LEAD | typeof TRAIL;
const [OTHER, WORD, LEAD, TRAIL] = [0, 1, 2, 3] as const;

export { OTHER, WORD };

export function kindOf(unit: number): UnitKind {
  if (unit === 0x5f || isWordUnit(unit)) return WORD;
  if (unit < 0xd800 || unit > 0xdfff) return OTHER;
  return unit < 0xdc00 ? LEAD : TRAIL;
}
