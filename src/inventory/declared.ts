import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { AppError } from '../lib/errors.ts';
import { templatePath } from '../telemetry/path-template.ts';

/** What the operator's OpenAPI files declare. */
export interface Declared {
  /** Whether there is a file at all: without one nothing can be undeclared. */
  readonly given: boolean;
  readonly operations: readonly Operation[];
  /** The operation that declares the endpoint, the most literal one when several do. */
  find(endpoint: EndpointName): Operation | undefined;
  /** The path with `{id}` where a declared operation of any method has a parameter; undefined when none fits. */
  template(host: string, path: string): string | undefined;
}

/** One operation of an OpenAPI file. */
export interface Operation {
  readonly file: string;
  readonly method: string;
  /** Undefined: any host. */
  readonly host: string | undefined;
  /** As the file writes it, with the path of its server in front. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly operationId: string | undefined;
  readonly deprecated: boolean;
  /** Whether some `security` has to be met. Undefined: the file says nothing. */
  readonly secured: boolean | undefined;
  /** Media types of the request body; undefined when none is declared. */
  readonly requestTypes: readonly string[] | undefined;
  /** Status codes and ranges (`404`, `4XX`, `default`); empty when the file has none. */
  readonly statuses: readonly string[];
  readonly requestSchema: Json | undefined;
  /** Of the first success that has one. */
  readonly responseSchema: Json | undefined;
}

export interface EndpointName {
  readonly method: string;
  /** Without port. */
  readonly host: string;
  /** Templated. */
  readonly path: string;
}

/** Largest file read, in bytes. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** Reads OpenAPI 3.0 to 3.2 files, YAML or JSON. Throws `AppError` with file:line:column for what cannot be used. */
export async function loadDeclared(files: readonly string[]): Promise<Declared> {
  const sources = await Promise.all(files.map(async (file) => ({ file, text: await readSource(file) })));
  return declaredBy(sources);
}

/** The same from texts. */
export function declaredBy(sources: readonly { readonly file: string; readonly text: string }[]): Declared {
  const operations = sources.flatMap(({ file, text }) => readOperations(file, text)).sort(byLiteralness);
  const byLength = Map.groupBy(operations, ({ segments }) => segments.length);
  const candidates = (path: string): readonly Operation[] => byLength.get(path.split('/').length) ?? [];
  return {
    given: sources.length > 0,
    operations,
    find: (endpoint) => candidates(endpoint.path).find((operation) => matches(operation, endpoint)),
    template(host, path) {
      const operation = candidates(path).find((one) => matchesPath(one, host, path));
      if (operation === undefined) return undefined;
      const segments = path.split('/');
      return segments.map((segment, at) => (operation.segments[at] === '{}' && !isTyped(segment) ? '{id}' : segment)).join('/');
    },
  };
}

const isTyped = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('}');

/** A literal segment says more than a parameter: `/users/me` comes before `/users/{id}`. */
const byLiteralness = (left: Operation, right: Operation): number => parameters(left) - parameters(right);
const parameters = ({ segments }: Operation): number => segments.filter((segment) => segment.includes('{}')).length;

async function readSource(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('file-unreadable', `${file}: the OpenAPI file cannot be read`, { cause });
  });
  if (bytes.length > FILE_BYTES_MAX)
    throw invalid(file, `${bytes.length} bytes are more than an OpenAPI file may have (${FILE_BYTES_MAX})`);
  return bytes.toString('utf8');
}

const invalid = (where: string, what: string): AppError =>
  new AppError('settings-invalid', `${where}: ${what}`, { next: 'give --openapi an OpenAPI 3.0, 3.1 or 3.2 file' });

function readOperations(file: string, text: string): readonly Operation[] {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const at = problem.linePos?.[0];
    throw invalid(at === undefined ? file : `${file}:${at.line}:${at.col}`, `not YAML or JSON (${problem.code})`);
  }
  const root = record(document.toJS());
  if (!/^3\.[0-2]\./.test(String(root['openapi']))) throw invalid(file, 'no `openapi: 3.x` at the top');
  const budget = { left: SCHEMA_NODES_PER_FILE };
  const items = Object.entries(record(root['paths']));
  return items.flatMap(([path, item]) => readPath({ file, root, budget }, path, resolved(file, root, item)));
}

interface Source {
  readonly file: string;
  readonly root: Json;
  readonly budget: Budget;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

function readPath(source: Source, path: string, item: Json): readonly Operation[] {
  const { file, root } = source;
  return METHODS.filter((method) => method in item).flatMap((method) => {
    const operation = record(item[method]);
    const servers = [operation['servers'], item['servers'], root['servers']].find((list) => Array.isArray(list) && list.length > 0);
    const said = readOperation(source, operation);
    return serverBases(file, servers).map(({ host, base }) => ({
      ...said,
      method: method.toUpperCase(),
      host,
      path: base + path,
      segments: segmentsOf(base + path),
    }));
  });
}

function readOperation({ file, root, budget }: Source, operation: Json): Omit<Operation, 'method' | 'host' | 'path' | 'segments'> {
  const body = operation['requestBody'] === undefined ? undefined : contentOf(root, operation['requestBody']);
  const responses = record(operation['responses']);
  const success = Object.keys(responses).find((status) => status.startsWith('2'));
  const name = operation['operationId'];
  const walk: Walk = { root, above: new Set(), left: Math.min(budget.left, SCHEMA_NODES_PER_OPERATION) };
  const given = walk.left;
  const requestSchema = body === undefined ? undefined : jsonSchemaOf(walk, body);
  const responseSchema = success === undefined ? undefined : jsonSchemaOf(walk, contentOf(root, responses[success]));
  budget.left -= given - walk.left;
  return {
    file,
    operationId: typeof name === 'string' ? name : undefined,
    deprecated: operation['deprecated'] === true,
    secured: securedBy(operation['security'] ?? root['security']),
    requestTypes: body === undefined ? undefined : Object.keys(body).map((type) => type.toLowerCase()),
    statuses: Object.keys(responses),
    requestSchema,
    responseSchema,
  };
}

/** An empty list, or an empty alternative in it, lets everybody in. */
function securedBy(security: unknown): boolean | undefined {
  if (!Array.isArray(security)) return undefined;
  return security.length > 0 && security.every((one) => Object.keys(record(one)).length > 0);
}

const contentOf = (root: Json, holder: unknown): Json => record(dereferenced(root, holder)['content']);

function jsonSchemaOf(walk: Walk, content: Json): Json | undefined {
  const media = Object.entries(content).find(([type]) => type.toLowerCase().includes('json'));
  const schema = record(media?.[1])['schema'];
  return schema === undefined ? undefined : expanded(walk, schema);
}

/** Levels of a schema, and fields of an object or parts of an `allOf`, that are compared with what was seen. */
const SCHEMA_DEPTH_MAX = 12;
const SCHEMA_FIELDS_MAX = 1000;
/** Schemas that the expansion of one operation, and of all in a file, may have: a few that refer to each other make millions. */
const SCHEMA_NODES_PER_OPERATION = 5000;
const SCHEMA_NODES_PER_FILE = 1_000_000;

/** Nothing is said. */
const OPEN: Json = {};

/** Schemas that may still be expanded. */
interface Budget {
  left: number;
}

/** On the way down one schema. */
interface Walk extends Budget {
  readonly root: Json;
  /** Schemas that the one at hand stands in. */
  readonly above: Set<Json>;
}

/** The parts that are compared, references inside the file followed; what is deeper, or recursive, or over the bounds is open. */
function expanded(walk: Walk, part: unknown): Json {
  const schema = dereferenced(walk.root, part);
  if (walk.left <= 0 || walk.above.size > SCHEMA_DEPTH_MAX || walk.above.has(schema)) return OPEN;
  walk.left -= 1;
  walk.above.add(schema);
  const comparable = comparableParts(schema, (one) => expanded(walk, one));
  walk.above.delete(schema);
  return comparable;
}

/** Alternatives are open. */
function comparableParts(schema: Json, below: (part: unknown) => Json): Json {
  const { type, required, properties, items, additionalProperties, allOf, anyOf, oneOf, nullable } = schemaParts(schema);
  if (anyOf !== undefined || oneOf !== undefined) return OPEN;
  if (Array.isArray(allOf)) return joined(allOf.slice(0, SCHEMA_FIELDS_MAX).map(below));
  const fields = Object.entries(record(properties)).slice(0, SCHEMA_FIELDS_MAX);
  return {
    ...(type === undefined ? {} : { type: nullable === true ? [type, 'null'].flat() : type }),
    ...(Array.isArray(required) ? { required } : {}),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields.map(([name, part]) => [name, below(part)])) }),
    ...(items === undefined ? {} : { items: below(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: typeof additionalProperties === 'boolean' ? additionalProperties : below(additionalProperties) }),
  };
}

type SchemaParts = Readonly<
  Record<'type' | 'required' | 'properties' | 'items' | 'additionalProperties' | 'allOf' | 'anyOf' | 'oneOf' | 'nullable', unknown>
>;

const schemaParts = (schema: Json): SchemaParts => schema as SchemaParts; // every part is unknown, and an absent one undefined

function joined(parts: readonly Json[]): Json {
  const properties = Object.assign({}, ...parts.map((part) => record(part['properties'])));
  const required = parts.flatMap((part) => (Array.isArray(part['required']) ? (part['required'] as readonly unknown[]) : []));
  const open = parts.includes(OPEN) ? { additionalProperties: true } : {}; // what stands there may name any field
  return { ...Object.assign({}, ...parts), properties, required, ...open };
}

interface ServerBase {
  readonly host: string | undefined;
  readonly base: string;
}

/** Absolute URLs bind the host; relative ones, and none, leave it open. A server variable in the path matches any segment. */
function serverBases(file: string, servers: unknown): readonly ServerBase[] {
  if (!Array.isArray(servers)) return [{ host: undefined, base: '' }];
  return servers.map((server) => {
    const given = record(server)['url'];
    const url = typeof given === 'string' ? given : '/';
    const afterScheme = url.includes('://') ? url.slice(url.indexOf('://') + 3) : undefined;
    if (afterScheme === undefined) return { host: undefined, base: trimmed(url) };
    const slash = afterScheme.indexOf('/');
    const authority = slash < 0 ? afterScheme : afterScheme.slice(0, slash);
    if (authority === '') throw invalid(file, 'a server URL without a host');
    return { host: hostOf(authority), base: slash < 0 ? '' : trimmed(afterScheme.slice(slash)) };
  });
}

/** Lower case, without port; undefined when a variable stands in it. */
function hostOf(authority: string): string | undefined {
  if (authority.includes('{')) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':')[0] ?? host);
}

const trimmed = (base: string): string => (base.endsWith('/') ? base.slice(0, -1) : base);

/** As telemetry writes it, so that a literal that looks like a date meets its own template. Parameters become `{}`. */
function segmentsOf(path: string): readonly string[] {
  return path.split('/').map((segment) => (segment.includes('{') ? withoutNames(segment) : templatePath(segment)));
}

/** `{id}.json` becomes `{}.json`. */
function withoutNames(segment: string): string {
  return segment
    .split('{')
    .map((part, index) => (index === 0 ? part : `{}${part.slice(part.indexOf('}') + 1)}`))
    .join('');
}

function matches(operation: Operation, endpoint: EndpointName): boolean {
  if (operation.method !== endpoint.method && !(operation.method === 'GET' && endpoint.method === 'HEAD')) return false;
  return matchesPath(operation, endpoint.host, endpoint.path);
}

function matchesPath(operation: Operation, host: string, path: string): boolean {
  if (operation.host !== undefined && operation.host !== host && !isGatewayAddress(host)) return false;
  const segments = path.split('/');
  return (
    segments.length === operation.segments.length &&
    operation.segments.every((pattern, index) => segmentMatches(pattern, segments[index] ?? ''))
  );
}

/** A client that names the gateway by address says nothing about which API it means: the path alone decides. */
const isGatewayAddress = (host: string): boolean => host === '' || host === 'localhost' || host.startsWith('[') || /^[0-9.]+$/.test(host);

/** A parameter takes any non-empty segment; text around it must be there, unless the whole segment was typed by telemetry. */
function segmentMatches(pattern: string, segment: string): boolean {
  const open = pattern.indexOf('{}');
  if (open < 0) return pattern === segment;
  if (segment === '') return false;
  if (segment.startsWith('{') && segment.endsWith('}')) return true;
  const [before, after] = [pattern.slice(0, open), pattern.slice(pattern.lastIndexOf('{}') + 2)];
  return segment.length > before.length + after.length && segment.startsWith(before) && segment.endsWith(after);
}

export type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** A path item may be a reference inside the file; one that leads elsewhere is refused, or endpoints would be called undeclared that are not. */
function resolved(file: string, root: Json, item: unknown): Json {
  const reference = record(item)['$ref'];
  if (typeof reference !== 'string') return record(item);
  if (!reference.startsWith('#/')) throw invalid(file, 'a path item refers to another file; bundle the files into one first');
  const target = pointed(root, reference);
  if (target === undefined) throw invalid(file, 'a path item refers to something that is not in the file');
  return record(target);
}

/** References followed one behind the other. */
const REFERENCES_MAX = 8;

/** What a reference inside the file leads to; one that leads nowhere or elsewhere says nothing. */
function dereferenced(root: Json, value: unknown): Json {
  let at = record(value);
  for (let step = 0; step < REFERENCES_MAX; step += 1) {
    const reference = at['$ref'];
    if (typeof reference !== 'string') return at;
    at = reference.startsWith('#/') ? record(pointed(root, reference)) : {};
  }
  return {};
}

function pointed(root: Json, reference: string): unknown {
  const names = reference
    .slice(2)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((at, name) => record(at)[name], root);
}
