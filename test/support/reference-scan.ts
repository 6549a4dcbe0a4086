import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { WORD } from '../../src/detect/charset.ts';
import { SEVERITIES } from '../../src/detect/detector.ts';
import { ACTIONS, type Match, type Rule } from '../../src/detect/scan.ts';

/** What a scan of a whole text gives, worked out the slow way. */
export interface ReferenceScan {
  /** `id start-end`, in the order they are handed out; the denying match is the last. */
  readonly matches: readonly string[];
  /** `start-end [REDACTED:…]` */
  readonly edits: readonly string[];
  readonly denied: string | undefined;
  readonly exceeded: boolean;
}

interface Found {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  /** A block whose end marker never came: known when the lane ends, after everything else. */
  readonly unended?: boolean;
}

/**
 * The meaning of a scan, by brute force and without the engine's code: every rule from every start by walking the syntax tree with sets of
 * positions, every end from the longest, then overlaps and blocks over the finished list.
 */
export function referenceScan(
  rules: readonly Rule[],
  text: string,
  { stopAtDenial, longest, blockUnits }: { stopAtDenial: boolean; longest: number; blockUnits: number },
): ReferenceScan {
  const found = rules.flatMap((rule) => matchesOf(rule, text)).sort(byStart);
  const { taken, edits } = takeAll(found, text, longest);
  const ordered = taken.sort(byEnd);
  const denial = stopAtDenial ? ordered.findIndex(({ rule }) => rule.action === 'deny') : -1;
  const upTo = denial < 0 ? text.length : ordered[denial]!.end;
  return {
    matches: (denial < 0 ? ordered : ordered.slice(0, denial + 1)).map(show),
    edits,
    denied: denial < 0 ? undefined : show(ordered[denial]!),
    exceeded: ordered.some(
      ({ rule, start, end }) => rule.detector.until !== undefined && rule.action !== 'deny' && Math.min(end, upTo) - start > blockUnits,
    ),
  };
}

export const show = ({ rule, start, end }: Found | Match): string => `${rule.id} ${start}-${end}`;

/** Leftmost start with an accepted candidate, its longest accepted end, then on from there. */
function matchesOf(rule: Rule, text: string): Found[] {
  const pattern = compile(rule.detector.pattern);
  const out: Found[] = [];
  for (let start = 0; start < text.length; start++) {
    const end = pattern.ends(text, start).find((one) => accepts(rule, text, start, one));
    if (end === undefined) continue;
    const units = rule.detector.matchUnits?.(text.slice(start, end)) ?? end - start;
    out.push({ rule, start, end: start + units });
    start += units - 1;
  }
  return out;
}

function accepts({ detector: { check, context, nearby } }: Rule, text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 64), start);
  const candidate = text.slice(start, end);
  if (check !== undefined && !check(candidate, before)) return false;
  if (context !== undefined && !context(before)) return false;
  return nearby === undefined || nearby.some((word) => (before + candidate).toLowerCase().includes(word));
}

interface Cluster {
  readonly start: number;
  end: number;
  best: Found;
}

/** Blocks swallow what lies in them and asks for no more; overlapping redactions become one, named by the strongest near its start. */
function takeAll(found: readonly Found[], text: string, longest: number): { taken: Found[]; edits: string[] } {
  const taken: Found[] = [];
  const blocks: Found[] = [];
  const clusters: Cluster[] = [];
  for (const match of found) {
    const { rule, start } = match;
    const swallowed = blocks.some((block) => start < block.end && match.end <= block.end && rank(match) <= rank(block));
    if (swallowed) continue;
    const opens = rule.detector.until !== undefined && rule.action !== 'deny';
    const marker = opens ? markerEnd(rule.detector.until!, text, match.end) : match.end;
    const end = marker ?? text.length;
    if (opens) blocks.push({ rule, start, end });
    taken.push({ rule, start, end, unended: marker === undefined });
    if (rule.action !== 'redact') continue;
    const last = clusters.at(-1);
    if (last === undefined || start >= last.end) clusters.push({ start, end, best: match });
    else {
      if (start < last.start + longest && isStronger(match, last.best)) last.best = match;
      last.end = Math.max(last.end, end);
    }
  }
  return { taken, edits: clusters.map(({ start, end, best }) => `${start}-${end} [REDACTED:${best.rule.id}]`) };
}

/** The lowest end of any match of the end marker that begins behind the start marker. */
function markerEnd(until: RegExp, text: string, from: number): number | undefined {
  const pattern = compile(until);
  const ends = Array.from({ length: text.length - from }, (_, i) => pattern.ends(text, from + i)).flat();
  return ends.length === 0 ? undefined : Math.min(...ends);
}

const rank = ({ rule }: Found): number => ACTIONS.indexOf(rule.action);
const gravity = ({ rule }: Found): number => SEVERITIES.indexOf(rule.severity);
const byId = (a: Found, b: Found): number => (a.rule.id < b.rule.id ? -1 : 1);
const byStart = (a: Found, b: Found): number => a.start - b.start || a.end - b.end || byId(a, b);

function isStronger(a: Found, b: Found): boolean {
  return (gravity(a) - gravity(b) || a.end - a.start - (b.end - b.start) || -byId(a, b)) > 0;
}

function byEnd(a: Found, b: Found): number {
  const [first, second] = [a, b].map(({ rule }) => (rule.action === 'deny' ? 1 : 0));
  const tie = first === 1 && second === 1 ? gravity(b) - gravity(a) : a.start - b.start;
  return a.end - b.end || Number(a.unended ?? false) - Number(b.unended ?? false) || first! - second! || tie || byId(a, b);
}

interface Compiled {
  /** Ends of matches that begin at `start`, longest first. */
  ends(text: string, start: number): number[];
}

const compiled = new Map<string, Compiled>();

function compile({ source, flags }: RegExp): Compiled {
  const key = `${flags}/${source}`;
  const known = compiled.get(key) ?? { ends: interpreter(source, flags) };
  compiled.set(key, known);
  return known;
}

const isWordAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return WORD.some((lo, i) => i % 2 === 0 && unit >= lo && unit <= WORD[i + 1]!);
};

const isInsidePair = (text: string, at: number): boolean => at > 0 && text.codePointAt(at - 1)! > 0xffff;

/** The flags i and s at an element: those of the pattern, as the groups around it change them (`(?-i:…)`). */
function flagsWithin(flags: string, element: AST.Node): string {
  const outer = element.parent === null ? flags.replace(/[^is]/g, '') : flagsWithin(flags, element.parent);
  if (element.type !== 'Group' || element.modifiers === null) return outer;
  const { add, remove } = element.modifiers;
  const kept = [...outer, ...add.raw].filter((flag) => !remove?.raw.includes(flag));
  return [...new Set(kept)].join('');
}

function interpreter(source: string, flags: string): Compiled['ends'] {
  const unicode = flags.includes('u') || /\\p\{|\\u\{/i.test(source);
  const tree = new RegExpParser().parsePattern(source, 0, source.length, { unicode, unicodeSets: false });
  const members = new Map<AST.Element, Map<number, boolean>>();
  return (text, start) => {
    if (isInsidePair(text, start)) return [];
    const ends = alternatives(tree.alternatives, new Set([start]), text);
    return [...ends].sort((a, b) => b - a);
  };

  function alternatives(all: readonly AST.Alternative[], from: ReadonlySet<number>, text: string): ReadonlySet<number> {
    return new Set(all.flatMap(({ elements }) => [...elements.reduce((at, element) => step(element, at, text), from)]));
  }

  function step(element: AST.Element, from: ReadonlySet<number>, text: string): ReadonlySet<number> {
    if (from.size === 0) return from;
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        return alternatives(element.alternatives, from, text);
      case 'Assertion':
        return new Set([...from].filter((at) => holds(element, at, text)));
      case 'Quantifier':
        return repeat(element, from, text);
      default:
        return new Set([...from].flatMap((at) => over(element, at, text)));
    }
  }

  function repeat({ element, min, max }: AST.Quantifier, from: ReadonlySet<number>, text: string): ReadonlySet<number> {
    const out = new Set<number>(min === 0 ? from : []);
    let at = from;
    for (let count = 1; count <= Math.min(max, 1000) && at.size > 0; count++) {
      at = step(element, at, text);
      const known = out.size;
      if (count >= min) for (const one of at) out.add(one);
      if (count > min && out.size === known) break;
    }
    return out;
  }

  function over(element: AST.Element, at: number, text: string): number[] {
    if (at >= text.length) return [];
    const codePoint = text.codePointAt(at)!;
    const read = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
    const known = members.get(element) ?? new Map<number, boolean>();
    members.set(element, known);
    const inside = known.get(read) ?? isMember(element, read);
    known.set(read, inside);
    return inside ? [at + (codePoint > 0xffff ? 2 : 1)] : [];
  }

  function isMember(element: AST.Element, codePoint: number): boolean {
    const one = element.type === 'Character' ? `\\u{${element.value.toString(16)}}` : element.raw;
    return new RegExp(`^${one}$`, `u${flagsWithin(flags, element)}`).test(String.fromCodePoint(codePoint));
  }

  function holds(assertion: AST.Assertion, at: number, text: string): boolean {
    if (assertion.kind === 'start') return at === 0;
    if (assertion.kind === 'end') return at === text.length;
    const boundary = (at > 0 && isWordAt(text, at - 1)) !== (at < text.length && isWordAt(text, at));
    return assertion.kind === 'word' && boundary !== assertion.negate;
  }
}
