import { unitAt } from '../../lib/unit-at.ts';
import { type PatternNode, parsePattern } from '../pattern.ts';
import { foldText } from '../views/fold.ts';
import { foldedForms } from '../views/folded-forms.ts';
import { frequencyOf } from './rarity.ts';
import { ANY, joined, type Texts, textsOfPart } from './template-texts.ts';
import { comparable, isWordUnit } from './words.ts';

/** What a match of a template cannot do without. */
export interface TemplateKeys {
  /** Words, and pairs of neighbouring words with a space between, of which every match has one; folded and in lower case. */
  readonly words: ReadonlySet<string>;
  /** The template up to the part that they are of: what a match is, from its start to the end of the key. */
  readonly upTo: string;
}

/** Finds them in the part that cannot be missing and has the rarest. Undefined when no part is made of words that can be listed. */
export type KeyFinder = (template: string) => TemplateKeys | undefined;

/** Reads templates. They share many of their parts; what is known of one is kept as long as the reader. */
export interface TemplateReader {
  readonly keysOf: KeyFinder;
  /** Whether every match of a template begins with a letter or digit. */
  beginsWithWord(template: string): boolean;
}

export function createTemplateReader(): TemplateReader {
  const textsOf = memo(textsOfPart);
  const keysIn = memo((part): Keys | undefined =>
    isInfix(part) ? undefined : (keysOfTexts(textsOf(part)) ?? keysOfAlternatives(part) ?? keysBehindBoundary(part)),
  );
  const keysInPair = memo((pair) => {
    const [first, second] = pair.split(PAIR) as [string, string];
    return isInfix(first) || isInfix(second) ? undefined : keysOfTexts(joined(joined(textsOf(first), [' ']), textsOf(second)));
  });

  return { keysOf, beginsWithWord };

  function keysOf(template: string): TemplateKeys | undefined {
    const parts = rawParts(template);
    const best = rarestIn(parts);
    return best && { words: best.words, upTo: parts.slice(0, best.last + 1).join(' ') };
  }

  /** Of a group with too many texts to list: those of each alternative. */
  function keysOfAlternatives(part: string): Keys | undefined {
    const all = alternativesOf(part).map((alternative) => rarestIn(rawParts(alternative)));
    if (all.length === 0 || !all.every((keys) => keys !== undefined)) return undefined;
    return { words: new Set(all.flatMap(({ words }) => [...words])), cost: all.reduce((sum, { cost }) => sum + cost, 0), last: 0 };
  }

  /** Of what follows the last word boundary in a part: its first word begins there, whatever stands before. */
  function keysBehindBoundary(part: string): Keys | undefined {
    const at = lastBoundary(part);
    return at === -1 ? undefined : keysIn(part.slice(at));
  }

  function rarestIn(parts: readonly string[]): Keys | undefined {
    const of = (keys: Keys | undefined, last: number): Keys | undefined => keys && { ...keys, last };
    const alone = rarest(parts.map((part, i) => (isGap(part) ? undefined : of(keysIn(part), i))));
    // Common words are rarer together. Parts with a gap between them are no neighbours.
    const paired =
      alone !== undefined && alone.cost < RARE
        ? undefined
        : rarest(
            parts.map((part, i) =>
              i === 0 || isGap(part) || isGap(parts[i - 1]!) ? undefined : of(keysInPair(`${parts[i - 1]!}${PAIR}${part}`), i),
            ),
          );
    return rarest([alone, paired]);
  }

  function beginsWithWord(template: string): boolean {
    const [first = '', second = ''] = rawParts(template);
    if (textsOf(first)?.every((text) => text !== '' && isWordUnit(unitAt(text, 0)))) return true;
    const parsed = parsePattern({
      source: `(?:${first})${isGap(second) ? '' : `(?:${second.replace(/^\?/, '')})`}`.replaceAll(' ?', '(?: )?'),
      flags: 'i',
    });
    return parsed.ok && beginsWithUnits(parsed.pattern.root);
  }
}

/** Stands between two parts; in no template. */
const PAIR = '\0';

function memo<T>(read: (part: string) => T): (part: string) => T {
  const known = new Map<string, T>();
  return (part) => {
    const value = known.has(part) ? known.get(part)! : read(part);
    known.set(part, value);
    return value;
  };
}

const rarest = (all: readonly (Keys | undefined)[]): Keys | undefined =>
  all.reduce((a, b) => (a === undefined || (b !== undefined && b.cost < a.cost) ? b : a), undefined);

/** Whether a gap or the end of a sentence stands in a part: its texts cannot be listed. */
const isInfix = (part: string): boolean => part.includes(' ~') || part.includes(' {') || part.includes(' /');

/** Weight below which words are rare enough. */
const RARE = 200;

/** Words and pairs of which a part has one, and how often they stand in ordinary text together. */
interface Keys {
  readonly words: ReadonlySet<string>;
  readonly cost: number;
  /** Number of the last part that they are of. */
  readonly last: number;
}

function keysOfTexts(texts: Texts): Keys | undefined {
  const words = wordsOf(texts);
  return words && { words, cost: [...words].reduce((sum, key) => sum + costOf(key), 0), last: 0 };
}

/** The parts of a template between spaces outside of brackets, gaps too; parts with a space that may be missing are one. */
function rawParts(template: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of `${template} `) {
    if (char === '(' || char === '{' || char === '[') depth++;
    if (char === ')' || char === '}' || char === ']') depth--;
    if (char !== ' ' || depth > 0) part += char;
    else if (part.startsWith('?') && parts.length > 0) {
      parts.push(`${parts.pop()!} ${part}`);
      part = '';
    } else {
      parts.push(part);
      part = '';
    }
  }
  return parts;
}

/** What ends a word whatever follows: one of some signs. */
const SEPARATED = /^\[[,:;.!?]+\](?![?*{])/;

/** The alternatives of a part that is one group, or begins with one that a sign follows; none for another. */
function alternativesOf(part: string): readonly string[] {
  if (!part.startsWith('(?:')) return [];
  const alternatives: string[] = [];
  let depth = 0;
  let from = '(?:'.length;
  for (let at = 0; at < part.length; at++) {
    const char = part[at]!;
    if (char === '\\') at++;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === '|' && depth === 1) {
      alternatives.push(part.slice(from, at));
      from = at + 1;
    }
    if (depth > 0) continue;
    const rest = part.slice(at + 1);
    return rest === '' || SEPARATED.test(rest) ? [...alternatives, part.slice(from, at)] : [];
  }
  return [];
}

/** Where a part goes on behind its last word boundary that stands in no group; -1 where there is none, or alternatives are not in a group. */
function lastBoundary(part: string): number {
  let depth = 0;
  let behind = -1;
  for (let at = 0; at < part.length; at++) {
    const char = part[at]!;
    if (char === '\\') {
      at++;
      if (part[at] === 'b' && depth === 0) behind = at + 1;
    } else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === '|' && depth === 0) return -1;
  }
  return behind;
}

function beginsWithUnits(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return node.set.every(isWordUnit);
    case 'alt':
      return node.items.every(beginsWithUnits);
    case 'cat': {
      const first = node.items.findIndex((item) => item.kind !== 'assert' && !(item.kind === 'repeat' && item.min === 0));
      return first >= 0 && node.items.slice(0, first + 1).every((item) => item.kind === 'assert' || beginsWithUnits(item));
    }
    case 'repeat':
      return beginsWithUnits(node.item);
    case 'assert':
      return false;
  }
}

/** How often a word, or a pair of words, stands in ordinary text, as a weight. */
function costOf(key: string): number {
  const [first, second] = foldText(key).split(' ');
  return second === undefined ? frequencyOf(first!) : Math.max(LEAST_COST, (frequencyOf(first!) * frequencyOf(second)) / PAIR_RARITY);
}

/** Weight of a rare word. */
const LEAST_COST = 1;

/** How much rarer a pair of words is than what both weigh. */
const PAIR_RARITY = 40_000;

const isGap = (part: string): boolean => part === '' || part === '/' || part.startsWith('~') || part.startsWith('{');

/** The rarest word or pair of each text that a part can be; undefined when one has none, or may be empty. */
function wordsOf(texts: Texts): ReadonlySet<string> | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  const words = new Set<string>();
  for (const text of texts) {
    const rarest = rarestOf(wordsIn(text));
    if (rarest === undefined) return undefined;
    for (const form of formsOf(rarest)) words.add(comparable(form));
  }
  return words;
}

/** The rarest of some words, or of two that are neighbours; the first of those that are as rare. */
function rarestOf(words: readonly string[]): string | undefined {
  let rarest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2 * words.length - 1 && least > LEAST_COST; i++) {
    const key = i < words.length ? words[i]! : `${words[i - words.length]!} ${words[i - words.length + 1]!}`;
    const cost = key.includes(ANY) ? Number.POSITIVE_INFINITY : costOf(key);
    if (cost < least) [rarest, least] = [key, cost];
  }
  return rarest;
}

/** A word or pair as it may stand in a folded text, put in lower case: small, in capitals, or with one. */
function formsOf(key: string): string[] {
  return key
    .split(' ')
    .map(foldedForms)
    .reduce<string[]>((before, forms) => before.flatMap((one) => forms.map((form) => (one === '' ? form : `${one} ${form}`))), ['']);
}

/** The words of a text as the scan cuts them. */
function wordsIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}\uffff]+/u)
    .filter((word) => word !== '');
}
