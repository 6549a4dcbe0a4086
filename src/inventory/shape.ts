import { isFieldName } from '../wire/body-shape.ts';

/**
 * What bodies of one kind look like, learned from samples: for each path of fields the types and formats seen and in how many samples.
 * Paths are written as the filter sends them: `` is the body, `/name` a field, `/*` the elements of an array, `/{key}` the keys of a map.
 */
export interface Shape {
  readonly samples: number;
  readonly fields: ReadonlyMap<string, FieldShape>;
}

export interface FieldShape {
  /** Samples that had it. */
  readonly count: number;
  /** Samples in which an object that could have it did not (elements of an array differ). */
  readonly partial: number;
  /** `string`, `integer`, `number`, `boolean`, `null`, `object`, `array`, or `string:uuid` for a string of one format. */
  readonly types: ReadonlyMap<string, number>;
}

/** Fields kept of one shape: the shallowest first, then in alphabetical order, so that a field that is kept has its parents. */
const FIELDS_MAX = 256;

/** What a sample may be: one line a field. Longer or odd ones are left out. */
const LINE_UNITS_MAX = 256;

export const createShape = (): Shape => EMPTY;
const EMPTY: Shape = { samples: 0, fields: new Map() };

/** Words a line of a sample may have for its type. */
const TYPES: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean', 'null', 'object', 'array']);
const FORMATS: ReadonlySet<string> = new Set(['uuid', 'date', 'date-time', 'email', 'uri', 'ipv4', 'ipv6', 'base64']);

/**
 * One sample as `sluice.request.shape` carries it: lines `<path> <types>`, types joined by `|`, `?` behind the path of a field that some
 * of its objects lack. Names are kept when they look like names of fields; the filter has templated the others already.
 */
export function shapeOfSample(lines: readonly string[]): Shape {
  const fields = new Map<string, FieldShape>();
  for (const line of lines.slice(0, FIELDS_MAX)) {
    const space = line.indexOf(' ');
    if (space < 0 || line.length > LINE_UNITS_MAX) continue;
    const partial = line[space - 1] === '?';
    const path = line.slice(0, partial ? space - 1 : space);
    const types = line
      .slice(space + 1)
      .split('|')
      .filter(isType);
    if (types.length > 0 && isPath(path))
      fields.set(path, { count: 1, partial: Number(partial), types: new Map(types.map((type) => [type, 1])) });
  }
  return fields.size === 0 ? EMPTY : { samples: 1, fields };
}

function isType(type: string): boolean {
  const [base = '', format, more] = type.split(':');
  return TYPES.has(base) && more === undefined && (format === undefined || (base === 'string' && FORMATS.has(format)));
}

function isPath(path: string): boolean {
  return path === '' || (path.startsWith('/') && path.slice(1).split('/').every(isStep));
}

/** As the filter writes names; a forged one that is none of these says nothing. */
const isStep = (name: string): boolean => name === '*' || name === '{key}' || isFieldName(name);

/** Both together; commutative and associative. */
export function mergeShape(left: Shape, right: Shape): Shape {
  if (left.samples === 0) return right;
  if (right.samples === 0) return left;
  const fields = new Map(left.fields);
  for (const [path, field] of right.fields) {
    const known = fields.get(path);
    fields.set(path, known === undefined ? field : mergeField(known, field));
  }
  return { samples: left.samples + right.samples, fields: bounded(fields) };
}

function mergeField(left: FieldShape, right: FieldShape): FieldShape {
  const types = new Map(left.types);
  for (const [type, count] of right.types) types.set(type, (types.get(type) ?? 0) + count);
  return { count: left.count + right.count, partial: left.partial + right.partial, types };
}

function bounded(fields: ReadonlyMap<string, FieldShape>): ReadonlyMap<string, FieldShape> {
  if (fields.size <= FIELDS_MAX) return fields;
  return new Map([...fields].sort(byDepth).slice(0, FIELDS_MAX));
}

type Entry = readonly [path: string, field: FieldShape];
const depth = (path: string): number => path.split('/').length;
const byDepth = ([left]: Entry, [right]: Entry): number => depth(left) - depth(right) || (left < right ? -1 : 1);

type StoredShape = readonly [
  samples: number,
  fields: readonly (readonly [string, number, number, readonly (readonly [string, number])[]])[],
];

/** For JSON; undefined for an empty shape. The same for equal shapes. */
export function encodeShape({ samples, fields }: Shape): StoredShape | undefined {
  if (samples === 0) return undefined;
  const rows = [...fields]
    .sort(byDepth)
    .map(([path, { count, partial, types }]) => [path, count, partial, [...types].sort(byName)] as const);
  return [samples, rows];
}

const byName = ([left]: readonly [string, number], [right]: readonly [string, number]): number => (left < right ? -1 : 1);

export function readShape(stored: unknown): Shape {
  if (!Array.isArray(stored)) return EMPTY;
  const [samples, rows] = stored as unknown as StoredShape;
  return { samples, fields: new Map(rows.map(([path, count, partial, types]) => [path, { count, partial, types: new Map(types) }])) };
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The shape as a JSON Schema (2020-12, as in OpenAPI 3.1): types, formats, required fields. Undefined when nothing was seen. */
export function schemaOf(shape: Shape): JsonSchema | undefined {
  const children = new Map<string, string[]>();
  for (const path of shape.fields.keys()) {
    if (path === '') continue;
    const parent = path.slice(0, path.lastIndexOf('/'));
    children.set(parent, [...(children.get(parent) ?? []), path]);
  }
  return shape.fields.has('') ? schemaAt(shape, children, '') : undefined;
}

function schemaAt(shape: Shape, children: ReadonlyMap<string, readonly string[]>, path: string): JsonSchema {
  const field = shape.fields.get(path)!;
  const types = [...field.types.keys()];
  const bases = [...new Set(types.map((type) => type.split(':')[0]!))].sort();
  const formats = new Set(types.filter((type) => type.startsWith('string')).map((type) => type.split(':')[1]));
  const [format] = formats;
  const below = (children.get(path) ?? []).toSorted();
  const named = below.filter((child) => !child.endsWith('/*') && !child.endsWith('/{key}'));
  const of = (child: string): JsonSchema => schemaAt(shape, children, child);
  const required = named.filter((child) => isRequired(field, shape.fields.get(child)!)).map(lastName);
  return {
    type: bases.length === 1 ? bases[0] : bases,
    ...(formats.size === 1 && format !== undefined ? { format } : {}),
    ...(named.length > 0 ? { properties: Object.fromEntries(named.map((child) => [lastName(child), of(child)])) } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(below.includes(`${path}/*`) ? { items: of(`${path}/*`) } : {}),
    ...(below.includes(`${path}/{key}`) ? { additionalProperties: of(`${path}/{key}`) } : {}),
  };
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Every sample whose parent was an object had it in all of its objects. */
const isRequired = (parent: FieldShape, child: FieldShape): boolean =>
  child.partial === 0 && child.count === (parent.types.get('object') ?? 0);
