import { type Context, Hono } from 'hono';
import type { Declared } from './declared.ts';
import type { Fact, FactKind, Labels } from './fold.ts';
import type { Page, Store } from './store.ts';

/** Version of every shape below; a change that a reader could trip over raises it. */
export const API_VERSION = 1;

interface Seen {
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Small sets of words; an absent one is empty. */
  readonly labels: Labels;
}

export interface EndpointRow extends Seen {
  readonly method: string;
  readonly host: string;
  /** Templated. */
  readonly path: string;
  /** By an OpenAPI file; null when none was given. */
  readonly declared: boolean | null;
  readonly count: number;
  readonly errors: number;
  readonly findings: number;
  readonly flagged: number;
  readonly redacted: number;
  readonly denied: number;
}

export interface ModelRow extends Seen {
  /** Empty when nobody said. */
  readonly provider: string;
  readonly name: string;
  readonly count: number;
  readonly errors: number;
  readonly findings: number;
  readonly denied: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CallerRow extends Seen {
  readonly kind: 'credential' | 'user-agent' | 'service' | 'unknown';
  /** Keyed hash of the credential, user agent, or service name; empty for `unknown`. */
  readonly id: string;
  readonly count: number;
  readonly errors: number;
  readonly findings: number;
  readonly denied: number;
}

export interface ToolRow extends Seen {
  readonly name: string;
  readonly declared: number;
  readonly called: number;
  readonly findings: number;
  readonly denied: number;
}

/** Row type of each list. */
export interface Rows {
  readonly endpoints: EndpointRow;
  readonly models: ModelRow;
  readonly callers: CallerRow;
  readonly tools: ToolRow;
}

/** `GET /api/v1/<kind>?offset=0&limit=1000`. */
export type ListAnswer<K extends FactKind> = { readonly version: 1; readonly total: number } & {
  readonly [kind in K]: readonly Rows[kind][];
};

/** `GET /api/v1/summary`. */
export interface Summary {
  readonly version: 1;
  readonly endpoints: number;
  /** Endpoints that no OpenAPI file declares; null when none was given. */
  readonly undeclared: number | null;
  readonly models: number;
  readonly callers: number;
  readonly tools: number;
  readonly exchanges: number;
  readonly findings: number;
  readonly denied: number;
  readonly redacted: number;
}

export interface ApiOptions {
  readonly store: Store;
  readonly declared: Declared;
}

/** The JSON API, reading only. Errors are `{version, error}` with a fixed sentence. */
export function createApi({ store, declared }: ApiOptions): Hono {
  const app = new Hono();
  const shape = rowShapes(declared);
  for (const kind of ['endpoints', 'models', 'callers', 'tools'] as const) {
    app.get(`/api/v1/${kind}`, async (context) => {
      const page = pageOf(context);
      if (page === undefined)
        return context.json({ version: API_VERSION, error: 'offset and limit are whole numbers, limit from 1 to 10000' }, 400);
      const [facts, counts] = [await store.list(kind, page), await store.counts()];
      return context.json({ version: API_VERSION, total: counts[kind], [kind]: facts.map((fact) => shape[kind](fact)) });
    });
  }
  app.get('/api/v1/summary', async (context) => context.json(await summarise(store, shape.endpoints)));
  app.get('/healthz', (context) => context.json({ version: API_VERSION, status: 'ok' }));
  app.notFound((context) => context.json({ version: API_VERSION, error: 'no such resource' }, 404));
  app.onError((_error, context) => context.json({ version: API_VERSION, error: 'the inventory could not answer' }, 500));
  return app;
}

const PAGE_DEFAULT = 1000;
const PAGE_MAX = 10_000;

function pageOf(context: Context): Page | undefined {
  const offset = Number(context.req.query('offset') ?? 0);
  const limit = Number(context.req.query('limit') ?? PAGE_DEFAULT);
  const valid = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(limit) && limit >= 1 && limit <= PAGE_MAX;
  return valid ? { offset, limit } : undefined;
}

type Shapes = { readonly [kind in FactKind]: (fact: Fact) => Rows[kind] };

function rowShapes(declared: Declared): Shapes {
  const text = (fact: Fact, name: string): string => fact.key[name] ?? '';
  const sum = (fact: Fact, name: string): number => fact.sums[name] ?? 0;
  const seen = (fact: Fact): Seen => ({ firstSeen: iso(fact.firstSeenMs), lastSeen: iso(fact.lastSeenMs), labels: fact.labels });
  const common = (fact: Fact) => ({
    count: sum(fact, 'count'),
    errors: sum(fact, 'errors'),
    findings: sum(fact, 'findings'),
    denied: sum(fact, 'denied'),
  });
  return {
    endpoints(fact) {
      const name = { method: text(fact, 'method'), host: text(fact, 'host'), path: text(fact, 'path') };
      const verdicts = { flagged: sum(fact, 'flagged'), redacted: sum(fact, 'redacted') };
      return { ...name, declared: declared.covers(name) ?? null, ...common(fact), ...verdicts, ...seen(fact) };
    },
    models(fact) {
      const tokens = { inputTokens: sum(fact, 'inputTokens'), outputTokens: sum(fact, 'outputTokens') };
      return { provider: text(fact, 'provider'), name: text(fact, 'name'), ...common(fact), ...tokens, ...seen(fact) };
    },
    callers: (fact) => ({ kind: text(fact, 'kind') as CallerRow['kind'], id: text(fact, 'id'), ...common(fact), ...seen(fact) }),
    tools(fact) {
      const { findings, denied } = common(fact);
      return { name: text(fact, 'name'), declared: sum(fact, 'declared'), called: sum(fact, 'called'), findings, denied, ...seen(fact) };
    },
  };
}

/** Foreign spans may carry any time; a date that JavaScript has no room for becomes its last one. */
const iso = (unixMs: number): string => new Date(Math.min(8.64e15, Math.max(0, unixMs))).toISOString();

async function summarise(store: Store, shape: Shapes['endpoints']): Promise<Summary> {
  const counts = await store.counts();
  const rows = (await store.list('endpoints', { offset: 0, limit: Number.MAX_SAFE_INTEGER })).map(shape);
  const total = (name: 'count' | 'findings' | 'denied' | 'redacted'): number => rows.reduce((sum, row) => sum + row[name], 0);
  const known = rows.some((row) => row.declared !== null);
  return {
    version: API_VERSION,
    ...counts,
    undeclared: known ? rows.filter((row) => row.declared === false).length : null,
    exchanges: total('count'),
    findings: total('findings'),
    denied: total('denied'),
    redacted: total('redacted'),
  };
}
