import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Context, Hono } from 'hono';

/** The web page over the API as it was bundled: its files, held in memory. */
export type Page = ReadonlyMap<string, PageFile>;

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/** Endings that a bundle has; any other file in its folder is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the page may do, as headers of every answer that belongs to it. Nothing inline, nothing from elsewhere, in nobody's frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No script turns a text into markup or code: what a hostile name would need.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const NOT_BUILT = 'The dashboard is not built yet: run `node setup/with-tools.js --only` in the project and start the inventory again.\n';

/** Reads the files of a bundle by their path (`/index.html`); undefined when the folder has none. */
export function readPage(folder: string): Page | undefined {
  let names: readonly string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return undefined; // no folder: nothing was bundled
  }
  const served = names.filter((name) => TYPES[path.extname(name)] !== undefined);
  const files = new Map(served.map((name) => [`/${name.split(path.sep).join('/')}`, readFile(path.join(folder, name))]));
  return files.has('/index.html') ? files : undefined;
}

function readFile(file: string): PageFile {
  const bytes = new Uint8Array(readFileSync(file));
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}"`;
  return { bytes, type: TYPES[path.extname(file)] ?? '', etag };
}

/** Serves the page at `/`; it holds no data, so it needs no token. Without a bundle `/` says in one sentence how to make it. */
export function createPage(page: Page | undefined): Hono {
  const app = new Hono();
  if (page === undefined) return app.get('/', (context) => context.text(NOT_BUILT, 503, PAGE_HEADERS));
  for (const [name, file] of page) app.get(name === '/index.html' ? '/' : name, (context) => answer(context, name, file));
  return app;
}

/** Names of assets carry a hash of their content: they never change. */
const FOREVER = 'public, max-age=31536000, immutable';

function answer(context: Context, name: string, { bytes, type, etag }: PageFile): Response {
  for (const [header, value] of Object.entries(PAGE_HEADERS)) context.header(header, value);
  context.header('cache-control', name.startsWith('/assets/') ? FOREVER : 'no-cache');
  context.header('etag', etag);
  if (context.req.header('if-none-match') === etag) return context.body(null, 304);
  return context.body(bytes, 200, { 'content-type': type });
}
