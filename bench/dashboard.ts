import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Inventory, startInventory } from '../src/inventory/server.ts';
import { encodeSpans } from '../src/telemetry/otlp-writer.ts';
import { ownSpan } from '../test/inventory/spans.ts';
import { bundlePage, chromiumFile } from '../test/support/dashboard.ts';
import type { BenchResult, Row } from './harness/record.ts';

const HOSTS = 250;
const PATHS = 'users orders invoices cards loans tickets messages products carts reports'.split(' ');
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const FINDINGS_OF_EACH = 10;
const ENDPOINTS = HOSTS * PATHS.length * METHODS.length;
const SPANS_AT_ONCE = 1000;
const RUNS = 5;
const LIST_MS = 20_000;
const POLL_MS = 10;
const ORDERS = ['host', '-lastSeen'] as const;
const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/**
 * The page in a real Chromium over 10,000 endpoints and 100,000 findings: first contentful paint beside that over an empty inventory, and
 * what a filter takes from the choice until the list is another. Medians in milliseconds;
 * `shownMs`: until nothing of the view is waited for any more, of a filter its slowest run; `blankRatio`: to the same view of the empty one.
 */
export async function dashboard(): Promise<BenchResult> {
  const executablePath = chromiumFile();
  if (executablePath === undefined) throw new Error('no Chromium is on this machine; name one in SLUICE_CHROMIUM');
  const bundle = await bundlePage();
  const start = (): Promise<Inventory> => startInventory({ port: 0, database: ':memory:', openapi: [], page: bundle.folder });
  const [full, blank] = [await start(), await start()];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    await fill(full);
    const rows = [];
    for (const view of ['', 'endpoints', 'findings']) rows.push(await paintRow(browser, { view, full, blank }));
    rows.push(
      await filterRow(browser, full, {
        view: 'endpoints',
        name: 'search',
        change: (page, at) => page.fill('input[type=search]', `host-${at}.`),
      }),
    );
    rows.push(
      await filterRow(browser, full, { view: 'endpoints', name: 'order', change: (page, at) => choose(page, 'Order', ORDERS[at % 2]!) }),
    );
    rows.push(
      await filterRow(browser, full, {
        view: 'findings',
        name: 'severity',
        change: (page, at) => choose(page, 'Severity', SEVERITIES[at % 4]!),
      }),
    );
    return { unit: 'ms', facts: { endpoints: ENDPOINTS, findings: ENDPOINTS * FINDINGS_OF_EACH, runs: RUNS }, rows };
  } finally {
    await browser.close();
    await Promise.all([full.stop(), blank.stop()]);
    bundle.remove();
  }
}

async function fill({ url }: Inventory): Promise<void> {
  for (let from = 0; from < ENDPOINTS; from += SPANS_AT_ONCE) {
    const spans = Array.from({ length: SPANS_AT_ONCE }, (_, at) => spanOf(from + at));
    const { status } = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      body: new Uint8Array(encodeSpans(spans, ORIGIN)),
      headers: { 'content-type': 'application/x-protobuf' },
    });
    if (status !== 200) throw new Error(`the inventory answers ${status}`);
  }
}

function spanOf(index: number) {
  const endUnixMs = Date.now() - index;
  const rows = Array.from(
    { length: FINDINGS_OF_EACH },
    (_, at) => `pii.card|pii|${SEVERITIES[(index + at) % SEVERITIES.length]}|0.99|user|request|redact|redact|${at}|16`,
  );
  return ownSpan(
    { spanId: index.toString(16).padStart(16, '0'), startUnixMs: endUnixMs - 5, endUnixMs },
    {
      'sluice.exchange.id': `exchange-${index}`,
      'server.address': `host-${index % HOSTS}.example`,
      'http.request.method': METHODS[Math.floor(index / HOSTS / PATHS.length)]!,
      'http.route': `/v1/${PATHS[Math.floor(index / HOSTS) % PATHS.length]}`,
      'sluice.finding.count': FINDINGS_OF_EACH,
      'sluice.finding.rows': rows,
    },
  );
}

interface PaintCase {
  readonly view: string;
  readonly full: Inventory;
  readonly blank: Inventory;
}

async function paintRow(browser: Browser, { view, full, blank }: PaintCase): Promise<Row> {
  const [loaded, empty] = [await paints(browser, full, view), await paints(browser, blank, view)];
  const blankRatio = Number((loaded.paintMs / empty.paintMs).toFixed(2));
  return { view: view || 'overview', what: 'first contentful paint', ms: loaded.paintMs, shownMs: loaded.shownMs, blankRatio };
}

async function paints(browser: Browser, { url }: Inventory, view: string): Promise<{ readonly paintMs: number; readonly shownMs: number }> {
  const runs: { paintMs: number; shownMs: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage();
    await page.goto(`${url}/#/${view}`);
    await page.waitForSelector('h1');
    await page.waitForSelector('.skeleton', { state: 'detached' });
    runs.push(
      await page.evaluate<{ paintMs: number; shownMs: number }>(
        `({ paintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime, shownMs: performance.now() })`,
      ),
    );
    await page.close();
  }
  return { paintMs: median(runs.map(({ paintMs }) => paintMs)), shownMs: median(runs.map(({ shownMs }) => shownMs)) };
}

interface FilterCase {
  readonly view: string;
  readonly name: string;
  readonly change: (page: Page, run: number) => Promise<unknown>;
}

/** From the event of the changed field until the list in the page has other rows. */
async function filterRow(browser: Browser, { url }: Inventory, { view, name, change }: FilterCase): Promise<Row> {
  const page = await browser.newPage();
  await page.goto(`${url}/#/${view}`);
  await page.waitForSelector('.findings li, tbody tr');
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await page.evaluate(WATCH_LIST);
    await change(page, run);
    runs.push(await listedMs(page));
  }
  await page.close();
  return { view, what: `filter ${name}`, ms: median(runs), shownMs: Math.round(Math.max(...runs)), blankRatio: '' };
}

/** The page's policy allows no scripts as text, so the list is asked for from here. */
async function listedMs(page: Page): Promise<number> {
  for (const deadline = Date.now() + LIST_MS; Date.now() < deadline; await delay(POLL_MS)) {
    const ms = await page.evaluate<number | undefined>('window.listedMs');
    if (ms !== undefined) return ms;
  }
  throw new Error('the list did not change');
}

/** Runs in the page: notes how long after the next change of a field the list changes. */
const WATCH_LIST = `(() => {
  window.listedMs = undefined;
  const rows = () => [...document.querySelectorAll('tbody th, .findings .marks')].map((row) => row.textContent).join();
  const before = rows();
  let fromMs = 0;
  addEventListener('input', () => (fromMs = performance.now()), { capture: true, once: true });
  const observer = new MutationObserver(() => {
    if (fromMs === 0 || rows() === before) return;
    observer.disconnect();
    window.listedMs = performance.now() - fromMs;
  });
  observer.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
})()`;

const choose = (page: Page, title: string, value: string): Promise<unknown> => page.getByLabel(title).selectOption(value);

function median(all: readonly number[]): number {
  return Math.round(all.toSorted((left, right) => left - right)[Math.floor(all.length / 2)] ?? 0);
}
