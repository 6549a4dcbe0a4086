import { isDate, isDigit, isEmail, isIdLike } from '../lib/id-like.ts';
import { FIXED } from '../lib/limits.ts';
import { unitAt } from '../lib/unit-at.ts';
import { alikeFields } from './alike-values.ts';
import { namesSomebody } from './first-names.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import { FORMAT_UNITS_MAX, stringFormat } from './string-format.ts';

/**
 * Which fields a body has and of which types, and nothing of what stands in them: a line for each path, shallow ones first, as
 * `/account/limit? integer|null`. Paths: empty is the body, `/name` a field, `/*` the elements of an array, `/{key}` the values of an
 * object whose keys are data; `?` behind it: some objects of this body lack the field. Types: `string`, `integer`, `number`, `boolean`,
 * `null`, `object`, `array`, and `string:uuid` for a string of a format.
 */
export type BodyShape = readonly string[];

/** What stands at one path: elements of an array share theirs. */
interface Place {
  readonly path: string;
  readonly depth: number;
  /** One at least. */
  readonly nodes: readonly JsonNode[];
  readonly isPartial: boolean;
}

/** Reads a document once more, level by level, at most `FIXED.shapeNodes` values of it. */
export function shapeOf(doc: JsonDoc): BodyShape {
  const lines: string[] = [];
  const places: Place[] = [{ path: '', depth: 0, nodes: [doc.root], isPartial: false }];
  let units = 0;
  let nodes = 1;
  for (const place of places) {
    lines.push(`${place.path}${place.isPartial ? '?' : ''} ${typesOf(doc, place.nodes)}`);
    if (place.depth >= FIXED.shapeDepth || !place.nodes.some((node) => isContainer(doc, node))) continue;
    for (const below of [itemsOf(doc, place), fieldsOf(doc, place)]) {
      // All fields of an object or none: of one that is cut nobody could say which fields it lacks.
      let [size, count] = [0, 0];
      for (const one of below) {
        size += one.path.length;
        count += one.nodes.length;
      }
      const isOver = places.length + below.length > FIXED.shapeFields || units + size > FIXED.shapeUnits;
      if (isOver || nodes + count > FIXED.shapeNodes) continue;
      units += size;
      nodes += count;
      places.push(...below);
    }
  }
  return lines;
}

function isContainer(doc: JsonDoc, node: JsonNode): boolean {
  const type = doc.type(node);
  return type === 'object' || type === 'array';
}

/** Elements of one array that are looked at, and of all arrays at one place. */
const ITEMS_MAX = 32;
const ITEMS_OF_PLACE_MAX = 128;

function typesOf(doc: JsonDoc, nodes: readonly JsonNode[]): string {
  const first = typeOf(doc, nodes[0]!);
  let types: Set<string> | undefined;
  for (let at = 1; at < nodes.length; at++) {
    const type = typeOf(doc, nodes[at]!);
    if (type === first) continue;
    types ??= new Set([first]);
    types.add(type);
  }
  return types === undefined ? first : [...types].sort().join('|');
}

function typeOf(doc: JsonDoc, node: JsonNode): string {
  const type = doc.type(node);
  switch (type) {
    case 'true':
    case 'false':
      return 'boolean';
    case 'number':
      return isWhole(doc.raw(node)) ? 'integer' : 'number';
    case 'string': {
      const size = doc.size(node);
      if (size < FORMAT_BYTES_MIN || size > FORMAT_UNITS_MAX) return 'string';
      const format = stringFormat(doc.text(node));
      return format === undefined ? 'string' : `string:${format}`;
    }
    default:
      return type;
  }
}

/** `1::2:3` is the shortest text of a format. */
const FORMAT_BYTES_MIN = 6;

const isWhole = (written: Buffer): boolean => written.every((byte) => isDigit(byte) || byte === MINUS);
const MINUS = 0x2d;

function itemsOf(doc: JsonDoc, place: Place): readonly Place[] {
  const items: JsonNode[] = [];
  for (const node of place.nodes)
    if (doc.type(node) === 'array')
      doc.items(node, (item, index) => {
        if (index < ITEMS_MAX && items.length < ITEMS_OF_PLACE_MAX) items.push(item);
      });
  return items.length === 0 ? NO_PLACES : [placeOf(place, '*', { nodes: items, isPartial: false })];
}

const NO_PLACES: readonly Place[] = [];

/** A field of the objects at one place. */
interface Field {
  readonly nodes: JsonNode[];
  /** Objects that have it; a key may come twice. */
  objects: number;
  last: JsonNode;
}

/** All fields of the objects at one place. */
interface Fields {
  readonly named: Map<string, Field>;
  /** Values under keys that are data, some of them. */
  readonly others: JsonNode[];
  /** Keys that are data. */
  dataKeys: number;
}

function fieldsOf(doc: JsonDoc, place: Place): readonly Place[] {
  const fields: Fields = { named: new Map(), others: [], dataKeys: 0 };
  let objects = 0;
  for (const node of place.nodes) {
    if (doc.type(node) !== 'object') continue;
    objects++;
    doc.fields(node, (key, value) => addField(fields, { doc, node, key, value }));
  }
  if (objects === 0) return NO_PLACES;
  const { named, others } = fields;
  const isTable = isMap(doc, fields);
  const rows = isTable ? named : alikeFields(doc, named);
  const values = [...others, ...[...rows.keys()].flatMap((name) => named.get(name)!.nodes)].slice(0, ITEMS_OF_PLACE_MAX);
  const places: Place[] = [];
  for (const [name, one] of named)
    if (!rows.has(name)) places.push(placeOf(place, name, { nodes: one.nodes, isPartial: one.objects < objects }));
  if (values.length > 0) places.push(placeOf(place, '{key}', { nodes: values, isPartial: false }));
  return places;
}

function placeOf({ path, depth }: Place, name: string, { nodes, isPartial }: Pick<Place, 'nodes' | 'isPartial'>): Place {
  return { path: `${path}/${name}`, depth: depth + 1, nodes, isPartial };
}

interface WrittenField {
  readonly doc: JsonDoc;
  /** The object. */
  readonly node: JsonNode;
  readonly key: JsonNode;
  readonly value: JsonNode;
}

function addField(fields: Fields, { doc, node, key, value }: WrittenField): void {
  const { named, others } = fields;
  if (named.size > FIELDS_MAX || fields.dataKeys > FIELDS_MAX) return; // a table, whatever its other keys are
  const name = doc.size(key) > NAME_UNITS_MAX ? '' : doc.name(key);
  const known = named.get(name);
  if (known !== undefined) {
    if (known.last !== node) known.objects++;
    known.last = node;
    if (known.nodes.length < ITEMS_MAX) known.nodes.push(value);
  } else if (isKnownName(name)) named.set(name, { nodes: [value], objects: 1, last: node });
  else {
    fields.dataKeys++;
    if (others.length < ITEMS_MAX) others.push(value);
  }
}

const NAME_UNITS_MAX = 64;

/**
 * Whether a key reads like one that a program has: a letter, `_`, `$` or `@` first, then digits, `-` and `.` too. What looks like an id, a
 * date or an address is data, and so is what has somebody's first name in it.
 */
export function isFieldName(name: string): boolean {
  if (name.length === 0 || name.length > NAME_UNITS_MAX || !isNameStart(unitAt(name, 0))) return false;
  for (let at = 1; at < name.length; at++) if (!isNamePart(unitAt(name, at))) return false;
  return !isEmail(name) && !isDate(name) && !isIdLike(name) && !namesSomebody(name);
}

/** As `isFieldName`, remembered: the same few names come with every body. */
function isKnownName(name: string): boolean {
  const known = judgedNames.get(name);
  if (known !== undefined) return known;
  if (judgedNames.size >= JUDGED_MAX) judgedNames.clear();
  const judged = isFieldName(name);
  judgedNames.set(name, judged);
  return judged;
}

const JUDGED_MAX = 4096;
const judgedNames = new Map<string, boolean>();

const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 0x5f || code === 0x24 || code === 0x40;
const isNamePart = (code: number): boolean => isNameStart(code) || isDigit(code) || code === 0x2d || code === 0x2e;

/**
 * Whether all keys of objects are data although they read like names: as many of their neighbours are; there are more than a program would
 * have fields; or there are many and all have values of one kind, as in a table by person, currency or host. Fewer with objects of one
 * shape `alikeFields` finds.
 */
function isMap(doc: JsonDoc, { named, dataKeys }: Fields): boolean {
  if (named.size > FIELDS_MAX || (dataKeys > 0 && dataKeys >= named.size)) return true;
  if (named.size < ALIKE_OBJECTS_MIN) return false;
  const kinds = new Set([...named.values()].flatMap(({ nodes }) => nodes.map((node) => doc.type(node))));
  const [kind] = kinds;
  if (kinds.size !== 1) return false;
  return named.size >= (kind === 'object' || kind === 'array' ? ALIKE_OBJECTS_MIN : ALIKE_SCALARS_MIN);
}

const FIELDS_MAX = 64;
const ALIKE_OBJECTS_MIN = 8;
const ALIKE_SCALARS_MIN = 24;
