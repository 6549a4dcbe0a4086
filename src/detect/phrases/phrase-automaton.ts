import { unitAt } from '../../lib/unit-at.ts';
import { UNIT } from '../graph.ts';
import type { Pattern } from '../pattern.ts';
import { type Closed, kindOf, OTHER, phraseGraph, type UnitKind, WORD } from './phrase-graph.ts';
import { reachableWords } from './reachable-words.ts';
import type { Token } from './tokens.ts';
import { type WordFilter, wordFilter } from './word-filter.ts';
import { TOKEN_UNITS_MAX } from './words.ts';

/**
 * A phrase pattern, read a word or a stretch between words at a time. Its states are made when first needed, and what a token does in a
 * state is kept: a phrase has few states between its words, where it has many between its letters, and it begins at one word, not at all.
 */
export interface PhraseAutomaton {
  /** Words of which a match begins with one. */
  readonly first: WordFilter;
  /** Words of which one is the second of every match, */
  readonly second: WordFilter;
  /** and those of which one stands behind a key in every match. */
  readonly behindKey: WordFilter;
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

/** `keys`: as of a template (`TemplateKeys.words`). */
export function createPhraseAutomaton(pattern: Pattern, keys: ReadonlySet<string>): PhraseAutomaton {
  const graph = phraseGraph(pattern);
  const { first, second, behindKey } = reachableWords(graph, keys);
  let states = new Map<string, PhraseState>();
  let made = 0;
  let entries = 0;
  const start = stateOf(graph.close([...graph.starts]), OTHER);
  return {
    first: wordFilter(first),
    second: wordFilter(second),
    behindKey: wordFilter(behindKey),
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
    return behind.length === 0 ? NOTHING : graph.close(behind);
  }

  /** The nodes for a unit that follows, with what the assertions that hold there lead to. */
  function decided(nodes: readonly number[], last: UnitKind, next: UnitKind): Closed {
    const isUnit = (node: number): boolean => graph.kinds[node] === UNIT;
    if (nodes.every(isUnit)) return { nodes, accepts: false };
    const closed = graph.close([...nodes], (node) => graph.holds(node, last, next));
    return { nodes: closed.nodes.filter(isUnit), accepts: closed.accepts };
  }
}

const NOTHING: Closed = { nodes: [], accepts: false };
