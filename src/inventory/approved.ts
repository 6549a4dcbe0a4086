import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { AppError } from '../lib/errors.ts';
import { compileGlob, type Glob } from '../lib/glob.ts';

/** What the operator allows; a list that is not given allows everything and says nothing. */
export interface Approved {
  /** Whether it is on its list; null when there is no such list. */
  provider(name: string): boolean | null;
  model(name: string): boolean | null;
  tool(name: string): boolean | null;
  /** By host. */
  server(host: string): boolean | null;
}

const LIST = z.array(z.string().min(1).max(256)).max(10_000).optional();
const SCHEMA = z.strictObject({ version: z.literal(1), providers: LIST, models: LIST, tools: LIST, servers: LIST });

export type ApprovedLists = z.infer<typeof SCHEMA>;

/** Reads the file given with `--approved`: YAML with `version: 1` and lists of globs. Throws `AppError`. Without a file nothing is said. */
export async function loadApproved(file: string | undefined): Promise<Approved> {
  if (file === undefined) return approvedBy({ version: 1 });
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('file-unreadable', `${file}: the list of what is approved cannot be read`, { cause });
  });
  return approvedBy(parseApproved(file, text));
}

export function parseApproved(file: string, text: string): ApprovedLists {
  const document = parseDocument(text);
  const [problem] = document.errors;
  const at = problem?.linePos?.[0];
  if (problem !== undefined) throw invalid(at === undefined ? file : `${file}:${at.line}:${at.col}`, `not YAML (${problem.code})`);
  const parsed = SCHEMA.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not what it should be'}`);
}

const NEXT = 'give --approved a YAML file with `version: 1` and any of the lists `providers`, `models`, `tools`, `servers`';
const invalid = (where: string, what: string): AppError => new AppError('settings-invalid', `${where}: ${what}`, { next: NEXT });

export function approvedBy({ providers, models, tools, servers }: ApprovedLists): Approved {
  return { provider: onList(providers), model: onList(models), tool: onList(tools), server: onList(servers) };
}

/** Names whose answer is remembered. */
const NAMES_MAX = 50_000;

function onList(globs: readonly string[] | undefined): (name: string) => boolean | null {
  if (globs === undefined) return () => null;
  const compiled: readonly Glob[] = globs.map((glob) => compileGlob(glob, { separator: '' }));
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const listed = compiled.some((glob) => glob.matches(name));
    if (known.size < NAMES_MAX) known.set(name, listed);
    return listed;
  };
}
