import type { Catalog } from './catalog.ts';
import { isoTime } from './iso-time.ts';
import type { EndpointRow } from './rows.ts';
import { API_VERSION, type ENDPOINT_STATUSES, type RISK_BANDS } from './rows.ts';

/** `GET /api/v1/overview`: the numbers above the lists. */
export interface Overview {
  readonly version: 1;
  /** Grows with every change; the same in every answer that was made from the same state. */
  readonly revision: number;
  readonly endpoints: {
    readonly total: number;
    readonly byStatus: Readonly<Record<(typeof ENDPOINT_STATUSES)[number], number>>;
    readonly byBand: Readonly<Record<(typeof RISK_BANDS)[number], number>>;
    readonly byKind: Readonly<Record<EndpointRow['kind'], number>>;
    /** That answered without any credential. */
    readonly open: number;
    readonly drifting: number;
    /** That carried sensitive data, in whichever direction. */
    readonly sensitive: number;
    /** Not looked at yet. */
    readonly unreviewed: number;
  };
  /** Whether an OpenAPI file was given: without one no endpoint has a status. */
  readonly declarationsGiven: boolean;
  readonly orphans: number;
  readonly models: number;
  readonly providers: number;
  readonly callers: number;
  readonly agents: number;
  readonly people: number;
  readonly tools: number;
  readonly servers: number;
  readonly flows: number;
  /** Seen and not on the list of what is approved. */
  readonly unapproved: { readonly models: number; readonly providers: number; readonly tools: number; readonly servers: number };
  /** When a filter was heard of last; each says every minute that it is there. Null: none ever was. */
  readonly filterHeard: string | null;
  readonly exchanges: number;
  readonly errors: number;
  /** Requests that nothing answered for. */
  readonly refused: number;
  readonly findings: number;
  readonly prevented: number;
  readonly flagged: number;
  readonly redacted: number;
  readonly denied: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Directions of exchanges that were not inspected, as `<direction>:<reason>`, the most frequent first. */
  readonly uninspected: readonly { readonly reason: string; readonly count: number }[];
}

export function overviewOf({ rows, revision, refusedByHost, uninspected, heardMs }: Catalog, declarationsGiven: boolean): Overview {
  const { endpoints, models } = rows;
  const total = (column: 'count' | 'errors' | 'findings' | 'prevented' | 'flagged' | 'redacted' | 'denied'): number =>
    endpoints.reduce((sum, row) => sum + row[column], 0);
  const count = (test: (row: EndpointRow) => boolean): number => endpoints.filter(test).length;
  const unapproved = (all: readonly { readonly approved: boolean | null }[]): number =>
    all.filter(({ approved }) => approved === false).length;
  return {
    version: API_VERSION,
    revision,
    endpoints: {
      total: endpoints.length,
      byStatus: {
        declared: count(({ status }) => status === 'declared'),
        shadow: count(({ status }) => status === 'shadow'),
        zombie: count(({ status }) => status === 'zombie'),
      },
      byBand: {
        low: count(({ band }) => band === 'low'),
        medium: count(({ band }) => band === 'medium'),
        high: count(({ band }) => band === 'high'),
        critical: count(({ band }) => band === 'critical'),
      },
      byKind: {
        ai: count(({ kind }) => kind === 'ai'),
        agent: count(({ kind }) => kind === 'agent'),
        api: count(({ kind }) => kind === 'api'),
      },
      open: count(({ open }) => open > 0),
      drifting: count(({ drifts }) => drifts > 0),
      sensitive: count(({ labels }) => labels.requestKinds !== undefined || labels.responseKinds !== undefined),
      unreviewed: count(({ state }) => state === 'new'),
    },
    declarationsGiven,
    orphans: rows.orphans.length,
    models: models.length,
    providers: rows.providers.length,
    callers: rows.callers.length,
    agents: rows.agents.length,
    people: rows.people.length,
    tools: rows.tools.length,
    servers: rows.servers.length,
    flows: rows.flows.length,
    unapproved: {
      models: unapproved(models),
      providers: unapproved(rows.providers),
      tools: unapproved(rows.tools),
      servers: unapproved(rows.servers),
    },
    filterHeard: heardMs === undefined ? null : isoTime(heardMs),
    exchanges: total('count'),
    errors: total('errors'),
    refused: [...refusedByHost.values()].reduce((sum, one) => sum + one, 0),
    findings: total('findings'),
    prevented: total('prevented'),
    flagged: total('flagged'),
    redacted: total('redacted'),
    denied: total('denied'),
    inputTokens: models.reduce((sum, row) => sum + row.inputTokens, 0),
    outputTokens: models.reduce((sum, row) => sum + row.outputTokens, 0),
    uninspected: [...uninspected].map(([reason, count]) => ({ reason, count })).toSorted((left, right) => right.count - left.count),
  };
}
