import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';

/** How the inventory behaves: `down` cuts every connection, `slow` takes what comes but answers after a second, a number is its status. */
export type Mood = 'up' | 'down' | 'slow' | 429 | 503 | 400;

/** A real inventory behind a door that can be shut; the address stays. */
export interface FlakyInventory {
  readonly url: string;
  mood: Mood;
  /** Requests that came through the door, whatever became of them. */
  readonly requests: () => number;
  /** Exchanges the inventory has counted. */
  counted(): Promise<number>;
  stop(): Promise<void>;
}

const SLOW_MS = 1000;

/** `token`: what the inventory asks for. Default: nothing. */
export async function startFlakyInventory(mood: Mood, token?: string): Promise<FlakyInventory> {
  const inventory = await startInventory({ port: 0, database: ':memory:', openapi: [], token });
  const asked: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer(request, response, { mood: flaky.mood, inventory }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const flaky: FlakyInventory = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood,
    requests: () => requests,
    async counted() {
      const { items } = (await (await fetch(`${inventory.url}/api/v1/endpoints`, { headers: asked })).json()) as {
        items: { count: number }[];
      };
      return items.reduce((sum, { count }) => sum + count, 0);
    },
    async stop() {
      await new Promise((resolve) => server.close(resolve).closeAllConnections());
      await inventory.stop();
    },
  };
  return flaky;
}

interface Door {
  readonly mood: Mood;
  readonly inventory: Inventory;
}

async function answer(request: IncomingMessage, response: ServerResponse, { mood, inventory }: Door): Promise<void> {
  if (mood === 'down') return void request.socket.destroy();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (typeof mood === 'number') return void response.writeHead(mood, mood === 429 ? { 'retry-after': '0' } : {}).end();
  const { 'content-type': type = '', authorization = '' } = request.headers;
  const headers = { 'content-type': type, authorization };
  const { status } = await fetch(`${inventory.url}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
  if (mood === 'slow') await pause(SLOW_MS);
  response.writeHead(status).end();
}
