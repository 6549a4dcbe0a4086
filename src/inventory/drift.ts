import type { Json, Operation } from './declared.ts';
import type { Fact } from './facts.ts';
import type { Drift } from './rows.ts';
import { type JsonSchema, schemaOf } from './shape.ts';

/** Differences listed of one endpoint. */
const DRIFTS_MAX = 100;

/** What was seen and is not what the operation declares; nothing where the file is silent. */
export function driftOf(fact: Fact, operation: Operation): readonly Drift[] {
  return [
    ...authDrift(fact, operation),
    ...statusDrift(fact, operation),
    ...typeDrift(fact, operation),
    ...schemaDrift(fact, operation),
  ].slice(0, DRIFTS_MAX);
}

function authDrift(fact: Fact, { secured }: Operation): readonly Drift[] {
  const open = fact.sums['open'] ?? 0;
  if (secured !== true || open === 0) return [];
  return [{ kind: 'authentication', where: 'security', why: `declared as secured, and ${open} answered without any credential` }];
}

function statusDrift(fact: Fact, { statuses }: Operation): readonly Drift[] {
  if (statuses.length === 0 || statuses.includes('default')) return [];
  const declared = new Set(statuses.map((status) => status.toUpperCase()));
  return [...(fact.seen.get('statuses')?.keys() ?? [])]
    .filter((status) => !declared.has(status) && !declared.has(`${status[0] ?? ''}XX`) && !status.startsWith('5'))
    .map((status) => ({ kind: 'status', where: status, why: `status ${status} is not declared` }));
}

function typeDrift(fact: Fact, { requestTypes }: Operation): readonly Drift[] {
  if (requestTypes === undefined || requestTypes.some((type) => type.includes('*'))) return [];
  return [...(fact.seen.get('requestTypes')?.keys() ?? [])]
    .filter((type) => !requestTypes.includes(type))
    .map((type) => ({ kind: 'content-type', where: type, why: `requests of type ${type} are not declared` }));
}

function schemaDrift(fact: Fact, { requestSchema, responseSchema }: Operation): readonly Drift[] {
  return [...compared(requestSchema, schemaOf(fact.request), 'request'), ...compared(responseSchema, schemaOf(fact.response), 'response')];
}

function compared(declared: Json | undefined, seen: JsonSchema | undefined, where: string): readonly Drift[] {
  if (declared === undefined || seen === undefined) return [];
  const [wanted, had] = [typesOf(declared), typesOf(seen)];
  const others = had.filter((type) => wanted.length > 0 && !wanted.includes(type) && !(type === 'integer' && wanted.includes('number')));
  if (others.length > 0) return [{ kind: 'type', where, why: `${others.join(', ')} was seen where ${wanted.join(', ')} is declared` }];
  return [...fieldDrift(declared, seen, where), ...itemDrift(declared, seen, where)];
}

function fieldDrift(declared: Json, seen: JsonSchema, where: string): readonly Drift[] {
  const [properties, had] = [objectOf(declared['properties']), objectOf(seen['properties'])];
  if (properties === undefined || had === undefined) return [];
  const required = listOf(declared['required']);
  const always = listOf(seen['required']);
  const open = declared['additionalProperties'] !== undefined && declared['additionalProperties'] !== false;
  const undeclared = open ? [] : Object.keys(had).filter((name) => !Object.hasOwn(properties, name));
  // What stands under keys that are data may be any of them: nobody can say that one is missing.
  const missing = required.filter(
    (name) => !always.includes(name) && (Object.hasOwn(had, name) || seen['additionalProperties'] === undefined),
  );
  return [
    ...undeclared.map((name): Drift => ({ kind: 'undeclared-field', where: `${where}/${name}`, why: 'the field is not declared' })),
    ...missing.map(
      (name): Drift => ({ kind: 'missing-field', where: `${where}/${name}`, why: 'declared as required and not always there' }),
    ),
    ...Object.keys(had).flatMap((name) => compared(objectOf(properties[name]), objectOf(had[name]), `${where}/${name}`)),
  ];
}

const itemDrift = (declared: Json, seen: JsonSchema, where: string): readonly Drift[] =>
  compared(objectOf(declared['items']), objectOf(seen['items']), `${where}/*`);

const objectOf = (value: unknown): Json | undefined => (typeof value === 'object' && value !== null ? (value as Json) : undefined);
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const typesOf = (schema: Json): readonly string[] => (typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']));
