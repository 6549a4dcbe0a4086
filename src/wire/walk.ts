import type { JsonDoc, JsonNode } from './framing/json.ts';

/**
 * Calls back for each field with its decoded name and a suffix: empty, or `~1`, `~2` … for a name that occurs again in the same object.
 * Keys built with the suffix keep the text of duplicates apart, so that one cannot hide the edge of the other.
 */
export function walkFields(
  doc: JsonDoc,
  node: JsonNode,
  visit: (name: string, value: JsonNode, again: string, key: JsonNode) => void,
): void {
  const few: string[] = [];
  let many: Map<string, number> | undefined;
  doc.fields(node, (key, value) => {
    const name = doc.name(key);
    if (many === undefined && few.length < FEW && !few.includes(name)) {
      few.push(name);
      return visit(name, value, '', key);
    }
    many ??= new Map(few.map((seen) => [seen, 1]));
    const times = many.get(name) ?? 0;
    many.set(name, times + 1);
    visit(name, value, times === 0 ? '' : `~${times}`, key);
  });
}

/** Up to here a list is faster than a map. */
const FEW = 12;

/** The key of a field below `base`. Names with characters that keys use themselves are quoted, so that no two paths are one key. */
export function fieldKey(base: string, name: string, again: string): string {
  return `${base}.${plain(name) ? name : `[${JSON.stringify(name)}]`}${again}`;
}

function plain(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c === 0x2e || c === 0x7e || c === 0x2f || c === 0x23 || c === 0x5b) return false; // . ~ / # [
  }
  return true;
}
