import { type Hot, type Profile, STAGES } from './profile.ts';
import { type BenchRecord, type Figure, isMet, type Row } from './record.ts';

const SHOWN = 12;

/** A record as a page: where it was measured, the figures that have goals, its rows, and where the time went. */
export function renderRecord(record: BenchRecord): string {
  const { bench, date, rows, tables = {}, figures = [], profiles = {}, unit } = record;
  const parts = [`# ${bench}, ${date}`, conditions(record)];
  if (figures.length > 0) parts.push('## Goals', figureTable(figures));
  parts.push('## Measured', ...(unit === undefined ? [] : [`${unit}.`]), table(rows));
  for (const [title, more] of Object.entries(tables)) parts.push(`## ${title}`, table(more));
  for (const [name, profile] of Object.entries(profiles)) parts.push(`## Profile: ${name}`, ...profileParts(profile));
  return `${parts.join('\n\n')}\n`;
}

/** Machine, versions, seed, blocks, failures and verdicts, as a list. */
export function conditions({ machine, versions, facts = {}, non200s, verdicts }: BenchRecord): string {
  const lines = [
    `machine: ${machine.cores} cores, ${machine.model}, ${machine.memoryGB} GB`,
    `versions: ${listed(versions)}`,
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    ...(non200s === undefined ? [] : [`answers other than 200: ${non200s}`]),
    ...(verdicts === undefined ? [] : [`the same secret was, before timing: ${listed(verdicts)}`]),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

const listed = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

export function figureTable(figures: readonly Figure[]): string {
  return table(
    figures.map((figure) => ({
      figure: figure.what,
      goal: 'most' in figure.goal ? `≤ ${figure.goal.most}` : `≥ ${figure.goal.least}`,
      measured: Number.isFinite(figure.value) ? figure.value : 'nothing',
      '': isMet(figure) ? 'met' : '**missed**',
    })),
  );
}

/** Columns are those of all rows, in the order in which they first appear. */
export function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly Row[string][]): string =>
    `| ${cells.map((cell) => String(cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(columns.map((column) => row[column])))].join('\n');
}

/** Share of each stage as rows, and what it comes to of so many microseconds. */
export function stageRows({ stages }: Profile, micros?: number): readonly Row[] {
  return STAGES.map((stage) => ({
    stage,
    'share, %': stages[stage],
    ...(micros === undefined ? {} : { 'µs of CPU': Math.round((micros * stages[stage]) / 10) / 10 }),
  }));
}

function profileParts(profile: Profile): readonly string[] {
  const { loop, allocatedBytesEach } = profile;
  const hot = (rows: readonly Hot[]): string =>
    table(rows.slice(0, SHOWN).map(({ function: name, share }) => ({ function: `\`${name}\``, 'share, %': share })));
  return [
    table(stageRows(profile).filter((row) => row['share, %'] !== 0)),
    hot(profile.top),
    `Event loop: delay p99 ${loop.delayP99Ms} ms, longest ${loop.delayMaxMs} ms, of that its own doing ${loop.busyMaxMs} ms; ` +
      `${loop.gcs} collections took ${loop.gcMs} ms, the longest ${loop.gcMaxMs} ms. Heap allocated each time: ${allocatedBytesEach} bytes, by`,
    hot(profile.allocation),
  ];
}
