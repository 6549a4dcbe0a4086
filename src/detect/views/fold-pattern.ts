import { type CharSet, charSet, ranges, size } from '../charset.ts';
import type { Pattern, PatternNode } from '../pattern.ts';
import { FOLDED, PAIRED } from './fold-table.ts';

/** Sets up to this size say which characters they mean; larger ones (`[^.]`, `\\p{L}`) have the folded ones already. */
const NAMED_CHARACTERS_MAX = 64;

/** The pattern that finds in a folded text what this one finds in the text: each character may also stand as its fold. */
export function foldPattern(pattern: Pattern): Pattern {
  return { ...pattern, root: foldNode(pattern.root) };
}

/** Sets with their folds, each made once. */
const KNOWN = new WeakMap<CharSet, CharSet>();

function foldSet(set: CharSet): CharSet {
  const folded = KNOWN.get(set) ?? withFolds(set);
  KNOWN.set(set, folded);
  return folded;
}

function foldNode(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'set':
      return { kind: 'set', set: foldSet(node.set) };
    case 'cat':
    case 'alt':
      return { ...node, items: node.items.map((item) => foldNode(item)) };
    case 'repeat':
      return { ...node, item: foldNode(node.item) };
    case 'assert':
      return node;
  }
}

function withFolds(set: CharSet): CharSet {
  if (size(set) > NAMED_CHARACTERS_MAX) return set;
  const folds: [number, number][] = [];
  for (const [lo, hi] of ranges(set))
    for (let unit = lo; unit <= Math.min(hi, 0xffff); unit++) {
      const folded = FOLDED[unit]!;
      if (folded !== unit && folded < PAIRED) folds.push([folded, folded]);
    }
  return folds.length === 0 ? set : charSet([...ranges(set), ...folds]);
}
