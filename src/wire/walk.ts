import { unitAt } from '../lib/unit-at.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';

/**
 * Calls back for each field with its name and a suffix: empty, or `~1`, `~2` … for a name that occurs again in the same object.
 * Keys built with the suffix keep the text of duplicates apart, so that one cannot hide the edge of the other.
 * The name is the one that dialects know the field by (`JsonDoc.fieldName`), so `Tools` beside `tools` is `tools` again; `asWritten`: as
 * it stands there.
 */
export function walkFields(doc: JsonDoc, node: JsonNode, visit: VisitField, how?: FieldNames): void {
  doc.fields(node, fieldReader(doc, node, visit, how));
}

export type VisitField = (name: string, value: JsonNode, again: string, key: JsonNode) => void;

export interface FieldNames {
  readonly asWritten?: boolean;
}

/** The same for fields that are given one by one, all of one object and in their order: `walkFields` in steps of whoever has them. */
export function fieldReader(
  doc: JsonDoc,
  node: JsonNode,
  visit: VisitField,
  { asWritten = false }: FieldNames = {},
): (key: JsonNode, value: JsonNode) => void {
  const nameOf = asWritten ? doc.name : doc.fieldName;
  // Bits of the names so far: as long as a name has one that no other has, it is new, and no list is needed.
  let starts = 0;
  let ends = 0;
  let times: Map<string, number> | undefined;
  return (key, value) => {
    const name = nameOf(key);
    if (times === undefined) {
      const start = 1 << ((name.length * 5 + unitAt(name, 0)) & 31); // of an empty name: 1
      const end = 1 << ((unitAt(name, name.length - 1) * 3 + unitAt(name, name.length >> 1)) & 31);
      const isNew = (starts & start) === 0 || (ends & end) === 0;
      starts |= start;
      ends |= end;
      if (isNew) return visit(name, value, '', key);
      times = namesBefore(doc, node, { before: key, nameOf });
    }
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    visit(name, value, before === 0 ? '' : `~${before}`, key);
  };
}

/** Names of the fields before one, each of which occurs once. */
function namesBefore(
  doc: JsonDoc,
  node: JsonNode,
  { before, nameOf }: { readonly before: JsonNode; readonly nameOf: JsonDoc['name'] },
): Map<string, number> {
  const names = new Map<string, number>();
  doc.fields(node, (key) => {
    if (key < before) names.set(nameOf(key), 1);
  });
  return names;
}

/** The key of a field below `base`. Names with characters that keys use themselves are quoted, so that no two paths are one key. */
export function fieldKey(base: string, name: string, again: string): string {
  const key = `${base}.${plain(name) ? name : `[${JSON.stringify(name)}]`}`;
  return again === '' ? key : key + again;
}

function plain(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = unitAt(name, i);
    if (c === 0x2e || c === 0x7e || c === 0x2f || c === 0x23 || c === 0x5b) return false; // . ~ / # [
  }
  return true;
}

/** Whether a key is `key` or stands below it. */
export function isBelow(name: string, key: string): boolean {
  if (key === '*' || name === key) return true;
  if (!name.startsWith(key)) return false;
  const next = name[key.length];
  return next === '.' || next === '/' || next === '~';
}
