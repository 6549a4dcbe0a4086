import { has } from './charset.ts';
import { charactersOf, type PatternNode, parsePattern } from './pattern.ts';

/** Units from which on a repetition is a stretch of text, and not the end of a word or what stands between two. */
const STRETCH_UNITS_MIN = 17;

const SPACE = 0x20;

/**
 * Whether something can be in the middle of a match of this pattern for several words, whatever they are: it has a long repetition in which
 * a space may stand. A pattern that cannot be parsed does not.
 */
export function lingers(pattern: RegExp): boolean {
  const parsed = parsePattern(pattern);
  return parsed.ok && hasStretch(parsed.pattern.root);
}

function hasStretch(node: PatternNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return (node.max >= STRETCH_UNITS_MIN && charactersOf(node.item).some((set) => has(set, SPACE))) || hasStretch(node.item);
    case 'cat':
    case 'alt':
      return node.items.some(hasStretch);
    default:
      return false;
  }
}
