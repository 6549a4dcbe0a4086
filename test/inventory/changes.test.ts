import { describe, expect, it } from 'vitest';
import { approvedBy, parseApproved } from '../../src/inventory/approved.ts';
import { createCatalog } from '../../src/inventory/catalog.ts';
import { type Declared, declaredBy } from '../../src/inventory/declared.ts';
import { createDesk, type Desk } from '../../src/inventory/desk.ts';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { createLedger, type Ledger } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { ownSpan } from './spans.ts';

const DAY_MS = 86_400_000;
const START_MS = 1_790_000_000_000;

const SPEC = `
openapi: 3.1.0
info: {title: t, version: '1'}
security: [{key: []}]
paths:
  /v1/chat/completions:
    post:
      operationId: chat
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [model], properties: {model: {type: string}, n: {$ref: '#/components/schemas/Count'}}, additionalProperties: false}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}}
  /v1/old: {get: {deprecated: true, responses: {default: {description: any}}}}
  /v1/accounts/{id}: {get: {}}
  /v2/accounts/{id}: {get: {}}
  /never: {get: {}}
components: {schemas: {Count: {type: integer}}}
`;

let serial = 0;
function span(attributes: IncomingSpan['attributes'] = {}, atMs = START_MS): IncomingSpan {
  serial += 1;
  return ownSpan({ spanId: serial.toString(16).padStart(16, '0'), startUnixMs: atMs, endUnixMs: atMs + 5 }, attributes);
}

interface Bench {
  readonly ledger: Ledger;
  readonly desk: Desk;
  readonly clock: { ms: number };
}

async function bench(declared: Declared = declaredBy([]), approved = approvedBy({ version: 1 })): Promise<Bench> {
  const ledger = createLedger({ store: await openSqliteStore(':memory:') });
  const clock = { ms: START_MS };
  return { ledger, clock, desk: createDesk({ ledger, declared, approved, goneMs: 14 * DAY_MS, now: () => clock.ms }) };
}

const told = async ({ desk }: Bench): Promise<readonly string[]> =>
  (await desk.takeStock()).map(({ change, subjectKind, subject, reason }) => `${change} ${subjectKind} ${subject}: ${reason}`);

describe('what became different', () => {
  it('is said once: what is new, with what is known of it', async () => {
    const desk = await bench(declaredBy([{ file: 's.yaml', text: SPEC }]));
    await desk.ledger.add([
      span({
        'http.route': '/internal',
        'http.request.method': 'GET',
        'sluice.auth.kind': 'none',
        'sluice.finding.response.detectors': ['pii.card'],
      }),
    ]);
    expect(await told(desk)).toEqual([
      'new endpoints GET api.bank.example/internal: first seen; no OpenAPI file declares it; answers without any credential; carries response pii.card',
      'new models openai/gpt-4o: first seen; carries response pii.card',
      'new callers credential a1b2c3d4e5f6: first seen; carries response pii.card',
    ]);
    expect(await told(desk)).toEqual([]);
  });

  it('is said of sensitive data, lost authentication, versions and descriptions', async () => {
    const desk = await bench();
    const tools = (hash: string) => ({ 'sluice.tools.declared': ['mail'], 'sluice.tools.descriptions': [`mail ${hash}`] });
    await desk.ledger.add([span({ ...tools('aa'), 'gen_ai.response.model': 'gpt-4o-1' })]);
    await told(desk);
    await desk.ledger.add([
      span({
        ...tools('bb'),
        'gen_ai.response.model': 'gpt-4o-2',
        'sluice.auth.kind': 'none',
        'sluice.finding.request.detectors': ['pii.iban'],
      }),
    ]);
    expect((await told(desk)).toSorted()).toEqual([
      'description-changed tools mail: models are told something else about it now',
      'lost-authentication endpoints POST api.bank.example/v1/chat/completions: answers without any credential now',
      'sensitive-data callers credential a1b2c3d4e5f6: started to carry request pii.iban',
      'sensitive-data endpoints POST api.bank.example/v1/chat/completions: started to carry request pii.iban',
      'sensitive-data models openai/gpt-4o: started to carry request pii.iban',
      'sensitive-data tools mail: started to carry request pii.iban',
      'version models openai/gpt-4o: answers as gpt-4o-2 now',
    ]);
  });

  it('is said when something is gone by the clock, and when it comes back', async () => {
    const desk = await bench();
    await desk.ledger.add([span()]);
    await told(desk);
    desk.clock.ms = START_MS + 15 * DAY_MS;
    expect((await told(desk)).filter((line) => line.includes('endpoints'))).toEqual([
      'gone endpoints POST api.bank.example/v1/chat/completions: not seen for 14 days',
    ]);
    await desk.ledger.add([span({}, START_MS + 15 * DAY_MS)]);
    expect((await told(desk)).filter((line) => line.includes('endpoints'))).toEqual([
      'came-back endpoints POST api.bank.example/v1/chat/completions: seen again after 15 days',
    ]);
  });

  it('is not said of paths that a template takes together', async () => {
    const desk = await bench();
    const slug = (index: number): string => `/posts/a-${'bcdefghijk'[index % 10]}-${'lmnop'[Math.floor(index / 10)]}`;
    await desk.ledger.add(Array.from({ length: 10 }, (_, index) => span({ 'http.route': slug(index) })));
    await told(desk);
    await desk.ledger.add(Array.from({ length: 40 }, (_, index) => span({ 'http.route': slug(10 + index) })));
    expect(await told(desk)).toEqual([]);
    expect((await desk.desk.catalog()).rows.endpoints.map(({ path }) => path)).toEqual(['/posts/{slug}']);
  });
});

describe('what was decided about an endpoint', () => {
  const slug = (index: number): string => `/posts/a-${'bcdefghijk'[index % 10]}-${'lmnop'[Math.floor(index / 10)]}`;
  const decided = ({ owner, state }: Readonly<Record<'owner' | 'state', unknown>>) => [owner, state];

  it('stays when a template takes it and others together, and is the ground of what is decided next', async () => {
    const { ledger, desk } = await bench();
    await ledger.add([...[0, 1, 1].map((index) => span({ 'http.route': slug(index) }))]);
    const [rare, often] = (await desk.catalog()).rows.endpoints.toSorted((left, right) => left.count - right.count);
    await desk.review('endpoints', rare!.id, { owner: 'team-b', state: 'retired' });
    await desk.review('endpoints', often!.id, { owner: 'team-a', state: 'reviewed', note: 'asked' });
    await ledger.add(Array.from({ length: 40 }, (_, index) => span({ 'http.route': slug(10 + index) })));
    const { rows, detail } = await desk.catalog();
    expect(rows.endpoints.map((row) => [row.path, ...decided(row)])).toEqual([['/posts/{slug}', 'team-a', 'reviewed']]);
    const { id } = rows.endpoints[0]!;
    expect(detail(id)?.note).toBe('asked');
    await desk.review('endpoints', id, { state: 'approved' });
    expect((await desk.catalog()).rows.endpoints.map(decided)).toEqual([['team-a', 'approved']]);
  });
});

describe('taking stock', () => {
  it('looks at the catalog that was read already', async () => {
    const asked: string[] = [];
    const declared: Declared = {
      ...declaredBy([]),
      template(_host, path) {
        asked.push(path);
        return undefined;
      },
    };
    const { ledger, desk } = await bench(declared);
    await ledger.add([span()]);
    await desk.catalog();
    expect([(await desk.takeStock()).length, asked]).toEqual([3, ['/v1/chat/completions']]);
  });
});

describe('declared against seen', () => {
  const declared = declaredBy([{ file: 's.yaml', text: SPEC }]);
  const catalogOf = async (spans: readonly IncomingSpan[]) => {
    const { ledger } = await bench();
    await ledger.add(spans);
    return createCatalog(await ledger.read(), { declared, approved: approvedBy({ version: 1 }) });
  };
  const get = (route: string) => span({ 'http.request.method': 'GET', 'http.route': route, 'sluice.dialect': 'generic' });

  it('tells shadow, zombie and orphan apart', async () => {
    const { rows } = await catalogOf([span(), get('/v1/old'), get('/v1/accounts/{id}'), get('/v2/accounts/{id}'), get('/secret')]);
    expect(Object.fromEntries(rows.endpoints.map(({ path, status }) => [path, status]))).toEqual({
      '/v1/chat/completions': 'declared',
      '/v1/old': 'zombie',
      '/v1/accounts/{id}': 'zombie',
      '/v2/accounts/{id}': 'declared',
      '/secret': 'shadow',
    });
    expect(rows.orphans.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /never']);
  });

  it('names every difference: fields, types, status, media type, authentication', async () => {
    const shape = [' object', '/model? string', '/n string', '/extra string'];
    const catalog = await catalogOf([
      span({
        'sluice.request.shape': shape,
        'http.response.status_code': 202,
        'sluice.request.content_type': 'text/plain',
        'sluice.auth.kind': 'none',
      }),
    ]);
    const detail = catalog.detail(catalog.rows.endpoints[0]!.id);
    expect(detail?.drift.map(({ kind, where }) => `${kind} ${where}`)).toEqual([
      'authentication security',
      'status 202',
      'content-type text/plain',
      'undeclared-field request/extra',
      'missing-field request/model',
      'type request/n',
    ]);
    expect(detail?.operation).toMatchObject({ operationId: 'chat', file: 's.yaml' });
  });

  it('explains the risk: the score is what its reasons add up to', async () => {
    const catalog = await catalogOf([
      span({
        'http.route': '/x',
        'sluice.auth.kind': 'none',
        'sluice.finding.count': 2,
        'sluice.finding.prevented': 1,
        'sluice.finding.response.detectors': ['pii.card'],
        'gen_ai.agent.name': 'planner',
      }),
    ]);
    const { risk, band, reasons } = catalog.detail(catalog.rows.endpoints[0]!.id)!;
    expect(reasons.map(({ factor, points }) => [factor, points])).toEqual([
      ['authentication', 25],
      ['declaration', 20],
      ['sensitive-data', 15],
      ['findings', 15],
      ['autonomy', 12],
    ]);
    expect([risk, band]).toEqual([87, 'critical']);
  });

  it('says of models, providers and tools whether they are approved, and nothing without a list', async () => {
    const { ledger } = await bench();
    await ledger.add([span({ 'sluice.tools.called': ['mail', 'shell'] })]);
    const state = await ledger.read();
    const approved = approvedBy(parseApproved('a.yaml', 'version: 1\nmodels: [gpt-4*]\nproviders: [anthropic]\ntools: [mail]'));
    const { rows } = createCatalog(state, { declared: declaredBy([]), approved });
    expect([rows.models, rows.providers, rows.tools].map((list) => list.map((row) => [row.name, row.approved]))).toEqual([
      [['gpt-4o', false]],
      [['openai', false]],
      [
        ['mail', true],
        ['shell', false],
      ],
    ]);
    const { rows: unlisted } = createCatalog(state, { declared: declaredBy([]), approved: approvedBy({ version: 1 }) });
    expect([...unlisted.models, ...unlisted.tools].map((row) => row.approved)).toEqual([null, null, null]);
  });

  it.each([
    ['version: 2', 'a.yaml'],
    ['version: 1\nmodel: [x]', 'model'],
    ['version: 1\nmodels: [', 'a.yaml:2'],
  ])('refuses the list %j and says where', (text, where) => {
    expect(() => parseApproved('a.yaml', text)).toThrow(where);
  });
});

describe('learned schemas', () => {
  it('have types, formats and required fields of all samples', async () => {
    const { ledger } = await bench();
    await ledger.add([
      span({
        'sluice.request.shape': [
          ' object',
          '/id string:uuid',
          '/amount integer',
          '/items array',
          '/items/* object',
          '/items/*/sku string',
          '/items/*/note? string',
        ],
      }),
      span({ 'sluice.request.shape': [' object', '/id string:uuid', '/amount number|null', '/forged name string'] }),
    ]);
    const catalog = createCatalog(await ledger.read(), { declared: declaredBy([]), approved: approvedBy({ version: 1 }) });
    expect(catalog.detail(catalog.rows.endpoints[0]!.id)?.requestSchema).toEqual({
      type: 'object',
      required: ['amount', 'id'],
      properties: {
        amount: { type: ['integer', 'null', 'number'] },
        id: { type: 'string', format: 'uuid' },
        items: {
          type: 'array',
          items: { type: 'object', required: ['sku'], properties: { note: { type: 'string' }, sku: { type: 'string' } } },
        },
      },
    });
  });
});
