import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Inventory, type InventoryOptions, startInventory } from '../../src/inventory/server.ts';
import { type Bundle, bundlePage } from '../support/dashboard.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundlePage();
});
afterAll(() => bundle.remove());

let running: Inventory[] = [];
afterEach(async () => {
  await Promise.all(running.map((inventory) => inventory.stop()));
  running = [];
});

async function start(options: Partial<InventoryOptions> = {}): Promise<Inventory> {
  const inventory = await startInventory({ port: 0, database: ':memory:', openapi: [], page: bundle.folder, ...options });
  running.push(inventory);
  return inventory;
}

/** Bytes of what the browser loads, gzipped, at most. */
const BUNDLE_BYTES_MAX = 120_000;

describe('the web page', () => {
  test('is at most 120 kB gzipped, everything together', () => {
    const files = readdirSync(bundle.folder, { recursive: true, encoding: 'utf8' }).filter((name) => path.extname(name) !== '');
    const bytes = files.map((name) => gzipSync(readFileSync(path.join(bundle.folder, name))).length);
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(BUNDLE_BYTES_MAX);
  });

  test('comes under a policy that allows nothing inline and nothing from elsewhere', async () => {
    const { url } = await start();
    const { headers } = await fetch(`${url}/`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy).not.toMatch(/unsafe|data:|http|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('is served whole: every file that the page names, with its type, and 304 to who has it', async () => {
    const { url } = await start();
    const html = await (await fetch(`${url}/`)).text();
    const names = Array.from(html.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g), ([, name]) => name ?? '');
    expect(names.length).toBe(3);
    const answers = await Promise.all(names.map((name) => fetch(url + name)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ headers }) => headers.get('content-type')?.split(';')[0]))).toEqual(
      new Set(['image/svg+xml', 'text/css', 'text/javascript']),
    );
    const again = await fetch(url + names[0], { headers: { 'if-none-match': answers[0]?.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('serves no other file of its folder or above it', async () => {
    const { url } = await start();
    const answers = await Promise.all(
      ['/sources.sha256', '/../package.json', '/assets/%2e%2e/%2e%2e/build.js'].map((name) => fetch(url + name)),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  test('needs no token, which the API behind it still does', async () => {
    const { url } = await start({ token: 'a-token' });
    const answers = await Promise.all(['/', '/api/v1/overview', '/api/v1/events'].map((name) => fetch(url + name)));
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
  });

  test('says in one sentence how to make it when it was not bundled', async () => {
    const { url } = await start({ page: path.join(bundle.folder, 'nowhere') });
    const answer = await fetch(`${url}/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe(
      'The dashboard is not built yet: run `node setup/with-tools.js --only` in the project and start the inventory again.\n',
    );
  });
});

describe('what the API says about a detector', () => {
  const ask = async (id: string): Promise<unknown> => {
    const { url } = await start();
    const { item } = (await (await fetch(`${url}/api/v1/detectors/${encodeURIComponent(id)}`)).json()) as { item: unknown };
    return item;
  };

  test('is its summary and a next step for a built-in one', async () => {
    expect(await ask('pii.card')).toMatchObject({
      known: true,
      family: 'pii',
      summary: expect.any(String),
      whenStopped: expect.any(String),
    });
  });

  test('is what its family says for one of an operator', async () => {
    expect(await ask('leak.codename')).toMatchObject({
      known: false,
      family: 'leak',
      summary: null,
      meaning: expect.stringContaining('inside'),
    });
  });

  test('is that somebody else reported it for any other', async () => {
    expect(await ask('<b>other</b>')).toMatchObject({ id: '<b>other</b>', known: false, family: '' });
  });
});
