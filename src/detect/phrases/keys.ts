import { size } from '../charset.ts';
import { type PatternNode, parsePattern } from '../pattern.ts';
import { foldText } from '../views/fold.ts';
import { foldedForms } from '../views/folded-forms.ts';
import { frequencyOf } from './rarity.ts';
import { comparable, isOldCyrillic, isWordUnit } from './words.ts';

/** Texts that one part of a template can be, at most. */
const TEXTS_MAX = 600;
/** Stands for characters that are not told apart. */
const ANY = '\uffff';

/**
 * Finds words, and pairs of neighbouring words with a space between, of which every match of a template has one; folded and in lower case.
 * They are taken from the part that cannot be missing and has the rarest. Undefined when no part is made of words that can be listed.
 */
export type KeyFinder = (template: string) => ReadonlySet<string> | undefined;

/** Templates share many of their parts; what is known of one is kept as long as the finder. */
export function createKeyFinder(): KeyFinder {
  const known = new Map<string, Keys | undefined>();
  const keysIn = (part: string): Keys | undefined => {
    if (!known.has(part)) known.set(part, keysOfPart(part));
    return known.get(part);
  };
  const rarest = (parts: readonly string[]): Keys | undefined =>
    parts.map(keysIn).reduce((a, b) => (a === undefined || (b !== undefined && b.cost < a.cost) ? b : a), undefined);

  return (template) => {
    const parts = rawParts(template);
    const alone = rarest(parts.filter((one) => !isGap(one)));
    if (alone !== undefined && alone.cost < RARE) return alone.words;
    // Common words are rarer together. Parts with a gap between them are no neighbours.
    const pairs = parts.slice(1).flatMap((part, i) => (isGap(part) || isGap(parts[i]!) ? [] : [`${parts[i]!} ${part}`]));
    const paired = rarest(pairs);
    return (alone === undefined || (paired !== undefined && paired.cost < alone.cost) ? paired : alone)?.words;
  };
}

/** Weight below which words are rare enough. */
const RARE = 200;

/** Words and pairs of which a part has one, and how often they stand in ordinary text together. */
interface Keys {
  readonly words: ReadonlySet<string>;
  readonly cost: number;
}

function keysOfPart(part: string): Keys | undefined {
  const words = wordsOf(part);
  return words && { words, cost: [...words].reduce((sum, key) => sum + costOf(key), 0) };
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

/** Whether every match of a template begins with a letter or digit. */
export function beginsWithWord(template: string): boolean {
  const [first = '', second = ''] = rawParts(template);
  const parsed = parsePattern({
    source: `(?:${first})${isGap(second) ? '' : `(?:${second.replace(/^\?/, '')})`}`.replaceAll(' ?', '(?: )?'),
    flags: 'i',
  });
  return parsed.ok && beginsWithUnits(parsed.pattern.root);
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
  return second === undefined ? frequencyOf(first!) : Math.max(1, (frequencyOf(first!) * frequencyOf(second)) / PAIR_RARITY);
}

/** How much rarer a pair of words is than what both weigh. */
const PAIR_RARITY = 40_000;

const isGap = (part: string): boolean => part === '' || part === '/' || part.startsWith('~') || part.startsWith('{');

/** The rarest word or pair of each text that a part can be; undefined when one has none, or may be empty. */
function wordsOf(part: string): ReadonlySet<string> | undefined {
  if (part.includes(' ~') || part.includes(' {') || part.includes(' /')) return undefined;
  const parsed = parsePattern({ source: `(?:${part.replaceAll(' ?', ' ? ?').replaceAll(' ? ?', '(?: )?')})`, flags: 'i' });
  const texts = parsed.ok ? textsOf(parsed.pattern.root) : undefined;
  if (texts === undefined || texts.length === 0) return undefined;
  const words = new Set<string>();
  for (const text of texts) {
    const all = wordsIn(text);
    const pairs = all.slice(1).map((word, i) => `${all[i]!} ${word}`);
    const rarest = [...all, ...pairs]
      .filter((key) => !key.includes(ANY))
      .reduce<string | undefined>((a, b) => (a === undefined || costOf(b) < costOf(a) ? b : a), undefined);
    if (rarest === undefined) return undefined;
    for (const form of formsOf(rarest)) words.add(comparable(form));
  }
  return words;
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

/** Every text a pattern can be, in lower case; undefined when there are too many. */
function textsOf(node: PatternNode): readonly string[] | undefined {
  switch (node.kind) {
    case 'set':
      return size(node.set) > 8 ? [ANY] : lettersOf(node.set);
    case 'assert':
      return [''];
    case 'alt':
      return collected(node.items.map(textsOf));
    case 'cat':
      return node.items.map(textsOf).reduce(joined, ['']);
    case 'repeat':
      return repeated(textsOf(node.item), node);
  }
}

function lettersOf(set: readonly number[]): string[] {
  const letters = new Set<string>();
  for (let i = 0; i < set.length; i += 2)
    for (let code = set[i]!; code <= set[i + 1]!; code++) if (!isOldCyrillic(code)) letters.add(String.fromCodePoint(code).toLowerCase());
  return [...letters];
}

type Texts = readonly string[] | undefined;

function collected(all: readonly Texts[]): Texts {
  const texts = all.flatMap((one) => one ?? [ANY.repeat(0)]);
  return all.includes(undefined) || texts.length > TEXTS_MAX ? undefined : [...new Set(texts)];
}

function joined(a: Texts, b: Texts): Texts {
  if (a === undefined || b === undefined || a.length * b.length > TEXTS_MAX) return undefined;
  return [...new Set(a.flatMap((first) => b.map((second) => first + second)))];
}

function repeated(item: Texts, { min, max }: { readonly min: number; readonly max: number }): Texts {
  if (item?.length === 1 && item[0] === ANY) return min === 0 ? ['', ANY] : [ANY];
  if (max > 3) return undefined;
  const counts = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  return collected(counts.map((count) => Array.from({ length: count }, () => item).reduce(joined, [''])));
}
