import { compileGlob } from '../../lib/glob.ts';
import type { Report } from './compile-identity.ts';
import { type AgentEntry, type AgentRow, type IdentifyRow, isRestricted, type ListRow } from './schema.ts';

interface LintContext {
  readonly rows: readonly AgentEntry[];
  readonly unknown: 'observe' | 'deny';
  readonly warn: Report;
}

/** What is allowed in a policy and looks like a mistake. */
export function lintAgents({ rows, unknown, warn }: LintContext): void {
  rows.forEach(([name, row], index) => {
    const earlier = rows.slice(0, index).find(([, other]) => coversIdentify(other.identify ?? {}, row.identify ?? {}));
    if (earlier !== undefined) warn(['agents', name], `never reached: everybody who is "${name}" is "${earlier[0]}" already; move it up`);
    if (!isRestricted(row)) warn(['agents', name], `"${name}" may do everything: it has no list and no when`);
    if (isStated(row.identify ?? {}) && unknown === 'deny')
      warn(
        ['agents', name, 'identify'],
        `"${name}" is told only by what a client says of itself: it stays denied as unknown; add a source that proves`,
      );
    for (const [list, path] of listsOf(row)) warnDenied(list, ['agents', name, ...path], warn);
  });
  if (unknown === 'observe' && rows.some(([, row]) => isRestricted(row)))
    warn(['agents', 'unknown'], 'unknown callers are only observed: an agent escapes its restrictions by not saying who it is');
}

function isStated(identify: IdentifyRow): boolean {
  return Object.entries(identify).every(([key, value]) => value === undefined || key === 'mcpClient' || key === 'userAgent');
}

/** Whether everybody told by `narrow` is told by `wide` too. Never says yes wrongly; may miss a yes. */
function coversIdentify(wide: IdentifyRow, narrow: IdentifyRow): boolean {
  const keys = Object.entries(wide).filter(([, value]) => value !== undefined);
  return (
    keys.length > 0 &&
    isStated(wide) === isStated(narrow) &&
    keys.every(([key, value]) => coversTexts(value, narrow[key as keyof IdentifyRow]))
  );
}

type Texts = readonly string[] | Readonly<Record<string, readonly string[]>> | undefined;

function coversTexts(wide: Texts, narrow: Texts): boolean {
  if (wide === undefined || narrow === undefined) return wide === undefined;
  if (isList(wide)) return isList(narrow) && narrow.every((text) => wide.some((glob) => covers(glob, text)));
  return !isList(narrow) && Object.entries(wide).every(([key, globs]) => coversTexts(globs, narrow[key]));
}

function isList(texts: NonNullable<Texts>): texts is readonly string[] {
  return Array.isArray(texts);
}

function covers(wide: string, narrow: string): boolean {
  return compileGlob(wide, { separator: '/' }).covers(compileGlob(narrow, { separator: '/' }));
}

function listsOf(row: AgentRow): readonly (readonly [ListRow, readonly string[]])[] {
  const lists: readonly (readonly [ListRow | undefined, readonly string[]])[] = [
    [row.models, ['models']],
    [row.providers, ['providers']],
    [row.tools, ['tools']],
    [row.skills, ['skills']],
    [row.apis, ['apis']],
    [row.mcp?.methods, ['mcp', 'methods']],
    [row.mcp?.resources, ['mcp', 'resources']],
    [row.mcp?.prompts, ['mcp', 'prompts']],
  ];
  return lists.flatMap(([list, path]) => (list === undefined ? [] : [[list, path] as const]));
}

/** Entries that allow what an entry of the same list denies anyway. */
function warnDenied({ allow, deny }: ListRow, path: readonly string[], warn: Report): void {
  (allow ?? []).forEach((written, index) => {
    const narrow = compileGlob(written, { separator: '' });
    const denying = (deny ?? []).find((one) => compileGlob(one, { separator: '' }).covers(narrow));
    if (denying !== undefined) warn([...path, 'allow', index], `never allowed: "${denying}" denies it, and deny goes first`);
  });
}
