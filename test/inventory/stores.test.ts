import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { storeContract } from './store-contract.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function place(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-store-'));
  folders.push(folder);
  return path.join(folder, 'inventory.sqlite');
}

storeContract('sqlite', { place, open: openSqliteStore });

it('a file that is no database is refused', async () => {
  await expect(openSqliteStore(new URL(import.meta.url).pathname)).rejects.toThrow();
});
