import { CHANGE_KINDS, CHANGE_PARAMETERS } from './changes.ts';
import { DISMISSAL_SCOPES } from './dismissals.ts';
import { LABELS } from './facts.ts';
import { FINDING_COUNTS, FINDING_PARAMETERS } from './finding-query.ts';
import { PAGE, QUERIES } from './listing-query.ts';
import { ENDPOINT_STATUSES, isReviewed, REVIEW_STATES, REVIEWED_KINDS, RISK_BANDS, ROW_KINDS, type RowKind } from './rows.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const number: Schema = { type: 'number' };
const whole: Schema = { type: 'integer', minimum: 0 };
const flag: Schema = { type: 'boolean' };
const time: Schema = { type: 'string', format: 'date-time' };
const word = (words: readonly string[]): Schema => ({ enum: words });
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: Schema): Schema => ({ type: 'array', items });
const contentOf = (schema: Schema) => ({ 'application/json': { schema } });
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object that has all of these and nothing else. */
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const each = (names: readonly string[], schema: Schema): Readonly<Record<string, Schema>> =>
  Object.fromEntries(names.map((name) => [name, schema]));
const labelled = (schema: Schema): Schema => ({ type: 'object', properties: each(LABELS, schema), additionalProperties: false });

const ROW = { id: text, firstSeen: time, lastSeen: time, owner: orNull(text), state: word(REVIEW_STATES), labels: labelled(texts) };
const COUNTED = each(['count', 'errors', 'findings', 'denied'], whole);
const TOKENS = each(['inputTokens', 'outputTokens'], whole);
const APPROVED = { approved: orNull(flag) };
const LATENCY = object(each(['mean', 'p50', 'p95', 'p99'], orNull(number)));
const JSON_SCHEMA = orNull({ type: 'object' });

const ENDPOINT = {
  ...ROW,
  ...each(['method', 'host', 'path'], text),
  kind: word(['ai', 'agent', 'api']),
  declared: orNull(flag),
  status: orNull(word(ENDPOINT_STATUSES)),
  ...COUNTED,
  ...each(['clientErrors', 'refused', 'open', 'prevented', 'flagged', 'redacted', 'requestBytes', 'responseBytes', 'drifts'], whole),
  ...TOKENS,
  latencyMs: LATENCY,
  risk: { type: 'integer', minimum: 0, maximum: 100 },
  band: word(RISK_BANDS),
};

const ENDPOINT_DETAIL = {
  ...ENDPOINT,
  reasons: list(object({ factor: text, points: whole, why: text })),
  drift: list(object({ kind: text, where: text, why: text })),
  seen: labelled(list(object({ value: text, count: whole, firstSeen: time, lastSeen: time }))),
  latencyBuckets: list(object({ leMs: orNull(number), count: whole })),
  variants: list(object({ path: text, count: whole, lastSeen: time })),
  operation: orNull(object({ file: text, path: text, operationId: orNull(text), deprecated: flag })),
  requestSchema: JSON_SCHEMA,
  responseSchema: JSON_SCHEMA,
  note: orNull(text),
};

const NAME_USE = object({ name: text, count: whole, last: orNull(time) });

/** Parts of a row of each list. */
const ROW_PARTS: { readonly [kind in RowKind]: Readonly<Record<string, Schema>> } = {
  endpoints: ENDPOINT,
  models: {
    ...ROW,
    provider: text,
    name: text,
    ...APPROVED,
    ...COUNTED,
    flagged: whole,
    redacted: whole,
    ...TOKENS,
    latencyMs: LATENCY,
  },
  providers: { ...ROW, name: text, ...APPROVED, models: whole, ...COUNTED, ...TOKENS },
  callers: {
    ...ROW,
    kind: word(['credential', 'user-agent', 'service', 'unknown', '{more}']),
    name: text,
    ...COUNTED,
    ...each(['flagged', 'redacted', 'toolCalls'], whole),
    ...TOKENS,
  },
  agents: { ...ROW, kind: word(['agent', 'mcp-client', '{more}']), name: text, ...COUNTED, toolCalls: whole },
  people: { ...ROW, name: text, ...each(['count', 'findings', 'denied'], whole) },
  tools: {
    ...ROW,
    server: text,
    name: text,
    ...APPROVED,
    ...each(['declared', 'called', 'errors', 'findings', 'denied', 'descriptions'], whole),
  },
  servers: {
    ...ROW,
    protocol: word(['mcp', 'a2a', '{more}']),
    host: text,
    path: text,
    ...APPROVED,
    ...COUNTED,
    latencyMs: LATENCY,
  },
  flows: {
    ...ROW,
    ...each(['sourceKind', 'source', 'targetKind', 'target'], text),
    ...each(['count', 'findings', 'denied', 'requestBytes', 'responseBytes'], whole),
  },
  grants: {
    id: text,
    agent: text,
    stated: flag,
    policyVersion: text,
    loaded: time,
    inForce: flag,
    ...each(['granted', 'used', 'neverUsed', 'refused', 'leftOut', 'unnamed'], whole),
    lastUsed: orNull(time),
    lists: list(object({ list: text, everything: flag, ...each(['entries', 'unlisted', 'refused'], list(NAME_USE)) })),
  },
  orphans: { id: text, ...each(['method', 'host', 'path', 'file'], text), operationId: orNull(text), deprecated: flag },
};

const FINDING = object({
  id: text,
  time,
  ...each(['exchangeId', 'detector', 'family', 'severity', 'lane', 'direction', 'action', 'taken', 'method', 'host', 'path'], text),
  confidence: number,
  ...each(['start', 'length'], whole),
  endpointId: orNull(text),
  ...each(['callerKind', 'callerId', 'agent', 'model', 'route', 'policyVersion'], text),
  dismissal: orNull(text),
});

const DISMISSAL = object({
  id: text,
  created: time,
  row: {
    type: 'object',
    properties: each(['detector', 'agent', 'host', 'path', 'routeName', 'lane', 'until', 'reason', 'by'], text),
    required: ['detector', 'until', 'reason'],
    additionalProperties: false,
  },
  expired: flag,
  exceptable: flag,
  policyRow: orNull(text),
});

const CHANGE = object({
  seq: whole,
  time,
  change: word(CHANGE_KINDS),
  ...each(['subjectKind', 'subjectId', 'subject', 'reason'], text),
});

const OVERVIEW = object({
  version: { const: 1 },
  revision: whole,
  endpoints: object({
    total: whole,
    byStatus: object(each(ENDPOINT_STATUSES, whole)),
    byBand: object(each(RISK_BANDS, whole)),
    byKind: object(each(['ai', 'agent', 'api'], whole)),
    ...each(['open', 'drifting', 'sensitive', 'unreviewed'], whole),
  }),
  declarationsGiven: flag,
  ...each(['orphans', 'models', 'providers', 'callers', 'agents', 'people', 'tools', 'servers', 'flows'], whole),
  unapproved: object(each(['models', 'providers', 'tools', 'servers'], whole)),
  filterHeard: orNull(time),
  ...each(['exchanges', 'errors', 'refused', 'findings', 'prevented', 'flagged', 'redacted', 'denied'], whole),
  ...TOKENS,
  uninspected: list(object({ reason: text, count: whole })),
});

const DETECTOR = object({
  ...each(['id', 'family', 'meaning', 'whenStopped', 'whenPassed'], text),
  known: flag,
  summary: orNull(text),
  tier: orNull(text),
  references: texts,
});

const VERSION = { version: { const: 1 } };
const NEXT = { next: orNull(text) };

/** OpenAPI 3.1 of the inventory's own API. */
export function apiDocument(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice inventory',
      version,
      description:
        'What is running, folded from OpenTelemetry. Answers carry an `etag`; `if-none-match` with it gives 304 while nothing changed. ' +
        'Lists come in pages: pass `next` as `cursor` for the following one. Errors are `{version, error}`.',
    },
    components: {
      schemas: {
        Error: object({ ...VERSION, error: text }),
        EndpointDetail: object(ENDPOINT_DETAIL),
        ...Object.fromEntries(WITH_NOTE.map((kind) => [detailName(kind), object({ ...ROW_PARTS[kind], note: orNull(text) })])),
        Finding: FINDING,
        Dismissal: DISMISSAL,
        Change: CHANGE,
        Overview: OVERVIEW,
        Detector: DETECTOR,
        ...Object.fromEntries(ROW_KINDS.map((kind) => [schemaName(kind), object(ROW_PARTS[kind])])),
      },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Needed when the inventory does not listen on loopback.' } },
    },
    security: [{}, { token: [] }],
    paths: {
      '/api/v1/overview': { get: operation('The numbers above the lists', [], ref('Overview')) },
      ...Object.fromEntries(ROW_KINDS.flatMap((kind) => rowPaths(kind))),
      '/api/v1/findings': {
        get: operation(
          'Findings, the newest first',
          [...named(FINDING_PARAMETERS), ...PAGING],
          object({ ...VERSION, items: list(ref('Finding')), ...NEXT }),
        ),
      },
      '/api/v1/findings/counts': {
        get: operation(
          'How many findings there are by one of their values, the most frequent first, at most 1,000',
          [...named(FINDING_PARAMETERS), parameter('by', 'what to count by; default severity', word(FINDING_COUNTS))],
          object({ ...VERSION, by: text, items: list(object({ value: text, count: whole })) }),
        ),
      },
      '/api/v1/dismissals': {
        get: operation('Dismissals that stand, the oldest first', [], object({ ...VERSION, items: list(ref('Dismissal')) }), []),
        post: {
          summary: 'Dismisses a finding and those like it, until a day; answers with the row for `exceptions:` of a policy',
          requestBody: DISMISSAL_BODY,
          responses: {
            201: { description: 'kept', content: contentOf(object({ ...VERSION, item: ref('Dismissal') })) },
            ...errors(400, 404),
          },
        },
      },
      '/api/v1/dismissals/{id}': {
        delete: {
          ...operation('Takes a dismissal back', [], object({ ...VERSION, item: ref('Dismissal') }), [404]),
          parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
        },
      },
      '/api/v1/detectors/{id}': {
        get: {
          ...operation('What a finding of a detector means, and what to do', [], object({ ...VERSION, item: ref('Detector') })),
          parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
        },
      },
      '/api/v1/changes': {
        get: operation(
          'What became different',
          [...named(CHANGE_PARAMETERS), ...PAGING],
          object({ ...VERSION, items: list(ref('Change')), ...NEXT }),
        ),
      },
      '/api/v1/events': {
        get: {
          summary: 'Live tail: server-sent events `finding` and `change` of what this process commits; the data are as in the lists',
          parameters: [{ name: 'last-event-id', in: 'header', required: false, schema: text }],
          responses: { 200: { description: 'events', content: { 'text/event-stream': { schema: text } } }, ...errors(503) },
        },
      },
      '/api/v1/export/ai-bom': { get: operation('CycloneDX 1.6 of models, tools, agents and services', [], { type: 'object' }) },
      '/api/v1/export/openapi': {
        get: operation('OpenAPI 3.1 of what was seen', [parameter('host', 'only this host', text)], { type: 'object' }),
      },
      '/api/v1/export/sarif': {
        get: operation(
          'Findings as SARIF 2.1.0, the newest 5,000; `findingsLeftOut` in the properties of the run counts the others',
          named(FINDING_PARAMETERS),
          { type: 'object' },
        ),
      },
      '/api/v1/openapi.json': { get: operation('This document', [], { type: 'object' }) },
      '/healthz': { get: operation('Whether it answers', [], object({ ...VERSION, status: { const: 'ok' } })) },
    },
  };
}

/** `endpoints` is `Endpoint`, `people` is `Person`. */
const schemaName = (kind: RowKind): string => (kind === 'people' ? 'Person' : `${kind[0]?.toUpperCase()}${kind.slice(1, -1)}`);

/** Of one row with what is not in the list. */
const detailName = (kind: RowKind): string => `${schemaName(kind)}Detail`;
const WITH_NOTE = REVIEWED_KINDS.filter((kind) => kind !== 'endpoints');

function rowPaths(kind: RowKind): readonly (readonly [path: string, item: object])[] {
  const { filters, sorts, sort } = QUERIES[kind];
  const filterParameters = Object.entries(filters).map(([name, { why }]) => parameter(name, why, text));
  const sorting = parameter('sort', `one of ${sorts.join(', ')}; with - in front the greatest first; default ${sort}`, text);
  const listed = object({ ...VERSION, total: whole, items: list(ref(schemaName(kind))), ...NEXT });
  const item = object({ ...VERSION, item: ref(isReviewed(kind) ? detailName(kind) : schemaName(kind)) });
  const id = { name: 'id', in: 'path', required: true, schema: text };
  const one = { ...operation(`One of the ${kind}`, [], item, [400, 404]), parameters: [id] };
  return [
    [`/api/v1/${kind}`, { get: operation(`The ${kind} seen`, [...filterParameters, sorting, ...PAGING], listed) }],
    [
      `/api/v1/${kind}/{id}`,
      { get: one, ...(isReviewed(kind) ? { patch: { ...one, summary: 'Sets owner, state or note', requestBody: DECISION } } : {}) },
    ],
  ];
}

/** A body with some of these and nothing else. */
const bodyOf = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []) => ({
  required: true,
  content: contentOf({ type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false }),
});

const DISMISSAL_BODY = bodyOf(
  {
    finding: { ...text, description: 'id of the finding' },
    scope: { ...list(word(DISMISSAL_SCOPES)), description: 'what it holds for; default: all that the finding says' },
    until: { ...text, description: 'last day in UTC, as 2027-03-31' },
    reason: { type: 'string', minLength: 1, maxLength: 1000 },
    by: { type: 'string', minLength: 1, maxLength: 255 },
  },
  ['finding', 'until', 'reason'],
);

const DECISION = bodyOf({
  owner: orNull({ type: 'string', maxLength: 128 }),
  state: word(REVIEW_STATES),
  note: orNull({ type: 'string', maxLength: 2000 }),
});

const parameter = (name: string, description: string, schema: Schema) => ({ name, in: 'query', required: false, description, schema });
const named = (parameters: Readonly<Record<string, string>>) => Object.entries(parameters).map(([name, why]) => parameter(name, why, text));

const PAGING = [
  parameter('limit', `rows of a page, at most ${PAGE.max}; default ${PAGE.default}`, { type: 'integer', minimum: 1, maximum: PAGE.max }),
  parameter('cursor', '`next` of the page before', text),
];

const ERRORS: Readonly<Record<number, string>> = { 400: 'a parameter or the body is wrong', 404: 'no such row', 503: 'too many readers' };
const errors = (...statuses: readonly number[]) =>
  Object.fromEntries(statuses.map((status) => [status, { description: ERRORS[status] ?? 'error', content: contentOf(ref('Error')) }]));

function operation(summary: string, parameters: readonly object[], schema: Schema, failures: readonly number[] = [400]) {
  return {
    summary,
    parameters,
    responses: { 200: { description: summary, content: contentOf(schema) }, ...errors(...failures) },
  };
}
