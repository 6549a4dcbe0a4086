import { type Detector, detectorId, FAMILIES, type Family } from '../detect/detector.ts';
import { parsePattern } from '../detect/pattern.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import type { PolicyError } from './problem.ts';
import type { DetectorRow } from './schema.ts';
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
}

export type OwnDetectorResult =
  | { readonly ok: true; readonly detector: Detector }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/** Makes a detector from a policy row that has a pattern, and runs its examples. */
export function ownDetector(id: string, row: DetectorRow & { readonly pattern: string }, context: OwnDetectorContext): OwnDetectorResult {
  const { yaml } = context;
  const path = ['detectors', id];
  const name = nameProblem(id, context.builtin);
  if (name !== undefined) return { ok: false, errors: [yaml.problemAtKey(path, name)] };
  const lifted = liftInlineFlags(row.pattern, row.flags ?? '');
  const pattern = checkPattern(lifted, { path, context, hasKeywords: row.keywords !== undefined });
  if (!pattern.ok) return pattern;
  const detector = build(id, row, pattern.regExp);
  const failed = failedExamples(detector, row, context);
  return failed.length > 0 ? { ok: false, errors: failed } : { ok: true, detector };
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

function build(id: string, row: DetectorRow, pattern: RegExp): Detector {
  const [family, name] = id.split('.') as [Family, string];
  return {
    name,
    family,
    summary: "An operator's own pattern.",
    tier: 'block',
    severity: row.severity ?? 'medium',
    confidence: 1,
    pattern,
    ...(row.keywords === undefined ? {} : { nearby: row.keywords.map((word) => word.toLowerCase()) }),
    references: [],
    finds: row.examples?.finds ?? [],
    ignores: row.examples?.ignores ?? [],
  };
}

function failedExamples(detector: Detector, row: DetectorRow, { yaml, createEngine }: OwnDetectorContext): PolicyError[] {
  if (row.examples === undefined) return [];
  const id = detectorId(detector);
  const engine = createEngine([{ id, detector, severity: detector.severity, confidence: detector.confidence, action: 'observe' }]);
  const judge = (kind: 'finds' | 'ignores', wanted: boolean, message: string): PolicyError[] =>
    detector[kind].flatMap((text, i) =>
      isFound(engine, text) === wanted
        ? []
        : [yaml.problemAt(['detectors', id, 'examples', kind, i], `detectors › ${id} › examples › ${message}`)],
    );
  return [
    ...judge('finds', true, 'the pattern does not find this text, and should'),
    ...judge('ignores', false, 'the pattern finds this text, and should not'),
  ];
}

function isFound(engine: Engine, text: string): boolean {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().length > 0;
}
