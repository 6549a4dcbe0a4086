import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { AppError } from '../lib/errors.ts';
import type { Redact } from '../telemetry/path-template.ts';
import { createApi } from './api.ts';
import { loadDeclared } from './declared.ts';
import { createIntake } from './intake.ts';
import { openSqliteStore } from './stores/sqlite.ts';

export interface InventoryOptions {
  /** Default 127.0.0.1: the inventory has no authentication of its own. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** SQLite file, or `:memory:`. */
  readonly file: string;
  /** OpenAPI files that say what is declared. */
  readonly openapi: readonly string[];
  /** What the detectors make of free-text names in foreign spans. Default: unchanged. */
  readonly redact?: Redact;
  /** Told when the store fails, for the log; the sender is told to try again. Default: nobody. */
  readonly onStoreError?: (error: unknown) => void;
}

export interface Inventory {
  /** `http://127.0.0.1:PORT`; OTLP goes to `/v1/traces`, the API is at `/api/v1`. */
  readonly url: string;
  /** Answers what is open, then closes the store. */
  stop(): Promise<void>;
}

/**
 * Starts the inventory: OTLP intake, store and API on one address. Throws `AppError` when an OpenAPI file, the store's file or the address
 * cannot be used.
 */
export async function startInventory({
  host = '127.0.0.1',
  port,
  file,
  openapi,
  redact,
  onStoreError = () => {},
}: InventoryOptions): Promise<Inventory> {
  const declared = await loadDeclared(openapi);
  const store = await openSqliteStore({ file, redact }).catch((cause: unknown) => {
    throw new AppError('file-unreadable', `${file}: the inventory's database cannot be opened`, {
      cause,
      next: 'name a file in a folder that you can write',
    });
  });
  const app = new Hono();
  if (isLoopback(host)) app.use(refuseForeignHosts);
  app.route('/', createIntake(store, onStoreError));
  app.route('/', createApi({ store, declared }));
  app.notFound((context) => context.json({ version: 1, error: 'no such resource' }, 404));
  app.onError((_error, context) => context.json({ version: 1, error: 'the inventory could not answer' }, 500));

  const server = createAdaptorServer({ fetch: app.fetch });
  const bound = await listen(server, { host, port }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    async stop() {
      await closed(server);
      await store.close();
    },
  };
}

type Server = ReturnType<typeof createAdaptorServer>;

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable';
      reject(new AppError(code, `${host}:${port}: the inventory cannot listen here (${cause.code ?? 'unknown'})`, { cause }));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** A client that never finishes its request must not keep the process. */
const CLOSE_MS = 2000;

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** A web page that rebinds its own name to 127.0.0.1 could otherwise read the inventory through the browser of someone on this machine. */
const refuseForeignHosts: MiddlewareHandler = async (context, next) => {
  const { hostname } = new URL(context.req.url);
  if (!isLoopback(hostname.replace('[', '').replace(']', '')))
    return context.json({ version: 1, error: 'this address answers to loopback names only' }, 421);
  return next();
};
