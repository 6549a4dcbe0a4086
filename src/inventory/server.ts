import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { AppError } from '../lib/errors.ts';
import { INVENTORY } from '../lib/limits.ts';
import { isLoopback, isLoopbackAuthority } from '../lib/loopback.ts';
import type { Redact } from '../telemetry/path-template.ts';
import { createApi } from './api.ts';
import { loadApproved } from './approved.ts';
import { type BodyBudget, createBodyBudget } from './body-budget.ts';
import type { CatalogSources } from './catalog.ts';
import { loadDeclared } from './declared.ts';
import { createDesk } from './desk.ts';
import { type AddSpans, createIntake } from './intake.ts';
import type { InventoryTls } from './inventory-tls.ts';
import { createLedger } from './ledger.ts';
import { type OtlpGrpc, type OtlpGrpcOptions, startOtlpGrpc } from './otlp-grpc.ts';
import { createPage, readPage } from './page.ts';
import type { ChangeDraft, Store } from './store.ts';
import { openPostgresStore } from './stores/postgres.ts';
import { openSqliteStore } from './stores/sqlite.ts';
import { createTail } from './tail.ts';

export interface InventoryOptions {
  /** Default 127.0.0.1. Another address than loopback needs `token` or `tls.clientCa`. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Port of the OTLP/gRPC receiver on the same host; 0 takes any free one. Default: there is none. */
  readonly grpcPort?: number | undefined;
  /** SQLite file, `:memory:`, or `postgres://user@host:port/database`. */
  readonly database: string;
  /** OpenAPI files that say what is declared. */
  readonly openapi: readonly string[];
  /** File of what is approved. Default: nothing is said about that. */
  readonly approved?: string | undefined;
  /** Who does not send `authorization: Bearer <token>` gets 401, but for the page and `/healthz`. Default: no token. */
  readonly token?: string | undefined;
  /** Default: plain text. */
  readonly tls?: InventoryTls | undefined;
  /** What the detectors make of free-text names in foreign spans. Default: unchanged. */
  readonly redact?: Redact;
  /** Told when the store fails, for the log; the sender is told to try again. Default: nobody. */
  readonly onStoreError?: (error: unknown) => void;
  /** Told of what became different. Default: nobody. */
  readonly onChanges?: (changes: readonly ChangeDraft[]) => void;
  /** Days after which a row that was not seen is gone. Default 14. */
  readonly goneDays?: number;
  /** Folder of the bundled web page, served at `/`. Default: there is none, and `/` says how to make it. */
  readonly page?: string;
  /** Default `0.0.0`. */
  readonly toolVersion?: string;
}

export interface Inventory {
  /** `http://127.0.0.1:PORT`; OTLP goes to `/v1/traces`, the API is at `/api/v1`. */
  readonly url: string;
  /** Of the OTLP/gRPC receiver; undefined when there is none. */
  readonly grpcPort: number | undefined;
  /** Answers what is open, then closes the store. */
  stop(): Promise<void>;
}

const GONE_DAYS = 14;
const DAY_MS = 86_400_000;
/** How often changes are looked for, and what is over its time is forgotten. */
const STOCK_EVERY_MS = 5000;
const PRUNE_EVERY_MS = 600_000;

/**
 * Starts the inventory: OTLP intake, store and API on one address. Throws `AppError` when a file, the store or the address cannot be
 * used, or when the address is open to others and nobody would be asked who they are.
 */
export async function startInventory(options: InventoryOptions): Promise<Inventory> {
  const { host = '127.0.0.1', openapi, approved, token, tls, onStoreError = () => {} } = options;
  if (!isLoopback(host) && token === undefined && tls?.clientCa === undefined)
    throw new AppError('settings-invalid', `${host}: the inventory may be reached from elsewhere, and nobody is asked who they are`, {
      next: 'set SLUICE_INVENTORY_TOKEN, give --tls-client-ca, or listen on 127.0.0.1',
    });
  const budget = createBodyBudget(INVENTORY.intakeBytes);
  const sources = { declared: await loadDeclared(openapi), approved: await loadApproved(approved), budget };
  const store = await openStore(options.database, onStoreError);
  try {
    return await serveStore(store, sources, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the addresses over a store. What throws leaves nothing behind but the store. */
async function serveStore(store: Store, sources: Sources, options: InventoryOptions): Promise<Inventory> {
  const { host = '127.0.0.1', port, token, tls, onStoreError = () => {} } = options;
  const { app, add, stop } = assemble(store, sources, options);
  const { budget } = sources;
  let grpc: OtlpGrpc | undefined;
  try {
    const server = createAdaptorServer({ fetch: app.fetch, ...serverOf(tls) });
    if (options.grpcPort !== undefined) grpc = await listenGrpc({ host, port: options.grpcPort, add, budget, onStoreError, token, tls });
    const bound = await listen(server, { host, port });
    return {
      grpcPort: grpc?.port,
      url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
      async stop() {
        stop();
        await Promise.all([closed(server), grpc?.stop()]);
        await store.close();
      },
    };
  } catch (error) {
    stop();
    await grpc?.stop();
    throw error;
  }
}

function listenGrpc(options: OtlpGrpcOptions): Promise<OtlpGrpc> {
  return startOtlpGrpc(options).catch((cause: NodeJS.ErrnoException) => {
    throw unusable(options, cause);
  });
}

function openStore(database: string, onStoreError: (error: unknown) => void): Promise<Store> {
  const isPostgres = database.startsWith('postgres://') || database.startsWith('postgresql://');
  const opening = isPostgres ? openPostgresStore({ url: database, onConnectionError: onStoreError }) : openSqliteStore(database);
  return opening.catch((cause: unknown) => {
    // An address may hold a password: it is not repeated.
    const where = isPostgres ? 'postgres' : database;
    const next = isPostgres ? 'check the address, the user and that the server runs' : 'name a file in a folder that you can write';
    throw new AppError(isPostgres ? 'store-unreachable' : 'file-unreadable', `${where}: the inventory's database cannot be opened`, {
      cause,
      next,
    });
  });
}

interface Sources extends CatalogSources {
  readonly budget: BodyBudget;
}

interface Assembled {
  readonly app: Hono;
  readonly add: AddSpans;
  readonly stop: () => void;
}

/** Everything behind the address. */
function assemble(store: Store, { budget, ...sources }: Sources, options: InventoryOptions): Assembled {
  const {
    host = '127.0.0.1',
    token,
    redact,
    onStoreError = () => {},
    onChanges = () => {},
    goneDays = GONE_DAYS,
    toolVersion = '0.0.0',
  } = options;
  const life = randomBytes(6).toString('hex');
  const now = (): number => Date.now();
  const ledger = createLedger({ store, redact });
  const tail = createTail(life);
  const desk = createDesk({
    ...sources,
    ledger,
    now,
    goneMs: goneDays * DAY_MS,
    onChanges(changes) {
      for (const change of changes) tail.publish({ kind: 'change', change });
      onChanges(changes);
    },
  });
  ledger.onFindings((findings) => {
    for (const finding of findings) tail.publish({ kind: 'finding', finding });
  });
  let stopped = false;
  const pruneAll = async (): Promise<void> => {
    while (!stopped && (await ledger.prune(now()))) await setImmediate();
  };
  const stop = (): void => {
    stopped = true;
    timers.forEach(clearInterval);
  };
  const timers = [every(STOCK_EVERY_MS, () => desk.takeStock(), onStoreError), every(PRUNE_EVERY_MS, pruneAll, onStoreError)];

  const app = new Hono();
  if (isLoopback(host)) app.use(refuseForeignHosts);
  app.route('/', createPage(options.page === undefined ? undefined : readPage(options.page)));
  app.get('/healthz', (context) => context.json({ version: 1, status: 'ok' })); // a probe has no token, and learns nothing
  if (token !== undefined) app.use(requireToken(token));
  app.route('/', createIntake({ add: ledger.add, budget, onStoreError }));
  app.route('/', createApi({ ...sources, store, desk, tail, life, now, toolVersion, onError: onStoreError }));
  app.notFound((context) => context.json({ version: 1, error: 'no such resource' }, 404));
  app.onError((error, context) => {
    onStoreError(error);
    return context.json({ version: 1, error: 'the inventory could not answer' }, 500);
  });
  return { app, add: ledger.add, stop };
}

/** Does it again and again, never twice at once. */
function every(milliseconds: number, work: () => Promise<unknown>, failed: (error: unknown) => void): NodeJS.Timeout {
  let running = false;
  return setInterval(() => {
    if (running) return;
    running = true;
    work()
      .catch(failed)
      .finally(() => {
        running = false;
      });
  }, milliseconds).unref();
}

function serverOf(tls: InventoryTls | undefined) {
  if (tls === undefined) return { createServer: createHttpServer };
  const { cert, key, clientCa } = tls;
  const serverOptions: ServerOptions = {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  };
  return { createServer: createHttpsServer, serverOptions };
}

type Server = ReturnType<typeof createAdaptorServer>;

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(unusable({ host, port }, cause)));
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function unusable({ host, port }: { readonly host: string; readonly port: number }, cause: NodeJS.ErrnoException): AppError {
  const code = cause.code === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable';
  return new AppError(code, `${host}:${port}: the inventory cannot listen here (${cause.code ?? 'unknown'})`, { cause });
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

/** A web page that rebinds its own name to 127.0.0.1 could otherwise read the inventory through the browser of someone on this machine. */
const refuseForeignHosts: MiddlewareHandler = async (context, next) => {
  const { hostname } = new URL(context.req.url);
  if (!isLoopbackAuthority(hostname)) return context.json({ version: 1, error: 'this address answers to loopback names only' }, 421);
  return next();
};

/** Compared by hash: neither the length nor the place of the first difference shows in the time it takes. */
function requireToken(token: string): MiddlewareHandler {
  const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = hashed(`Bearer ${token}`);
  return async (context, next) => {
    if (timingSafeEqual(hashed(context.req.header('authorization') ?? ''), wanted)) return next();
    context.header('www-authenticate', 'Bearer');
    return context.json({ version: 1, error: 'a token is needed' }, 401);
  };
}
