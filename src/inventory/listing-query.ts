import type { EndpointRow, Row, RowKind, Rows } from './rows.ts';

/** How the rows of one kind can be narrowed and ordered. A column is the name of a field whose value is a text, a number or null. */
interface KindQuery<R extends object> {
  /** Each takes the parameter's text; `why` describes it for the API's document. */
  readonly filters: Readonly<Record<string, { readonly why: string; readonly test: (value: string) => ((row: R) => boolean) | undefined }>>;
  readonly sorts: readonly (keyof R & string)[];
  readonly sort: `${'' | '-'}${keyof R & string}`;
}

type Filter<R extends object> = KindQuery<R>['filters'][string];

/** Rows never change; what is searched in them is made once. */
const contains = <R extends object>(why: string, fields: (row: R) => readonly string[]): Filter<R> => {
  const texts = new WeakMap<R, readonly string[]>();
  const textsOf = (row: R): readonly string[] => {
    const known = texts.get(row) ?? fields(row).map((field) => field.toLowerCase());
    texts.set(row, known);
    return known;
  };
  return {
    why,
    test: (value) => {
      const wanted = value.toLowerCase();
      return (row) => textsOf(row).some((text) => text.includes(wanted));
    },
  };
};
const equals = <R extends object>(why: string, field: (row: R) => string | null): Filter<R> => ({
  why,
  test: (value) => (row) => field(row) === value,
});
const yesNo = <R extends object>(why: string, field: (row: R) => boolean | null): Filter<R> => ({
  why: `\`true\` or \`false\`: ${why}`,
  test: (value) => (value === 'true' || value === 'false' ? (row) => field(row) === (value === 'true') : undefined),
});
const atLeast = <R extends object>(why: string, field: (row: R) => number): Filter<R> => ({
  why,
  test: (value) => {
    const least = value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(least) ? (row) => field(row) >= least : undefined;
  },
});
const since = <R extends object>(why: string, field: (row: R) => string): Filter<R> => ({
  why: `${why} at or after this time (ISO 8601)`,
  test: (value) => {
    const moment = Date.parse(value);
    if (Number.isNaN(moment)) return undefined;
    const least = new Date(moment).toISOString();
    return (row) => field(row) >= least;
  },
});
const labelled = <R extends Row>(why: string, labels: readonly (keyof Row['labels'])[]): Filter<R> => ({
  why,
  test: (value) => (row) => labels.some((label) => row.labels[label]?.includes(value)),
});

/** Filters of every row that was seen. */
function seenFilters<R extends Row>(): Readonly<Record<string, Filter<R>>> {
  return {
    state: equals('`new`, `reviewed`, `approved` or `retired`', (row) => row.state),
    owner: equals('owner', (row) => row.owner ?? ''),
    detector: labelled('detector id found in requests or answers', ['requestKinds', 'responseKinds']),
    seenSince: since('last seen', (row) => row.lastSeen),
    newSince: since('first seen', (row) => row.firstSeen),
  };
}

const COUNTED = ['count', 'errors', 'findings', 'denied', 'firstSeen', 'lastSeen'] as const;

/** Every list of the API: its parameters and its columns. */
export const QUERIES: { readonly [kind in RowKind]: KindQuery<Rows[kind]> } = {
  endpoints: {
    filters: {
      q: contains('part of method, host or path', (row) => [`${row.method} ${row.host}${row.path}`]),
      ...seenFilters<EndpointRow>(),
      method: equals('method', (row) => row.method),
      host: equals('host', (row) => row.host),
      kind: equals('`ai`, `agent` or `api`', (row) => row.kind),
      status: equals('`declared`, `shadow` or `zombie`', (row) => row.status),
      band: equals('`low`, `medium`, `high` or `critical`', (row) => row.band),
      declared: yesNo('in an OpenAPI file', (row) => row.declared),
      open: yesNo('answered without any credential', (row) => row.open > 0),
      drift: yesNo('differs from what is declared', (row) => row.drifts > 0),
      riskMin: atLeast('lowest risk', (row) => row.risk),
      auth: labelled('kind of credential seen (`none`, `bearer` …)', ['auth']),
      dialect: labelled('dialect', ['dialects']),
      provider: labelled('provider', ['providers']),
      model: labelled('model', ['models']),
      caller: labelled('caller as `<kind>:<name>`', ['callers']),
      agent: labelled('agent', ['agents']),
      tool: labelled('tool called', ['tools']),
    },
    sorts: [
      'risk',
      'method',
      'host',
      'path',
      'clientErrors',
      'refused',
      'open',
      'flagged',
      'redacted',
      'drifts',
      'inputTokens',
      'outputTokens',
      'requestBytes',
      'responseBytes',
      ...COUNTED,
    ],
    sort: '-risk',
  },
  models: {
    filters: {
      q: contains('part of provider or name', (row) => [row.provider, row.name]),
      ...seenFilters(),
      provider: equals('provider', (row) => row.provider),
      approved: yesNo('on the list of what is approved', (row) => row.approved),
    },
    sorts: ['provider', 'name', 'inputTokens', 'outputTokens', 'flagged', 'redacted', ...COUNTED],
    sort: '-count',
  },
  providers: {
    filters: {
      q: contains('part of the name', (row) => [row.name]),
      ...seenFilters(),
      approved: yesNo('on the list of what is approved', (row) => row.approved),
    },
    sorts: ['name', 'models', 'inputTokens', 'outputTokens', ...COUNTED],
    sort: '-count',
  },
  callers: {
    filters: {
      q: contains('part of name or user agent', (row) => [row.name, ...(row.labels.userAgents ?? [])]),
      ...seenFilters(),
      kind: equals('`credential`, `user-agent`, `service` or `unknown`', (row) => row.kind),
      model: labelled('model', ['models']),
      tool: labelled('tool called', ['tools']),
    },
    sorts: ['kind', 'name', 'toolCalls', 'inputTokens', 'outputTokens', 'flagged', 'redacted', ...COUNTED],
    sort: '-count',
  },
  agents: {
    filters: {
      q: contains('part of the name', (row) => [row.name]),
      ...seenFilters(),
      kind: equals('`agent` or `mcp-client`', (row) => row.kind),
      tool: labelled('tool called', ['tools']),
    },
    sorts: ['kind', 'name', 'toolCalls', ...COUNTED],
    sort: '-count',
  },
  people: {
    filters: { q: contains('part of the hash', (row) => [row.name]), ...seenFilters() },
    sorts: ['name', 'count', 'findings', 'denied', 'firstSeen', 'lastSeen'],
    sort: '-count',
  },
  tools: {
    filters: {
      q: contains('part of server or name', (row) => [row.server, row.name]),
      ...seenFilters(),
      server: equals('host of the MCP server; empty: tools that models were told of', (row) => row.server),
      approved: yesNo('on the list of what is approved', (row) => row.approved),
    },
    sorts: ['server', 'name', 'declared', 'called', 'errors', 'findings', 'denied', 'descriptions', 'firstSeen', 'lastSeen'],
    sort: '-called',
  },
  servers: {
    filters: {
      q: contains('part of host or path', (row) => [row.host + row.path]),
      ...seenFilters(),
      protocol: equals('`mcp` or `a2a`', (row) => row.protocol),
      approved: yesNo('on the list of what is approved', (row) => row.approved),
    },
    sorts: ['protocol', 'host', 'path', ...COUNTED],
    sort: '-count',
  },
  flows: {
    filters: {
      q: contains('part of source or target', (row) => [row.source, row.target]),
      ...seenFilters(),
      sourceKind: equals('`credential`, `user-agent`, `service`, `agent`, `mcp-client` or `unknown`', (row) => row.sourceKind),
      source: equals('source', (row) => row.source),
      targetKind: equals('`api`, `model`, `server` or `tool`', (row) => row.targetKind),
      target: equals('target', (row) => row.target),
    },
    sorts: [
      'sourceKind',
      'source',
      'targetKind',
      'target',
      'count',
      'findings',
      'denied',
      'requestBytes',
      'responseBytes',
      'firstSeen',
      'lastSeen',
    ],
    sort: '-count',
  },
  grants: {
    filters: {
      q: contains('part of the name', (row) => [row.agent]),
      inForce: yesNo('by a policy that holds now', (row) => row.inForce),
      unused: yesNo('has an entry that was never used', (row) => row.neverUsed > 0),
      refused: yesNo('was refused something', (row) => row.refused > 0),
    },
    sorts: ['agent', 'granted', 'used', 'neverUsed', 'refused', 'lastUsed', 'loaded'],
    sort: '-neverUsed',
  },
  orphans: {
    filters: {
      q: contains('part of method, host or path', (row) => [`${row.method} ${row.host}${row.path}`]),
      deprecated: yesNo('declared as deprecated', (row) => row.deprecated),
    },
    sorts: ['method', 'host', 'path', 'file'],
    sort: 'path',
  },
};

export const PAGE = { default: 100, max: 1000 } as const;

export type ListPage<R> =
  | { readonly ok: true; readonly total: number; readonly items: readonly R[]; readonly next: string | null }
  | { readonly ok: false; readonly error: string };

type Value = string | number;
interface Sorted<R> {
  readonly row: R;
  readonly value: Value;
  readonly id: string;
}

/** One page of the rows that fit, in the wanted order; ties by id. `parameters` are those of the request; unknown ones are an error. */
export function listRows<K extends RowKind>(kind: K, rows: readonly Rows[K][], parameters: ReadonlyMap<string, string>): ListPage<Rows[K]> {
  const query = QUERIES[kind] as unknown as KindQuery<Rows[K]>; // the table has the row's own type for each kind
  const { tests, error } = testsOf(query, parameters);
  if (error !== undefined) return { ok: false, error };
  const sort = parameters.get('sort') ?? query.sort;
  const column = query.sorts.find((name) => name === (sort.startsWith('-') ? sort.slice(1) : sort));
  if (column === undefined) return { ok: false, error: `sort is one of ${query.sorts.join(', ')}, with - in front for the greatest first` };
  const limit = limitOf(parameters.get('limit'));
  if (limit === undefined) return { ok: false, error: `limit is a whole number from 1 to ${PAGE.max}` };
  const after = cursorOf(parameters.get('cursor'), sort);
  if (after === null) return { ok: false, error: 'cursor is not one that this list gave for this sort' };
  const order = sort.startsWith('-') ? -1 : 1;
  const fitting = orderedRows(rows, { sort, column, order }).filter(({ row }) => tests.every((test) => test(row)));
  const from = after === undefined ? 0 : firstAfter(fitting, after, order);
  const page = fitting.slice(from, from + limit);
  const last = page.at(-1);
  const more = last !== undefined && from + limit < fitting.length;
  return { ok: true, total: fitting.length, items: page.map(({ row }) => row), next: more ? cursorText(sort, last) : null };
}

/** Orders of one list of rows that are at hand; of more the one unused longest is made again. */
const ORDERS_MAX = 4;
/** By the list, which belongs to one state of the inventory and goes with it. */
const orders = new WeakMap<readonly object[], Map<string, readonly Sorted<unknown>[]>>();

interface Order<R> {
  readonly sort: string;
  readonly column: keyof R & string;
  readonly order: number;
}

/** All rows in one order. Whoever types into a search field asks for the same order with every letter. */
function orderedRows<R extends { readonly id: string }>(rows: readonly R[], { sort, column, order }: Order<R>): readonly Sorted<R>[] {
  const kept = orders.get(rows) ?? new Map<string, readonly Sorted<unknown>[]>();
  const known = kept.get(sort) as readonly Sorted<R>[] | undefined; // made below, of these rows
  const sorted =
    known ??
    rows.map((row): Sorted<R> => ({ row, value: comparable(row[column]), id: row.id })).sort((left, right) => compared(left, right, order));
  kept.delete(sort);
  kept.set(sort, sorted);
  if (kept.size > ORDERS_MAX) kept.delete(kept.keys().next().value!);
  orders.set(rows, kept);
  return sorted;
}

/** Parameters of every list. */
const COMMON: ReadonlySet<string> = new Set(['limit', 'cursor', 'sort']);

interface Tests<R> {
  readonly tests: readonly ((row: R) => boolean)[];
  readonly error: string | undefined;
}

function testsOf<R extends object>({ filters }: KindQuery<R>, parameters: ReadonlyMap<string, string>): Tests<R> {
  const tests: ((row: R) => boolean)[] = [];
  for (const [name, value] of parameters) {
    if (COMMON.has(name)) continue;
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (filter === undefined) return { tests, error: `a parameter is none of ${[...COMMON, ...Object.keys(filters)].join(', ')}` };
    const test = filter.test(value);
    if (test === undefined) return { tests, error: `${name} has a value that it cannot have` };
    tests.push(test);
  }
  return { tests, error: undefined };
}

export function limitOf(text: string | undefined): number | undefined {
  const limit = text === undefined ? PAGE.default : Number(text);
  return Number.isInteger(limit) && limit >= 1 && limit <= PAGE.max ? limit : undefined;
}

const comparable = (value: unknown): Value => (typeof value === 'number' || typeof value === 'string' ? value : '');

interface Place {
  readonly value: Value;
  readonly id: string;
}

function compared(left: Place, right: Place, order: number): number {
  if (left.value !== right.value) return (left.value < right.value ? -1 : 1) * order;
  return left.id < right.id ? -1 : Number(left.id > right.id);
}

function firstAfter(sorted: readonly Place[], after: Place, order: number): number {
  const at = sorted.findIndex((one) => compared(one, after, order) > 0);
  return at < 0 ? sorted.length : at;
}

const cursorText = (sort: string, { value, id }: Place): string => encodeCursor([sort, value, id]);

/** Undefined without one; null for one that is none, or of another order. */
function cursorOf(text: string | undefined, sort: string): Place | undefined | null {
  if (text === undefined) return undefined;
  const [ofSort, value, id] = decodeCursor(text) ?? [];
  if (ofSort !== sort || typeof id !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) return null;
  return { value, id };
}

/** A cursor is opaque to clients: JSON in base64url. */
export const encodeCursor = (parts: readonly Value[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

export function decodeCursor(text: string): readonly unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined; // not one of ours
  }
}
