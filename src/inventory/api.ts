import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { INVENTORY } from '../lib/limits.ts';
import { adviceFor } from './advice.ts';
import { apiDocument } from './api-document.ts';
import type { Catalog, CatalogSources } from './catalog.ts';
import { CHANGE_KINDS, CHANGE_PARAMETERS } from './changes.ts';
import type { Desk } from './desk.ts';
import { DISMISSAL_REQUEST, DISMISSAL_SCOPES, type Dismissal, dismissalAnswer, dismissalOf } from './dismissals.ts';
import { aiBom } from './export/ai-bom.ts';
import { openApiOf } from './export/learned-openapi.ts';
import { sarifOf } from './export/sarif.ts';
import {
  FINDING_COUNTS,
  type FilterContext,
  findingAnswer,
  nextFindings,
  type Read,
  readFindingFilter,
  readFindingPage,
  readTime,
} from './finding-query.ts';
import { isoTime } from './iso-time.ts';
import { decodeCursor, encodeCursor, limitOf, listRows, PAGE } from './listing-query.ts';
import { overviewOf } from './overview.ts';
import { API_VERSION, isReviewed, REVIEW_STATES, REVIEWED_KINDS, ROW_KINDS, type RowKind, type Rows } from './rows.ts';
import type { ChangeDraft, ChangeQuery, FindingFilter, Store, Tally } from './store.ts';
import type { Tail, TailEvent } from './tail.ts';

/** `GET /api/v1/<kind>`. */
export interface ListAnswer<K extends RowKind> {
  readonly version: 1;
  /** Rows that fit, on all pages. */
  readonly total: number;
  readonly items: readonly Rows[K][];
  /** For the parameter `cursor` of the next page; null on the last one. */
  readonly next: string | null;
}

export interface ApiOptions extends CatalogSources {
  readonly store: Store;
  readonly desk: Desk;
  readonly tail: Tail;
  /** Of this process's life: tags of an earlier one, which may have had other files, are not believed. */
  readonly life: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Version of this program, for documents that name their tool. */
  readonly toolVersion: string;
  /** Hears why an answer was 500. */
  readonly onError: (error: unknown) => void;
}

/** The JSON API; `GET /api/v1/openapi.json` describes it. Errors are `{version, error}` with a fixed sentence. */
export function createApi(options: ApiOptions): Hono {
  const app = new Hono();
  app.get('/api/v1/openapi.json', (context) => context.json(apiDocument(options.toolVersion)));
  addRows(app, options);
  addFindings(app, options);
  addDismissals(app, options);
  addChanges(app, options);
  addExports(app, options);
  app.get('/api/v1/detectors/:id', (context) => detectorAnswer(context, context.req.param('id')));
  app.get('/api/v1/events', (context) => follow(context, options));
  app.notFound((context) => failure(context, 404, 'no such resource'));
  app.onError((error, context) => {
    options.onError(error);
    return failure(context, 500, 'the inventory could not answer');
  });
  return app;
}

const failure = (context: Context, status: 400 | 404 | 413 | 500 | 503, error: string): Response =>
  context.json({ version: API_VERSION, error }, status);

/** Parameters of the request, each once; of a repeated one the first. */
const parametersOf = (context: Context): ReadonlyMap<string, string> => new Map(Object.entries(context.req.query()));

/** An answer made from one state of the inventory: the same state and request give the same tag. */
function tagged(context: Context, { life, catalog }: Tagging, make: () => object): Response {
  const tag = `W/"${life}-${catalog.revision}"`;
  context.header('etag', tag);
  context.header('cache-control', 'no-cache');
  if (context.req.header('if-none-match') === tag) return context.body(null, 304);
  return context.json({ version: API_VERSION, ...make() });
}

interface Tagging {
  readonly life: string;
  readonly catalog: Catalog;
}

function addRows(app: Hono, { desk, declared, life }: ApiOptions): void {
  app.get('/api/v1/overview', async (context) => {
    const catalog = await desk.catalog();
    return tagged(context, { life, catalog }, () => overviewOf(catalog, declared.given));
  });
  for (const kind of ROW_KINDS) {
    app.get(`/api/v1/${kind}`, async (context) => {
      const catalog = await desk.catalog();
      const page = listRows(kind, catalog.rows[kind], parametersOf(context));
      if (!page.ok) return failure(context, 400, page.error);
      return tagged(context, { life, catalog }, () => ({ total: page.total, items: page.items, next: page.next }));
    });
    app.get(`/api/v1/${kind}/:id`, async (context) => {
      const catalog = await desk.catalog();
      const row = rowOf(catalog, kind, context.req.param('id'));
      return row === undefined ? failure(context, 404, 'no such row') : tagged(context, { life, catalog }, () => ({ item: row }));
    });
  }
  for (const kind of REVIEWED_KINDS) app.patch(`/api/v1/${kind}/:id`, (context) => review(context, desk, kind));
}

function rowOf(catalog: Catalog, kind: RowKind, id: string): object | undefined {
  if (kind === 'endpoints') return catalog.detail(id);
  const rows: readonly { readonly id: string }[] = catalog.rows[kind];
  const row = rows.find((one) => one.id === id);
  return row === undefined || !isReviewed(kind) ? row : { ...row, note: catalog.noteOn(kind, id) };
}

const DECISION = z.strictObject({
  owner: z.string().max(128).nullable().optional(),
  state: z.enum(REVIEW_STATES).optional(),
  note: z.string().max(2000).nullable().optional(),
});
const DECISION_BYTES_MAX = 16 * 1024;

/** The JSON that somebody sends; a response when it cannot be had. */
async function sentJson(context: Context): Promise<{ readonly sent: unknown } | Response> {
  // A form of another web page cannot send this type without asking first.
  if (context.req.header('content-type')?.split(';')[0] !== 'application/json')
    return failure(context, 400, 'the body is not application/json');
  if (Number(context.req.header('content-length') ?? Number.NaN) > DECISION_BYTES_MAX) return failure(context, 413, 'the body is too long');
  const text = await context.req.text().catch(() => undefined);
  if (text === undefined) return failure(context, 400, 'the sender broke off'); // nobody is there to read it
  return text.length > DECISION_BYTES_MAX ? failure(context, 413, 'the body is too long') : { sent: jsonOf(text) };
}

async function review(context: Context, desk: Desk, kind: (typeof REVIEWED_KINDS)[number]): Promise<Response> {
  const body = await sentJson(context);
  if (body instanceof Response) return body;
  const decision = DECISION.safeParse(body.sent);
  if (!decision.success) return failure(context, 400, `the body has other than owner, state (${REVIEW_STATES.join(', ')}) and note`);
  const id = context.req.param('id') ?? '';
  if (!(await desk.review(kind, id, decision.data))) return failure(context, 404, 'no such row');
  const row = rowOf(await desk.catalog(), kind, id);
  return row === undefined ? failure(context, 404, 'no such row') : context.json({ version: API_VERSION, item: row });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema
  }
}

function addFindings(app: Hono, { desk, store, now, life }: ApiOptions): void {
  const filterOf = (context: Context, catalog: Catalog, asked: Pick<FilterContext, 'more' | 'dismissals'>): Read<FindingFilter> =>
    readFindingFilter(parametersOf(context), catalog, { nowMs: now(), ...asked });
  app.get('/api/v1/findings', async (context) => {
    const [dismissals, catalog] = [await desk.dismissals(), await desk.catalog()];
    const filter = filterOf(context, catalog, { more: ['limit', 'cursor'], dismissals });
    if (!filter.ok) return failure(context, 400, filter.error);
    const query = readFindingPage(parametersOf(context), filter.value);
    if (!query.ok) return failure(context, 400, query.error);
    const rows = await store.findings(query.value);
    const items = rows.map((row) => findingAnswer(row, catalog, dismissals));
    return tagged(context, { life: lifeWith(life, dismissals), catalog }, () => ({ items, next: nextFindings(rows, query.value.limit) }));
  });
  app.get('/api/v1/findings/counts', async (context) => {
    const [dismissals, catalog] = [await desk.dismissals(), await desk.catalog()];
    const filter = filterOf(context, catalog, { more: ['by'], dismissals });
    if (!filter.ok) return failure(context, 400, filter.error);
    const by = FINDING_COUNTS.find((group) => group === (context.req.query('by') ?? 'severity'));
    if (by === undefined) return failure(context, 400, `by is one of ${FINDING_COUNTS.join(', ')}`);
    const counts = await store.countFindings(by, filter.value);
    const items = by === 'hour' || by === 'day' ? counts.map(({ value, count }) => ({ value: isoTime(Number(value)), count })) : counts;
    return tagged(context, { life: lifeWith(life, dismissals), catalog }, () => ({ by, items }));
  });
}

/** A catalog may be older than a dismissal: both are in the tag. */
function lifeWith(life: string, dismissals: readonly Dismissal[]): string {
  if (dismissals.length === 0) return life;
  const digest = createHash('sha256').update(JSON.stringify(dismissals)).digest('hex').slice(0, 12);
  return `${life}-${digest}`;
}

function addDismissals(app: Hono, { desk, store, now }: ApiOptions): void {
  app.get('/api/v1/dismissals', async (context) => {
    const items = (await desk.dismissals()).map((one) => dismissalAnswer(one, now()));
    return context.json({ version: API_VERSION, items });
  });
  app.post('/api/v1/dismissals', async (context) => {
    const body = await sentJson(context);
    if (body instanceof Response) return body;
    const request = DISMISSAL_REQUEST.safeParse(body.sent);
    if (!request.success)
      return failure(context, 400, `the body has other than finding, scope (${DISMISSAL_SCOPES.join(', ')}), until, reason and by`);
    const [row] = await store.findings({ equals: { id: request.data.finding }, limit: 1 });
    if (row === undefined) return failure(context, 404, 'no such finding');
    const draft = dismissalOf(findingAnswer(row, await desk.catalog()), request.data, now());
    if (!draft.ok) return failure(context, 400, draft.error);
    if (!(await desk.dismiss(draft.dismissal))) return failure(context, 400, `there are ${INVENTORY.dismissals} dismissals; take one back`);
    return context.json({ version: API_VERSION, item: dismissalAnswer(draft.dismissal, now()) }, 201);
  });
  app.delete('/api/v1/dismissals/:id', async (context) => {
    const taken = await desk.takeBack(context.req.param('id'));
    if (taken === undefined) return failure(context, 404, 'no such dismissal');
    return context.json({ version: API_VERSION, item: dismissalAnswer(taken, now()) });
  });
}

function addChanges(app: Hono, { desk, store, now, life }: ApiOptions): void {
  app.get('/api/v1/changes', async (context) => {
    const parameters = parametersOf(context);
    const query = readChangeQuery(parameters, now());
    if (!query.ok) return failure(context, 400, query.error);
    await desk.takeStock();
    const catalog = await desk.catalog();
    const rows = await store.changes(query.value);
    const last = rows.at(-1);
    const next = last === undefined || rows.length < query.value.limit ? null : encodeCursor([last.seq]);
    return tagged(context, { life, catalog }, () => ({ items: rows.map(changeAnswer), next }));
  });
}

/** A change as the API and the webhook give it. */
export const changeAnswer = <T extends ChangeDraft>({ timeMs, ...row }: T) => ({ ...row, time: isoTime(timeMs) });

function readChangeQuery(parameters: ReadonlyMap<string, string>, nowMs: number): Read<ChangeQuery> {
  const unknown = [...parameters.keys()].find((name) => !Object.hasOwn(CHANGE_PARAMETERS, name) && name !== 'limit' && name !== 'cursor');
  if (unknown !== undefined)
    return { ok: false, error: `a parameter is none of ${[...Object.keys(CHANGE_PARAMETERS), 'limit', 'cursor'].join(', ')}` };
  const limit = limitOf(parameters.get('limit'));
  if (limit === undefined) return { ok: false, error: `limit is a whole number from 1 to ${PAGE.max}` };
  const [sinceMs, untilMs] = [readTime(parameters.get('since'), nowMs), readTime(parameters.get('until'), nowMs)];
  if (sinceMs === null || untilMs === null) return { ok: false, error: 'since and until are times (ISO 8601) or durations such as 24h' };
  const change = parameters.get('change');
  if (change !== undefined && !CHANGE_KINDS.some((one) => one === change))
    return { ok: false, error: `change is one of ${CHANGE_KINDS.join(', ')}` };
  const order = parameters.get('order') ?? 'newest';
  if (order !== 'newest' && order !== 'oldest') return { ok: false, error: 'order is newest or oldest' };
  const cursor = parameters.get('cursor');
  const after = cursor === undefined ? (order === 'newest' ? Number.MAX_SAFE_INTEGER : 0) : decodeCursor(cursor)?.[0];
  if (typeof after !== 'number') return { ok: false, error: 'cursor is not one that this list gave' };
  const [subjectKind, subjectId] = [parameters.get('subjectKind'), parameters.get('subjectId')];
  return {
    ok: true,
    value: {
      afterSeq: after,
      limit,
      newestFirst: order === 'newest',
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(change === undefined ? {} : { change }),
      ...(subjectKind === undefined ? {} : { subjectKind }),
      ...(subjectId === undefined ? {} : { subjectId }),
    },
  };
}

/** Findings in one SARIF file, the newest: what its readers take. */
const SARIF_FINDINGS_MAX = 5000;

function addExports(app: Hono, { desk, store, now, toolVersion }: ApiOptions): void {
  app.get('/api/v1/export/ai-bom', async (context) => {
    const catalog = await desk.catalog();
    return context.json(aiBom(catalog, { toolVersion, time: new Date(now()).toISOString() }));
  });
  app.get('/api/v1/export/openapi', async (context) => context.json(openApiOf(await desk.catalog(), context.req.query('host'))));
  app.get('/api/v1/export/sarif', async (context) => {
    const [dismissals, catalog] = [await desk.dismissals(), await desk.catalog()];
    const filter = readFindingFilter(parametersOf(context), catalog, { nowMs: now(), more: [], dismissals });
    if (!filter.ok) return failure(context, 400, filter.error);
    const rows = await store.findings({ ...filter.value, limit: SARIF_FINDINGS_MAX });
    const answers = rows.map((row) => findingAnswer(row, catalog, dismissals));
    const all = rows.length < SARIF_FINDINGS_MAX ? rows.length : totalOf(await store.countFindings('direction', filter.value));
    return context.json(sarifOf(answers, { toolVersion, dismissals, leftOut: Math.max(0, all - rows.length) }));
  });
}

const totalOf = (tallies: readonly Tally[]): number => tallies.reduce((all, { count }) => all + count, 0);

/** Longest id of a detector that is looked up, UTF-16 units. */
const DETECTOR_ID_MAX = 200;

function detectorAnswer(context: Context, id: string): Response {
  if (id.length > DETECTOR_ID_MAX) return failure(context, 400, `the id is longer than ${DETECTOR_ID_MAX}`);
  return context.json({ version: API_VERSION, item: adviceFor(id) });
}

/** Keeps proxies from closing a quiet connection, in milliseconds. */
const TAIL_COMMENT_MS = 15_000;

/**
 * Server-sent events `finding` and `change`; with `Last-Event-ID` those missed in between, as far as they are remembered. A reader that
 * does not read is cut off once more than `tailEvents` wait for it; it comes again with the last id it has.
 */
function follow(context: Context, { tail, desk }: ApiOptions): Response {
  const waiting: TailEvent[] = [];
  let most = Number.POSITIVE_INFINITY; // what was missed before may be more
  let wake = (): void => {};
  let cutOff = (): void => {};
  const unsubscribe = tail.subscribe((event) => {
    waiting.push(event);
    if (waiting.length > most) cutOff();
    wake();
  }, context.req.header('last-event-id'));
  if (unsubscribe === undefined) return failure(context, 503, 'too many readers of the live tail');
  most = waiting.length + INVENTORY.tailEvents;
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => {
      unsubscribe();
      waiting.length = 0;
      wake();
    });
    cutOff = () => {
      stream.abort();
      connectionOf(context)?.destroy(); // it would otherwise stay open for as long as nobody reads what is in it
    };
    while (!stream.aborted) {
      await tellAll(stream, waiting, desk);
      const quiet = await sleepUntil((woken) => {
        wake = woken;
        if (waiting.length > 0 || stream.aborted) woken();
      });
      if (quiet && !stream.aborted) await stream.write(': still here\n\n');
    }
  });
}

async function tellAll(stream: SSEStreamingApi, waiting: TailEvent[], desk: Desk): Promise<void> {
  if (waiting.length === 0) return;
  const [dismissals, catalog] = [await desk.dismissals(), await desk.catalog()];
  for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
    const { id, news } = event;
    const data = news.kind === 'finding' ? findingAnswer(news.finding, catalog, dismissals) : changeAnswer(news.change);
    await stream.writeSSE({ id, event: news.kind, data: JSON.stringify(data) });
  }
}

/** The answer as Node knows it; undefined when it is not Node that serves. */
function connectionOf({ env }: Context): { destroy(): unknown } | undefined {
  const { outgoing } = (env ?? {}) as Partial<HttpBindings>; // `@hono/node-server` puts it there
  return outgoing;
}

/** True when the time is over before somebody woke it. */
function sleepUntil(register: (woken: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), TAIL_COMMENT_MS).unref();
    register(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
