import { unitAt } from '../../lib/unit-at.ts';
import { type CharSet, has } from '../charset.ts';
import { ACCEPT, ASSERT, ASSERTIONS, beginWalk, createGraph, type Graph, seenIn, UNIT } from '../graph.ts';
import { buildNfa, type UnitAssertion } from '../nfa.ts';
import type { Pattern } from '../pattern.ts';
import { foldPattern } from '../views/fold-pattern.ts';
import { FOLDED } from '../views/fold-table.ts';
import type { Token } from './tokens.ts';
import { comparable, isOldCyrillic, isWordUnit, TOKEN_UNITS_MAX, wordHash } from './words.ts';

/**
 * A phrase pattern, read a word or a stretch between words at a time. Its states are made when first needed, and what a token does in a
 * state is kept: a phrase has few states between its words, where it has many between its letters, and it begins at one word, not at all.
 */
export interface PhraseAutomaton {
  /** Whether a match may begin with a word of this hash (`wordHash`); a wrong yes is possible. */
  mayBegin(hash: number): boolean;
  /** Longest match, in units. */
  readonly longest: number;
  /** Whether it does not tell small ASCII letters from capitals. */
  readonly ignoresCase: boolean;
  readonly start: PhraseState;
  /** The state after one more token; undefined when no match goes on. */
  step(state: PhraseState, token: Token): PhraseState | undefined;
}

export interface PhraseState {
  /** No other state of the automaton has it. */
  readonly number: number;
  /** Whether a match may end here, if a word boundary is here. */
  readonly accepts: boolean;
  /** Nodes that wait for the next unit, and assertions that it decides. */
  readonly nodes: readonly number[];
  /** What the last unit was. */
  readonly last: UnitKind;
  readonly next: Map<Token, PhraseState | undefined>;
}

/** States, and entries of all states together, that one automaton keeps before it forgets them. */
const STATES_MAX = 4096;
const ENTRIES_MAX = 32_768;

export function createPhraseAutomaton(pattern: Pattern): PhraseAutomaton {
  const graph = phraseGraph(pattern);
  let states = new Map<string, PhraseState>();
  let made = 0;
  let entries = 0;
  const start = stateOf(close([...graph.starts]), OTHER);
  return {
    mayBegin: oneOf(firstWordsOf(graph, start, { advance, decided })),
    longest: pattern.longest,
    ignoresCase: graph.ignoresCase,
    start,
    step,
  };

  function step(state: PhraseState, token: Token): PhraseState | undefined {
    const known = state.next.get(token);
    if (known !== undefined || state.next.has(token)) return known;
    const after = read(state, token.text);
    if (token.text.length > TOKEN_UNITS_MAX) return after;
    if (entries >= ENTRIES_MAX) forget();
    entries++;
    state.next.set(token, after);
    return after;
  }

  function forget(): void {
    for (const one of states.values()) one.next.clear();
    start.next.clear();
    states = new Map();
    entries = 0;
  }

  function read(state: PhraseState, text: string): PhraseState | undefined {
    let { nodes, last } = state;
    let accepts = false;
    for (let i = 0; i < text.length; i++) {
      const closed = advance(nodes, last, unitAt(text, i));
      nodes = closed.nodes;
      accepts = closed.accepts;
      if (nodes.length === 0 && i + 1 < text.length) return undefined;
      last = kindOf(unitAt(text, i));
    }
    return nodes.length === 0 && !accepts ? undefined : stateOf({ nodes, accepts }, last);
  }

  function stateOf({ nodes, accepts }: Closed, last: UnitKind): PhraseState {
    const key = `${accepts}:${last}:${nodes.join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= STATES_MAX) forget();
    const acceptsBehind = accepts || decided(nodes, last, last === WORD ? OTHER : WORD).accepts;
    const state: PhraseState = { number: made++, nodes, accepts: acceptsBehind, last, next: new Map() };
    states.set(key, state);
    return state;
  }

  function advance(nodes: readonly number[], last: UnitKind, unit: number): Closed {
    const behind: number[] = [];
    for (const node of decided(nodes, last, kindOf(unit)).nodes) if (graph.takes(node, unit)) behind.push(graph.next[node]!);
    return behind.length === 0 ? NOTHING : close(behind);
  }

  /** The nodes for a unit that follows, with what the assertions that hold there lead to. */
  function decided(nodes: readonly number[], last: UnitKind, next: UnitKind): Closed {
    const isUnit = (node: number): boolean => graph.kinds[node] === UNIT;
    if (nodes.every(isUnit)) return { nodes, accepts: false };
    const closed = close([...nodes], (node) => graph.holds(node, last, next));
    return { nodes: closed.nodes.filter(isUnit), accepts: closed.accepts };
  }

  /** Follows edges without a character, and assertions that are known to hold. */
  function close(from: number[], holds: (node: number) => boolean = () => false): Closed {
    const nodes: number[] = [];
    let accepts = false;
    const walk = beginWalk();
    while (from.length > 0) {
      const node = from.pop()!;
      if (seenIn[node] === walk) continue;
      seenIn[node] = walk;
      switch (graph.kinds[node]) {
        case UNIT:
          nodes.push(node);
          break;
        case ACCEPT:
          accepts = true;
          break;
        case ASSERT:
          if (holds(node)) from.push(graph.next[node]!);
          else nodes.push(node);
          break;
        default: {
          const ways = graph.next[node]!;
          for (let way = 1; way <= graph.ways[ways]!; way++) from.push(graph.ways[ways + way]!);
        }
      }
    }
    return { nodes: nodes.sort((a, b) => a - b), accepts };
  }
}

interface Closed {
  readonly nodes: readonly number[];
  readonly accepts: boolean;
}

const NOTHING: Closed = { nodes: [], accepts: false };

/** What an assertion asks about a unit: one of a word, the first half of a surrogate pair, the second, or another. */
export type UnitKind = typeof OTHER | typeof WORD | typeof LEAD | typeof TRAIL;
const [OTHER, WORD, LEAD, TRAIL] = [0, 1, 2, 3] as const;

function kindOf(unit: number): UnitKind {
  if (unit === 0x5f || isWordUnit(unit)) return WORD;
  if (unit < 0xd800 || unit > 0xdfff) return OTHER;
  return unit < 0xdc00 ? LEAD : TRAIL;
}

/** A graph of one pattern, and what its nodes ask of units. */
interface PhraseGraph extends Pick<Graph, 'starts' | 'kinds' | 'next' | 'ways' | 'setOf' | 'sets'> {
  readonly ignoresCase: boolean;
  takes(node: number, unit: number): boolean;
  /** Whether an assertion holds between two units. */
  holds(node: number, last: UnitKind, next: UnitKind): boolean;
}

function phraseGraph(pattern: Pattern): PhraseGraph {
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
  };
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

const WORDS_MAX = 4000;
const WORD_UNITS_MAX = 40;

/** What nodes lead to behind a unit of one kind: with a unit, and with assertions that another kind decides. */
type Advance = (nodes: readonly number[], last: UnitKind, unit: number) => Closed;
type Decided = (nodes: readonly number[], last: UnitKind, next: UnitKind) => Closed;

/** Bits for each of some words: one other word in so many is taken for one of them. */
const BITS_PER_WORD = 32;

/** Says of a hash whether one of the words has it, or one much like it; always yes when they cannot be listed. */
function oneOf(words: ReadonlySet<string> | undefined): (hash: number) => boolean {
  if (words === undefined) return () => true;
  let size = 32;
  while (size < words.size * BITS_PER_WORD) size *= 2;
  const bits = new Uint32Array(size >> 5);
  const place = (hash: number): number => (hash & (size - 1)) >> 5;
  for (const hash of [...words].map(wordHash)) bits[place(hash)]! |= 1 << (hash & 31);
  return (hash) => (bits[place(hash)]! & (1 << (hash & 31))) !== 0;
}

/** Every word that a match can begin with: all ways through the graph up to the first unit that is no letter or digit. */
function firstWordsOf(
  graph: PhraseGraph,
  start: PhraseState,
  { advance, decided }: { readonly advance: Advance; readonly decided: Decided },
): ReadonlySet<string> | undefined {
  const words = new Set<string>();
  const open: { readonly nodes: readonly number[]; readonly word: string }[] = [{ nodes: start.nodes, word: '' }];
  while (open.length > 0) {
    const { nodes, word } = open.pop()!;
    const letters = new Set<number>();
    const last = word === '' ? OTHER : WORD;
    const [within, behind] = [decided(nodes, last, WORD), decided(nodes, last, OTHER)];
    if (within.accepts || behind.accepts) words.add(comparable(word));
    for (const node of new Set([...within.nodes, ...behind.nodes])) {
      const known = lettersOf(graph.sets[graph.setOf[node]!]!);
      if (known === undefined) return undefined;
      for (const unit of known.letters) letters.add(unit);
      if (known.ends) words.add(comparable(word));
    }
    if (word.length >= WORD_UNITS_MAX || words.size > WORDS_MAX) return undefined;
    for (const unit of letters) {
      const both = [unit, ...upperOf(unit)].map((one) => advance(nodes, last, one));
      const merged = [...new Set(both.flatMap((closed) => closed.nodes))].sort((a, b) => a - b);
      const longer = word + String.fromCharCode(unit);
      if (both.some(({ accepts }) => accepts)) words.add(comparable(longer));
      if (merged.length > 0) open.push({ nodes: merged, word: longer });
    }
  }
  return words;
}

/** Different letters of a set that can still be listed. */
const LETTERS_MAX = 80;

interface Letters {
  readonly letters: readonly number[];
  readonly ends: boolean;
}

/** The letters and digits of a set, in lower case, and whether it has anything else. Undefined when there are too many. */
function lettersOf(set: CharSet): Letters | undefined {
  if (!LETTERS.has(set)) LETTERS.set(set, lettersIn(set));
  return LETTERS.get(set);
}

const LETTERS = new WeakMap<CharSet, Letters | undefined>();

function lettersIn(set: CharSet): Letters | undefined {
  const letters = new Set<number>();
  let ends = false;
  for (let i = 0; i < set.length; i += 2)
    for (let unit = set[i]!; unit <= set[i + 1]!; unit++) {
      if (!isWordUnit(unit)) ends = true;
      else if (FOLDED[unit] === unit && !isOldCyrillic(unit) && letters.add(lowerOf(unit)).size > LETTERS_MAX) return undefined;
    }
  return { letters: [...letters], ends };
}

const lowerOf = (unit: number): number => String.fromCharCode(unit).toLowerCase().charCodeAt(0);

function upperOf(unit: number): number[] {
  const upper = String.fromCharCode(unit).toUpperCase();
  return upper.length === 1 && unitAt(upper, 0) !== unit ? [unitAt(upper, 0)] : [];
}
