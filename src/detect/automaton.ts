import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { type Alphabet, groupClasses, groupColumns, type UnitKind } from './alphabet.ts';
import { ACCEPT, ASSERTIONS, beginWalk, createGraph, type Graph, SPLIT, seenIn, UNIT } from './graph.ts';
import type { Nfa, UnitAssertion } from './nfa.ts';

/**
 * A deterministic automaton whose states are made when first needed. A state is the set of nodes that wait for the next unit, and what the
 * unit before was (assertions look at both sides). States are shared by all scans; when there are too many, the table starts afresh and
 * a scan goes on from the state it holds.
 */
export interface Automaton {
  /** Column of the table for each class of the alphabet: classes that these patterns do not tell apart share one. */
  readonly columnOf: Uint16Array;
  /** The state at the start of a lane, or after a unit outside any match. */
  initial(before: Before): State;
  /** The transition table; read it again after each `extend`, which may replace it. */
  table(): Int32Array;
  /**
   * Offset from a state's row to the number of its list of accepted patterns; states with equal lists have the same number until the table
   * starts afresh.
   */
  readonly acceptedColumn: number;
  /** Number of a state in the table now; gives it a row when a fresh start of the table has dropped it. */
  rowOf(state: State): number;
  stateAt(row: number): State;
  /** Fills one entry of the table and gives it. `row` may be stale afterwards: take the next row from the entry. */
  extend(row: number, column: number): number;
  /** The patterns that match if the text ends in this state. */
  acceptedAtEnd(state: State): readonly number[];
  /** How many states there are now. */
  size(): number;
  /**
   * Whether a reader should go on without this automaton: texts made of ever new combinations (digits in groups of any size) ask for a new
   * state with nearly every unit, and a state takes a thousand times as long to make as to pass through.
   */
  isSpent(): boolean;
  /** So many units were read, with it or without: for each `unitsPerState` one more state may be made. */
  earn(units: number): void;
  /** The same patterns when none of them begins any more; made when first asked for. Its rows are its own, its columns are the same. */
  aging(): Automaton;
  /** Its own state of what waits in one of the other automaton, without the patterns that are left out. */
  adopt(state: State, isLeftOut: (pattern: number) => boolean): State;
}

export interface AutomatonOptions {
  readonly nfa: Nfa;
  readonly alphabet: Alphabet;
  /**
   * True lets every pattern begin at every unit (the union of all rules: what is alive, what may have matched); false lets them begin only
   * where the run begins (one rule from one start: its exact ends).
   */
  readonly fresh: boolean;
  /** Longest match of each pattern, in units. */
  readonly longest: readonly number[];
  /** States kept before the table starts afresh. Default `FIXED.automatonStates`. */
  readonly statesMax?: number;
  /** States that may be made at once; see `isSpent`. Default `FIXED.stateAllowance`. */
  readonly stateAllowance?: number | undefined;
  /**
   * Units that are read for each state that is made, in the long run. Default: those that a search for one pattern after the other would
   * read in the time of a state. Who can do better without the automaton asks for more.
   */
  readonly unitsPerState?: number | undefined;
}

/** What stands before a position. Only what an assertion can ask: the second half of a pair counts as other. */
export type Before = 'start' | 'word' | 'lead' | 'other';

export const beforeOf = (kind: UnitKind): Before => (kind === 'trail' ? 'other' : kind);

export interface State {
  /** Waiting nodes, sorted: units, and assertions that the next unit decides. */
  readonly nodes: readonly number[];
  readonly before: Before;
  /** Patterns that may have ended with the unit that led here, or before it. */
  readonly accepted: readonly number[];
  /** Longest match, in units, of the patterns that are alive here; 0 when none is. */
  readonly longestAlive: number;
  /** Patterns that match if the text ends here; undefined until somebody asked. */
  acceptedAtEnd: readonly number[] | undefined;
  row: number;
  generation: number;
  /** Another state in the table with the same hash. */
  sameHash: State | undefined;
}

/** Entries: -1 unknown, else `row << 4 | flags`. A row number is premultiplied by the number of columns. */
export const ACCEPTS_BEFORE = 1; // a pattern ended before the unit just read (it needed the unit to decide a boundary)
export const ACCEPTS_AFTER = 2; // a pattern ended with the unit just read
export const ACCEPTS = ACCEPTS_BEFORE | ACCEPTS_AFTER;
export const DEAD = 4; // nothing is alive after the unit just read
export const RESTARTED = 8; // everything alive began with the unit just read: what came before it is decided
export const ROW_SHIFT = 4;

/** Nodes that all kept states may list together before the table starts afresh: 8 MB. */
const NODES_HELD_MAX = 1 << 20;

/** Units that one pattern is searched for in while a state is made: 15 ns each, and 5 to 20 µs (bench worst, by CPU time). */
const UNITS_PER_STATE_AND_PATTERN = 800;
/** Units that are read for each state that is made where little else could be done in that time. */
const UNITS_PER_STATE_MAX = 32;

const BEFORES = ['other', 'word', 'lead', 'start'] as const satisfies readonly Before[];

/** What one unit makes of some waiting nodes. */
interface Step {
  /** The nodes that could have taken it. */
  readonly units: readonly number[];
  /** Patterns that ended before the unit. */
  readonly endedBefore: readonly number[];
  /** Patterns that ended with it. */
  readonly endedAfter: readonly number[];
  /** Nodes that wait for the next one. */
  readonly nodes: readonly number[];
}

/** Nodes that can take the next unit, and patterns that ended before it. */
interface Resolved {
  readonly units: readonly number[];
  readonly ended: readonly number[];
}

/** The same of all patterns that begin there. */
interface Entry extends Resolved {
  /** As `groupColumns` gives them: columns of one group begin the same. */
  readonly groups: Uint16Array;
}

const NO_STEP: Step = { units: [], endedBefore: [], endedAfter: [], nodes: [] };

export function createAutomaton({ nfa, ...options }: AutomatonOptions): Automaton {
  return automatonOf(createGraph(nfa), options);
}

function automatonOf(graph: Graph, options: Omit<AutomatonOptions, 'nfa'>): Automaton {
  const { alphabet, fresh, longest, statesMax = FIXED.automatonStates, stateAllowance = FIXED.stateAllowance } = options;
  const { unitsPerState = Math.min(UNITS_PER_STATE_MAX, UNITS_PER_STATE_AND_PATTERN / longest.length) } = options;
  const { columnOf, columns } = groupClasses(alphabet, graph.sets);
  const acceptedColumn = columns.length;
  const width = columns.length + 1;
  const closures = new Map<number, Closure>();
  const entryNodes = close(graph.starts).nodes;
  /** What a pattern that begins at a unit adds to the next state, by what stands before and the unit's column. Filled on demand. */
  const beginnings: (Step | undefined)[] = new Array(fresh ? BEFORES.length * width : 0).fill(undefined);
  const entries: Partial<Record<`${Before} ${UnitKind}`, Entry>> = {};
  let states: State[] = [];
  /** The state that was made last with a hash; it knows the one before it. */
  let byHash = new Map<number, State>();
  const marks = createMarks(graph.kinds.length);
  let acceptedLists = new Map<string, number>();
  let nodesHeld = 0;
  let table = new Int32Array(16 * width).fill(-1);
  let generation = 0;
  /** States that may be made before it is spent. */
  let allowance = stateAllowance;
  const idle = BEFORES.map((before) => intern({ nodes: fresh ? [] : entryNodes, before, accepted: [] }));

  return {
    columnOf,
    acceptedColumn,
    initial: (before) => idle[BEFORES.indexOf(before)]!,
    table: () => table,
    rowOf: (state) => (state.generation === generation ? state.row : intern(state).row),
    stateAt: (row) => states[row / width]!,
    extend,
    acceptedAtEnd(state) {
      state.acceptedAtEnd ??= resolve(state.nodes, state.before, 'end').ended;
      return state.acceptedAtEnd;
    },
    size: () => states.length,
    isSpent: () => allowance <= 0,
    earn(units) {
      allowance = Math.min(stateAllowance, allowance + units / unitsPerState);
    },
    aging: once(() => automatonOf(graph, { ...options, fresh: false })),
    adopt({ nodes, before }, isLeftOut) {
      if (states.length >= statesMax) startAfresh();
      return intern({ nodes: nodes.filter((node) => !isLeftOut(graph.patterns[node]!)), before, accepted: [] });
    },
  };

  function intern({ nodes, before, accepted }: Pick<State, 'nodes' | 'before' | 'accepted'>): State {
    const hash = hashOf({ nodes, before, accepted });
    for (let known = byHash.get(hash); known !== undefined; known = known.sameHash)
      if (known.before === before && isEqual(known.nodes, nodes) && isEqual(known.accepted, accepted)) return known;
    const longestAlive = nodes.reduce((most, node) => Math.max(most, longest[graph.patterns[node]!]!), 0);
    const state: State = { nodes, before, accepted, longestAlive, acceptedAtEnd: undefined, row: 0, generation, sameHash: undefined };
    addRow(state, hash);
    return state;
  }

  function numberOfList(accepted: readonly number[]): number {
    const key = accepted.join();
    const number = acceptedLists.get(key) ?? acceptedLists.size;
    acceptedLists.set(key, number);
    return number;
  }

  function addRow(state: State, hash: number): void {
    state.row = states.length * width;
    state.generation = generation;
    states.push(state);
    state.sameHash = byHash.get(hash);
    byHash.set(hash, state);
    nodesHeld += state.nodes.length;
    if (state.row + width > table.length) {
      const larger = new Int32Array(table.length * 2).fill(-1);
      larger.set(table);
      table = larger;
    }
    table[state.row + acceptedColumn] = numberOfList(state.accepted);
  }

  /** Drops every state but the idle ones. Scans keep the state objects they hold and get new rows through `rowOf`. */
  function startAfresh(): void {
    generation++;
    states = [];
    byHash = new Map();
    acceptedLists = new Map();
    nodesHeld = 0;
    table = new Int32Array(16 * width).fill(-1);
    for (const state of idle) addRow(state, hashOf(state));
  }

  function extend(row: number, column: number): number {
    allowance--;
    const from = states[row / width]!;
    const own = step(from.nodes, from.before, column);
    const begun = fresh ? beginning(from.before, column) : NO_STEP;
    const nodes = furthest(merged(own.nodes, begun.nodes));
    const accepted = merged(merged(own.endedBefore, own.endedAfter), merged(begun.endedBefore, begun.endedAfter));
    if (states.length >= statesMax || nodesHeld >= NODES_HELD_MAX) startAfresh();
    const fromRow = from.generation === generation ? from.row : intern(from).row;
    const to = intern({ nodes, before: beforeOf(columns[column]!.kind), accepted });
    const flags =
      (own.endedBefore.length + begun.endedBefore.length > 0 ? ACCEPTS_BEFORE : 0) |
      (own.endedAfter.length + begun.endedAfter.length > 0 ? ACCEPTS_AFTER : 0) |
      (nodes.length === 0 ? DEAD : 0) |
      (from.nodes.length > 0 && own.nodes.length === 0 && begun.nodes.length > 0 ? RESTARTED : 0);
    const entry = (to.row << ROW_SHIFT) | flags;
    fillAlike(fromRow, { before: from.before, column, entry, own, begun });
    return entry;
  }

  /** Fills a row in all columns that do the same here. Inside a long token most do: its states are made once, not once for each letter. */
  function fillAlike(
    row: number,
    { before, column, entry, own, begun }: { before: Before; column: number; entry: number; own: Step; begun: Step },
  ): void {
    const from = BEFORES.indexOf(before) * width;
    for (let other = 0; other < columns.length; other++) {
      if (table[row + other]! >= 0 || (fresh && beginnings[from + other] !== begun && other !== column)) continue;
      if (isAlike(own.units, other, column)) table[row + other] = entry;
    }
  }

  /** Whether some nodes do not tell two columns apart. */
  function isAlike(units: readonly number[], a: number, b: number): boolean {
    const [first, second] = [columns[a]!, columns[b]!];
    if (first.kind !== second.kind) return false;
    for (const node of units) if (first.inside[graph.setOf[node]!] !== second.inside[graph.setOf[node]!]) return false;
    return true;
  }

  /** The nodes without those that another one of them stands for. */
  function furthest(nodes: readonly number[]): readonly number[] {
    if (graph.further.length === 0) return nodes;
    const walk = beginWalk();
    for (const node of nodes) seenIn[node] = walk;
    return nodes.filter((node) => {
      let ahead = node;
      while (graph.further[ahead]! > 0) {
        ahead -= graph.further[ahead]!;
        if (seenIn[ahead] === walk) return false;
      }
      return true;
    });
  }

  function beginning(before: Before, column: number): Step {
    const from = BEFORES.indexOf(before) * width;
    const known = beginnings[from + column];
    if (known !== undefined) return known;
    const entry = entryAt(before, columns[column]!.kind);
    const made = taken(entry, column);
    const group = entry.groups[column]!;
    for (let other = 0; other < columns.length; other++) if (entry.groups[other] === group) beginnings[from + other] = made;
    return made;
  }

  /** What may begin with a unit of a kind. */
  function entryAt(before: Before, kind: UnitKind): Entry {
    const place = `${before} ${kind}` as const;
    const known = entries[place];
    if (known !== undefined) return known;
    const resolved = resolve(entryNodes, before, kind);
    const made = { ...resolved, groups: groupColumns(columns, { kind, sets: setsOf(resolved.units) }) };
    entries[place] = made;
    return made;
  }

  function setsOf(units: readonly number[]): readonly number[] {
    return [...new Set(units.map((node) => graph.setOf[node]!))];
  }

  function step(nodes: readonly number[], before: Before, column: number): Step {
    return taken(resolve(nodes, before, columns[column]!.kind), column);
  }

  /** What a unit makes of the nodes that can take one. */
  function taken({ units, ended }: Resolved, column: number): Step {
    const { inside } = columns[column]!;
    let endedAfter = NOWHERE;
    for (const index of units) {
      if (inside[graph.setOf[index]!] === 0) continue;
      const after = closureAfter(index);
      for (const node of after.nodes) marks.add(node);
      endedAfter = merged(endedAfter, after.ended);
    }
    return { units, endedBefore: ended, endedAfter, nodes: marks.take() };
  }

  /** The nodes that can take the next unit, once the assertions are decided by what comes, and what ends here because of it. */
  function resolve(nodes: readonly number[], before: Before, after: After): Resolved {
    if (nodes.every(isUnit)) return { units: nodes, ended: NOWHERE };
    const units: number[] = [];
    const ended = new Set<number>();
    walk(nodes, (index) => {
      switch (graph.kinds[index]) {
        case UNIT:
          units.push(index);
          return NO_WAY;
        case ACCEPT:
          ended.add(graph.patterns[index]!);
          return NO_WAY;
        default:
          return holds(ASSERTIONS[graph.setOf[index]!]!, before, after) ? graph.next[index]! : NO_WAY;
      }
    });
    return { units, ended: ended.size === 0 ? NOWHERE : [...ended].sort(ascending) };
  }

  function isUnit(node: number): boolean {
    return graph.kinds[node] === UNIT;
  }

  /** What waits behind a unit node. */
  function closureAfter(unit: number): Closure {
    const known = closures.get(unit);
    if (known !== undefined) return known;
    const made = close([graph.next[unit]!]);
    closures.set(unit, made);
    return made;
  }

  /** Follows edges without a character, as far as no assertion stands in the way. */
  function close(from: readonly number[]): Closure {
    const nodes: number[] = [];
    const ended = new Set<number>();
    walk(from, (index) => {
      if (graph.kinds[index] === ACCEPT) ended.add(graph.patterns[index]!);
      else nodes.push(index);
      return NO_WAY;
    });
    return { nodes: nodes.sort(ascending), ended: [...ended].sort(ascending) };
  }

  /** Visits each node that can be reached once, but splits, all of whose ways it goes; `visit` says where to go on, or `NO_WAY`. */
  function walk(from: readonly number[], visit: (index: number) => number): void {
    const stack = [...from];
    const [seen, number] = [seenIn, beginWalk()];
    while (stack.length > 0) {
      const index = stack.pop()!;
      if (seen[index] === number) continue;
      seen[index] = number;
      if (graph.kinds[index] === SPLIT) {
        const ways = graph.next[index]!;
        for (let way = 1; way <= graph.ways[ways]!; way++) stack.push(graph.ways[ways + way]!);
        continue;
      }
      const next = visit(index);
      if (next >= 0) stack.push(next);
    }
  }
}

type After = UnitKind | 'end';

/** Nodes that can be reached without a character, sorted, and the patterns that end there. */
interface Closure {
  readonly nodes: readonly number[];
  readonly ended: readonly number[];
}

const NOWHERE: readonly number[] = [];

/** Where a walk goes on when it does not. */
const NO_WAY = -1;

const ascending = (a: number, b: number): number => a - b;

/** Collects numbers below a bound, in any order and often, and gives them sorted, each once. */
interface Marks {
  add(number: number): void;
  /** What was added since the last call. */
  take(): readonly number[];
}

/** A bit for each number: a state of the digits' automaton has a hundred nodes, and merging as many lists of them took most of its time. */
function createMarks(bound: number): Marks {
  const words = new Uint32Array((bound + 31) >> 5);
  let lowest = words.length;
  let highest = -1;
  return {
    add(number) {
      const word = number >> 5;
      words[word]! |= 1 << (number & 31);
      if (word < lowest) lowest = word;
      if (word > highest) highest = word;
    },
    take() {
      if (highest < 0) return NOWHERE;
      const taken: number[] = [];
      for (let word = lowest; word <= highest; word++) {
        for (let bits = words[word]!; bits !== 0; bits &= bits - 1) taken.push((word << 5) + 31 - Math.clz32(bits & -bits));
        words[word] = 0;
      }
      lowest = words.length;
      highest = -1;
      return taken;
    },
  };
}

/** The union of two sorted lists without repetitions; gives one of them when the other is empty. */
function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let [i, k] = [0, 0];
  while (i < a.length && k < b.length) {
    const [first, second] = [a[i]!, b[k]!];
    out.push(Math.min(first, second));
    if (first <= second) i++;
    if (second <= first) k++;
  }
  while (i < a.length) out.push(a[i++]!);
  while (k < b.length) out.push(b[k++]!);
  return out;
}

function hashOf({ nodes, before, accepted }: Pick<State, 'nodes' | 'before' | 'accepted'>): number {
  let hash = BEFORES.indexOf(before);
  for (const node of nodes) hash = hashed(hash, node);
  hash = hashed(hash, -1);
  for (const pattern of accepted) hash = hashed(hash, pattern);
  return hash;
}

// A step of MurmurHash3's mixing: neighbouring numbers end far apart.
function hashed(hash: number, number: number): number {
  const mixed = Math.imul(hash ^ number, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function holds(what: UnitAssertion, before: Before, after: After): boolean {
  switch (what) {
    case 'boundary':
      return (before === 'word') !== (after === 'word');
    case 'not-boundary':
      return (before === 'word') === (after === 'word');
    case 'start':
      return before === 'start';
    case 'end':
      return after === 'end';
    case 'between-characters':
      return before !== 'lead' || after !== 'trail';
  }
}
