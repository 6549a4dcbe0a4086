import type { Catalog } from '../catalog.ts';
import type { EndpointDetail } from '../rows.ts';

/** Media types of one direction, with the schema that was learned from samples. */
const contentOf = (types: readonly string[] | undefined, schema: unknown) =>
  Object.fromEntries((types ?? ['application/json']).map((type) => [type, type.includes('json') && schema !== null ? { schema } : {}]));

/** What was seen, as OpenAPI 3.1: of one host, or of all, each operation with the hosts that answered it. */
export function openApiOf(catalog: Catalog, host?: string) {
  const rows = catalog.rows.endpoints.filter(
    (row) => (host === undefined || row.host === host) && row.method !== '_OTHER' && row.method !== 'CONNECT',
  );
  const paths: Record<string, Record<string, object>> = Object.create(null);
  for (const { id } of rows) {
    const detail = catalog.detail(id);
    if (detail === undefined) continue;
    const { path, parameters } = parameterised(detail.path);
    paths[path] ??= {};
    const item = paths[path];
    const method = detail.method.toLowerCase();
    const known = item[method] as { readonly servers: readonly object[] } | undefined;
    const server = { url: `//${detail.host}` };
    item[method] = known === undefined ? operationOf(detail, parameters, server) : { ...known, servers: [...known.servers, server] };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'APIs seen',
      version: String(catalog.revision),
      description: 'Learned from traffic: types, formats and required fields of samples.',
    },
    paths: { ...paths },
  };
}

function operationOf(detail: EndpointDetail, parameters: readonly string[], server: object) {
  const { labels, requestSchema } = detail;
  const hasBody = requestSchema !== null || labels.requestTypes !== undefined;
  const statuses = labels.statuses ?? ['default'];
  return {
    servers: [server],
    ...(parameters.length > 0
      ? { parameters: parameters.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) }
      : {}),
    ...(hasBody ? { requestBody: { content: contentOf(labels.requestTypes, requestSchema) } } : {}),
    responses: Object.fromEntries(statuses.map((status) => [status, responseOf(status, detail)])),
    'x-sluice': { id: detail.id, risk: detail.risk, status: detail.status, firstSeen: detail.firstSeen, lastSeen: detail.lastSeen },
  };
}

function responseOf(status: string, { labels, responseSchema }: EndpointDetail) {
  const success = status.startsWith('2');
  const has = success && (responseSchema !== null || labels.responseTypes !== undefined);
  return {
    description: success ? 'seen' : 'seen, without its shape',
    ...(has ? { content: contentOf(labels.responseTypes, responseSchema) } : {}),
  };
}

/** Every placeholder gets a name of its own: `{id}`, `{id2}`. */
function parameterised(path: string): { readonly path: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const named = path.split('/').map((segment) => {
    if (!segment.includes('{')) return segment;
    const word = segment.replaceAll(/[^a-z]/g, '') || 'value';
    const count = parameters.filter((name) => name.startsWith(word)).length;
    parameters.push(count === 0 ? word : `${word}${count + 1}`);
    return `{${parameters.at(-1)}}`;
  });
  return { path: named.join('/'), parameters };
}
