import { type Detector, FAMILIES, type Family } from '../detect/detector.ts';
import { parsePattern } from '../detect/pattern.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { codeParts, type ListParts, type ListResult, phraseParts, urlParts } from './own-lists.ts';
import type { PolicyError } from './problem.ts';
import { DECLARING_KEYS, type DetectorRow } from './schema.ts';
import type { YamlDocument, YamlPath } from './yaml-source.ts';

/** Longest match of a detector with keywords, in UTF-16 units: every end of a candidate is tried. */
const KEYWORD_MATCH_MAX = 128;

export interface OwnDetectorContext {
  readonly yaml: YamlDocument;
  /** Ids of the built-in detectors. */
  readonly builtin: readonly string[];
  /** `limits.holdBytes`, in UTF-16 units. */
  readonly holdBytes: number;
  readonly createEngine: (rules: readonly Rule[]) => Engine;
  /** The text of a file named in the policy; undefined when it cannot be read. */
  readonly readBeside: ((name: string) => string | undefined) | undefined;
}

/** A long list of words is several detectors with one id. */
export type OwnDetectorResult =
  | { readonly ok: true; readonly detectors: readonly Detector[] }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/** Whether a row says itself what it finds. */
export function isOwnDetector(row: DetectorRow): boolean {
  return DECLARING_KEYS.some((key) => row[key] !== undefined);
}

/** Makes a detector from a policy row that says what it finds, and runs its examples. */
export function ownDetector(id: string, row: DetectorRow, context: OwnDetectorContext): OwnDetectorResult {
  const { yaml } = context;
  const path = ['detectors', id];
  const name = nameProblem(id, context.builtin);
  if (name !== undefined) return { ok: false, errors: [yaml.problemAtKey(path, name)] };
  const mixed = mixedProblems(id, row, yaml);
  if (mixed.length > 0) return { ok: false, errors: mixed };
  const made = partsOf(row, path, context);
  if (!made.ok) return made;
  const detectors = made.parts.map((parts) => build(id, row, parts));
  const failed = failedExamples(id, detectors, row, context);
  return failed.length > 0 ? { ok: false, errors: failed } : { ok: true, detectors };
}

/** What the row finds, by the key that says so. */
function partsOf(row: DetectorRow, path: YamlPath, context: OwnDetectorContext): ListResult {
  const list = { yaml: context.yaml, path, readBeside: context.readBeside };
  if (row.urls !== undefined) return urlParts(row, list);
  if (row.code !== undefined) return codeParts(row);
  if (row.pattern === undefined) return phraseParts(row, list);
  const lifted = liftInlineFlags(row.pattern, row.flags ?? '');
  const pattern = checkPattern(lifted, { path, context, hasKeywords: row.keywords !== undefined });
  return pattern.ok ? { ok: true, parts: [{ pattern: pattern.regExp }] } : pattern;
}

/** Keys that say in a second way what is found, and keys that belong to a pattern where there is none. */
function mixedProblems(id: string, row: DetectorRow, yaml: YamlDocument): PolicyError[] {
  const [first, ...others] = DECLARING_KEYS.filter((key) => row[key] !== undefined && !(key === 'file' && row.phrases !== undefined));
  const second = others.map((key) => [key, `"${key}" stands beside "${first}"; a detector says in one way what it finds`] as const);
  const orphans = (['flags', 'keywords'] as const)
    .filter((key) => row.pattern === undefined && row[key] !== undefined)
    .map((key) => [key, `"${key}" needs a "pattern" beside it`] as const);
  return [...second, ...orphans].map(([key, message]) => yaml.problemAtKey(['detectors', id, key], `detectors › ${id} › ${message}`));
}

function nameProblem(id: string, builtin: readonly string[]): string | undefined {
  if (builtin.includes(id)) return `"${id}" is a built-in detector and cannot have a pattern; give your own another name`;
  const [family = '', ...rest] = id.split('.');
  if (!(FAMILIES as readonly string[]).includes(family))
    return `the id of an own detector begins with its family: ${FAMILIES.join(', ')}; found "${id}"${didYouMean(family, FAMILIES)}`;
  if (rest.length !== 1 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(rest[0]!))
    return `the id of an own detector is <family>.<name>, the name in lower case with digits and hyphens; found "${id}"`;
  return undefined;
}

interface WrittenPattern {
  readonly source: string;
  readonly flags: string;
}

/** Moves a leading `(?i)` or `(?is)`, as RE2 and PCRE write it, into the flags. */
function liftInlineFlags(source: string, flags: string): WrittenPattern {
  const inline = /^\(\?([isu]{1,3})\)/.exec(source);
  if (inline === null) return { source, flags };
  return { source: source.slice(inline[0].length), flags: [...new Set(flags + inline[1]!)].join('') };
}

type PatternCheck = { readonly ok: true; readonly regExp: RegExp } | { readonly ok: false; readonly errors: readonly PolicyError[] };

function checkPattern(
  written: WrittenPattern,
  { path, context, hasKeywords }: { readonly path: YamlPath; readonly context: OwnDetectorContext; readonly hasKeywords: boolean },
): PatternCheck {
  const refuse = (key: string, message: string): PatternCheck => ({
    ok: false,
    errors: [context.yaml.problemAt([...path, key], `${path.join(' › ')} › ${key} › ${message}`)],
  });
  const wrongFlag = [...written.flags].find((flag, i) => !'isu'.includes(flag) || written.flags.indexOf(flag) !== i);
  if (wrongFlag !== undefined)
    return refuse('flags', `flag "${wrongFlag}" is unknown or repeated; use i (ignore case), s (dot matches line ends) or u`);
  const parsed = parsePattern(written);
  if (!parsed.ok) return refuse('pattern', `${parsed.error.message} (at character ${parsed.error.index + 1})`);
  const { longest } = parsed.pattern;
  if (longest > context.holdBytes)
    return refuse(
      'pattern',
      `its longest match is ${longest} units, more than limits.holdBytes (${context.holdBytes}); bound its repetitions, e.g. {1,100}`,
    );
  if (hasKeywords && longest > KEYWORD_MATCH_MAX)
    return refuse(
      'pattern',
      `its longest match is ${longest} units; with keywords at most ${KEYWORD_MATCH_MAX}; bound its repetitions or drop the keywords`,
    );
  return { ok: true, regExp: new RegExp(written.source, written.flags) };
}

function build(id: string, row: DetectorRow, parts: ListParts): Detector {
  const [family, name] = id.split('.') as [Family, string];
  return {
    name,
    family,
    summary: "An operator's own.",
    tier: 'block',
    severity: row.severity ?? 'medium',
    confidence: 1,
    ...parts,
    ...(row.keywords === undefined ? {} : { nearby: row.keywords.map((word) => word.toLowerCase()) }),
    references: [],
    finds: row.examples?.finds ?? [],
    ignores: row.examples?.ignores ?? [],
  };
}

function failedExamples(
  id: string,
  detectors: readonly Detector[],
  { examples }: DetectorRow,
  { yaml, createEngine }: OwnDetectorContext,
): PolicyError[] {
  if (examples === undefined) return [];
  const engine = createEngine(
    detectors.map((detector) => ({ id, detector, severity: detector.severity, confidence: detector.confidence, action: 'observe' })),
  );
  const judge = (kind: 'finds' | 'ignores', wanted: boolean, message: string): PolicyError[] =>
    (examples[kind] ?? []).flatMap((text, i) =>
      isFound(engine, text) === wanted
        ? []
        : [yaml.problemAt(['detectors', id, 'examples', kind, i], `detectors › ${id} › examples › ${message}`)],
    );
  return [
    ...judge('finds', true, 'it does not find this text, and should'),
    ...judge('ignores', false, 'it finds this text, and should not'),
  ];
}

function isFound(engine: Engine, text: string): boolean {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().length > 0;
}
