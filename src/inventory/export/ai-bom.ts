import type { Catalog } from '../catalog.ts';
import type { EndpointRow, Labels, ModelRow, ProviderRow, Row, ServerRow, ToolRow } from '../rows.ts';

export interface AiBomOptions {
  readonly toolVersion: string;
  /** ISO 8601. */
  readonly time: string;
}

/**
 * What AI is in use, as a CycloneDX 1.6 bill of materials: models, tools and agents are components, providers, MCP and A2A servers and
 * endpoints of AI are services with the kinds of data that flow through them. Everything in it was seen in traffic.
 */
export function aiBom(catalog: Catalog, { toolVersion, time }: AiBomOptions) {
  const { models, tools, agents, providers, servers, endpoints } = catalog.rows;
  const services = endpoints.filter(({ kind }) => kind !== 'api');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { timestamp: time, tools: { components: [{ type: 'application', name: 'sluice', version: toolVersion }] } },
    components: [
      ...models.map(modelComponent),
      ...tools.map(toolComponent),
      ...agents.map((agent) => component(agent, 'application', agent.name)),
    ],
    services: [...providers.map(providerService), ...servers.map(serverService), ...services.map(endpointService)],
    dependencies: dependenciesOf(models, providers),
  };
}

const property = (name: string, value: string | number | boolean | null) => ({ name: `sluice:${name}`, value: String(value) });

const seenProperties = (row: Row) => [
  property('firstSeen', row.firstSeen),
  property('lastSeen', row.lastSeen),
  property('state', row.state),
  ...(row.owner === null ? [] : [property('owner', row.owner)]),
];

const component = (row: Row, type: string, name: string) => ({ type, 'bom-ref': row.id, name, properties: seenProperties(row) });

function modelComponent(model: ModelRow) {
  return {
    ...component(model, 'machine-learning-model', model.name),
    ...(model.provider === '' ? {} : { supplier: { name: model.provider } }),
    properties: [
      ...seenProperties(model),
      property('exchanges', model.count),
      property('inputTokens', model.inputTokens),
      property('outputTokens', model.outputTokens),
      ...(model.approved === null ? [] : [property('approved', model.approved)]),
      ...(model.labels.servedAs ?? []).map((name) => property('servedAs', name)),
    ],
  };
}

function toolComponent(tool: ToolRow) {
  const approved = tool.approved === null ? [] : [property('approved', tool.approved)];
  const properties = [...seenProperties(tool), property('declared', tool.declared), property('called', tool.called), ...approved];
  return { ...component(tool, 'application', tool.name), ...(tool.server === '' ? {} : { group: tool.server }), properties };
}

const providerService = (provider: ProviderRow) => ({
  'bom-ref': provider.id,
  name: provider.name,
  'x-trust-boundary': true,
  properties: [...seenProperties(provider), ...(provider.approved === null ? [] : [property('approved', provider.approved)])],
});

const serverService = (server: ServerRow) => ({
  'bom-ref': server.id,
  name: server.labels.names?.[0] ?? server.host,
  group: server.protocol,
  endpoints: [`${server.host}${server.path}`],
  ...dataOf(server.labels),
  properties: seenProperties(server),
});

const endpointService = (endpoint: EndpointRow) => ({
  'bom-ref': endpoint.id,
  name: `${endpoint.method} ${endpoint.path}`,
  endpoints: [`${endpoint.host}${endpoint.path}`],
  authenticated: endpoint.open === 0,
  ...dataOf(endpoint.labels),
  properties: [...seenProperties(endpoint), property('risk', endpoint.risk), property('exchanges', endpoint.count)],
});

/** Kinds of sensitive data by the way they flow, seen from the service. */
function dataOf({ requestKinds = [], responseKinds = [] }: Labels) {
  const data = [
    ...requestKinds.map((classification) => ({ flow: 'inbound', classification })),
    ...responseKinds.map((classification) => ({ flow: 'outbound', classification })),
  ];
  return data.length === 0 ? {} : { data };
}

function dependenciesOf(models: readonly ModelRow[], providers: readonly ProviderRow[]) {
  return providers.map(({ id, name }) => ({
    ref: id,
    provides: models.filter(({ provider }) => provider === name).map((model) => model.id),
  }));
}
