import { once } from '../../lib/once.ts';
import { unitAt } from '../../lib/unit-at.ts';
import { createJointAutomaton, DEAD, type JointAutomaton, type JointState } from './joint-automaton.ts';
import type { KeyLists } from './key-filter.ts';
import type { PartFilters } from './part-filters.ts';
import type { Part } from './phrase-parts.ts';
import type { Token, TokenTable } from './tokens.ts';
import { isWordUnit, type Words } from './words.ts';

/** What reads folded texts for some parts. */
export interface PhraseReading {
  /**
   * Everything that may be a match: a detector after the other, in the order of their first keys, and each by first word. `keys` lists the
   * numbers of the parts.
   */
  candidatesIn(text: string, words: Words, keys: KeyLists): readonly Candidate[];
}

/** What may be matches of a part that begin at one word. */
export interface Candidate {
  readonly part: Part;
  /** Number of the word. */
  readonly at: number;
  /** Ascending. */
  readonly ends: readonly number[];
}

/** Parts that are read together. What is known of a word serves for all its mixtures of capitals where no part tells them apart. */
interface Joint {
  readonly automaton: JointAutomaton;
  /** Numbers of the parts, by the number that the automaton has for them. */
  readonly parts: number[];
  /** A bit for each word at which one of the parts may begin. */
  begins: Int32Array;
}

/** What all readings of the same parts share. */
export interface SharedByReadings {
  readonly tokens: TokenTable;
  readonly filters: PartFilters;
}

/** `parts`: by number. `isRead`: whether one counts. */
export function createPhraseReading(
  parts: readonly Part[],
  { tokens, filters }: SharedByReadings,
  isRead: (part: Part) => boolean,
): PhraseReading {
  const [anyCase, exactCase] = [true, false].map(
    (ignoresCase): Joint => ({ automaton: createJointAutomaton({ ignoresCase }), parts: [], begins: new Int32Array(64) }),
  ) as [Joint, Joint];
  /** 1 for a part that may have begun somewhere. */
  const isJoined = new Uint8Array(parts.length);
  /** For each part, one past the number of its last key in the text that is read; 0 for one that has none there. */
  const behindKey = Int32Array.from(parts, (part) => (isRead(part) ? 0 : NOWHERE));
  /** Those that have one, or cannot match in that text, in the order of their first. */
  let seen: number[] = [];
  /** The tokens of its words that were asked for, and which these are. */
  let tokenOf: (Token | undefined)[] = new Array(1024).fill(undefined);
  let asked: number[] = [];

  return {
    candidatesIn(text, words, keys) {
      forget(words.count);
      for (let i = 0; i < words.keyCount; i++) {
        const key = words.keys[i]!;
        markAll(text, words, keys, key);
      }
      const found: Candidate[] = [];
      const read: ReadText = { text, words, lastEnd: once(() => text.lastIndexOf('_') + 1) };
      for (let block = 0; 32 * block < words.count; block++)
        for (let bits = anyCase.begins[block]! | exactCase.begins[block]!; bits !== 0; bits &= bits - 1) {
          const at = 32 * block + 31 - Math.clz32(bits & -bits);
          if (hasBit(anyCase.begins, at)) readFrom(read, at, anyCase, found);
          if (hasBit(exactCase.begins, at)) readFrom(read, at, exactCase, found);
        }
      return found.length > 1 ? byDetector(found) : found;
    },
  };

  /** Begins a text of so many words. */
  function forget(words: number): void {
    const blocks = (words + 31) >> 5;
    for (const joint of [anyCase, exactCase])
      if (joint.begins.length < blocks) joint.begins = new Int32Array(2 * blocks);
      else joint.begins.fill(0, 0, blocks);
    for (const part of seen) behindKey[part] = 0;
    for (const word of asked) tokenOf[word] = undefined;
    if (tokenOf.length < words) tokenOf = new Array(2 * words).fill(undefined);
    seen = [];
    asked = [];
  }

  /** Marks the words at which one of the parts may begin that are listed under a word, or under it and the one before it. */
  function markAll(text: string, words: Words, { lists, listAlone, listPaired }: KeyLists, key: number): void {
    const alone = listAlone(words, key);
    for (let i = 1; i <= lists[alone]!; i++) mark(text, words, key, lists[alone + i]!);
    const paired = listPaired(words, key);
    for (let i = 1; i <= lists[paired]!; i++) mark(text, words, key, lists[paired + i]!);
  }

  /** Marks the words at which a part may begin, within reach of a key of it. */
  function mark(text: string, words: Words, key: number, part: number): void {
    const from = behindKey[part]!;
    if (from === NOWHERE || !filters.mayHaveKeyAt(part, words, key)) return;
    if (from === 0) seen.push(part);
    if (from === 0 && !parts[part]!.mayStandIn(text)) {
      behindKey[part] = NOWHERE;
      return;
    }
    const joint = parts[part]!.automaton().ignoresCase ? anyCase : exactCase;
    if (filters.markBegins(part, words, { from, key }, joint.begins) && isJoined[part] === 0) join(joint, part);
    behindKey[part] = key + 1;
  }

  function join(joint: Joint, part: number): void {
    joint.automaton.add(parts[part]!.automaton());
    joint.parts.push(part);
    isJoined[part] = 1;
  }

  /** Reads on from a word, a token at a time, as long as a part is alive; notes what ends on the way. */
  function readFrom({ text, words, lastEnd }: ReadText, first: number, joint: Joint, found: Candidate[]): void {
    const { starts, ends, hashes, count } = words;
    const { automaton } = joint;
    const start = starts[first]!;
    if (start > 0 && unitAt(text, start - 1) === UNDERSCORE) return;
    let noted: Map<number, number[]> | undefined;
    let word = first;
    let to = ends[first]!;
    let state = to - start > automaton.longest ? DEAD : automaton.begin(wordToken(text, words, first), hashes[first]!);
    while (state !== DEAD) {
      if (state.accepted.length > 0 && isInWord(text, to - 1) !== isInWord(text, to)) noted = note(noted, joint, state, to);
      // A match may end before the next word, behind a colon; an underscore belongs to what stands beside it, as for a word boundary.
      const next = word + 1 < count ? starts[word + 1]! : lastEnd();
      const from = to;
      if (from >= next && ++word === count) break;
      to = from < next ? separatorsEnd(text, from, next) : ends[word]!;
      if (to - start > automaton.longest) break;
      state = automaton.step(state, from < next ? tokens.betweenAt(text, { from, to }) : wordToken(text, words, word));
    }
    if (noted !== undefined) for (const [part, all] of noted) found.push({ part: parts[part]!, at: first, ends: all });
  }

  /** Adds an end to those of each part of which a key stands in the text: only there may it match, whatever was read before. */
  function note(noted: Map<number, number[]> = new Map(), joint: Joint, { accepted }: JointState, end: number): Map<number, number[]> {
    for (const number of accepted) {
      const part = joint.parts[number]!;
      if (behindKey[part]! <= 0) continue;
      const ends = noted.get(part) ?? [];
      ends.push(end);
      noted.set(part, ends);
    }
    return noted;
  }

  function wordToken(text: string, { starts, ends, hashes }: Words, word: number): Token {
    const known = tokenOf[word];
    if (known !== undefined) return known;
    asked.push(word);
    const token = tokens.wordAt(text, { from: starts[word]!, to: ends[word]! }, hashes[word]!);
    tokenOf[word] = token;
    return token;
  }

  function byDetector(found: readonly Candidate[]): readonly Candidate[] {
    const order = [...new Set(seen.map((part) => parts[part]!.detector))];
    const groups = Map.groupBy(found, ({ part }) => part.detector);
    return order.flatMap((detector) => groups.get(detector) ?? []);
  }
}

/** Instead of the number of a key: the part cannot match in the text. */
const NOWHERE = -1;

const hasBit = (bits: Int32Array, at: number): boolean => (bits[at >> 5]! & (1 << (at & 31))) !== 0;

interface ReadText {
  readonly text: string;
  readonly words: Words;
  /** One past its last underscore: no match ends behind the last word but there. */
  readonly lastEnd: () => number;
}

const UNDERSCORE = 0x5f;

/** Where the separators at an offset become underscores, or the underscores something else. */
function separatorsEnd(text: string, from: number, to: number): number {
  const isUnderscore = unitAt(text, from) === UNDERSCORE;
  let end = from + 1;
  while (end < to && (unitAt(text, end) === UNDERSCORE) === isUnderscore) end++;
  return end;
}

/** Whether a word boundary takes the unit at an offset for one of a word; none is behind the text. */
function isInWord(text: string, at: number): boolean {
  return at < text.length && (unitAt(text, at) === UNDERSCORE || isWordUnit(unitAt(text, at)));
}
