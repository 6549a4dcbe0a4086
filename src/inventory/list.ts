import { styleText } from 'node:util';
import type { CallerRow, EndpointRow, EndpointStatus, ModelRow } from './rows.ts';

/** What `sluice inventory list` shows: rows of the API. */
export interface Listing {
  readonly endpoints: readonly EndpointRow[];
  readonly models: readonly ModelRow[];
  readonly callers: readonly CallerRow[];
}

export interface ListStyle {
  /** Columns of the terminal. Default 120; values are cut to fit, with `…`. */
  readonly width?: number;
  /** ANSI colours. Default false. */
  readonly color?: boolean;
}

/** Three aligned tables: endpoints (undeclared ones first), models, callers. Ends with a newline. */
export function renderListing(listing: Listing, { width = 120, color = false }: ListStyle = {}): string {
  const style = { width: Math.max(MIN_WIDTH, width), color };
  return [
    table('Endpoints', ENDPOINT_COLUMNS, [...listing.endpoints].sort(byDeclared), style),
    table('Models', MODEL_COLUMNS, listing.models, style),
    table('Callers', CALLER_COLUMNS, listing.callers, style),
  ].join('\n');
}

const MIN_WIDTH = 60;

type Paint = Parameters<typeof styleText>[0];

interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly right?: boolean;
  readonly paint?: (row: Row) => Paint | undefined;
  /** Narrowest width it is cut to; a column without one is never cut. */
  readonly min?: number;
  /** On a terminal too narrow for every column's `min` it is left out, the lowest number first. */
  readonly optional?: number;
}

const STATUS_WORDS: Readonly<Record<EndpointStatus, string>> = { declared: 'declared', shadow: 'undeclared', zombie: 'zombie' };

const RISK_PAINT: Readonly<Record<EndpointRow['band'], Paint | undefined>> = {
  low: undefined,
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

const ENDPOINT_COLUMNS: readonly Column<EndpointRow>[] = [
  { title: 'METHOD', cell: (row) => row.method },
  { title: 'HOST', cell: (row) => row.host, min: 10 },
  { title: 'PATH', cell: (row) => row.path, min: 21 },
  {
    title: 'DECLARED',
    cell: (row) => (row.status === null ? '–' : STATUS_WORDS[row.status]),
    paint: (row) => (row.status === 'declared' || row.status === null ? undefined : ['bold', 'yellow']),
  },
  { title: 'RISK', cell: (row) => String(row.risk), right: true, paint: (row) => RISK_PAINT[row.band], optional: 4 },
  { title: 'DIALECT', cell: (row) => words(row.labels.dialects), min: 8, optional: 1 },
  { title: 'COUNT', cell: (row) => String(row.count), right: true },
  { title: 'DENIED', cell: (row) => orDash(row.denied), right: true, paint: (row) => (row.denied > 0 ? 'red' : undefined) },
  { title: 'REDACTED', cell: (row) => orDash(row.redacted), right: true, paint: (row) => (row.redacted > 0 ? 'yellow' : undefined) },
  { title: 'SENSITIVE', cell: sensitive, min: 10, optional: 3 },
  { title: 'LAST SEEN', cell: (row) => moment(row.lastSeen), optional: 2 },
];

const MODEL_COLUMNS: readonly Column<ModelRow>[] = [
  { title: 'MODEL', cell: (row) => row.name, min: 12 },
  { title: 'PROVIDER', cell: (row) => row.provider || '–', min: 8 },
  { title: 'COUNT', cell: (row) => String(row.count), right: true },
  { title: 'DENIED', cell: (row) => orDash(row.denied), right: true, paint: (row) => (row.denied > 0 ? 'red' : undefined) },
  { title: 'TOKENS IN', cell: (row) => orDash(row.inputTokens), right: true },
  { title: 'TOKENS OUT', cell: (row) => orDash(row.outputTokens), right: true },
  { title: 'FIRST SEEN', cell: (row) => moment(row.firstSeen), optional: 1 },
  { title: 'LAST SEEN', cell: (row) => moment(row.lastSeen), optional: 2 },
];

const CALLER_COLUMNS: readonly Column<CallerRow>[] = [
  { title: 'CALLER', cell: (row) => row.name || '–', min: 14 },
  { title: 'KNOWN BY', cell: (row) => row.kind },
  { title: 'AUTH', cell: (row) => words(row.labels.auth), min: 6 },
  { title: 'USER AGENT', cell: (row) => words(row.labels.userAgents), min: 10, optional: 1 },
  { title: 'COUNT', cell: (row) => String(row.count), right: true },
  { title: 'DENIED', cell: (row) => orDash(row.denied), right: true, paint: (row) => (row.denied > 0 ? 'red' : undefined) },
  { title: 'MODELS', cell: (row) => words(row.labels.models), min: 8 },
  { title: 'LAST SEEN', cell: (row) => moment(row.lastSeen), optional: 2 },
];

const byDeclared = (left: EndpointRow, right: EndpointRow): number => Number(right.status === 'shadow') - Number(left.status === 'shadow');

const words = (list: readonly string[] | undefined): string => (list === undefined || list.length === 0 ? '–' : list.join(', '));
const orDash = (count: number): string => (count === 0 ? '–' : String(count));
/** `11-21 10:15`, UTC. */
const moment = (iso: string): string => iso.slice(5, 16).replace('T', ' ');

/** What was found, with the way it flowed: `→ pii.email` in requests, `← pii.card` in answers. */
function sensitive({ labels }: EndpointRow): string {
  const found = [...(labels.requestKinds ?? []).map((kind) => `→ ${kind}`), ...(labels.responseKinds ?? []).map((kind) => `← ${kind}`)];
  return found.length === 0 ? '–' : found.join(', ');
}

const GAP = '  ';

function table<Row>(title: string, every: readonly Column<Row>[], rows: readonly Row[], style: Required<ListStyle>): string {
  const paint = (format: Paint | undefined, text: string) =>
    style.color && format !== undefined ? styleText(format, text, { validateStream: false }) : text;
  const heading = `${paint('bold', title)} (${rows.length})`;
  if (rows.length === 0) return `${heading}\n  none seen yet\n`;
  const columns = thatFit(every, rows, style.width);
  const cells = cellsOf(columns, rows);
  const widths = fitted(columns, naturalWidths(columns, cells), style.width);
  const line = (texts: readonly string[], painted: (text: string, index: number) => string): string => {
    const last = texts.length - 1;
    const padding = texts.map((text, index) => padded(text, { width: widths[index] ?? 0, right: columns[index]?.right ?? false }));
    return `${GAP}${padding.map((text, index) => painted(index === last ? text.trimEnd() : text, index)).join(GAP)}`;
  };
  const head = line(
    columns.map((column) => column.title),
    (text) => paint('dim', text),
  );
  const body = rows.map((row, at) => line(cells[at] ?? [], (text, index) => paint(columns[index]?.paint?.(row), text)));
  return `${[heading, head, ...body].join('\n')}\n`;
}

const cellsOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] =>
  rows.map((row) => columns.map((column) => flat(column.cell(row))));

/** The columns without the optional ones that have no room even when every other column is as narrow as it gets. */
function thatFit<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): readonly Column<Row>[] {
  const natural = naturalWidths(columns, cellsOf(columns, rows));
  const narrowest = columns.reduce((sum, column, index) => sum + Math.min(natural[index] ?? 0, floorOf(column)) + GAP.length, 0);
  const dispensable = columns
    .filter((column) => column.optional !== undefined)
    .sort((left, right) => (left.optional ?? 0) - (right.optional ?? 0))[0];
  if (narrowest <= width || dispensable === undefined) return columns;
  return thatFit(
    columns.filter((column) => column !== dispensable),
    rows,
    width,
  );
}

function naturalWidths<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) => Math.max(column.title.length, ...cells.map((row) => row[index]?.length ?? 0)));
}

/** Takes width from the widest column that may be cut until the line fits. */
function fitted<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const line = (): number => widths.reduce((sum, one) => sum + one + GAP.length, 0);
  while (line() > width) {
    const widest = widths.reduce((best, one, index) => (one > floorOf(columns[index]) && one > (widths[best] ?? 0) ? index : best), -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const floorOf = (column: { readonly min?: number; readonly title: string } | undefined): number =>
  column?.min === undefined ? Number.POSITIVE_INFINITY : Math.max(column.min, column.title.length);

function padded(text: string, { width, right }: { readonly width: number; readonly right: boolean }): string {
  const cut = text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

/** What comes from the API is shown on a terminal: no control character may reach it. */
function flat(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    out += code < 32 || (code >= 127 && code < 160) ? ' ' : character;
  }
  return out;
}
