import type { Catalog } from './catalog.ts';
import { MORE } from './facts.ts';
import type { EndpointRow, Labels, ModelRow, Row, ToolRow } from './rows.ts';
import type { ChangeDraft, StoredDocument } from './store.ts';

/** What can become different, from the point of view of who watches over it. */
export const CHANGE_KINDS = [
  'new',
  'gone',
  'came-back',
  /** A kind of sensitive data that was not seen here before. */
  'sensitive-data',
  /** Answers without any credential where there were none. */
  'lost-authentication',
  /** Another description of a tool: what a model is told it does. */
  'description-changed',
  /** Another standing against what is declared: shadow, zombie, drift. */
  'declaration',
  /** A model answers under another name (a new version). */
  'version',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Parameters of the list of changes. */
export const CHANGE_PARAMETERS: Readonly<Record<string, string>> = {
  change: 'kind of change',
  subjectKind: 'kind of row',
  subjectId: 'id of a row',
  since: 'at or after this time (ISO 8601, or a duration back from now such as `24h`)',
  until: 'before this time',
  order: '`newest` (default) or `oldest` first',
};

/** Kinds of rows that are watched. */
export const WATCHED_KINDS = ['endpoints', 'models', 'agents', 'tools', 'servers', 'callers'] as const;
type WatchedKind = (typeof WATCHED_KINDS)[number];

/** Document kind of what is known of each watched row; ids are `<row kind>:<row id>`. */
export const KNOWN_DOCUMENT = 'known';

export interface ChangeOptions {
  readonly nowMs: number;
  /** A row that was not seen for so long is gone. */
  readonly goneMs: number;
}

/** What is remembered of a row, to be compared with what it is the next time. */
interface Known {
  readonly lastMs: number;
  readonly gone: boolean;
  readonly open: boolean;
  readonly data: readonly string[];
  readonly descriptions: readonly string[];
  readonly versions: readonly string[];
  readonly status: string;
  readonly drifts: number;
}

/** A watched row with what of it is compared. */
interface Watched {
  readonly kind: WatchedKind;
  readonly row: Row;
  readonly name: string;
  readonly now: Known;
  /** Ids under which parts of it may be known. */
  readonly aliases: readonly string[];
}

/**
 * What became different since the last look, and what to remember for the next one. Rows that vanished because they were merged under a
 * template are forgotten without a word, and a template whose parts are known is not new.
 */
export function changesSince(known: ReadonlyMap<string, string>, catalog: Catalog, options: ChangeOptions) {
  const changes: ChangeDraft[] = [];
  const documents: StoredDocument[] = [];
  const here = new Set<string>();
  for (const watched of watchedRows(catalog, options)) {
    const id = `${watched.kind}:${watched.row.id}`;
    here.add(id);
    const text = known.get(id);
    const before = text === undefined ? knownPart(known, watched) : readKnown(text);
    changes.push(...(before === undefined ? [isNew(watched)] : differences(before, watched, options)));
    const doc = JSON.stringify(watched.now);
    if (doc !== text) documents.push({ kind: KNOWN_DOCUMENT, id, doc });
  }
  for (const id of known.keys()) if (!here.has(id)) documents.push({ kind: KNOWN_DOCUMENT, id, doc: undefined });
  return { changes: changes.sort((left, right) => left.timeMs - right.timeMs), documents };
}

function watchedRows(catalog: Catalog, options: ChangeOptions): readonly Watched[] {
  const { endpoints, models, agents, tools, servers, callers } = catalog.rows;
  const watched = (kind: WatchedKind, row: Row, name: string, more: Partial<Known> = {}): Watched => ({
    kind,
    row,
    name,
    now: { ...knownOf(row, options), ...more },
    aliases: kind === 'endpoints' ? catalog.memberIds(row.id) : [],
  });
  return [
    ...endpoints.map((row) => watched('endpoints', row, `${row.method} ${row.host}${row.path}`, endpointKnown(row))),
    ...models.map((row) => watched('models', row, row.provider === '' ? row.name : `${row.provider}/${row.name}`, modelKnown(row))),
    ...agents.map((row) => watched('agents', row, row.name)),
    ...tools.map((row) => watched('tools', row, row.server === '' ? row.name : `${row.server}/${row.name}`, toolKnown(row))),
    ...servers.map((row) => watched('servers', row, `${row.protocol} ${row.host}${row.path}`)),
    ...callers.filter(({ kind }) => kind !== 'user-agent').map((row) => watched('callers', row, `${row.kind} ${row.name}`)),
  ].filter(({ name }) => !name.includes(MORE));
}

/** A row that is in use all the time need not be remembered anew all the time. */
const HOUR_MS = 3_600_000;

const ms = (iso: string): number => Date.parse(iso);

function knownOf(row: Row, { nowMs, goneMs }: ChangeOptions): Known {
  const lastMs = ms(row.lastSeen);
  const nothing = { open: false, descriptions: [], versions: [], status: '', drifts: 0 };
  return { ...nothing, lastMs: lastMs - (lastMs % HOUR_MS), gone: lastMs + goneMs < nowMs, data: sensitiveKinds(row.labels) };
}

const sensitiveKinds = ({ requestKinds = [], responseKinds = [] }: Labels): readonly string[] => [
  ...requestKinds.map((kind) => `request ${kind}`),
  ...responseKinds.map((kind) => `response ${kind}`),
];

const endpointKnown = (row: EndpointRow): Partial<Known> => ({ open: row.open > 0, status: row.status ?? '', drifts: row.drifts });
const modelKnown = ({ labels }: ModelRow): Partial<Known> => ({ versions: labels.servedAs ?? [] });
const toolKnown = ({ labels }: ToolRow): Partial<Known> => ({ descriptions: labels.descriptions ?? [] });

function knownPart(known: ReadonlyMap<string, string>, { kind, aliases }: Watched): Known | undefined {
  const alias = aliases.find((id) => known.has(`${kind}:${id}`));
  return alias === undefined ? undefined : readKnown(known.get(`${kind}:${alias}`)!);
}

/** Our own writing, of this version or an earlier one: what is missing is as if nothing had been seen. */
function readKnown(text: string): Known {
  const stored = JSON.parse(text) as Partial<Known>;
  return { lastMs: 0, gone: false, open: false, data: [], descriptions: [], versions: [], status: '', drifts: 0, ...stored };
}

const change = (
  { kind, row, name }: Watched,
  what: ChangeKind,
  { timeMs, reason }: Pick<ChangeDraft, 'timeMs' | 'reason'>,
): ChangeDraft => ({
  timeMs,
  change: what,
  subjectKind: kind,
  subjectId: row.id,
  subject: name,
  reason,
});

const STATUS_WORDS: Readonly<Record<string, string>> = {
  shadow: 'no OpenAPI file declares it',
  zombie: 'deprecated or an old version, and still used',
  declared: 'an OpenAPI file declares it',
};

function isNew(watched: Watched): ChangeDraft {
  const { status, open, data } = watched.now;
  const reasons = [
    'first seen',
    STATUS_WORDS[status] ?? '',
    open ? 'answers without any credential' : '',
    data.length > 0 ? `carries ${data.join(', ')}` : '',
  ];
  return change(watched, 'new', { timeMs: ms(watched.row.firstSeen), reason: reasons.filter((reason) => reason !== '').join('; ') });
}

function differences(before: Known, watched: Watched, { goneMs }: ChangeOptions): readonly ChangeDraft[] {
  const { now } = watched;
  const timeMs = ms(watched.row.lastSeen);
  const found: ChangeDraft[] = [];
  const add = (what: ChangeKind, reason: string, when: number = timeMs): void =>
    void found.push(change(watched, what, { timeMs: when, reason }));
  if (now.gone && !before.gone) add('gone', `not seen for ${days(goneMs)} days`, timeMs + goneMs);
  if (before.gone && !now.gone) add('came-back', `seen again after ${days(now.lastMs - before.lastMs)} days`);
  const data = added(before.data, now.data);
  if (data.length > 0) add('sensitive-data', `started to carry ${data.join(', ')}`);
  if (now.open && !before.open) add('lost-authentication', 'answers without any credential now');
  const descriptions = added(before.descriptions, now.descriptions);
  if (before.descriptions.length > 0 && descriptions.length > 0) add('description-changed', 'models are told something else about it now');
  const versions = added(before.versions, now.versions);
  if (before.versions.length > 0 && versions.length > 0) add('version', `answers as ${versions.join(', ')} now`);
  if (now.status !== before.status && now.status !== '') add('declaration', STATUS_WORDS[now.status] ?? now.status);
  if (now.drifts > before.drifts && before.status === now.status)
    add('declaration', `${now.drifts} differences to what is declared, ${before.drifts} before`);
  return found;
}

const added = (before: readonly string[], now: readonly string[]): readonly string[] => now.filter((value) => !before.includes(value));
const days = (milliseconds: number): number => Math.round(milliseconds / 86_400_000);
