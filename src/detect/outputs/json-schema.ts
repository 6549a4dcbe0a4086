import { FIXED } from '../../lib/limits.ts';
import { compileTextPattern } from './text-pattern.ts';

/** What a value is by a schema. `unchecked`: the check was stopped at a bound. */
export type SchemaVerdict = 'valid' | 'invalid' | 'unchecked';

/**
 * A JSON schema, ready to check any number of values. The keywords of draft 2020-12 that say something about a value are carried out, with
 * those of earlier drafts in their place (`definitions`, `items` as a list, `nullable` and capital type names of OpenAPI and Gemini).
 * What only describes (`format`, `title`), what is unknown, references to other documents, and patterns that no automaton can run allow
 * everything: a value is never called invalid for what was not looked at. https://json-schema.org/draft/2020-12/json-schema-validation
 */
export interface JsonSchema {
  check(value: unknown): SchemaVerdict;
}

/** A bound was met. */
const STOPPED = Symbol('stopped');

export function createJsonSchema(root: unknown): JsonSchema {
  const patterns = new Map<string, ((text: string) => boolean) | undefined>();
  let steps = 0;
  return {
    check(value) {
      steps = 0;
      try {
        return isValid(root, value, 0) ? 'valid' : 'invalid';
      } catch (error) {
        if (error === STOPPED) return 'unchecked';
        throw error;
      }
    },
  };

  function isValid(schema: unknown, value: unknown, depth: number): boolean {
    if (schema === false) return false;
    if (!isObject(schema)) return true;
    step(depth);
    if (value === null && schema['nullable'] === true) return true;
    const at: At = { schema, depth: depth + 1 };
    return isOfType(schema['type'], value) && isListed(schema, value) && isCombined(at, value) && isShaped(at, value);
  }

  function step(depth: number, count = 1): void {
    steps += count;
    if (steps > FIXED.schemaSteps || depth > FIXED.schemaDepth) throw STOPPED;
  }

  function isShaped(at: At, value: unknown): boolean {
    if (typeof value === 'string') return isText(at.schema, value);
    if (typeof value === 'number') return isInRange(at.schema, value);
    if (Array.isArray(value)) return isList(at, value);
    return !isObject(value) || isRecord(at, value);
  }

  // ---- keywords that combine schemas

  function isCombined({ schema, depth }: At, value: unknown): boolean {
    const holds = (part: unknown): boolean => isValid(part, value, depth);
    const { $ref: reference, allOf, anyOf, oneOf, not, if: condition } = schema;
    if (typeof reference === 'string' && !holds(resolve(reference))) return false;
    if (Array.isArray(allOf) && !allOf.every(holds)) return false;
    if (Array.isArray(anyOf) && !anyOf.some(holds)) return false;
    if (Array.isArray(oneOf) && oneOf.filter(holds).length !== 1) return false;
    if (not !== undefined && holds(not)) return false;
    return condition === undefined || holds(holds(condition) ? schema['then'] : schema['else']);
  }

  /** A place in this schema (`#/$defs/name`); anything else allows everything. */
  function resolve(reference: string): unknown {
    if (reference === '#') return root;
    if (!reference.startsWith('#/')) return true;
    let place: unknown = root;
    for (const part of reference.slice(2).split('/')) {
      const name = unescapeName(part);
      if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return true;
      place = Reflect.get(place, name);
    }
    return place;
  }

  // ---- strings

  function isText({ minLength, maxLength, pattern }: Keywords, value: string): boolean {
    if (typeof minLength === 'number' || typeof maxLength === 'number') {
      step(0, value.length >> 6);
      const length = [...value].length;
      if (!isBetween(length, minLength, maxLength)) return false;
    }
    return typeof pattern !== 'string' || matches(pattern, value);
  }

  function matches(pattern: string, text: string): boolean {
    step(0, 1 + (text.length >> 4));
    if (!patterns.has(pattern)) {
      const isTried = patterns.size < FIXED.schemaPatterns && pattern.length <= FIXED.schemaPatternUnits;
      if (!isTried) return true;
      patterns.set(pattern, compileTextPattern(pattern));
    }
    return patterns.get(pattern)?.(text) ?? true;
  }

  // ---- lists

  function isList({ schema, depth }: At, value: readonly unknown[]): boolean {
    if (!isBetween(value.length, schema['minItems'], schema['maxItems'])) return false;
    const tuple = schema['prefixItems'] ?? (Array.isArray(schema['items']) ? schema['items'] : []);
    const first: readonly unknown[] = Array.isArray(tuple) ? tuple : [];
    const rest = Array.isArray(schema['items']) ? schema['additionalItems'] : schema['items'];
    if (!value.every((item, i) => isValid(i < first.length ? first[i] : rest, item, depth))) return false;
    if (schema['uniqueItems'] === true && !isUnique(value)) return false;
    return containsEnough({ schema, depth }, value);
  }

  function containsEnough({ schema, depth }: At, value: readonly unknown[]): boolean {
    if (schema['contains'] === undefined) return true;
    const count = value.filter((item) => isValid(schema['contains'], item, depth)).length;
    return isBetween(count, schema['minContains'] ?? 1, schema['maxContains']);
  }

  function isUnique(value: readonly unknown[]): boolean {
    step(0, value.length);
    return new Set(value.map((item) => canonical(item, 0))).size === value.length;
  }

  // ---- objects

  function isRecord({ schema, depth }: At, value: Keywords): boolean {
    const names = Object.keys(value);
    if (!isBetween(names.length, schema['minProperties'], schema['maxProperties'])) return false;
    if (!hasAll(value, schema['required'])) return false;
    if (schema['propertyNames'] !== undefined && !names.every((name) => isValid(schema['propertyNames'], name, depth))) return false;
    return hasDependents({ schema, depth }, value) && names.every((name) => isField({ schema, depth }, name, value[name]));
  }

  function isField({ schema, depth }: At, name: string, value: unknown): boolean {
    const own = fieldOf(schema['properties'], name);
    const byPattern = Object.entries(isObject(schema['patternProperties']) ? schema['patternProperties'] : {});
    const matching = byPattern.filter(([pattern]) => matches(pattern, name)).map(([, part]) => part);
    const isOther = own === undefined && matching.length === 0;
    const parts = isOther ? [schema['additionalProperties']] : [own, ...matching];
    return parts.every((part) => isValid(part, value, depth));
  }

  function hasDependents({ schema, depth }: At, value: Keywords): boolean {
    const { dependentRequired, dependentSchemas, dependencies } = schema;
    return [dependentRequired, dependentSchemas, dependencies].every(
      (all) =>
        !isObject(all) ||
        Object.entries(all).every(
          ([name, part]) => !Object.hasOwn(value, name) || (Array.isArray(part) ? hasAll(value, part) : isValid(part, value, depth)),
        ),
    );
  }

  function canonical(value: unknown, depth: number): string {
    step(depth);
    if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join()}]`;
    if (!isObject(value)) return JSON.stringify(value) ?? '';
    const fields = Object.keys(value).sort();
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name], depth + 1)}`).join()}}`;
  }

  function isListed(schema: Keywords, value: unknown): boolean {
    const { enum: listed } = schema;
    const [hasList, hasOne] = [Array.isArray(listed), Object.hasOwn(schema, 'const')];
    if (!hasList && !hasOne) return true;
    const written = canonical(value, 0);
    if (hasOne && canonical(schema['const'], 0) !== written) return false;
    return !Array.isArray(listed) || listed.some((one) => canonical(one, 0) === written);
  }
}

/** A schema that is an object, or an object that is checked. */
type Keywords = Readonly<Record<string, unknown>>;

interface At {
  readonly schema: Keywords;
  readonly depth: number;
}

function isObject(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function hasAll(value: Keywords, names: unknown): boolean {
  return !Array.isArray(names) || names.every((name) => typeof name !== 'string' || Object.hasOwn(value, name));
}

function isBetween(count: number, min: unknown, max: unknown): boolean {
  return !(typeof min === 'number' && count < min) && !(typeof max === 'number' && count > max);
}

function isOfType(type: unknown, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(one, value));
  if (typeof type !== 'string') return true;
  switch (type.toLowerCase()) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return true;
  }
}

function isInRange(schema: Keywords, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum: over, exclusiveMaximum: under, multipleOf: unit } = schema;
  // In draft 4 the two are flags of minimum and maximum.
  if (!isBetween(value, minimum, maximum)) return false;
  if (typeof over === 'number' ? value <= over : over === true && value === minimum) return false;
  if (typeof under === 'number' ? value >= under : under === true && value === maximum) return false;
  return typeof unit !== 'number' || unit <= 0 || isMultiple(value, unit);
}

/** Within what binary fractions cannot say: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, unit: number): boolean {
  const quotient = value / unit;
  return !Number.isFinite(quotient) || Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}

/** A step of a JSON pointer in a URI fragment. RFC 6901 */
function unescapeName(part: string): string {
  const written = part.includes('%') ? decoded(part) : part;
  return written.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no escapes after all
  }
}
