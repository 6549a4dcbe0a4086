import { type Detector, NO_PATTERN, type SpanRule } from '../detect/detector.ts';
import { hostList } from '../detect/outputs/host-list.ts';
import { type EntryProblem, entriesOfFile, wordList } from '../detect/outputs/word-list.ts';
import { FIXED } from '../lib/limits.ts';
import type { Lane } from '../text/lane.ts';
import type { PolicyError } from './problem.ts';
import type { DetectorRow } from './schema.ts';
import type { YamlDocument, YamlPath } from './yaml-source.ts';

/** What a detector has of its list. */
export type ListParts = Pick<Detector, 'pattern' | 'spans' | 'lanes'>;

/** A detector for each of `parts`; together they have one id. */
export type ListResult =
  | { readonly ok: true; readonly parts: readonly ListParts[] }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

export interface ListContext {
  readonly yaml: YamlDocument;
  readonly path: YamlPath;
  /** The text of a file named in the policy; undefined when it cannot be read. */
  readonly readBeside: ((name: string) => string | undefined) | undefined;
}

/** Where it is looked for links and code unless the row says otherwise: in what a model answers. */
const ANSWER_LANES: readonly Lane[] = ['output', 'refusal', 'reasoning'];

/** An operator's words and phrases: those of the row, and those of its file. */
export function phraseParts({ phrases = [], file }: DetectorRow, context: ListContext): ListResult {
  const inline = phrases.map((entry, i) => ({ entry, where: [...context.path, 'phrases', i] as YamlPath, place: `phrases › [${i}]` }));
  const read = file === undefined ? { ok: true as const, entries: [] } : readFileEntries(file, context);
  if (!read.ok) return read;
  const entries = [...inline, ...read.entries];
  if (entries.length === 0) return refuse(context, 'file', 'has no words; write one on each line');
  if (entries.length > FIXED.listEntries) return refuse(context, file === undefined ? 'phrases' : 'file', tooMany(entries.length));
  const list = wordList(entries.map(({ entry }) => entry));
  if (list.ok) return { ok: true, parts: list.patterns.map((pattern) => ({ pattern })) };
  return { ok: false, errors: list.problems.map(({ index, message }) => problem(context, entries[index]!, message)) };
}

interface PlacedEntry {
  readonly entry: string;
  readonly where: YamlPath;
  readonly place: string;
}

function readFileEntries(
  file: string,
  context: ListContext,
): { readonly ok: true; readonly entries: readonly PlacedEntry[] } | (ListResult & { readonly ok: false }) {
  const text = context.readBeside?.(file);
  if (text === undefined) return refuse(context, 'file', 'cannot be read; its path is relative to the policy file');
  const where = [...context.path, 'file'];
  return { ok: true, entries: entriesOfFile(text).map(({ line, entry }) => ({ entry, where, place: `file › line ${line}` })) };
}

/** Hosts that links may or may not lead to. */
export function urlParts({ urls, lanes }: DetectorRow, context: ListContext): ListResult {
  const errors = (['allow', 'deny'] as const).flatMap((key) => {
    const entries = urls?.[key] ?? [];
    const list = hostList(entries);
    return list.ok ? [] : list.problems.map((one) => problem(context, entryAt(context, ['urls', key], entries, one), one.message));
  });
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, parts: [spanParts('urls', urls ?? {}, lanes)] };
}

/** Languages that fenced code may or may not be in. */
export function codeParts({ code, lanes }: DetectorRow): ListResult {
  return { ok: true, parts: [spanParts('code', code ?? {}, lanes)] };
}

/** As a policy writes it. */
interface AllowDeny {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

function spanParts(kind: SpanRule['kind'], { allow, deny = [] }: AllowDeny, lanes: readonly Lane[] = ANSWER_LANES): ListParts {
  return { pattern: NO_PATTERN, spans: { kind, allow, deny }, lanes };
}

function entryAt({ path }: ListContext, keys: readonly string[], entries: readonly string[], { index }: EntryProblem): PlacedEntry {
  return { entry: entries[index]!, where: [...path, ...keys, index], place: `${keys.join(' › ')} › [${index}]` };
}

function problem({ yaml, path }: ListContext, { entry, where, place }: PlacedEntry, message: string): PolicyError {
  return yaml.problemAt(where, `${path.join(' › ')} › ${place} › "${entry}" ${message}`);
}

function refuse({ yaml, path }: ListContext, key: string, message: string): ListResult & { readonly ok: false } {
  return { ok: false, errors: [yaml.problemAt([...path, key], `${path.join(' › ')} › ${key} › ${message}`)] };
}

function tooMany(count: number): string {
  return `${count} entries are more than ${FIXED.listEntries}; split the list over several detectors`;
}
