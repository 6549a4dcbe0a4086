import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ListAnswer, Rows } from '../inventory/api.ts';
import { type Listing, renderListing } from '../inventory/list.ts';
import { startInventory } from '../inventory/server.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { createLog } from '../telemetry/log.ts';
import { parseTcpAddress } from './address.ts';
import { createNameRedaction } from './name-redaction.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import { isAlive, readLastRun, stateFolder } from './state.ts';
import { hasColor } from './terminal.ts';

export interface InventoryServeOptions {
  readonly listen: string;
  readonly database?: string;
  readonly openapi?: string;
}

/** `sluice inventory serve`: intake and API on one address, its URL as the only line on stdout, until it is asked to stop. */
export async function inventoryServe({ listen, database, openapi }: InventoryServeOptions): Promise<number> {
  const { host, port } = parseTcpAddress(listen, '--listen');
  const log = createLog({ level: 'info' });
  const file = database ?? path.join(stateFolder(), 'inventory.sqlite');
  const inventory = await startInventory({
    host,
    port,
    file,
    openapi: openapi === undefined ? [] : [openapi],
    redact: createNameRedaction(),
    onStoreError: (error) => log.error({ event: 'store-error', err: error }, 'the database failed; the sender tries again'),
  });
  process.stdout.write(`${inventory.url}\n`);
  const reason = await untilAskedToStop();
  await inventory.stop();
  return exitCodeAfter(reason);
}

export interface InventoryListOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** `sluice inventory list`: the inventory at `--url`, else that of the `sluice up` that runs or ran last. */
export async function inventoryList({ url, json }: InventoryListOptions): Promise<number> {
  const listing = url === undefined ? await readLastInventory() : await readInventory(url);
  process.stdout.write(json ? `${JSON.stringify({ version: 1, ...listing })}\n` : inventoryText(listing));
  return EXIT.ok;
}

/** Endpoints, models and callers of a running inventory. Throws `inventory-unreachable`. */
export async function readInventory(url: string): Promise<Listing> {
  const [endpoints, models, callers] = await Promise.all([readRows(url, 'endpoints'), readRows(url, 'models'), readRows(url, 'callers')]);
  return { endpoints, models, callers };
}

/** Columns when stdout is no terminal and COLUMNS says nothing. */
const WIDE_COLUMNS = 160;

/** The listing as tables as wide as the terminal, or as COLUMNS says. */
export function inventoryText(listing: Listing): string {
  const width = process.stdout.columns ?? (Number(process.env['COLUMNS']) || WIDE_COLUMNS);
  return renderListing(listing, { width, color: hasColor(process.stdout) });
}

/** Rows asked for at once; the API gives at most so many. */
const PAGE_ROWS = 10_000;

async function readRows<K extends 'endpoints' | 'models' | 'callers'>(url: string, kind: K): Promise<readonly Rows[K][]> {
  const rows: Rows[K][] = [];
  for (;;) {
    const answer = await readPage(url, kind, rows.length);
    rows.push(...(answer[kind] as readonly Rows[K][])); // `isListAnswer` has looked
    if (answer[kind].length === 0 || rows.length >= answer.total) return rows;
  }
}

async function readPage<K extends 'endpoints' | 'models' | 'callers'>(url: string, kind: K, offset: number): Promise<ListAnswer<K>> {
  const base = URL.parse(url);
  if (base === null) throw new AppError('settings-invalid', '--url is not a URL');
  const response = await fetch(new URL(`/api/v1/${kind}?offset=${offset}&limit=${PAGE_ROWS}`, base)).catch((cause: unknown) => {
    throw new AppError('inventory-unreachable', `no inventory answers at ${base.origin}`, { cause });
  });
  const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (!isListAnswer(answer, kind))
    throw new AppError('inventory-unreachable', `what answers at ${base.origin} is no inventory (HTTP ${response.status})`);
  return answer;
}

function isListAnswer<K extends 'endpoints' | 'models' | 'callers'>(answer: unknown, kind: K): answer is ListAnswer<K> {
  return typeof answer === 'object' && answer !== null && 'version' in answer && answer.version === 1 && kind in answer;
}

/** The last run's inventory: asked while it runs, opened from its file when it is over. */
async function readLastInventory(): Promise<Listing> {
  const last = readLastRun();
  if (last === undefined) throw new AppError('inventory-unreachable', 'no `sluice up` has run here yet');
  if (isAlive(last.pid)) return readInventory(last.inventory);
  if (!existsSync(last.database)) throw new AppError('inventory-unreachable', `the last run's database is gone: ${last.database}`);
  const inventory = await startInventory({ port: 0, file: last.database, openapi: last.openapi.filter((file) => existsSync(file)) });
  try {
    return await readInventory(inventory.url);
  } finally {
    await inventory.stop();
  }
}
