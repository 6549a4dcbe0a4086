import { type CharSet, DIGIT, has, ranges, union } from './charset.ts';
import type { PatternNode } from './pattern.ts';

/**
 * The pattern with every digit where it has some: it matches whatever the pattern does, and more. For an automaton over many rules: each of
 * a hundred numbers begins with, or has somewhere, digits of its own (a month, a region), so a state for each set of numbers that are still
 * possible is nearly one for each number.
 */
export function withAnyDigits(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'set':
      return hasDigit(node.set) ? { kind: 'set', set: withDigits(node.set) } : node;
    case 'cat':
    case 'alt':
      return { ...node, items: node.items.map(withAnyDigits) };
    case 'repeat':
      return { ...node, item: withAnyDigits(node.item) };
    case 'assert':
      return node;
  }
}

/** Sets with all digits, each made once. */
const KNOWN = new WeakMap<CharSet, CharSet>();

function withDigits(set: CharSet): CharSet {
  const known = KNOWN.get(set) ?? union([set, DIGIT]);
  KNOWN.set(set, known);
  return known;
}

const [ZERO, NINE] = [DIGIT[0]!, DIGIT[1]!];

function hasDigit(set: CharSet): boolean {
  return has(set, ZERO) || ranges(set).some(([lo]) => lo > ZERO && lo <= NINE);
}
