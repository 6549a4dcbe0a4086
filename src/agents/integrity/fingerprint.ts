import { createHash } from 'node:crypto';

/** The parts of a definition that are told apart; `rest`: everything else that a provider's own tool declares. */
export const DEFINITION_PARTS = ['description', 'schema', 'rest'] as const;
export type DefinitionPart = (typeof DEFINITION_PARTS)[number];

/** A definition without its text: SHA-256, hex, of the whole and the first 16 digits of it for each part that there is. */
export interface Fingerprint {
  /** `unread` for a definition that is too long to be read: equal to no other, and never approved. */
  readonly whole: string;
  readonly parts: Readonly<Partial<Record<DefinitionPart, string>>>;
}

export const UNREAD: Fingerprint = { whole: 'unread', parts: {} };

/** Of `ToolDeclaration.definition`: canonical JSON of an object. Undefined: it could not be read. */
export function fingerprintOf(definition: string | undefined): Fingerprint {
  return definition === undefined ? UNREAD : { whole: sha256(definition), parts: partsOf(definition) };
}

function partsOf(definition: string): Fingerprint['parts'] {
  const fields = Object.entries(readObject(definition));
  const known = fields.filter(([name]) => name === 'description' || name === 'schema');
  const rest = fields.filter((field) => !known.includes(field));
  const named: readonly (readonly [string, unknown])[] = rest.length === 0 ? known : [...known, ['rest', rest]];
  return Object.fromEntries(named.map(([name, value]) => [name, sha256(JSON.stringify(value)).slice(0, 16)]));
}

/** A canonical text can have a key twice, which JSON reads as one: the parts are equal then, and the whole is not. */
function readObject(definition: string): object {
  try {
    const value: unknown = JSON.parse(definition);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Which parts of two definitions differ; all that either has when only the whole does. */
export function changedParts(before: Fingerprint, after: Fingerprint): readonly DefinitionPart[] {
  if (before.whole === after.whole) return [];
  const changed = DEFINITION_PARTS.filter((part) => before.parts[part] !== after.parts[part]);
  return changed.length > 0 ? changed : DEFINITION_PARTS.filter((part) => part in before.parts);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
