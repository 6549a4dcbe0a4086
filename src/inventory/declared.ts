import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { AppError } from '../lib/errors.ts';
import { templatePath } from '../telemetry/path-template.ts';

/** What the operator's OpenAPI files declare. */
export interface Declared {
  /** Whether some file declares the endpoint; undefined when there is no file at all. */
  covers(endpoint: EndpointName): boolean | undefined;
  /** Declared operations, for the summary. */
  readonly operations: number;
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
  const operations = sources.flatMap(({ file, text }) => readOperations(file, text));
  return {
    operations: operations.length,
    covers: (endpoint) => (sources.length === 0 ? undefined : operations.some((operation) => matches(operation, endpoint))),
  };
}

interface Operation {
  readonly method: string;
  /** Undefined: any host. */
  readonly host: string | undefined;
  readonly segments: readonly string[];
}

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
  return Object.entries(record(root['paths'])).flatMap(([path, item]) => readPath(file, root, path, resolved(file, root, item)));
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

function readPath(file: string, root: Json, path: string, item: Json): readonly Operation[] {
  return METHODS.filter((method) => method in item).flatMap((method) => {
    const servers = [record(item[method])['servers'], item['servers'], root['servers']].find(
      (list) => Array.isArray(list) && list.length > 0,
    );
    return serverBases(file, servers).map(({ host, base }) => ({ method: method.toUpperCase(), host, segments: segmentsOf(base + path) }));
  });
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
  if (operation.host !== undefined && operation.host !== endpoint.host && !isGatewayAddress(endpoint.host)) return false;
  const segments = endpoint.path.split('/');
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

type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** A path item may be a reference inside the file; one that leads elsewhere is refused, or endpoints would be called undeclared that are not. */
function resolved(file: string, root: Json, item: unknown): Json {
  const reference = record(item)['$ref'];
  if (typeof reference !== 'string') return record(item);
  if (!reference.startsWith('#/')) throw invalid(file, 'a path item refers to another file; bundle the files into one first');
  const names = reference
    .slice(2)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const target = names.reduce<unknown>((at, name) => record(at)[name], root);
  if (target === undefined) throw invalid(file, 'a path item refers to something that is not in the file');
  return record(target);
}
