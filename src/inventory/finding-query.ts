import { parseDuration } from '../lib/duration.ts';
import type { Catalog } from './catalog.ts';
import { covers, type Dismissal, scopeOf } from './dismissals.ts';
import type { FindingRow } from './finding-row.ts';
import { isoTime } from './iso-time.ts';
import { decodeCursor, encodeCursor, limitOf, PAGE } from './listing-query.ts';
import { FINDING_EQUALS, FINDING_GROUPS, type FindingFilter, type FindingGroup, type FindingQuery } from './store.ts';

/** A finding as the API gives it; `path` is that of the endpoint. */
export interface FindingAnswer extends Omit<FindingRow, 'timeMs'> {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Null: the exchange made no endpoint, or it is not kept any more. */
  readonly endpointId: string | null;
  /** Id of the dismissal that covers it; null: it is open. */
  readonly dismissal: string | null;
}

type FindingParameter = (typeof FINDING_EQUALS)[number] | 'endpoint' | 'state' | 'since' | 'until';

export const FINDING_PARAMETERS = {
  detector: 'detector id',
  family: 'family of detectors',
  severity: '`info`, `low`, `medium`, `high` or `critical`',
  action: 'what policy wanted: `observe`, `redact`, `tokenize` or `deny`',
  taken: 'what was done',
  lane: 'lane of the text',
  direction: '`request` or `response`',
  method: 'method of the exchange',
  host: 'host of the exchange',
  model: 'model asked',
  agent: 'agent',
  callerKind: 'kind of caller',
  callerId: 'name of the caller',
  exchangeId: 'exchange',
  endpoint: 'id of an endpoint',
  id: 'id of the finding',
  state: '`open` or `dismissed`; default: both',
  since: 'at or after this time (ISO 8601, or a duration back from now such as `24h`)',
  until: 'before this time',
} as const satisfies Record<FindingParameter, string>;

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const refuse = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

export interface FilterContext {
  readonly nowMs: number;
  readonly more: readonly string[];
  readonly dismissals: readonly Dismissal[];
}

/** Reads the filters; `more` are parameters that the caller reads. */
export function readFindingFilter(
  parameters: ReadonlyMap<string, string>,
  catalog: Catalog,
  { nowMs, more, dismissals }: FilterContext,
): Read<FindingFilter> {
  const unknown = [...parameters.keys()].find((name) => !Object.hasOwn(FINDING_PARAMETERS, name) && !more.includes(name));
  if (unknown !== undefined) return refuse(`a parameter is none of ${[...Object.keys(FINDING_PARAMETERS), ...more].join(', ')}`);
  const sinceMs = readTime(parameters.get('since'), nowMs);
  const untilMs = readTime(parameters.get('until'), nowMs);
  if (sinceMs === null || untilMs === null) return refuse('since and until are times (ISO 8601) or durations such as 24h');
  const state = parameters.get('state');
  if (state !== undefined && state !== 'open' && state !== 'dismissed') return refuse('state is open or dismissed');
  const equals: Record<string, string> = {};
  for (const name of FINDING_EQUALS) if (parameters.has(name)) equals[name] = parameters.get(name)!;
  const endpoint = parameters.get('endpoint');
  const row = catalog.rows.endpoints.find(({ id }) => id === endpoint);
  if (endpoint !== undefined && row === undefined) return refuse('endpoint is not the id of one');
  return {
    ok: true,
    value: {
      equals: row === undefined ? equals : { ...equals, method: row.method, host: row.host },
      ...(row === undefined ? {} : { paths: catalog.pathsOf(row.id) }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(state === undefined ? {} : { covered: { by: dismissals.map(scopeOf), is: state === 'dismissed' } }),
    },
  };
}

export function readFindingPage(parameters: ReadonlyMap<string, string>, filter: FindingFilter): Read<FindingQuery> {
  const limit = limitOf(parameters.get('limit'));
  if (limit === undefined) return refuse(`limit is a whole number from 1 to ${PAGE.max}`);
  const cursor = parameters.get('cursor');
  if (cursor === undefined) return { ok: true, value: { ...filter, limit } };
  const [timeMs, id] = decodeCursor(cursor) ?? [];
  if (typeof timeMs !== 'number' || typeof id !== 'string') return refuse('cursor is not one that this list gave');
  return { ok: true, value: { ...filter, limit, after: { timeMs, id } } };
}

/** Null: no more pages. */
export function nextFindings(rows: readonly FindingRow[], limit: number): string | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : encodeCursor([last.timeMs, last.id]);
}

export function findingAnswer(found: FindingRow, catalog: Catalog, dismissals: readonly Dismissal[] = []): FindingAnswer {
  const { timeMs, confidence, ...row } = found;
  const dismissal = dismissals.find((one) => covers(scopeOf(one), found))?.id ?? null;
  const endpoint = catalog.endpointOf(row.method, row.host, row.path);
  const path = endpoint?.path ?? row.path;
  return { ...row, path, time: isoTime(timeMs), confidence: confidence / 1000, endpointId: endpoint?.id ?? null, dismissal };
}

export const FINDING_COUNTS: readonly FindingGroup[] = [...FINDING_GROUPS, 'hour', 'day'];

/** A time (ISO 8601) or a duration back from now (`90m`, `24h`, `7d`, `2w`) in Unix milliseconds; undefined without one, null for what is neither. */
export function readTime(text: string | undefined, nowMs: number): number | undefined | null {
  if (text === undefined) return undefined;
  const back = parseDuration(text);
  if (back !== undefined) return Math.max(0, nowMs - back);
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : moment;
}
