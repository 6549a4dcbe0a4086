import type { PhraseAutomaton, PhraseState } from './phrase-automaton.ts';
import type { Token } from './tokens.ts';
import { mayBeOneOf } from './word-filter.ts';
import { TOKEN_UNITS_MAX } from './words.ts';

/**
 * Many phrase patterns, read together from the word at which any of them may begin: what a token does to all that are alive is found once
 * and kept, however many they are. Its states are made when first needed.
 */
export interface JointAutomaton {
  /** Takes in one more pattern; its number is how many there were. */
  add(automaton: PhraseAutomaton): void;
  /** Longest match of any of them, in units. */
  readonly longest: number;
  /** The state behind the first word of a match, by the word's hash too (`wordHash`). */
  begin(word: Token, hash: number): JointState;
  /** The state after one more token. */
  step(state: JointState, token: Token): JointState;
}

export interface JointState {
  /** Numbers of the patterns that are alive, and the state of each. */
  readonly alive: readonly number[];
  readonly states: readonly PhraseState[];
  /** Numbers of those of which a match may end here, if a word boundary is here. */
  readonly accepted: readonly number[];
  readonly next: Map<Token, JointState>;
}

/** What was found for a first word. */
interface Begun {
  readonly hash: number;
  readonly state: JointState;
}

/** States, and entries of all states together, that are kept before they are forgotten. */
const STATES_MAX = 16_384;
const ENTRIES_MAX = 131_072;

/** `ignoresCase`: all patterns do (`PhraseAutomaton`), and one entry serves for all mixtures of capitals. */
export function createJointAutomaton({ ignoresCase }: { readonly ignoresCase: boolean }): JointAutomaton {
  const automata: PhraseAutomaton[] = [];
  let states = new Map<string, JointState>();
  const begun = new Map<Token, Begun>();
  let entries = 0;
  let longest = 0;
  return {
    add(automaton) {
      automata.push(automaton);
      longest = Math.max(longest, automaton.longest);
      for (const [word, { hash }] of begun) if (mayBeOneOf(automaton.first, hash)) begun.delete(word);
    },
    get longest() {
      return longest;
    },
    begin(word, hash) {
      const token = keyOf(word);
      const known = begun.get(token);
      if (known !== undefined) return known.state;
      const beginning = automata.flatMap(({ first }, number) => (mayBeOneOf(first, hash) ? [number] : []));
      const state = after({ alive: beginning, states: beginning.map((number) => automata[number]!.start) }, token);
      keep(begun, token, { hash, state });
      return state;
    },
    step(state, given) {
      const token = keyOf(given);
      const known = state.next.get(token);
      if (known !== undefined) return known;
      const made = after(state, token);
      keep(state.next, token, made);
      return made;
    },
  };

  function keyOf(token: Token): Token {
    return ignoresCase ? (token.small ?? token) : token;
  }

  function after(before: Pick<JointState, 'alive' | 'states'>, token: Token): JointState {
    const alive: number[] = [];
    const reached: PhraseState[] = [];
    before.alive.forEach((number, i) => {
      const state = automata[number]!.step(before.states[i]!, token);
      if (state === undefined) return;
      alive.push(number);
      reached.push(state);
    });
    return alive.length === 0 ? DEAD : stateOf(alive, reached);
  }

  function stateOf(alive: readonly number[], reached: readonly PhraseState[]): JointState {
    const key = alive.map((number, i) => `${number}:${reached[i]!.number}`).join();
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= STATES_MAX) forget();
    const accepted = alive.filter((_, i) => reached[i]!.accepts);
    const state: JointState = { alive, states: reached, accepted, next: new Map() };
    states.set(key, state);
    return state;
  }

  function keep<T>(kept: Map<Token, T>, token: Token, made: T): void {
    if (token.text.length > TOKEN_UNITS_MAX) return;
    if (entries >= ENTRIES_MAX) forget();
    entries++;
    kept.set(token, made);
  }

  function forget(): void {
    for (const state of states.values()) state.next.clear();
    begun.clear();
    states = new Map();
    entries = 0;
  }
}

/** Where no match goes on. */
export const DEAD: JointState = { alive: [], states: [], accepted: [], next: new Map() };
