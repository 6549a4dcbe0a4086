import { asciiSet } from '../../lib/ascii-set.ts';
import { compileGlob, type Glob } from '../../lib/glob.ts';
import type { Permission } from './agent-policy.ts';
import type { ListRow } from './schema.ts';

/** An allow list and a deny list over one kind of thing. */
export interface List<Value> {
  /** Undefined: everything that is not denied. Empty: nothing. */
  readonly allow: readonly Entry<Value>[] | undefined;
  readonly deny: readonly Entry<Value>[];
  readonly refused: Permission;
}

interface Entry<Value> {
  readonly matches: (value: Value) => boolean;
  /** What is answered when it is a denying entry. */
  readonly refused: Permission;
}

export const ALLOWED: Permission = { allowed: true };

/** Deny goes first; then something has to allow it, where there is a list of what is allowed. */
export function judgeList<Value>({ allow, deny, refused }: List<Value>, value: Value): Permission {
  for (const entry of deny) if (entry.matches(value)) return entry.refused;
  if (allow === undefined) return ALLOWED;
  for (const entry of allow) if (entry.matches(value)) return ALLOWED;
  return refused;
}

/** How the written entries of a list become functions: those that deny may match more than those that allow. */
export interface EntryCompiler<Value> {
  readonly allowing: (written: string) => (value: Value) => boolean;
  readonly denying: (written: string) => (value: Value) => boolean;
}

/** Undefined when the policy has no such list: then nothing of the kind is restricted. `place` is the list's in the policy. */
export function compileList<Value>(row: ListRow | undefined, place: string, compiler: EntryCompiler<Value>): List<Value> | undefined {
  if (row === undefined) return undefined;
  const entry = (written: string, index: number, kind: 'allow' | 'deny'): Entry<Value> => ({
    matches: (kind === 'allow' ? compiler.allowing : compiler.denying)(written),
    refused: { allowed: false, reason: 'denied', rule: `${place}.deny[${index}]` },
  });
  return {
    allow: row.allow?.map((written, index) => entry(written, index, 'allow')),
    deny: (row.deny ?? []).map((written, index) => entry(written, index, 'deny')),
    refused: { allowed: false, reason: 'not-allowed', rule: `${place}.allow` },
  };
}

/**
 * Names of models, tools, methods …: `*` is any run of characters. What denies also sees the name without the differences that a client
 * could hide behind: letter case and compatibility forms (Unicode NFKC); and it takes the empty name, which stands for one that nobody
 * can say for sure (too long, or two that differ).
 */
export const NAMES: EntryCompiler<string> = {
  allowing: (written) => nameGlob(written).matches,
  denying: (written) => {
    const exact = nameGlob(written);
    const folded = nameGlob(fold(written));
    return (name) => name === '' || exact.matches(name) || folded.matches(isFolded(name) ? name : fold(name));
  },
};

function nameGlob(written: string): Glob {
  return compileGlob(written, { separator: '' });
}

const isFolded = asciiSet(' -@[-~'); // ASCII without capitals

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** `[METHOD ]host[/path]`: `*` stays within a label of the host or a segment of the path, `**` does not. Without a path: every path. */
export const ENDPOINTS: EntryCompiler<Endpoint> = { allowing: endpointMatcher, denying: endpointMatcher };

export interface Endpoint {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

function endpointMatcher(written: string): (endpoint: Endpoint) => boolean {
  const { method, host, path } = readEndpoint(written);
  const hosts = compileGlob(host.toLowerCase(), { separator: '.' });
  const paths = compileGlob(path, { separator: '/', bareParent: true });
  return (endpoint) => (method === undefined || endpoint.method === method) && hosts.matches(endpoint.host) && paths.matches(endpoint.path);
}

/** The parts of an entry of `endpoints`. */
export function readEndpoint(written: string): { readonly method: string | undefined; readonly host: string; readonly path: string } {
  const space = written.indexOf(' ');
  const rest = written.slice(space + 1).trim();
  const slash = rest.indexOf('/');
  return {
    method: space < 0 ? undefined : written.slice(0, space).toUpperCase(),
    host: slash < 0 ? rest : rest.slice(0, slash),
    path: slash < 0 ? '/**' : rest.slice(slash),
  };
}
