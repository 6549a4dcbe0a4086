import { unitAt } from '../../lib/unit-at.ts';
import { createJointAutomaton, DEAD, type JointAutomaton, type JointState } from './joint-automaton.ts';
import type { KeyFilter } from './key-filter.ts';
import type { PhraseAutomaton } from './phrase-automaton.ts';
import type { Part } from './phrase-parts.ts';
import type { Token, TokenTable } from './tokens.ts';
import { isWordUnit, type Words } from './words.ts';

/** What reads folded texts for some parts. */
export interface PhraseReading {
  /**
   * Everything that may be a match: a detector after the other, in the order of their first keys, and each by first word. `keys` lists the
   * numbers of the parts.
   */
  candidatesIn(text: string, words: Words, keys: Pick<KeyFilter<number>, 'listedAlone' | 'listedPaired'>): readonly Candidate[];
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
  /** What words are marked with at which one of the parts may begin. */
  readonly bit: number;
}

/** A part that is read, since one of its keys was seen. */
interface Joined extends Pick<PhraseAutomaton, 'mayBegin'> {
  readonly reach: number;
  readonly bit: number;
}

/** `parts`: by number. `isRead`: whether one counts. */
export function createPhraseReading(parts: readonly Part[], tokens: TokenTable, isRead: (part: Part) => boolean): PhraseReading {
  const [anyCase, exactCase] = [true, false].map(
    (ignoresCase, i): Joint => ({ automaton: createJointAutomaton({ ignoresCase }), parts: [], bit: 1 << i }),
  ) as [Joint, Joint];
  const counts = Uint8Array.from(parts, (part) => (isRead(part) ? 1 : 0));
  const joined: (Joined | undefined)[] = new Array(parts.length).fill(undefined);
  /** For each part, one past the number of its last key in the text that is read; 0 for one that has none there. */
  const behindKey = new Int32Array(parts.length);
  /** Those that have one, in the order of their first. */
  let seen: number[] = [];
  /** For each word of that text, the bits of what may begin there, and its token once it was asked for. */
  let begins = new Uint8Array(1024);
  let tokenOf: (Token | undefined)[] = new Array(begins.length).fill(undefined);

  return {
    candidatesIn(text, words, keys) {
      forget(words.count);
      for (let i = 0; i < words.keyCount; i++) {
        const key = words.keys[i]!;
        for (const part of keys.listedAlone(words, key)) mark(text, words, key, part);
        for (const part of keys.listedPaired(words, key)) mark(text, words, key, part);
      }
      const found: Candidate[] = [];
      const read = { text, words, lastEnd: text.lastIndexOf('_') + 1 };
      for (let at = 0; at < words.count; at++) {
        if (begins[at]! & anyCase.bit) readFrom(read, at, anyCase, found);
        if (begins[at]! & exactCase.bit) readFrom(read, at, exactCase, found);
      }
      return found.length > 1 ? byDetector(found) : found;
    },
  };

  /** Begins a text of so many words. */
  function forget(words: number): void {
    if (begins.length < words) {
      begins = new Uint8Array(2 * words);
      tokenOf = new Array(begins.length).fill(undefined);
    }
    begins.fill(0, 0, words);
    tokenOf.fill(undefined, 0, words);
    behindKey.fill(0);
    seen = [];
  }

  /** Marks the words at which a part may begin, within reach of a key of it. */
  function mark(text: string, { starts, ends, hashes }: Words, key: number, part: number): void {
    const from = behindKey[part]!;
    if (counts[part] === 0 || from === NOWHERE) return;
    if (from === 0 && !parts[part]!.mayStandIn(text)) {
      behindKey[part] = NOWHERE;
      return;
    }
    if (from === 0) seen.push(part);
    const { mayBegin, reach, bit } = joined[part] ?? join(part);
    const earliest = ends[key]! - reach;
    for (let at = key; at >= from && (at === key || starts[at]! >= earliest); at--) if (mayBegin(hashes[at]!)) begins[at]! |= bit;
    behindKey[part] = key + 1;
  }

  function join(part: number): Joined {
    const automaton = parts[part]!.automaton();
    const joint = automaton.ignoresCase ? anyCase : exactCase;
    joint.automaton.add(automaton);
    joint.parts.push(part);
    const made = { mayBegin: automaton.mayBegin, reach: parts[part]!.reach(), bit: joint.bit };
    joined[part] = made;
    return made;
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
      const next = word + 1 < count ? starts[word + 1]! : lastEnd;
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

interface ReadText {
  readonly text: string;
  readonly words: Words;
  /** One past its last underscore: no match ends behind the last word but there. */
  readonly lastEnd: number;
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
