import { type CharSet, charSet, has, ranges, union } from './charset.ts';
import { type Assertion, basicPlane, isWide, type PatternNode } from './pattern.ts';

/**
 * Many patterns as one graph over UTF-16 units (Thompson's construction). A node is one of: a unit of a set, an assertion, or the
 * acceptance of a pattern; edges without a character are followed when a state is built.
 */
export interface Nfa {
  readonly nodes: readonly NfaNode[];
  /** First node of each pattern, by pattern number. */
  readonly starts: readonly number[];
}

export type NfaNode =
  | { readonly kind: 'unit'; readonly set: CharSet; next: number; readonly pattern: number }
  | { readonly kind: 'assert'; readonly what: Assertion; next: number; readonly pattern: number }
  | { readonly kind: 'split'; readonly next: number[]; readonly pattern: number }
  | { readonly kind: 'accept'; readonly pattern: number };

/**
 * `exact` keeps every counted repetition. `loose` turns a wide one (more than 16 at most, more than 8 apart) into at most four copies and a
 * star: it accepts more, so it may hold text longer and point at too much, but it never misses, and it stays small.
 */
export type Precision = 'exact' | 'loose';

export function buildNfa(patterns: readonly PatternNode[], precision: Precision): Nfa {
  const nodes: NfaNode[] = [];
  const starts = patterns.map((root, pattern) => {
    const accept = push({ kind: 'accept', pattern });
    return build(root, accept, pattern);
  });
  return { nodes, starts };

  function push(node: NfaNode): number {
    nodes.push(node);
    return nodes.length - 1;
  }

  /** Adds the nodes that match `node` and then go on at `next`; gives the first of them. Built from the back. */
  function build(node: PatternNode, next: number, pattern: number): number {
    switch (node.kind) {
      case 'set':
        return buildSet(node.set, next, pattern);
      case 'assert':
        return push({ kind: 'assert', what: node.what, next, pattern });
      case 'cat':
        return node.items.reduceRight((after, item) => build(item, after, pattern), next);
      case 'alt':
        return push({ kind: 'split', next: node.items.map((item) => build(item, next, pattern)), pattern });
      case 'repeat':
        return precision === 'loose' && isWide(node)
          ? buildCopies(node.item, Math.min(node.min, 4), buildStar(node.item, next, pattern), pattern)
          : buildCounted(node, next, pattern);
    }
  }

  function buildCopies(item: PatternNode, count: number, next: number, pattern: number): number {
    let first = next;
    for (let copy = 0; copy < count; copy++) first = build(item, first, pattern);
    return first;
  }

  function buildStar(item: PatternNode, next: number, pattern: number): number {
    const loop: number[] = [next];
    const split = push({ kind: 'split', next: loop, pattern });
    loop.push(build(item, split, pattern));
    return split;
  }

  function buildCounted({ item, min, max }: { item: PatternNode; min: number; max: number }, next: number, pattern: number): number {
    let first = next;
    for (let copy = min; copy < max; copy++) first = push({ kind: 'split', next: [next, build(item, first, pattern)], pattern });
    return buildCopies(item, min, first, pattern);
  }

  /**
   * Characters outside the basic plane are two units. A set that has any also takes a lone surrogate (it reads as U+FFFD elsewhere), so
   * that no half can end a match early.
   */
  function buildSet(set: CharSet, next: number, pattern: number): number {
    const { units, astral } = basicPlane(set);
    if (!astral) return push({ kind: 'unit', set: has(units, 0xfffd) ? union([units, SURROGATES]) : units, next, pattern });
    const high = charSet(astralPairs(set).map(([lead]) => lead));
    const lone = has(units, 0xfffd);
    const pairs = astralPairs(set).map(([lead, trail]) => {
      const second = push({ kind: 'unit', set: [trail[0], trail[1]], next, pattern });
      return push({ kind: 'unit', set: [lead[0], lead[1]], next: second, pattern });
    });
    const single = push({ kind: 'unit', set: lone ? union([units, SURROGATES]) : units, next, pattern });
    return high.length === 0 ? single : push({ kind: 'split', next: [single, ...pairs], pattern });
  }
}

const SURROGATES: CharSet = [0xd800, 0xdfff];

/** The astral part of a set as pairs of unit ranges: leads that share a range of trails. */
function astralPairs(set: CharSet): (readonly [lead: readonly [number, number], trail: readonly [number, number]])[] {
  const out: (readonly [readonly [number, number], readonly [number, number]])[] = [];
  for (const [lo, hi] of ranges(set)) {
    if (hi <= 0xffff) continue;
    const from = Math.max(lo, 0x10000) - 0x10000;
    const to = hi - 0x10000;
    const [firstLead, lastLead] = [from >> 10, to >> 10];
    const trailOf = (value: number): number => 0xdc00 + (value & 0x3ff);
    const lead = (index: number): number => 0xd800 + index;
    if (firstLead === lastLead) {
      out.push([
        [lead(firstLead), lead(firstLead)],
        [trailOf(from), trailOf(to)],
      ]);
      continue;
    }
    const wholeFrom = (from & 0x3ff) === 0 ? firstLead : firstLead + 1;
    const wholeTo = (to & 0x3ff) === 0x3ff ? lastLead : lastLead - 1;
    if (wholeFrom > firstLead)
      out.push([
        [lead(firstLead), lead(firstLead)],
        [trailOf(from), 0xdfff],
      ]);
    if (wholeFrom <= wholeTo)
      out.push([
        [lead(wholeFrom), lead(wholeTo)],
        [0xdc00, 0xdfff],
      ]);
    if (wholeTo < lastLead)
      out.push([
        [lead(lastLead), lead(lastLead)],
        [0xdc00, trailOf(to)],
      ]);
  }
  return out;
}
