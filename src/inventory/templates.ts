import { MORE } from './facts.ts';

/** A path as telemetry typed it, with how often it was seen. */
export interface SeenPath {
  readonly host: string;
  readonly path: string;
  readonly count: number;
}

/**
 * Which segments are values of a parameter, learned from all paths together: gives the template of a path. Nothing is lost by it: the
 * paths stay as they are, and with more traffic another answer may come out. Pure: the same paths give the same templates.
 *
 * A value and a name look alike (`/users/alice`, `/users/search`), so it is the crowd that tells. Siblings are values when new ones keep
 * coming (many seen once), when there are more than any hand-written API has side by side, or when most look like values; and a rare one
 * that looks like a value beside a typed `{id}` is one that typing missed.
 */
export function learnTemplates(paths: readonly SeenPath[]): (host: string, path: string) => string {
  const templates = new Map<string, string>();
  const hosts = new Map<string, Row[]>();
  for (const { host, path, count } of paths) {
    const segments = path.split('/');
    const rows = hosts.get(host) ?? [];
    rows.push({ segments, count, out: [] });
    hosts.set(host, rows);
  }
  for (const [host, rows] of hosts) {
    learn(rows, 0);
    for (const { segments, out } of rows) templates.set(`${host}\0${segments.join('/')}`, out.join('/'));
  }
  return (host, path) => templates.get(`${host}\0${path}`) ?? path;
}

interface Row {
  readonly segments: readonly string[];
  readonly count: number;
  readonly out: string[];
}

/** The rows that agree so far, told apart by their next segment. */
function learn(rows: readonly Row[], depth: number): void {
  const siblings = new Map<string, Row[]>();
  for (const row of rows) {
    const segment = row.segments[depth];
    if (segment === undefined) continue;
    const known = siblings.get(segment) ?? [];
    known.push(row);
    siblings.set(segment, known);
  }
  if (siblings.size === 0) return;
  const { values, placeholder } = parameterOf(siblings, depth);
  const merged: Row[] = [];
  for (const [segment, group] of siblings) {
    const isValue = values.has(segment);
    for (const row of group) row.out.push(isValue ? placeholder : segment);
    if (isValue) merged.push(...group);
    else learn(group, depth + 1);
  }
  learn(merged, depth + 1);
}

interface Parameter {
  readonly values: ReadonlySet<string>;
  readonly placeholder: string;
}

const TYPED: ReadonlySet<string> = new Set(['{id}', '{date}', '{email}', '{text}', MORE]);
const LEARNED = '{slug}';

/** Siblings that can be told from a crowd of values. */
const CROWD_MIN = 12;
/** More siblings with names than this nobody writes by hand. */
const NAMES_MAX = 100;

function parameterOf(siblings: ReadonlyMap<string, readonly Row[]>, depth: number): Parameter {
  const typed = [...siblings.keys()].filter((segment) => TYPED.has(segment));
  const named = [...siblings]
    .filter(([segment]) => !TYPED.has(segment) && segment !== '')
    .map(([segment, rows]) => summarise(segment, rows, depth));
  const values = new Set(typed);
  for (const segment of isCrowd(named, typed) ? crowdOf(named) : strays(named, siblings, typed)) values.add(segment);
  return { values, placeholder: placeholderOf(typed) };
}

/** Several types at one place are one parameter whose values look different; the plainest name stands for all. */
function placeholderOf(typed: readonly string[]): string {
  const named = typed.filter((segment) => segment !== MORE);
  if (named.length === 0) return LEARNED;
  return named.length === 1 ? named[0]! : '{id}';
}

interface Sibling {
  readonly segment: string;
  readonly count: number;
  readonly looksLikeValue: boolean;
  /** Names that stand right below it. */
  readonly below: ReadonlySet<string>;
}

function summarise(segment: string, rows: readonly Row[], depth: number): Sibling {
  return {
    segment,
    count: rows.reduce((sum, row) => sum + row.count, 0),
    looksLikeValue: looksLikeValue(segment),
    below: new Set(rows.map((row) => row.segments[depth + 1] ?? '')),
  };
}

function isCrowd(siblings: readonly Sibling[], typed: readonly string[]): boolean {
  const count = siblings.length;
  if (typed.includes(MORE)) return true;
  if (count < CROWD_MIN) return false;
  const once = siblings.filter((sibling) => sibling.count <= 1).length / count;
  const valueLike = siblings.filter((sibling) => sibling.looksLikeValue).length / count;
  if (valueLike >= 0.8) return true;
  if (!areAlike(siblings)) return false;
  return count > NAMES_MAX || (once >= 0.25 && (valueLike >= 0.3 || count >= 40)) || (once >= 0.6 && count >= 16);
}

/** Values of one parameter have the same things below them; collections of an API have their own. */
function areAlike(siblings: readonly Sibling[]): boolean {
  const holders = new Map<string, number>();
  for (const { below } of siblings) for (const name of below) holders.set(name, (holders.get(name) ?? 0) + 1);
  const common = (name: string): boolean => TYPED.has(name) || name === '' || (holders.get(name) ?? 0) >= 2;
  const alike = siblings.filter(({ below }) => [...below].every(common)).length;
  return alike >= siblings.length * 0.8;
}

/** All but a few that are asked for far more often than the others and look like names: `/users/me` beside a thousand users. */
function crowdOf(siblings: readonly Sibling[]): readonly string[] {
  const counts = siblings.map(({ count }) => count).sort((left, right) => left - right);
  const median = counts[Math.floor(counts.length / 2)] ?? 1;
  const stands = siblings.filter(({ count, looksLikeValue: value }) => !value && count >= 10 * median && count >= 10);
  const names = new Set(stands.length <= NAMED_MAX ? stands.map(({ segment }) => segment) : []);
  return siblings.map(({ segment }) => segment).filter((segment) => !names.has(segment));
}

const NAMED_MAX = 5;

/** Rare ones that look like values, where far more were typed as values. */
function strays(siblings: readonly Sibling[], all: ReadonlyMap<string, readonly Row[]>, typed: readonly string[]): readonly string[] {
  const known = typed.flatMap((segment) => all.get(segment) ?? []).reduce((sum, row) => sum + row.count, 0);
  return siblings.filter(({ looksLikeValue: value, count }) => value && count * 4 <= known).map(({ segment }) => segment);
}

/** Digits, capitals alone or in many places, three words and more: names of routes are mostly one or two plain words. */
function looksLikeValue(segment: string): boolean {
  if (isVersion(segment)) return false;
  let [digits, capitals, letters, separators, changes] = [0, 0, 0, 0, 0];
  let before = '';
  for (const character of segment) {
    const kind = character >= '0' && character <= '9' ? '0' : character >= 'A' && character <= 'Z' ? 'A' : isSmall(character) ? 'a' : '-';
    if (kind === '0') digits += 1;
    else if (kind === 'A') capitals += 1;
    else if (kind === 'a') letters += 1;
    else separators += 1;
    if (before !== '' && before !== kind && before !== '-' && kind !== '-') changes += 1;
    before = kind;
  }
  return (
    digits > 0 ||
    (capitals > 0 && letters === 0) ||
    separators >= 2 ||
    changes >= MIXED_CHANGES ||
    segment.length > 24 ||
    isLongMix(segment, changes)
  );
}

const isSmall = (character: string): boolean => character >= 'a' && character <= 'z';

/** A token without digits (`cus_JVKkuiEkXJARAH`): long, with two capitals side by side. */
const isLongMix = (segment: string, changes: number): boolean =>
  segment.length >= 16 && changes >= 2 && [...segment].some((one, at) => isCapital(one) && isCapital(segment[at + 1] ?? ''));

const isCapital = (character: string): boolean => character >= 'A' && character <= 'Z';

/** Changes between capitals and small letters: three words in camel case have four. */
const MIXED_CHANGES = 5;

/** `v1`, `v2beta`: names although they have digits. */
const isVersion = (segment: string): boolean =>
  segment.length <= 8 && segment.startsWith('v') && (segment[1] ?? '') >= '0' && (segment[1] ?? '') <= '9';
