import { FIXED } from '../lib/limits.ts';
import type { Alphabet } from './alphabet.ts';
import { has } from './charset.ts';
import type { Nfa } from './nfa.ts';
import type { Assertion } from './pattern.ts';

/**
 * A deterministic automaton whose states are made when first needed. A state is the set of nodes that wait for the next unit, and what the
 * unit before was (assertions look at both sides). States are shared by all scans; when there are too many, the table starts afresh and
 * a scan goes on from the state it holds.
 *
 * `fresh: true` lets every pattern begin at every unit (the union of all rules: what is alive, what may have matched);
 * `fresh: false` lets them begin only where the run begins (one rule from one start: its exact ends).
 */
export interface Automaton {
  /** The state before the first unit of a lane, or after a unit outside any match. */
  initial(before: Before): State;
  /** The transition table; read it again after each `extend`, which may replace it. */
  table(): Int32Array;
  /** Number of a state in the table now; gives it a row when a fresh start of the table has dropped it. */
  rowOf(state: State): number;
  stateAt(row: number): State;
  /** Fills one entry of the table and gives it. `row` may be stale afterwards: take the next row from the entry. */
  extend(row: number, unitClass: number): number;
  /** The patterns that match if the text ends in this state. */
  acceptedAtEnd(state: State): readonly number[];
  /** How many states there are now. */
  size(): number;
}

/** What stands before a position. */
export type Before = 'start' | 'word' | 'other';

export interface State {
  /** Waiting nodes, sorted: units, and assertions that the next unit decides. */
  readonly nodes: readonly number[];
  readonly before: Before;
  /** Patterns that may have ended with the unit that led here, or before it. */
  readonly accepted: readonly number[];
  /** Longest match, in units, of the patterns that are alive here; 0 when none is. */
  readonly longestAlive: number;
  row: number;
  generation: number;
}

/** Entries: -1 unknown, else `row << 3 | flags`. A row number is premultiplied by the number of classes. */
export const ACCEPTS_BEFORE = 1; // a pattern ended before the unit just read (it needed the unit to decide a boundary)
export const ACCEPTS_AFTER = 2; // a pattern ended with the unit just read
export const DEAD = 4; // nothing is alive after the unit just read
export const ENTRY_FLAGS = 7;
export const ROW_SHIFT = 3;

interface Closure {
  readonly units: readonly number[];
  readonly waiting: readonly number[];
  readonly accepted: readonly number[];
}

type After = 'word' | 'other' | 'end';

export function createAutomaton({
  nfa,
  alphabet,
  fresh,
  longest,
}: {
  nfa: Nfa;
  alphabet: Alphabet;
  fresh: boolean;
  longest: readonly number[];
}): Automaton {
  const width = alphabet.classCount;
  const members = classMembership(nfa, alphabet);
  let states: State[] = [];
  let byKey = new Map<string, State>();
  let table = new Int32Array(64 * width).fill(-1);
  let generation = 0;
  const entryNodes = close(nfa.starts);
  const idle = (['other', 'word', 'start'] as const).map((before) => intern({ nodes: fresh ? [] : entry(), before, accepted: [] }));

  return {
    initial: (before) => idle[before === 'other' ? 0 : before === 'word' ? 1 : 2]!,
    table: () => table,
    rowOf: (state) => (state.generation === generation ? state.row : intern(state).row),
    stateAt: (row) => states[row / width]!,
    extend,
    acceptedAtEnd: (state) => step(state, 'end').accepted,
    size: () => states.length,
  };

  function entry(): number[] {
    return [...entryNodes.units, ...entryNodes.waiting].sort((a, b) => a - b);
  }

  function intern({ nodes, before, accepted }: Pick<State, 'nodes' | 'before' | 'accepted'>): State {
    const key = keyOf({ nodes, before, accepted });
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const row = states.length * width;
    if (row + width > table.length) grow();
    const state: State = {
      nodes,
      before,
      accepted,
      row,
      generation,
      longestAlive: nodes.reduce((most, node) => Math.max(most, longest[nfa.nodes[node]!.pattern]!), 0),
    };
    states.push(state);
    byKey.set(key, state);
    return state;
  }

  function grow(): void {
    const larger = new Int32Array(table.length * 2).fill(-1);
    larger.set(table);
    table = larger;
  }

  /** Drops every state but the idle ones. Scans keep the state objects they hold and get new rows through `rowOf`. */
  function startAfresh(): void {
    generation++;
    states = [];
    byKey = new Map();
    table = new Int32Array(64 * width).fill(-1);
    for (const state of idle) {
      state.row = states.length * width;
      state.generation = generation;
      states.push(state);
      byKey.set(keyOf(state), state);
    }
  }

  function extend(row: number, unitClass: number): number {
    const from = states[row / width]!;
    const { accepted: endedBefore, units } = step(from, alphabet.isWord[unitClass]! ? 'word' : 'other');
    const targets = units.filter((node) => members[node]![unitClass] === 1).map((node) => (nfa.nodes[node] as { next: number }).next);
    const after = close(targets);
    const nodes = [...new Set([...after.units, ...after.waiting])].sort((a, b) => a - b);
    if (states.length >= FIXED.automatonStates) startAfresh();
    const fromRow = from.generation === generation ? from.row : intern(from).row;
    const accepted = [...new Set([...endedBefore, ...after.accepted])].sort((a, b) => a - b);
    const to = intern({ nodes, before: alphabet.isWord[unitClass]! ? 'word' : 'other', accepted });
    const value =
      (to.row << ROW_SHIFT) |
      (endedBefore.length > 0 ? ACCEPTS_BEFORE : 0) |
      (after.accepted.length > 0 ? ACCEPTS_AFTER : 0) |
      (nodes.length === 0 ? DEAD : 0);
    table[fromRow + unitClass] = value;
    return value;
  }

  /** The nodes that can take the next unit, once the assertions of a state are decided by what comes, and what ends here because of it. */
  function step(state: State, next: After): Closure {
    const units = new Set<number>();
    const ended = new Set<number>();
    const seen = new Set<number>();
    const stack = fresh ? [...state.nodes, ...entryNodes.units, ...entryNodes.waiting] : [...state.nodes];
    while (stack.length > 0) {
      const index = stack.pop()!;
      if (seen.has(index)) continue;
      seen.add(index);
      const node = nfa.nodes[index]!;
      if (node.kind === 'unit') units.add(index);
      else if (node.kind === 'accept') ended.add(node.pattern);
      else if (node.kind === 'split') stack.push(...node.next);
      else if (holds(node.what, state.before, next)) stack.push(node.next);
    }
    return { units: [...units], waiting: [], accepted: [...ended] };
  }

  /** Follows edges without a character, as far as no assertion stands in the way. */
  function close(from: readonly number[]): Closure {
    const units: number[] = [];
    const waiting: number[] = [];
    const ended = new Set<number>();
    const seen = new Set<number>();
    const stack = [...from];
    while (stack.length > 0) {
      const index = stack.pop()!;
      if (seen.has(index)) continue;
      seen.add(index);
      const node = nfa.nodes[index]!;
      if (node.kind === 'unit') units.push(index);
      else if (node.kind === 'assert') waiting.push(index);
      else if (node.kind === 'split') stack.push(...node.next);
      else ended.add(node.pattern);
    }
    return { units, waiting, accepted: [...ended] };
  }
}

const keyOf = ({ nodes, before, accepted }: Pick<State, 'nodes' | 'before' | 'accepted'>): string =>
  `${before}:${nodes.join()}:${accepted.join()}`;

function holds(what: Assertion, before: Before, after: After): boolean {
  switch (what) {
    case 'boundary':
      return (before === 'word') !== (after === 'word');
    case 'not-boundary':
      return (before === 'word') === (after === 'word');
    case 'start':
      return before === 'start';
    case 'end':
      return after === 'end';
  }
}

/** For each unit node, which classes its set has. Sets are shared, so the rows are too. */
function classMembership(nfa: Nfa, alphabet: Alphabet): (Uint8Array | undefined)[] {
  const rows = new Map<string, Uint8Array>();
  return nfa.nodes.map((node) => {
    if (node.kind !== 'unit') return undefined;
    const key = node.set.join();
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row = Uint8Array.from(alphabet.sample, (unit) => (has(node.set, unit) ? 1 : 0));
    rows.set(key, row);
    return row;
  });
}
