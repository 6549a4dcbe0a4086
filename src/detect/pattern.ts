import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { FIXED } from '../lib/limits.ts';
import {
  ASCII_WORD,
  type CharSet,
  complement,
  DIGIT,
  EVERYTHING,
  foldCase,
  LINE_END,
  NOTHING,
  propertySet,
  SPACE,
  union,
} from './charset.ts';

/** A pattern as the engine sees it: sets of characters instead of letters, classes, flags and case. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'cat'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'alt'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** `boundary` is Unicode-aware; `start` and `end` are those of the lane. */
export type Assertion = 'boundary' | 'not-boundary' | 'start' | 'end';

/** A pattern that the engine can run. Lengths are in UTF-16 units. */
export interface Pattern {
  readonly root: PatternNode;
  readonly shortest: number;
  readonly longest: number;
}

export type PatternResult = { readonly ok: true; readonly pattern: Pattern } | { readonly ok: false; readonly error: PatternError };

/** What is wrong with a pattern, where (UTF-16 offset in its source), and what to do. Quotes the pattern's syntax only. */
export interface PatternError {
  readonly message: string;
  readonly index: number;
}

/** A pattern as it is written; a `RegExp` is one. */
export interface Written {
  readonly source: string;
  readonly flags: string;
  readonly mayBeEmpty?: boolean;
  /** Characters that stand for sets, outside of classes. */
  readonly sets?: ReadonlyMap<number, CharSet>;
}

/** An unbounded repetition counts this many times at most. */
export const REPEAT_MAX = 1000;

/**
 * Reads a pattern in ECMAScript syntax. Flags: `i`, `s`, `u`, `v`.
 * Refused, with a hint: look-around, back-references, other flags, spellings of other engines, and, unless `mayBeEmpty`, patterns that match
 * the empty text.
 */
export function parsePattern(written: Written): PatternResult {
  const known = PARSED.get(written)?.deref();
  if (known !== undefined) return { ok: true, pattern: known };
  try {
    const pattern = readPattern(written);
    if (written instanceof RegExp) PARSED.set(written, new WeakRef(pattern));
    return { ok: true, pattern };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: { message: error.message, index: error.index } };
    if (error instanceof SyntaxError) {
      const index = 'index' in error && typeof error.index === 'number' ? error.index : 0;
      return { ok: false, error: { message: error.message.replace(/^.*\/[a-z]*: /s, ''), index } };
    }
    throw error;
  }
}

/**
 * What was read while somebody still has it: every list of detectors that is compiled asks for the same patterns. Parts of phrases are read
 * once, and a reference would keep all their trees to the end of the turn.
 */
const PARSED = new WeakMap<object, WeakRef<Pattern>>();

class Refusal extends Error {
  readonly index: number;
  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

function readPattern({ source, flags, mayBeEmpty = false, sets }: Written): Pattern {
  refuseForeignSyntax(source);
  for (const flag of flags) if (!'isuvg'.includes(flag)) throw new Refusal(`flag "${flag}" is not supported; use i, s or u`, 0);
  const unicode = flags.includes('u') || /[\ud800-\udfff]|\\p\{|\\u\{/i.test(source);
  const mode = { unicode: unicode && !flags.includes('v'), unicodeSets: flags.includes('v') };
  const tree = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source, 0, source.length, mode);
  const reader = { ignoreCase: flags.includes('i'), dotAll: flags.includes('s'), sets };
  const root = simplify(readAlternatives(tree.alternatives, reader));
  const { shortest, longest } = lengths(root);
  if (countNodes(root) > FIXED.patternNodes)
    throw new Refusal(`the pattern expands to more than ${FIXED.patternNodes} states; shorten its repetitions`, 0);
  if (shortest === 0 && !mayBeEmpty) throw new Refusal('the pattern matches the empty text; make one part of it mandatory', 0);
  return { root, shortest, longest };
}

/** Spellings of other engines that ECMAScript would read as something else, or refuse without saying what to write. */
const FOREIGN: readonly (readonly [spelling: RegExp, hint: string])[] = [
  [/^\\A$/, 'use ^ for the start of the text'],
  [/^\\[zZ]$/, 'use $ for the end of the text'],
  [/^\(\?P[<=>]$/, 'named groups are written (?<name>…)'],
  [/^\[\[:$/, 'POSIX classes are not supported; write the characters, e.g. [A-Za-z]'],
  [/^\(\?[a-z]+\)$/, 'put the letters into flags'],
];

function refuseForeignSyntax(source: string): void {
  for (const { 0: token, index } of source.matchAll(/\\[\s\S]|\(\?P[<=>]|\(\?[a-z]+\)|\[\[:/g)) {
    const hint = FOREIGN.find(([spelling]) => spelling.test(token))?.[1];
    if (hint !== undefined) throw new Refusal(`${token} is the syntax of another engine: ${hint}`, index);
  }
}

interface Reading {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly sets: ReadonlyMap<number, CharSet> | undefined;
}

function readAlternatives(alternatives: readonly AST.Alternative[], reading: Reading): PatternNode {
  return {
    kind: 'alt',
    items: alternatives.map((one) => ({ kind: 'cat', items: one.elements.map((element) => readElement(element, reading)) })),
  };
}

function readElement(element: AST.Element, reading: Reading): PatternNode {
  switch (element.type) {
    case 'Assertion':
      return readAssertion(element);
    case 'CapturingGroup':
    case 'Group':
      return readAlternatives(element.alternatives, element.type === 'Group' ? withModifiers(element, reading) : reading);
    case 'Quantifier':
      return readQuantifier(element, reading);
    case 'Backreference':
      throw new Refusal('back-references cannot be matched in linear time', element.start);
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass':
      return { kind: 'set', set: readSet(element, reading) };
  }
}

function withModifiers(group: AST.Group, reading: Reading): Reading {
  const { add, remove } = group.modifiers ?? { add: undefined, remove: undefined };
  return {
    ...reading,
    ignoreCase: (reading.ignoreCase || add?.ignoreCase === true) && remove?.ignoreCase !== true,
    dotAll: (reading.dotAll || add?.dotAll === true) && remove?.dotAll !== true,
  };
}

function readAssertion(assertion: AST.Assertion): PatternNode {
  switch (assertion.kind) {
    case 'word':
      return { kind: 'assert', what: assertion.negate ? 'not-boundary' : 'boundary' };
    case 'start':
    case 'end':
      return { kind: 'assert', what: assertion.kind };
    case 'lookahead':
    case 'lookbehind':
      throw new Refusal(
        'look-around cannot be matched in linear time; move the condition into the pattern or into keywords',
        assertion.start,
      );
  }
}

function readQuantifier({ element, min, max, start }: AST.Quantifier, reading: Reading): PatternNode {
  if (min > REPEAT_MAX || (Number.isFinite(max) && max > REPEAT_MAX)) throw new Refusal(`a repetition counts at most ${REPEAT_MAX}`, start);
  return { kind: 'repeat', item: readElement(element, reading), min, max: Number.isFinite(max) ? max : REPEAT_MAX };
}

type SetElement = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass;

function readSet(element: SetElement, reading: Reading): CharSet {
  switch (element.type) {
    case 'Character':
      return reading.sets?.get(element.value) ?? folded(readCharacter(element), reading);
    case 'CharacterSet':
      return readEscapeSet(element, reading);
    case 'CharacterClass':
      return readClass(element, reading);
    case 'ExpressionCharacterClass':
      throw new Refusal('class operations (&&, --) are not supported; write the resulting class', element.start);
  }
}

function readClass(element: AST.CharacterClass, reading: Reading): CharSet {
  const key = `${reading.ignoreCase ? 'i' : ''}${element.unicodeSets ? 'v' : ''}${element.raw}`;
  const known = CLASSES.get(key);
  if (known !== undefined) return known;
  const inside = union([NOTHING, ...element.elements.map((part) => readClassPart(part, reading))]);
  const set = element.negate ? complement(inside) : inside;
  if (CLASSES.size < FOLDS_MAX) CLASSES.set(key, set);
  return set;
}

function readClassPart(part: AST.CharacterClass['elements'][number], reading: Reading): CharSet {
  switch (part.type) {
    case 'Character':
      return folded(readCharacter(part), reading);
    case 'CharacterClassRange':
      return folded([readCharacter(part.min)[0]!, readCharacter(part.max)[0]!], reading);
    case 'CharacterSet':
      return readEscapeSet(part, reading);
    case 'CharacterClass':
      return readSet(part, reading);
    default:
      throw new Refusal('class strings and operations are not supported; write the resulting class', part.start);
  }
}

/** Every part is folded before anything is turned over: `\W` and `[^ſ]` must not take `s` because `ſ` folds to it. */
function folded(set: CharSet, { ignoreCase }: Reading): CharSet {
  if (!ignoreCase) return set;
  const key = set.length === 2 && set[0] === set[1] ? set[0]! : set.join();
  const known = FOLDS.get(key) ?? foldCase(set);
  if (FOLDS.size < FOLDS_MAX) FOLDS.set(key, known);
  return known;
}

/** Characters and classes with either case, by what stands in the pattern: one set serves every place where it is written. */
const FOLDS = new Map<string | number, CharSet>();
const FOLDS_MAX = 4096;
/** Classes by how they are written: phrases write the same few between all their words. */
const CLASSES = new Map<string, CharSet>();

function readCharacter({ value, raw, start }: AST.Character): CharSet {
  if (value >= 0xd800 && value <= 0xdfff)
    throw new Refusal('half of a surrogate pair is no character; write the whole one as \\u{…}', start);
  // Without the flag u, ECMAScript reads \h, \K or \Q as the bare letter: never what was meant.
  if (/^\\[A-Za-z]$/.test(raw) && raw.charCodeAt(1) === value) throw new Refusal(`${raw} is not an escape of this syntax`, start);
  const known = SINGLES.get(value) ?? [value, value];
  SINGLES.set(value, known);
  return known;
}

/** Sets of one character, each made once: what compares sets mostly needs to compare references. */
const SINGLES = new Map<number, CharSet>();

function readEscapeSet(element: AST.CharacterSet, reading: Reading): CharSet {
  if (element.kind === 'any') return reading.dotAll ? EVERYTHING : complement(LINE_END);
  const named = folded(namedSet(element), reading);
  return element.negate ? complement(named) : named;
}

function namedSet(element: Exclude<AST.CharacterSet, { readonly kind: 'any' }>): CharSet {
  switch (element.kind) {
    case 'digit':
      return DIGIT;
    case 'space':
      return SPACE;
    case 'word':
      return ASCII_WORD;
    case 'property':
      return propertySet(element.value === null ? element.key : `${element.key}=${element.value}`);
  }
}

/** Unwraps groups of one and counts neighbours that repeat one set together. */
function simplify(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'cat': {
      const items = joinRepeats(node.items.map(simplify).flatMap((item) => (item.kind === 'cat' ? item.items : [item])));
      return items.length === 1 ? items[0]! : { kind: 'cat', items };
    }
    case 'alt': {
      const items = node.items.map(simplify);
      return items.length === 1 ? items[0]! : { kind: 'alt', items };
    }
    case 'repeat':
      return { ...node, item: simplify(node.item) };
    case 'set':
    case 'assert':
      return node;
  }
}

/**
 * `[ab]{8,1000}[ab]{0,600}` is `[ab]{8,1600}`. Left apart, the rule's exact automaton has to know every way to share the characters out: a
 * JWT of 1,200 characters took it half a second.
 */
function joinRepeats(items: readonly PatternNode[]): PatternNode[] {
  const out: PatternNode[] = [];
  for (const item of items) {
    const last = out.at(-1);
    const [a, b] = [repeatedSet(last), repeatedSet(item)];
    if (a !== undefined && b !== undefined && (a.max > 1 || b.max > 1) && isSame(a.set, b.set))
      out[out.length - 1] = { kind: 'repeat', item: { kind: 'set', set: a.set }, min: a.min + b.min, max: a.max + b.max };
    else out.push(item);
  }
  return out;
}

const isSame = (a: CharSet, b: CharSet): boolean => a.length === b.length && a.every((at, i) => at === b[i]);

function repeatedSet(node: PatternNode | undefined): { set: CharSet; min: number; max: number } | undefined {
  if (node?.kind === 'set') return { set: node.set, min: 1, max: 1 };
  return node?.kind === 'repeat' && node.item.kind === 'set' ? { set: node.item.set, min: node.min, max: node.max } : undefined;
}

function lengths(node: PatternNode): { shortest: number; longest: number } {
  switch (node.kind) {
    case 'set':
      return { shortest: 1, longest: (node.set.at(-1) ?? 0) > 0xffff ? 2 : 1 };
    case 'assert':
      return { shortest: 0, longest: 0 };
    case 'cat':
      return node.items
        .map(lengths)
        .reduce((a, b) => ({ shortest: a.shortest + b.shortest, longest: a.longest + b.longest }), { shortest: 0, longest: 0 });
    case 'alt':
      return node.items
        .map(lengths)
        .reduce((a, b) => ({ shortest: Math.min(a.shortest, b.shortest), longest: Math.max(a.longest, b.longest) }));
    case 'repeat': {
      const item = lengths(node.item);
      return { shortest: item.shortest * node.min, longest: item.longest * node.max };
    }
  }
}

function countNodes(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
    case 'assert':
      return 1;
    case 'cat':
    case 'alt':
      return node.items.reduce((sum, item) => sum + countNodes(item), 1);
    case 'repeat':
      return countNodes(node.item) * Math.max(1, node.max) + 1;
  }
}

/** The sets of characters in a pattern. */
export function charactersOf(node: PatternNode): readonly CharSet[] {
  switch (node.kind) {
    case 'set':
      return [node.set];
    case 'cat':
    case 'alt':
      return node.items.flatMap(charactersOf);
    case 'repeat':
      return charactersOf(node.item);
    case 'assert':
      return [];
  }
}
