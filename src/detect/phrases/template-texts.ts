import { type CharSet, charSet, foldCase, has, size } from '../charset.ts';
import { type PatternNode, parsePattern } from '../pattern.ts';
import { FOLDED } from '../views/fold-table.ts';
import { isOldCyrillic } from './words.ts';

/** Texts that a part of a template can be, in lower case; undefined when there are too many to list. */
export type Texts = readonly string[] | undefined;

/** Texts that one part of a template can be, at most. */
const TEXTS_MAX = 600;
/** Stands for characters that are not told apart. */
export const ANY = '\uffff';
/** Characters of a set that are told apart. */
const LETTERS_MAX = 8;

/** Every text that a part of a template can be. A part is a pattern that ignores case; spaces stand for themselves. */
export function textsOfPart(part: string): Texts {
  const read = readPlain(part);
  if (read !== 'not plain') return read;
  const parsed = parsePattern({ source: `(?:${part})`, flags: 'i' });
  return parsed.ok ? textsOf(parsed.pattern.root) : undefined;
}

/** Everything but these stands for itself. */
const SYNTAX = '\\^$.*+{}[]()?|';

/**
 * Nearly all parts are made of characters, short lists of them, groups, alternatives and `?`. Read straight away they take a fifth of the
 * time a syntax tree does, and these are most of what compiling a policy reads.
 */
function readPlain(source: string): Texts | 'not plain' {
  let at = 0;
  let isPlain = true;
  const texts = alternatives();
  return isPlain && at === source.length ? texts : 'not plain';

  function alternatives(): Texts {
    const all = [sequence()];
    while (isPlain && source[at] === '|') {
      at++;
      all.push(sequence());
    }
    return all.length === 1 ? all[0] : collected(all);
  }

  function sequence(): Texts {
    let texts: Texts = [''];
    while (isPlain && at < source.length && source[at] !== '|' && source[at] !== ')') {
      const item = element();
      if (source[at] === '?') {
        at++;
        texts = joined(texts, repeated(item, { min: 0, max: 1 }));
      } else texts = joined(texts, item);
    }
    return texts;
  }

  function element(): Texts {
    if (source.startsWith('(?:', at)) return group();
    if (source[at] === '[') return list();
    const char = String.fromCodePoint(source.codePointAt(at)!);
    if (SYNTAX.includes(char)) return stop();
    at += char.length;
    return lettersOfList(char);
  }

  function group(): Texts {
    at += '(?:'.length;
    const texts = alternatives();
    if (source[at] !== ')') return stop();
    at++;
    return texts;
  }

  function list(): Texts {
    const end = source.indexOf(']', at);
    const listed = end < 0 ? '' : source.slice(at + 1, end);
    if (listed === '' || listed.includes('\\') || listed.includes('-') || listed.startsWith('^')) return stop();
    at = end + 1;
    return lettersOfList(listed);
  }

  function stop(): Texts {
    isPlain = false;
    return undefined;
  }
}

/** What one of some characters can be, in either case. */
function lettersOfList(listed: string): readonly string[] {
  const known = LETTERS.get(listed);
  if (known !== undefined) return known;
  const set = foldCase(charSet(Array.from(listed, (char) => [char.codePointAt(0)!, char.codePointAt(0)!])));
  const letters = size(set) > LETTERS_MAX ? [ANY] : lettersOf(set);
  LETTERS.set(listed, letters);
  return letters;
}

/** Of lists in templates, which are our own: traffic adds none. */
const LETTERS = new Map<string, readonly string[]>();

function textsOf(node: PatternNode): Texts {
  switch (node.kind) {
    case 'set':
      return size(node.set) > LETTERS_MAX ? [ANY] : lettersOf(node.set);
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

function lettersOf(set: CharSet): string[] {
  const letters = new Set<string>();
  for (let i = 0; i < set.length; i += 2)
    for (let code = set[i]!; code <= set[i + 1]!; code++)
      if (!isOldCyrillic(code) && !isFoldedInto(set, code)) letters.add(String.fromCodePoint(code).toLowerCase());
  return [...letters];
}

/** Whether a folded text has another letter of the set instead: an `s` for `ſ`. */
function isFoldedInto(set: CharSet, code: number): boolean {
  const folded = FOLDED[code] ?? code;
  return folded !== code && has(set, folded);
}

function collected(all: readonly Texts[]): Texts {
  const texts = new Set<string>();
  for (const some of all) {
    if (some === undefined) return undefined;
    for (const text of some) texts.add(text);
  }
  return texts.size > TEXTS_MAX ? undefined : [...texts];
}

/** Every text of the first followed by every text of the second. */
export function joined(a: Texts, b: Texts): Texts {
  if (a === undefined || b === undefined || a.length * b.length > TEXTS_MAX) return undefined;
  if (b.length === 1) return a.map((first) => first + b[0]!);
  return [...new Set(a.flatMap((first) => b.map((second) => first + second)))];
}

function repeated(item: Texts, { min, max }: { readonly min: number; readonly max: number }): Texts {
  if (item?.length === 1 && item[0] === ANY) return min === 0 ? ['', ANY] : [ANY];
  if (max > 3) return undefined;
  const counts = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  return collected(counts.map((count) => Array.from({ length: count }, () => item).reduce(joined, [''])));
}
