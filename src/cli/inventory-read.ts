import { ROW_KINDS } from '../inventory/rows.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { type Answer, type InventoryAddress, type InventoryClient, withInventory } from './inventory-client.ts';
import { printable } from './printable.ts';

export interface ShowOptions extends InventoryAddress {
  readonly json?: boolean;
}

/** `sluice inventory show KIND NAME`: everything about one row, named by its id or by what stands in its name. Exit 2 when none or several fit. */
export async function inventoryShow(kind: string, name: string, { url, json }: ShowOptions): Promise<number> {
  const list = ROW_KINDS.find((one) => one === kind);
  if (list === undefined)
    throw new AppError('usage', `no such kind of row${didYouMean(kind, ROW_KINDS)}`, { next: `it is one of ${ROW_KINDS.join(', ')}` });
  const item = await withInventory({ url }, (client) => findOne(client, list, name));
  process.stdout.write(json ? `${JSON.stringify({ version: 1, item })}\n` : detailText(item));
  return EXIT.ok;
}

async function findOne(client: InventoryClient, kind: string, name: string): Promise<Answer> {
  const rows = await client.rows(kind, { q: name }, NAMES_SHOWN + 1);
  const exact = rows.find((row) => nameOf(row) === name);
  if (exact !== undefined || rows.length === 1) return itemOf(client, kind, String((exact ?? rows[0])?.['id']));
  if (rows.length > 1) {
    const names = rows.slice(0, NAMES_SHOWN).map((row) => printable(nameOf(row)));
    throw new AppError('usage', `several ${kind} fit: ${names.join(', ')}${rows.length > NAMES_SHOWN ? ' …' : ''}`, {
      next: 'give the whole name or the id',
    });
  }
  return itemOf(client, kind, name); // an id
}

const NAMES_SHOWN = 5;

async function itemOf(client: InventoryClient, kind: string, id: string): Promise<Answer> {
  const { item } = await client.get(`${kind}/${encodeURIComponent(id)}`);
  return item as Answer; // an object, as the API's document says
}

/** As people name a row. */
function nameOf(row: Answer): string {
  const { method, host, path, name, server, source, target, agent } = row as Readonly<Record<string, string | undefined>>;
  if (method !== undefined) return `${method} ${host}${path}`;
  if (target !== undefined) return `${source} ${target}`;
  if (agent !== undefined) return agent;
  if (name !== undefined) return server ? `${server}/${name}` : name;
  return `${host}${path}`;
}

/** Values one below the other; lists of objects as one line each. */
function detailText(item: Answer): string {
  const width = Math.max(...Object.keys(item).map((name) => name.length));
  return Object.entries(item)
    .flatMap(([name, value]) => valueLines(value).map((line, at) => `${(at === 0 ? name : '').padEnd(width)}  ${printable(line)}`))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function valueLines(value: unknown): readonly string[] {
  if (value === null || value === undefined || value === '') return ['–'];
  if (Array.isArray(value)) return value.length === 0 ? ['–'] : value.map((one) => (typeof one === 'object' ? pairs(one) : String(one)));
  if (typeof value !== 'object') return [typeof value === 'string' ? value : JSON.stringify(value)];
  const entries = Object.entries(value);
  return entries.length === 0
    ? ['–']
    : entries.map(([name, part]) => `${name}: ${typeof part === 'object' ? JSON.stringify(part) : String(part)}`);
}

const pairs = (value: object | null): string =>
  Object.entries(value ?? {})
    .map(([name, part]) => `${name} ${typeof part === 'object' ? JSON.stringify(part) : String(part)}`)
    .join(', ');

export interface DiffOptions extends InventoryAddress {
  readonly since: string;
  readonly change?: string;
  readonly json?: boolean;
}

/** `sluice inventory diff --since 24h`: what became different, the oldest first. Exit 1 when there is something, for CI. */
export async function inventoryDiff({ url, since, change, json }: DiffOptions): Promise<number> {
  const changes = await withInventory({ url }, (client) => client.rows('changes', { since, change, order: 'oldest' }));
  process.stdout.write(json ? `${JSON.stringify({ version: 1, changes })}\n` : changesText(changes));
  return changes.length === 0 ? EXIT.ok : EXIT.findings;
}

function changesText(changes: readonly Answer[]): string {
  if (changes.length === 0) return 'nothing changed\n';
  const cells = changes.map((row) =>
    [String(row['time']).slice(0, 16).replace('T', ' '), String(row['change']), String(row['subjectKind']), String(row['subject'])].map(
      printable,
    ),
  );
  const widths = [0, 1, 2, 3].map((at) => Math.min(60, Math.max(...cells.map((row) => row[at]?.length ?? 0))));
  return changes
    .map(
      (row, at) =>
        `${cells[at]?.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}  ${printable(String(row['reason']))}\n`,
    )
    .join('');
}
