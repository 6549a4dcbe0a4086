import { describe, expect, it } from 'vitest';
import { absorb, draftFact, encodeFact, FACT_KINDS, type Fact } from '../../src/inventory/facts.ts';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { createLedger, type LedgerLimits } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { learnTemplates } from '../../src/inventory/templates.ts';
import { templatePath } from '../../src/telemetry/path-template.ts';
import { ID_KINDS, routesOf, seededRandom, shuffled } from './routes.ts';
import { ownSpan } from './spans.ts';

const id = (index: number): string => index.toString(16).padStart(16, '0');
const long = process.env['SLUICE_TEST_LONG'] === '1';

interface Visit {
  readonly route: string;
  readonly method: string;
  readonly path: string;
}

/** Requests of a generated API, and the paths telemetry makes of them. */
function traffic(seed: number, perRoute: number): { readonly routes: readonly string[]; readonly visits: readonly Visit[] } {
  const random = seededRandom(seed);
  const routes = routesOf(random);
  const visits = routes.flatMap((route) => {
    const [method = '', pattern = ''] = route.split(' ');
    const count = Math.max(3, Math.floor(perRoute * (0.2 + 1.6 * random())));
    const concrete = (): string =>
      pattern
        .split('/')
        .map((segment) => (segment.startsWith('{') ? encodeURIComponent(ID_KINDS[segment.slice(1, -1)]!(random)) : segment))
        .join('/');
    return Array.from({ length: count }, () => ({ route, method, path: templatePath(concrete()) }));
  });
  return { routes, visits };
}

const withoutNames = (path: string): string =>
  path
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '{}' : segment))
    .join('/');

/** Share of routes whose requests all got the one right template, and how many templates there are. */
function judged({ routes, visits }: ReturnType<typeof traffic>, templateOf: (host: string, path: string) => string) {
  const made = new Map<string, Set<string>>();
  for (const { route, method, path } of visits) {
    const name = `${method} ${withoutNames(templateOf('h', path))}`;
    made.set(route, (made.get(route) ?? new Set()).add(name));
  }
  const right = routes.filter((route) => [...(made.get(route) ?? [])].join() === withoutNames(route)).length;
  return { right: right / routes.length, templates: new Set([...made.values()].flatMap((names) => [...names])).size };
}

const countsOf = (visits: readonly Visit[]) =>
  [...Map.groupBy(visits, ({ path }) => path)].map(([path, all]) => ({ host: 'h', path, count: all.length }));

describe('templates learned from the traffic of 300 routes with 12 kinds of ids', () => {
  it('are of as many kinds as they say', () => {
    expect([Object.keys(ID_KINDS).length, new Set(routesOf(seededRandom(1))).size]).toEqual([12, 300]);
  });

  it.each([1, 2, 3, 4, 5])('are right for at least 99 of 100 routes, and not many more than there are (seed %i)', (seed) => {
    const api = traffic(seed, 100);
    const { right, templates } = judged(api, learnTemplates(countsOf(api.visits)));
    expect(right).toBeGreaterThanOrEqual(0.99);
    expect(templates).toBeLessThanOrEqual(330);
  });

  it('leave the collections of a small API apart, and what is named beside a parameter', () => {
    const names = [
      'accounts',
      'orders',
      'invoices',
      'payments',
      'cards',
      'loans',
      'branches',
      'tickets',
      'products',
      'carts',
      'coupons',
      'reviews',
      'devices',
    ];
    const paths = [
      ...names.map((name) => ({ host: 'h', path: `/${name}`, count: 40 })),
      ...names.map((name) => ({ host: 'h', path: `/${name}/{id}`, count: 40 })),
      { host: 'h', path: '/accounts/search', count: 2 },
      { host: 'h', path: '/accounts/export', count: 1 },
    ];
    const templateOf = learnTemplates(paths);
    expect(paths.map(({ path }) => templateOf('h', path))).toEqual(paths.map(({ path }) => path));
  });

  it('keeps hosts apart', () => {
    const slugs = Array.from({ length: 30 }, (_, index) => ({
      host: 'a',
      path: `/posts/a-${'bcdefghijk'[index % 10]}-${'lmn'[index % 3]}`,
      count: 1,
    }));
    const templateOf = learnTemplates([...slugs, { host: 'b', path: '/posts/a-b-l', count: 1 }]);
    expect([templateOf('a', '/posts/a-b-l'), templateOf('b', '/posts/a-b-l')]).toEqual(['/posts/{slug}', '/posts/a-b-l']);
  });
});

const spanOf = (
  index: number,
  { method, path, status }: { readonly method: string; readonly path: string; readonly status: number },
): IncomingSpan =>
  ownSpan(
    { spanId: id(index), startUnixMs: 1_790_000_000_000 + (index % 1000), endUnixMs: 1_790_000_000_000 + (index % 1000) + (index % 50) },
    {
      'http.request.method': method,
      'http.route': path,
      'http.response.status_code': status,
      'sluice.dialect': 'generic',
      'sluice.caller.hash': `c${index % 40}`,
    },
  );

const cut = (all: readonly IncomingSpan[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));

/** More than one request brings; the ledger takes no batch without bound. */
const BATCH_SPANS = 10_000;

async function kept(batches: readonly (readonly IncomingSpan[])[], limits: Partial<LedgerLimits> = {}) {
  const store = await openSqliteStore(':memory:');
  const ledger = createLedger({
    store: {
      ...store,
      write: (work) => store.write((writer) => work({ ...writer, head: { ...writer.head, salt: 'fixed' } })),
    },
    limits,
  });
  for (const batch of batches) await ledger.add(batch);
  const { facts } = await ledger.read();
  await store.close();
  return facts;
}

describe('a scan of random paths', () => {
  const random = seededRandom(9);
  const letters = (count: number): string =>
    Array.from({ length: count }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)]).join('');
  const scan = Array.from({ length: long ? 100_000 : 5000 }, () => `/${letters(6)}/${letters(5)}/${letters(7)}`);
  const api = traffic(3, 20);
  const real = api.visits.map(({ method, path }, index) => spanOf(index, { method, path, status: 200 }));

  it.each([404, 200] as const)('that is answered with %i makes no more than twice the endpoints there are', async (status) => {
    const spans = [...real, ...scan.map((path, index) => spanOf(1_000_000 + index, { method: 'GET', path, status }))];
    const facts = await kept(cut(shuffled(spans, random), BATCH_SPANS));
    const paths = [...facts.endpoints.values()].map(({ key, sums }) => ({
      host: key[1] ?? '',
      path: key[2] ?? '',
      count: sums['count'] ?? 0,
    }));
    const templateOf = learnTemplates(paths);
    const endpoints = new Set([...facts.endpoints.values()].map(({ key }) => `${key[0]} ${templateOf(key[1] ?? '', key[2] ?? '')}`));
    expect(endpoints.size).toBeLessThanOrEqual(api.routes.length * 2);
    expect([...facts.endpoints.values(), ...facts.probes.values()].reduce((sum, fact) => sum + (fact.sums['count'] ?? 0), 0)).toBe(
      spans.length,
    );
  });
});

describe('what is kept does not depend on how spans come', () => {
  const random = seededRandom(5);
  const count = long ? 100_000 : 8000;
  const words = Array.from({ length: 60 }, (_, index) => `w${'abcdefghij'[index % 10]}${'klmnop'[Math.floor(index / 10)]}`);
  const word = (): string => words[Math.floor(random() * words.length)]!;
  const spans = Array.from({ length: count }, (_, index) =>
    spanOf(index, { method: index % 3 === 0 ? 'GET' : 'POST', path: `/${word()}/${word()}`, status: index % 7 === 0 ? 404 : 200 }),
  );
  const text = (facts: Readonly<Record<string, ReadonlyMap<string, Fact>>>): string =>
    FACT_KINDS.flatMap((kind) =>
      [...facts[kind]!.values()].map((fact) => `${kind} ${encodeFact(absorb(draftFact(fact.kind, fact.key), fact))}`),
    )
      .sort()
      .join('\n');
  it.each([
    ['where everything has room', {}],
    ['where segments of paths and rows of callers have none', { pathChildren: 8, rows: 100 }],
  ])('%s: any order, any batches, delivered twice, byte for byte', async (_name, limits) => {
    const whole = text(await kept([spans], limits));
    const other = shuffled(spans, random);
    expect(text(await kept([...cut(other, 501), ...cut(spans, 3000)], limits))).toBe(whole);
    expect(text(await kept(cut(shuffled(spans, random), 97), limits))).toBe(whole);
  });

  it.each(['/a', '/b'])('also where a batch calls %s again, which loses its place in that very batch, or keeps it', async (known) => {
    const [first, again, other] = [known, known, known === '/a' ? '/b' : '/a'].map((path, index) =>
      spanOf(index, { method: 'GET', path, status: 200 }),
    );
    const limits = { pathChildren: 1 };
    const whole = await kept([[first!, again!, other!]], limits);
    expect(whole.endpoints.size).toBe(2);
    expect(text(await kept([[first!], [again!, other!]], limits))).toBe(text(whole));
  });
});
