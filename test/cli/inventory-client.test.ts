import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { clientOf, withInventory } from '../../src/cli/inventory-client.ts';

test('an address that takes connections and says nothing is given up, as one where nobody is', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  const url = await new Promise<string>((resolve) => {
    silent.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(silent.address() as { port: number }).port}`));
  });
  await expect(clientOf(url, 50).get('endpoints')).rejects.toThrow(`no inventory answers at ${url}`);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

test('where no `sluice up` ever ran, the inventory is where `sluice inventory serve` listens by default', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-client-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.href);
    return Response.json({ version: 1 });
  });
  await withInventory({}, (client) => client.get('models'));
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  expect(asked).toEqual(['http://127.0.0.1:4318/api/v1/models']);
});
