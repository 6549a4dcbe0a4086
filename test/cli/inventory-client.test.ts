import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientOf } from '../../src/cli/inventory-client.ts';

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
