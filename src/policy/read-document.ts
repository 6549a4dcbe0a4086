import type { z } from 'zod';
import { unreachable } from '../lib/assert.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import type { PolicyError } from './problem.ts';
import { KNOWN_KEYS, LATER, LIMIT_RANGES, OWN_KEYS, type PolicyDocument, policySchema } from './schema.ts';
import { SIZE_UNITS } from './size.ts';
import { type PolicySource, readYaml, type YamlDocument, type YamlPath } from './yaml-source.ts';

export type DocumentResult =
  | { readonly ok: true; readonly value: PolicyDocument; readonly yaml: YamlDocument }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/** Reads a policy file and checks its shape: all errors at once, each at its line and column. What the names mean is checked later. */
export function readDocument(source: PolicySource): DocumentResult {
  const read = readYaml(source);
  if (!read.ok) return read;
  const yaml = read.document;
  const parsed = policySchema.safeParse(yaml.data);
  if (parsed.success) return { ok: true, value: parsed.data, yaml };
  return { ok: false, errors: parsed.error.issues.flatMap((issue) => describe(issue, yaml)) };
}

function describe(issue: z.core.$ZodIssue, yaml: YamlDocument): PolicyError[] {
  const value = valueAt(yaml.data, issue.path);
  const at = (message: string): PolicyError[] => [yaml.problemAt(issue.path, `${placeOf(issue.path)}${message}`)];
  if (isLimit(issue.path)) return at(limitMessage(issue.path, value));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => yaml.problemAtKey([...issue.path, key], unknownKey(issue.path, key)));
    case 'invalid_type':
      return value === undefined ? missing(issue, yaml) : at(`expected ${typeName(issue.expected)}, found ${typeOf(value)}`);
    case 'invalid_value':
      return value === undefined ? missing(issue, yaml) : at(wrongWord(issue, value));
    case 'too_small':
      return at(`expected at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`);
    case 'too_big':
      return at(`expected at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`);
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return at(issue.message);
    default:
      return unreachable(issue);
  }
}

function missing(issue: z.core.$ZodIssue, yaml: YamlDocument): PolicyError[] {
  const key = String(issue.path.at(-1) ?? '');
  const example = key === 'version' ? '; begin the file with "version: 1"' : '';
  return [yaml.problemAt(issue.path, `${placeOf(issue.path.slice(0, -1))}missing key "${key}"${example}`)];
}

function wrongWord(issue: z.core.$ZodIssueInvalidValue, value: unknown): string {
  const words = issue.values.map(String);
  if (typeof value !== 'string') return `expected ${list(words)}, found ${typeOf(value)}${numberText(value)}`;
  return `unknown value "${value}"; expected ${list(words)}${didYouMean(value, words)}`;
}

function unknownKey(place: YamlPath, key: string): string {
  const later = laterKeys(place);
  if (later.includes(key)) return `${placeOf(place)}${notYet(`key "${key}"`)}`;
  const known = KNOWN_KEYS.find(([pattern]) => sameplace(pattern, place))?.[1] ?? [];
  const own = place[0] === 'profiles' && (OWN_KEYS as readonly string[]).includes(key);
  const hint = own
    ? '; an own detector is declared in the top-level "detectors"'
    : didYouMean(key, known) || `; known keys: ${known.join(', ')}`;
  return `${placeOf(place)}unknown key "${key}"${hint}`;
}

/** Keys of a later version at a place. */
function laterKeys(place: YamlPath): readonly string[] {
  if (place.length === 0) return LATER.top;
  if (place.length === 1 && place[0] === 'limits') return LATER.limits;
  return place.at(-1) === 'match' ? LATER.match : [];
}

/** Refused instead of ignored: a rule that is written down and not carried out is worse than none. */
function notYet(what: string): string {
  return `${what} belongs to a later version of Sluice and would not be carried out; remove it`;
}

function sameplace(pattern: string, place: YamlPath): boolean {
  const steps = pattern === '' ? [] : pattern.split('.');
  return steps.length === place.length && steps.every((step, i) => step === '*' || step === place[i]);
}

function isLimit(path: YamlPath): boolean {
  return path.length === 2 && path[0] === 'limits';
}

function limitMessage(path: YamlPath, value: unknown): string {
  const { min, max, size } = LIMIT_RANGES[path[1] as keyof typeof LIMIT_RANGES];
  if (!size) return `expected a whole number from ${min} to ${max}, found ${typeOf(value)}${numberText(value)}`;
  const written = typeof value === 'string' ? ` "${value}"` : numberText(value);
  return `expected a size from ${sizeText(min)} to ${sizeText(max)}, found ${typeOf(value)}${written}; write it as 512KiB (units: ${SIZE_UNITS.join(', ')})`;
}

function numberText(value: unknown): string {
  return typeof value === 'number' ? ` (${value})` : '';
}

function sizeText(bytes: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ];
  const [unit, factor] = units.find(([, factor]) => bytes >= factor && bytes % factor === 0) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}

/** `detectors › pii.email › ` */
function placeOf(path: YamlPath): string {
  return path.map((step) => `${typeof step === 'number' ? `[${step}]` : String(step)} › `).join('');
}

function valueAt(data: unknown, path: YamlPath): unknown {
  let value = data;
  for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : typeName(typeof value);
}

function typeName(name: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[name] ?? name;
}

function unitOf(origin: string, count: number | bigint): string {
  if (origin === 'string') return count === 1 ? ' character' : ' characters';
  if (origin === 'array') return count === 1 ? ' entry' : ' entries';
  return '';
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
