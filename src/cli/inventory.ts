import path from 'node:path';
import { type Listing, renderListing } from '../inventory/list.ts';
import type { CallerRow, EndpointRow, ModelRow } from '../inventory/rows.ts';
import { startInventory } from '../inventory/server.ts';
import type { WebhookFormat } from '../inventory/webhook.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { createLog } from '../telemetry/log.ts';
import { parseTcpAddress } from './address.ts';
import { startChangeNews } from './change-news.ts';
import { clientOf, type InventoryAddress, type InventoryClient, withInventory } from './inventory-client.ts';
import { createNameRedaction } from './name-redaction.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import { inventoryToken } from './settings.ts';
import { stateFolder } from './state.ts';
import { hasColor } from './terminal.ts';
import { loadTls, type TlsFiles } from './tls.ts';
import { VERSION } from './version.ts';

export interface InventoryServeOptions {
  readonly listen: string;
  readonly database?: string;
  readonly openapi?: readonly string[];
  readonly approved?: string;
  readonly grpcPort?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly webhook?: readonly string[];
  readonly webhookFormat?: WebhookFormat;
  readonly webhookSecretFile?: string;
}

/** `sluice inventory serve`: intake and API on one address, its URL as the only line on stdout, until it is asked to stop. */
export async function inventoryServe({
  listen,
  database,
  openapi = [],
  approved,
  grpcPort,
  webhook,
  webhookFormat,
  webhookSecretFile,
  ...tls
}: InventoryServeOptions): Promise<number> {
  const { host, port } = parseTcpAddress(listen, '--listen');
  const secured = tlsOf(tls);
  const log = createLog({ level: 'info' });
  const news = await startChangeNews({
    webhooks: webhook,
    format: webhookFormat,
    secretFile: webhookSecretFile,
    onLoss: (loss) => log.warn({ event: 'changes-lost', ...loss }, 'an address was not told of changes; `sluice inventory diff` has them'),
  });
  const inventory = await startInventory({
    host,
    port,
    database: (database ?? process.env['SLUICE_INVENTORY_DATABASE']) || path.join(stateFolder(), 'inventory.sqlite'),
    openapi,
    approved,
    grpcPort: grpcPort === undefined ? undefined : portOf(grpcPort),
    token: inventoryToken(),
    tls: secured && loadTls(secured).material,
    redact: createNameRedaction(),
    toolVersion: VERSION,
    onChanges: news.tell,
    page: path.resolve(import.meta.dirname, '../../dashboard/built'),
    onStoreError: (error) => log.error({ event: 'store-error', err: error }, 'the database failed; the sender tries again'),
  });
  process.stdout.write(`${inventory.url}\n`);
  const reason = await untilAskedToStop();
  await inventory.stop();
  await news.stop();
  return exitCodeAfter(reason);
}

function portOf(text: string): number {
  const port = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new AppError('settings-invalid', '--grpc-port is not a port from 0 to 65535');
}

function tlsOf({ tlsCert, tlsKey, tlsClientCa }: Pick<InventoryServeOptions, 'tlsCert' | 'tlsKey' | 'tlsClientCa'>): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new AppError('tls-invalid', '--tls-cert and --tls-key are given together');
  return { cert: tlsCert, key: tlsKey, clientCa: tlsClientCa };
}

export interface InventoryListOptions extends InventoryAddress {
  readonly json?: boolean;
}

/** `sluice inventory list`: the inventory at `--url`, else that of the `sluice up` that runs or ran last. */
export async function inventoryList({ url, json }: InventoryListOptions): Promise<number> {
  const listing = await withInventory({ url }, readListing);
  process.stdout.write(json ? `${JSON.stringify({ version: 1, ...listing })}\n` : inventoryText(listing));
  return EXIT.ok;
}

/** Endpoints, models and callers of a running inventory. Throws `inventory-unreachable`. */
export const readInventory = (url: string): Promise<Listing> => readListing(clientOf(url));

async function readListing(client: InventoryClient): Promise<Listing> {
  const [endpoints, models, callers] = await Promise.all(['endpoints', 'models', 'callers'].map((kind) => client.rows(kind)));
  return {
    endpoints: endpoints as unknown as readonly EndpointRow[], // what the API's document says of these lists
    models: models as unknown as readonly ModelRow[],
    callers: callers as unknown as readonly CallerRow[],
  };
}

/** Columns when stdout is no terminal and COLUMNS says nothing. */
const WIDE_COLUMNS = 160;

/** The listing as tables as wide as the terminal, or as COLUMNS says. */
export function inventoryText(listing: Listing): string {
  const width = process.stdout.columns ?? (Number(process.env['COLUMNS']) || WIDE_COLUMNS);
  return renderListing(listing, { width, color: hasColor(process.stdout) });
}
