import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { csvLines, csvOf } from '../inventory/export/csv.ts';
import { type GrantedList, type NameUse, REVIEWED_KINDS, ROW_KINDS } from '../inventory/rows.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { type Answer, type InventoryAddress, type InventoryClient, withInventory } from './inventory-client.ts';
import { say } from './terminal.ts';

/** Lists that can be exported. */
const LISTS = [...ROW_KINDS, 'findings', 'changes'] as const;
type ListName = (typeof LISTS)[number];

export interface ExportOptions extends InventoryAddress {
  readonly format: 'json' | 'csv' | 'sarif' | 'ai-bom' | 'openapi';
  readonly output?: string;
  readonly since?: string;
}

/**
 * `sluice inventory export LIST`: a list as JSON or CSV, findings as SARIF, all AI as CycloneDX, all APIs as OpenAPI. Lists are written
 * page by page to their end, however long; what does not fit a SARIF file is counted on standard error.
 */
export async function inventoryExport(list: string | undefined, { url, format, output, since }: ExportOptions): Promise<number> {
  await withInventory({ url }, (client) => writeTo(output, exported(client, { list, format, since })));
  return EXIT.ok;
}

type Pieces = AsyncGenerator<string, void, undefined>;

interface Wanted {
  readonly list: string | undefined;
  readonly format: ExportOptions['format'];
  readonly since: string | undefined;
}

async function* exported(client: InventoryClient, { list, format, since }: Wanted): Pieces {
  if (format === 'sarif' || format === 'ai-bom' || format === 'openapi') {
    const document = await client.get(`export/${format}`, format === 'sarif' ? { since } : {});
    yield `${JSON.stringify(document, undefined, 2)}\n`;
    if (format === 'sarif') sayWhatIsLeftOut(document);
    return;
  }
  const name = LISTS.find((one) => one === (list ?? 'endpoints'));
  if (name === undefined)
    throw new AppError('usage', `no such list${didYouMean(list ?? '', LISTS)}`, { next: `it is one of ${LISTS.join(', ')}` });
  const pages = client.pages(name, isEvents(name) ? { since } : {});
  if (format === 'json') yield* jsonOf(name, pages);
  else if (isEvents(name)) yield* csvOfEvents(pages);
  else if (name === 'grants') yield csvOf(GRANT_COLUMNS, (await all(pages)).flatMap(grantLines));
  else yield csvOfRows(name, await all(pages));
}

/** These have no end that fits memory, and each of theirs has the same columns. */
const isEvents = (name: ListName): boolean => name === 'findings' || name === 'changes';

function sayWhatIsLeftOut(sarif: Answer): void {
  const [run] = sarif['runs'] as readonly { readonly properties: { readonly findingsLeftOut: number } }[]; // as our own API writes it
  const leftOut = run?.properties.findingsLeftOut ?? 0;
  if (leftOut > 0) say(`${leftOut} older findings are not in the file: take fewer with --since, or all of them as JSON or CSV`);
}

/** As `JSON.stringify` would write it with an indent of 2. */
async function* jsonOf(name: string, pages: AsyncGenerator<readonly Answer[]>): Pieces {
  let before = `{\n  "version": 1,\n  "${name}": [`; // with the first page: when that is refused nothing has been written
  let end = ']\n}\n';
  for await (const page of pages) {
    const rows = page.map((row) => `\n    ${JSON.stringify(row, undefined, 2).replaceAll('\n', '\n    ')}`);
    yield before + rows.join(',');
    before = ',';
    if (rows.length > 0) end = '\n  ]\n}\n';
  }
  yield end;
}

async function* csvOfEvents(pages: AsyncGenerator<readonly Answer[]>): Pieces {
  let columns: readonly string[] | undefined;
  for await (const page of pages) {
    yield columns === undefined ? csvOf(Object.keys(page[0] ?? {}), page) : csvLines(columns, page);
    columns ??= Object.keys(page[0] ?? {});
  }
}

const csvOfRows = (name: ListName, rows: readonly Answer[]): string => csvOf(columnsOf(name, rows), rows.map(flat));

const GRANT_COLUMNS = ['agent', 'policyVersion', 'inForce', 'list', 'standing', 'name', 'count', 'last'];

/** A line for each entry and name of an agent: `granted`, `unlisted` (used, and allowed by no entry) or `refused`. */
function grantLines({ agent, policyVersion, inForce, lists }: Answer): readonly Answer[] {
  const line = (list: string, standing: string) => (use: NameUse) => ({ agent, policyVersion, inForce, list, standing, ...use });
  return (lists as readonly GrantedList[]).flatMap(({ list, entries, unlisted, refused }) => [
    ...entries.map(line(list, 'granted')),
    ...unlisted.map(line(list, 'unlisted')),
    ...refused.map(line(list, 'refused')),
  ]); // as the API's document says
}

async function all(pages: AsyncGenerator<readonly Answer[]>): Promise<readonly Answer[]> {
  const rows: Answer[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

/** Labels become columns of their own, and latency as well. */
function flat(row: Answer): Answer {
  const { labels, latencyMs, ...plain } = row;
  const more = Object.entries(latencyMs ?? {}).map(([name, value]) => [`latencyMs.${name}`, value]);
  return {
    ...plain,
    ...Object.fromEntries(more),
    ...Object.fromEntries(Object.entries(labels ?? {}).map(([name, value]) => [`labels.${name}`, value])),
  };
}

/** Every column that some row has, in the order in which they come. */
function columnsOf(name: ListName, rows: readonly Answer[]): readonly string[] {
  const columns = new Set(REVIEWED_KINDS.some((kind) => kind === name) ? ['id'] : []);
  for (const row of rows) for (const column of Object.keys(flat(row))) columns.add(column);
  return [...columns];
}

/** To the file, else to standard output at the pace of who reads it. The file is made when there is something to write. */
async function writeTo(file: string | undefined, pieces: Pieces): Promise<void> {
  if (file === undefined) {
    for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    return;
  }
  const first = await pieces.next();
  const descriptor = opened(file);
  try {
    writeFileSync(descriptor, first.value ?? '');
    for await (const piece of pieces) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: cannot be written`, { cause });
  }
}
