import { didYouMean } from '../lib/did-you-mean.ts';
import { compileGlob, type Glob, isGlob } from '../lib/glob.ts';
import { normaliseHost, normalisePath } from '../lib/normalise-path.ts';
import type { RouteQuery } from './policy.ts';
import type { PolicyError, PolicyProblem } from './problem.ts';
import { DEFAULT_PROFILE } from './profile-chain.ts';
import type { RouteRow } from './schema.ts';
import type { YamlDocument } from './yaml-source.ts';

/** A row of `routes`: what it matches and what it chooses. */
export interface Route {
  readonly index: number;
  readonly host: Glob | undefined;
  readonly path: Glob | undefined;
  readonly routeName: Glob | undefined;
  readonly profile: string;
  readonly dialect: string | undefined;
}

export interface RouteNames {
  readonly profiles: readonly string[];
  /** Undefined: any dialect name is accepted. */
  readonly dialects: readonly string[] | undefined;
}

/** Compiles the rows. Errors: a row that matches nothing in particular, unknown names, a path that no normalised path can match. */
export function compileRoutes(
  rows: readonly RouteRow[],
  names: RouteNames,
  yaml: YamlDocument,
): { readonly routes: readonly Route[]; readonly errors: readonly PolicyError[] } {
  return { routes: rows.map(compileRow), errors: rows.flatMap((row, index) => rowProblems(row, index, { names, yaml })) };
}

/** The first row that matches; undefined when none does. The query's host and path are normalised here. */
export function firstMatch(routes: readonly Route[], query: RouteQuery): Route | undefined {
  if (routes.length === 0) return undefined;
  const host = normaliseHost(query.host);
  const path = normalisePath(query.path);
  return routes.find(
    (route) =>
      (route.host === undefined || route.host.matches(host)) &&
      (route.path === undefined || route.path.matches(path)) &&
      (route.routeName === undefined || (query.routeName !== undefined && route.routeName.matches(query.routeName))),
  );
}

/** Rows that can never be reached, because an earlier row matches everything they match. */
export function unreachableRows(routes: readonly Route[], yaml: YamlDocument): PolicyProblem[] {
  return routes.flatMap((route, i) => {
    const earlier = routes.slice(0, i).find((one) => covers(one, route));
    if (earlier === undefined) return [];
    return [
      yaml.problemAt(
        ['routes', i],
        `routes › [${i}] › never reached: row [${earlier.index}] matches everything it matches; move it up or remove it`,
      ),
    ];
  });
}

function covers(earlier: Route, later: Route): boolean {
  return (['host', 'path', 'routeName'] as const).every((field) => {
    const wide = earlier[field];
    const narrow = later[field];
    return wide === undefined || (narrow !== undefined && wide.covers(narrow));
  });
}

function compileRow({ match, profile, dialect }: RouteRow, index: number): Route {
  return {
    index,
    host: match.host === undefined ? undefined : compileGlob(normaliseHost(match.host), { separator: '.' }),
    path: match.path === undefined ? undefined : compileGlob(match.path, { separator: '/', bareParent: true }),
    routeName: match.routeName === undefined ? undefined : compileGlob(match.routeName, { separator: '' }),
    profile: profile ?? DEFAULT_PROFILE,
    dialect,
  };
}

function rowProblems(
  { match, profile, dialect }: RouteRow,
  index: number,
  { names, yaml }: { readonly names: RouteNames; readonly yaml: YamlDocument },
): PolicyError[] {
  const path = ['routes', index];
  const place = `routes › [${index}] › `;
  const problems: PolicyError[] = [];
  const add = (keys: readonly string[], message: string): number => problems.push(yaml.problemAt([...path, ...keys], `${place}${message}`));
  if (Object.keys(match).length === 0) add(['match'], 'match is empty; name a host, a path or a routeName ("**" matches any)');
  if (match.path !== undefined) {
    const problem = pathProblem(match.path);
    if (problem !== undefined) add(['match', 'path'], problem);
  }
  if (profile !== undefined && !names.profiles.includes(profile))
    add(['profile'], `unknown profile "${profile}"${didYouMean(profile, names.profiles)}`);
  if (dialect !== undefined && names.dialects?.includes(dialect) === false)
    add(['dialect'], `unknown dialect "${dialect}"${didYouMean(dialect, names.dialects)}`);
  return problems;
}

/** A row is written as paths are seen: after normalisation. Anything else would never match, and nobody would notice. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/') && !path.startsWith('*')) return `path "${path}" can never match; it begins with "/"`;
  const literal = isGlob(path) ? path.replaceAll('*', 'x') : path;
  if (literal.startsWith('/') && normalisePath(literal) !== literal)
    return `path "${path}" can never match; paths are compared without query, dot segments, double or escaped slashes`;
  return undefined;
}
