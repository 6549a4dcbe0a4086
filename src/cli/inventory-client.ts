import { existsSync } from 'node:fs';
import { startInventory } from '../inventory/server.ts';
import { AppError } from '../lib/errors.ts';
import { isAlive } from '../services/is-alive.ts';
import { INVENTORY_ADDRESS } from './address.ts';
import { inventoryToken, SETTINGS } from './settings.ts';
import { readLastRun } from './state.ts';
import { say } from './terminal.ts';

/** Where an inventory is asked. */
export interface InventoryAddress {
  /** Without one: that of the `sluice up` that runs or ran last; where none ever ran, where `sluice inventory serve` listens by default. */
  readonly url?: string | undefined;
}

/** Asks an inventory's API. Throws `inventory-unreachable` when nothing answers, `usage` when it says that a parameter is wrong. */
export interface InventoryClient {
  get(path: string, parameters?: Parameters): Promise<Answer>;
  /** Changes something: `POST` with what is sent, `DELETE` without. */
  post(path: string, sent: object): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Every row of a list, a page at a time, at least one page. */
  pages(path: string, parameters?: Parameters): AsyncGenerator<readonly Answer[]>;
  /** Rows of a list at once. Without `max` the first 200,000; when there are more standard error says so. */
  rows(path: string, parameters?: Parameters, max?: number): Promise<readonly Answer[]>;
}

export type Parameters = Readonly<Record<string, string | undefined>>;
export type Answer = Readonly<Record<string, unknown>>;

/** Rows asked for at once; the API gives at most so many. */
const PAGE_ROWS = 1000;
/** Rows of one list read at once; more do not fit a terminal. */
const ROWS_MAX = 200_000;

/** Works with the inventory at the address; that of a run that is over is opened from its file meanwhile. */
export async function withInventory<T>({ url }: InventoryAddress, work: (client: InventoryClient) => Promise<T>): Promise<T> {
  if (url !== undefined) return work(clientOf(url));
  const last = readLastRun();
  if (last === undefined) return work(clientOf(`http://${INVENTORY_ADDRESS}`));
  if (isAlive(last.pid)) return work(clientOf(last.inventory));
  if (!existsSync(last.database)) throw new AppError('inventory-unreachable', `the last run's database is gone: ${last.database}`);
  const openapi = last.openapi.filter((file) => existsSync(file));
  const inventory = await startInventory({ port: 0, database: last.database, openapi });
  try {
    return await work(clientOf(inventory.url));
  } finally {
    await inventory.stop();
  }
}

/** How long an inventory may take for one answer, a page of a list at most, in milliseconds. */
const ANSWER_MS = 30_000;

export function clientOf(url: string, answerMs = ANSWER_MS): InventoryClient {
  const base = URL.parse(url);
  if (base === null) throw new AppError('settings-invalid', '--url is not a URL');
  const asked = { base, token: inventoryToken(), answerMs };
  const client: InventoryClient = {
    get: (path, parameters = {}) => ask(asked, path, parameters),
    post: (path, sent) => ask({ ...asked, method: 'POST', sent }, path, {}),
    delete: (path) => ask({ ...asked, method: 'DELETE' }, path, {}),
    pages: (path, parameters = {}) => pagesOf(asked, path, parameters),
    async rows(path, parameters = {}, max) {
      const rows: Answer[] = [];
      const most = max ?? ROWS_MAX;
      for await (const page of client.pages(path, { limit: String(Math.min(PAGE_ROWS, most)), ...parameters })) {
        rows.push(...page);
        if (rows.length > most || rows.length === max) break;
      }
      if (max === undefined && rows.length > most)
        say(`only the first ${most} of the ${path} were read: \`sluice inventory export\` has all`);
      return rows.slice(0, most);
    },
  };
  return client;
}

interface Asked {
  readonly base: URL;
  readonly token: string | undefined;
  readonly answerMs: number;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly sent?: object;
}

async function* pagesOf(asked: Asked, path: string, parameters: Parameters): AsyncGenerator<readonly Answer[]> {
  let cursor: string | undefined;
  do {
    const page = await ask(asked, path, { limit: String(PAGE_ROWS), ...parameters, cursor });
    if (!Array.isArray(page['items'])) throw noInventory(asked.base, 200);
    yield page['items'] as readonly Answer[]; // objects, as the API's document says
    cursor = typeof page['next'] === 'string' ? page['next'] : undefined;
  } while (cursor !== undefined);
}

async function ask({ base, token, answerMs, method = 'GET', sent }: Asked, path: string, parameters: Parameters): Promise<Answer> {
  const url = new URL(`/api/v1/${path}`, base);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(sent !== undefined && { 'content-type': 'application/json' }),
  };
  const signal = AbortSignal.timeout(answerMs);
  const response = await fetch(url, { method, headers, signal, ...(sent && { body: JSON.stringify(sent) }) }).catch((cause: unknown) => {
    throw new AppError('inventory-unreachable', `no inventory answers at ${base.origin}`, { cause });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.status === 401)
    throw new AppError('inventory-unreachable', `the inventory at ${base.origin} wants a token`, {
      next: `set ${SETTINGS.inventoryToken.variable}`,
    });
  if (!isAnswer(answer)) throw noInventory(base, response.status);
  if (response.status === 400 || response.status === 404) throw new AppError('usage', `the inventory says: ${String(answer['error'])}`);
  if (!response.ok) throw noInventory(base, response.status);
  return answer;
}

const isAnswer = (answer: unknown): answer is Answer => typeof answer === 'object' && answer !== null && !Array.isArray(answer);

const noInventory = (base: URL, status: number): AppError =>
  new AppError('inventory-unreachable', `what answers at ${base.origin} is no inventory (HTTP ${status})`);
