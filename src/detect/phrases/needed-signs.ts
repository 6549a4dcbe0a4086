import { size } from '../charset.ts';
import type { PatternNode } from '../pattern.ts';

/** Signs that stand in most texts anyway. */
const COMMON = `.,'"-()`;
/** Signs of which one is needed, at most. */
const SIGNS_MAX = 4;

/**
 * Signs of which every match of a pattern has one, as few as can be; undefined where it needs none, or only what most texts have. A key
 * of common words ("to") says little; that an e-mail address must follow says that there is nothing to read without an `@`.
 */
export function neededSigns(node: PatternNode): readonly string[] | undefined {
  switch (node.kind) {
    case 'set':
      return size(node.set) <= SIGNS_MAX ? signsAmong(node.set) : undefined;
    case 'assert':
      return undefined;
    case 'alt':
      return united(node.items.map(neededSigns));
    case 'cat':
      return fewest(node.items.map(neededSigns));
    case 'repeat':
      return node.min === 0 ? undefined : neededSigns(node.item);
  }
}

/** The characters of a set, if all of them are rare signs. */
function signsAmong(set: readonly number[]): readonly string[] | undefined {
  const signs: string[] = [];
  for (let i = 0; i < set.length; i += 2)
    for (let code = set[i]!; code <= set[i + 1]!; code++) {
      const char = String.fromCharCode(code);
      if (code > 0x7e || code <= 0x20 || /[a-z0-9]/i.test(char) || COMMON.includes(char)) return undefined;
      signs.push(char);
    }
  return signs;
}

function united(all: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const signs = new Set<string>();
  for (const some of all) {
    if (some === undefined) return undefined;
    for (const sign of some) signs.add(sign);
  }
  return signs.size <= SIGNS_MAX ? [...signs] : undefined;
}

function fewest(all: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return all.reduce((a, b) => (a === undefined || (b !== undefined && b.length < a.length) ? b : a), undefined);
}
