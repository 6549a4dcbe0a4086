import { once } from '../../lib/once.ts';
import { unitAt } from '../../lib/unit-at.ts';
import { type CharSet, has } from '../charset.ts';
import { UNIT } from '../graph.ts';
import { FOLDED } from '../views/fold-table.ts';
import type { Closed, PhraseGraph } from './phrase-graph.ts';
import { COMPARABLE, comparable, isOldCyrillic, isWordUnit } from './words.ts';

/** Words that stand in matches of a phrase, as `comparable` writes them; each undefined where they cannot be listed, or none must stand there. */
export interface ReachableWords {
  /** Of which every match begins with one, */
  readonly first: Listed;
  /** has one as its second word, */
  readonly second: Listed;
  /** and has one behind a key, wherever that stands. */
  readonly behindKey: Listed;
}

type Listed = ReadonlySet<string> | undefined;

/** Words that are listed, and letters of one, at most. */
const WORDS_MAX = 4000;
const WORD_UNITS_MAX = 40;

/**
 * Follows all ways through the graph of a pattern. What a boundary asks for is taken to be so: there may be more words than matches have,
 * never fewer. `keys`: words, and pairs of words, of which every match has one.
 */
export function reachableWords(graph: PhraseGraph, keys: ReadonlySet<string>): ReachableWords {
  const hasSeparatorIn = graph.sets.map(hasSeparator);
  const hasWordUnitIn = graph.sets.map(hasWordUnit);
  const takenBy = new Map<number, readonly boolean[]>();
  const start = close([...graph.starts]);
  return { first: wordsFrom(start.nodes), second: wordsBehind(throughWord(start.nodes)), behindKey: wordsBehindKeys() };

  /** Every word that can be read from some nodes, up to the first unit that is of none. */
  function wordsFrom(nodes: readonly number[]): Listed {
    const words = new Set<string>();
    const open = [{ nodes, word: '' }];
    while (open.length > 0) {
      const { nodes: waiting, word } = open.pop()!;
      const letters = lettersOfAll(waiting);
      if (letters === undefined || word.length >= WORD_UNITS_MAX || words.size > WORDS_MAX) return undefined;
      if (letters.ends) words.add(comparable(word));
      for (const unit of letters.letters) {
        const behind = advance(waiting, unit);
        const longer = word + String.fromCharCode(unit);
        if (behind.accepts) words.add(comparable(longer));
        if (behind.nodes.length > 0) open.push({ nodes: behind.nodes, word: longer });
      }
    }
    return words;
  }

  /** The same, with what stands between words before it; undefined where a match may end there. */
  function wordsBehind(word: Closed): Listed {
    if (word.accepts) return undefined;
    const between = through(word.nodes, hasSeparatorIn);
    return between.accepts ? undefined : wordsFrom(between.nodes);
  }

  /** Where a word that begins at some nodes may end, and where it may go on. */
  function throughWord(nodes: readonly number[]): Closed {
    return through(nodes, hasWordUnitIn);
  }

  /** What stands behind the keys, or the second word of those that are two, wherever they are. */
  function wordsBehindKeys(): Listed {
    const separators = everyNode().filter((node) => hasSeparatorIn[graph.setOf[node]!]);
    const starts = close([...start.nodes, ...separators.map((node) => graph.next[node]!)]);
    const known = new Map([['', starts]]);
    const nodes = new Set<number>();
    for (const key of keys) {
      const behind = throughLetters(key.slice(key.indexOf(' ') + 1), known);
      if (behind.accepts) return undefined;
      for (const node of behind.nodes) nodes.add(node);
    }
    return wordsBehind({ nodes: [...nodes], accepts: false });
  }

  /** Where a word is read. `known`: where its first letters are, or those of others. */
  function throughLetters(word: string, known: Map<string, Closed>): Closed {
    const found = known.get(word);
    if (found !== undefined) return found;
    const last = word.length - 1;
    const behind = advance(throughLetters(word.slice(0, last), known).nodes, unitAt(word, last));
    known.set(word, behind);
    return behind;
  }

  /** What lies behind some nodes by any number of units of a kind, one at least. `takes`: by number of a set. */
  function through(from: readonly number[], takes: readonly boolean[]): Closed {
    const reached = new Set<number>();
    let accepts = false;
    let open = from;
    while (open.length > 0) {
      const behind = close(open.filter((node) => takes[graph.setOf[node]!]).map((node) => graph.next[node]!));
      accepts ||= behind.accepts;
      open = behind.nodes.filter((node) => !reached.has(node));
      for (const node of open) reached.add(node);
    }
    return { nodes: [...reached], accepts };
  }

  /** What lies behind some nodes by a letter in one of its forms. */
  function advance(nodes: readonly number[], letter: number): Closed {
    const takes = setsTaking(letter);
    return close(nodes.filter((node) => takes[graph.setOf[node]!]).map((node) => graph.next[node]!));
  }

  /** By number of a set: there are far fewer of them than nodes. */
  function setsTaking(letter: number): readonly boolean[] {
    const known = takenBy.get(letter);
    if (known !== undefined) return known;
    const units = comparedAs(letter);
    const takes = graph.sets.map((set) => units.some((unit) => has(set, unit)));
    takenBy.set(letter, takes);
    return takes;
  }

  function close(nodes: number[]): Closed {
    return graph.close(nodes, () => true);
  }

  function everyNode(): number[] {
    return Array.from(graph.kinds, (_, node) => node).filter((node) => graph.kinds[node] === UNIT);
  }

  function setOf(node: number): CharSet {
    return graph.sets[graph.setOf[node]!]!;
  }

  /** Undefined when they are too many. */
  function lettersOfAll(nodes: readonly number[]): Letters | undefined {
    const letters = new Set<number>();
    let ends = false;
    for (const node of nodes) {
      const known = lettersOf(setOf(node));
      if (known === undefined) return undefined;
      for (const unit of known.letters) letters.add(unit);
      ends ||= known.ends;
    }
    return { letters: [...letters], ends };
  }
}

/** Units of folded texts that are compared as a letter is, or are a case of it. */
function comparedAs(letter: number): readonly number[] {
  const compared = COMPARABLE[letter]!;
  return [letter, compared, ...upperOf(letter), ...(otherFormsOf().get(compared) ?? [])];
}

/** Units of folded texts that are compared as another one is, by that one. */
const otherFormsOf = once(() => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => unit).filter(
    (unit) => COMPARABLE[unit] !== unit && FOLDED[unit] === unit && isWordUnit(unit),
  );
  return Map.groupBy(units, (unit) => COMPARABLE[unit]!);
});

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

const hasSeparator = (set: CharSet): boolean => hasUnit(set, (unit) => !isWordUnit(unit));
const hasWordUnit = (set: CharSet): boolean => hasUnit(set, isWordUnit);

function hasUnit(set: CharSet, isIt: (unit: number) => boolean): boolean {
  for (let i = 0; i < set.length; i += 2) for (let unit = set[i]!; unit <= set[i + 1]!; unit++) if (isIt(unit)) return true;
  return false;
}

const lowerOf = (unit: number): number => String.fromCharCode(unit).toLowerCase().charCodeAt(0);

function upperOf(unit: number): number[] {
  const upper = String.fromCharCode(unit).toUpperCase();
  return upper.length === 1 && unitAt(upper, 0) !== unit ? [unitAt(upper, 0)] : [];
}
