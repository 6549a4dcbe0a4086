import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import type { SpanData } from '../../src/telemetry/span.ts';
import { toldPolicy } from '../inventory/policy-spans.ts';
import { ownSpan } from '../inventory/spans.ts';
import { type Bundle, bundlePage, chromiumFile } from '../support/dashboard.ts';

const file = chromiumFile();

test.skipIf(file === undefined)('Chromium is on this machine; without it the page is not tried', () => {
  expect(file).toBeDefined();
});

/** Names as attackers choose them; each would call `alert` or leave its element where a page is careless. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "';alert(1);//",
  'javascript:alert(1)',
  '</title><svg/onload=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202egnp.evil\u202c',
  '#{alert(1)}',
  '__proto__',
  `a${'very-long-name-without-a-place-to-break'.repeat(6)}`,
] as const;

const VIEWS = ['', 'endpoints', 'findings', 'agents', 'flows', 'live', 'nowhere'] as const;
const WIDTHS = [360, 768, 1280, 2560] as const;
const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const ROWS = [
  'injection.direct|injection|high|0.95|user|request|deny|deny|0|40',
  'pii.card|pii|high|0.99|output|response|redact|redact|10|16',
  'secret.jwt|secret|critical|1|output|response|observe|observe|0|40',
] as const;

const span = (index: number, name: string) => {
  const endUnixMs = Date.now() - index * 60_000;
  return ownSpan(
    { spanId: index.toString(16).padStart(16, '0'), startUnixMs: endUnixMs - 40, endUnixMs },
    {
      'sluice.exchange.id': `exchange-${index} ${name}`,
      'server.address': `host-${index}.example`,
      'http.route': `/v1/${name}`,
      'sluice.finding.count': 1,
      'sluice.finding.rows': [ROWS[index % ROWS.length] ?? ''],
      'sluice.exchange.uninspected': [`response:${name}`],
      'sluice.tools.declared': [name],
      'sluice.tools.called': [name],
      'gen_ai.agent.name': name,
      'gen_ai.request.model': name,
      'user_agent.original': name,
      'sluice.request.shape': [' object', '/name string'],
      'sluice.agent.uses': [`tools|3|0|${name}`, `tools|0|2|refused ${name}`, `models|1|0|${name}`],
    },
  );
};

const HARMLESS = ['planner', 'billing-bot', 'gpt-5-mini'] as const;

const send = (inventory: Inventory, names: readonly string[]): Promise<void> =>
  sendSpans(
    inventory,
    names.map((name, index) => span(index, name)),
  );

/** A policy whose agents are granted these names, one of which none has used, by a filter that was heard of so long ago. */
const grants = (agents: readonly string[], entries: readonly string[], agoMs = 0) => {
  const tools = JSON.stringify([...entries, 'never_used']);
  const rows = agents.map((agent) => `${agent}: {identify: {userAgent: [x]}, models: [], tools: ${tools}}`);
  const heardMs = Date.now() - agoMs;
  return toldPolicy({ yaml: `agents: {${rows.join(', ')}}`, loadedMs: heardMs - 3_600_000, heardMs });
};

async function sendSpans(inventory: Inventory, spans: readonly SpanData[]): Promise<void> {
  const body = new Uint8Array(encodeSpans(spans, ORIGIN));
  const { status } = await fetch(`${inventory.url}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect(status).toBe(200);
}

const shots = path.resolve(import.meta.dirname, '../../dashboard/shots');

describe.runIf(file !== undefined)('the web page in a real Chromium', () => {
  let bundle: Bundle;
  let browser: Browser;
  let full: Inventory;
  let hostile: Inventory;
  let blank: Inventory;
  const start = (): Promise<Inventory> => startInventory({ port: 0, database: ':memory:', openapi: [], page: bundle.folder });
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    bundle = await bundlePage();
    [full, hostile, blank] = await Promise.all([start(), start(), start()]);
    await send(full, HARMLESS);
    await sendSpans(full, grants(['planner', 'billing-bot'], HARMLESS));
    await send(hostile, HOSTILE);
    await sendSpans(hostile, grants([`a${'-very-long'.repeat(6)}`], HOSTILE));
    browser = await chromium.launch({ executablePath: file!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([full, hostile, blank].map((inventory) => inventory?.stop()));
    bundle?.remove();
  });

  interface Watched {
    readonly page: Page;
    /** What went wrong: script errors, refusals of the content security policy, dialogs, requests to elsewhere. */
    readonly trouble: readonly string[];
  }

  async function open(inventory: Inventory, view: string, { width = 1280, dark = false } = {}): Promise<Watched> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' });
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => request.url().startsWith(`${inventory.url}/`) || trouble.push(`elsewhere: ${request.url()}`));
    await page.goto(`${inventory.url}/#/${view}`);
    await page.waitForSelector('h1');
    await page.waitForFunction(() => document.querySelector('.skeleton') === null);
    return { page, trouble };
  }

  const endpointView = async ({ url }: Inventory): Promise<string> => {
    const { items } = (await (await fetch(`${url}/api/v1/endpoints?limit=1`)).json()) as { items: readonly { id: string }[] };
    return `endpoints/${items[0]?.id}`;
  };

  /** Pixels the page is wider than the window, and texts that do not fit into their element. */
  const misfits = (page: Page): Promise<readonly string[]> =>
    page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - innerWidth;
      const isText = (element: Element): boolean =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
      const clipped = [...document.querySelectorAll('main *, nav *')].filter(
        (element) =>
          element instanceof HTMLElement &&
          isText(element) &&
          element.closest('.unseen, .skip, select') === null &&
          element.getBoundingClientRect().right > innerWidth + 1,
      );
      return [...(wide > 0 ? [`${wide} pixels too wide`] : []), ...clipped.map((element) => element.textContent ?? '')];
    });

  const every = VIEWS.flatMap((view) => WIDTHS.map((width) => [view === '' ? 'overview' : view, width, view] as const));

  test('is tried in every view at every width', () => expect(every.length).toBe(28));

  test.each(every)('%s fits %i pixels, with the longest names too', async (name, width, view) => {
    const { page, trouble } = await open(hostile, view, { width });
    await page.screenshot({ path: path.join(shots, `${name}-${width}-long-names.png`), fullPage: true });
    expect(await misfits(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test.each(WIDTHS)('an endpoint’s page fits %i pixels, with the longest names too', async (width) => {
    const { page, trouble } = await open(hostile, await endpointView(hostile), { width });
    expect(await misfits(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  const shown = ['overview', ...VIEWS.slice(1), 'endpoint'].flatMap((view) =>
    [false, true].map((dark) => [view, dark ? 'dark' : 'light'] as const),
  );

  test.each(shown)('%s in %s has nothing that axe-core calls serious or critical', async (name, scheme) => {
    const view = name === 'overview' ? '' : name === 'endpoint' ? await endpointView(full) : name;
    const { page, trouble } = await open(full, view, { dark: scheme === 'dark' });
    await page.screenshot({ path: path.join(shots, `${name}-1280-${scheme}.png`), fullPage: true });
    expect(await axe(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 780 });
    await page.screenshot({ path: path.join(shots, `${name}-360-${scheme}.png`), fullPage: true });
    expect(await axe(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test.each(['', 'endpoints', 'findings', 'agents', 'flows', 'live'])('hostile names are plain text in the view "%s"', async (view) => {
    const { page, trouble } = await open(hostile, view);
    expect(await page.evaluate(() => document.querySelectorAll('main script, main img, main svg[onload], [onerror]').length)).toBe(0);
    expect(await page.evaluate(() => [...document.querySelectorAll('a')].filter(({ protocol }) => protocol !== 'http:').length)).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('an empty inventory says what to do', async () => {
    const { page } = await open(blank, '');
    expect(await page.textContent('.empty')).toContain('No traffic has been seen yet');
    await page.screenshot({ path: path.join(shots, 'empty-1280-light.png'), fullPage: true });
    await page.close();
  });

  test('an endpoint that is not there is an error with a next step', async () => {
    const { page } = await open(full, 'endpoints/ffffffffffffffffffffffff');
    expect(await page.textContent('.failure')).toContain('no such row');
    await page.screenshot({ path: path.join(shots, 'error-1280-light.png'), fullPage: true });
    await page.close();
  });

  test.each([360, 1280])('a filter that went silent is said at %i pixels, with when it was heard of last', async (width) => {
    const short = await start();
    await send(short, HARMLESS);
    await sendSpans(short, grants(['planner'], [], 10 * 60_000));
    const { page } = await open(short, '', { width });
    await page.waitForSelector('.banner');
    expect(await page.textContent('.banner')).toContain('no filter reports any more. The last word of one came 10 min. ago');
    expect(await axe(page)).toEqual([]);
    expect(await misfits(page)).toEqual([]);
    await page.screenshot({ path: path.join(shots, `silent-${width}-light.png`), fullPage: true });
    await sendSpans(short, grants(['planner'], []));
    const bannersOnReload = async (): Promise<number> => {
      await page.reload();
      await page.waitForSelector('.card');
      return page.locator('.banner').count();
    };
    await expect.poll(bannersOnReload, { timeout: 10_000 }).toBe(0); // the page may be made of what was known a moment ago
    await page.close();
    await short.stop();
  });

  test.each([360, 1280])(
    'what agents are granted and never used is opened by the keyboard at %i pixels, with the command',
    async (width) => {
      const { page, trouble } = await open(full, 'agents', { width });
      const agent = page.locator('.findings summary', { hasText: 'planner' });
      expect((await agent.textContent())?.replaceAll(/\s+/g, ' ').trim()).toMatch(/^3 never used 2 refused planner 1 of 4 entries used /);
      await agent.focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('.opened table');
      const rows = await page.locator('.opened tbody tr').allInnerTexts();
      expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim()).filter((row) => row.includes('never_used'))).toEqual([
        expect.stringContaining('never used: revoke?'),
      ]);
      expect(rows.length).toBe(6);
      expect(await page.textContent('.opened')).toContain('sluice agents tighten planner');
      expect(await page.textContent('.opened')).toContain('Nothing is granted of: models.');
      expect(await axe(page)).toEqual([]);
      expect(await misfits(page)).toEqual([]);
      expect(trouble).toEqual([]);
      await page.screenshot({ path: path.join(shots, `grants-${width}-light.png`), fullPage: true });
      await page.close();
    },
  );

  test('the longest and worst names of grants fit 360 pixels, inert', async () => {
    const { page, trouble } = await open(hostile, 'agents', { width: 360 });
    await page.locator('.findings summary').first().click();
    await page.waitForSelector('.opened table');
    expect(await misfits(page)).toEqual([]);
    expect(await page.evaluate(() => document.querySelectorAll('main script, main img, [onerror]').length)).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('what is dismissed is in no total, and is said to be left out', async () => {
    const own = await start();
    await send(own, HARMLESS);
    const { items } = (await (await fetch(`${own.url}/api/v1/findings`)).json()) as { items: readonly { id: string }[] };
    const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const body = JSON.stringify({ finding: items[0]?.id, until, reason: 'looked at' });
    const made = await fetch(`${own.url}/api/v1/dismissals`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(made.status).toBe(201);
    const { page } = await open(own, '');
    await page.waitForFunction(() => document.querySelector('.figures li')?.textContent?.startsWith('2 ') ?? false);
    const figures = (await page.locator('.figures li').allTextContents()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(figures.slice(0, 2)).toEqual(['2 open findings 1 dismissed; in 3 exchanges', '1 of them stopped 1 went through']);
    await page.waitForFunction(() => document.querySelector('.legend')?.textContent?.includes('1 dismissed') ?? false);
    expect(await page.textContent('.legend')).toContain('2 open findings, 1 stopped; 1 dismissed, not counted');
    expect(await page.locator('.card').count()).toBe(2);
    const live = await open(own, 'live');
    await live.page.waitForSelector('.pulse:not(.away)');
    await sendSpans(own, [
      { ...span(0, 'planner'), spanId: 'f'.repeat(16), attributes: { ...span(0, 'planner').attributes, 'sluice.exchange.id': 'again' } },
    ]);
    await live.page.waitForSelector('.lines code');
    expect(await live.page.textContent('.lines')).toContain('dismissed');
    await live.page.close();
    await page.close();
    await own.stop();
  });

  test('an inventory that went away is said, and what was seen stays', async () => {
    const short = await start();
    await send(short, HARMLESS);
    const { page } = await open(short, '');
    await page.waitForSelector('.card');
    await short.stop();
    await page.waitForSelector('.banner', { timeout: 40_000 });
    expect(await page.textContent('.banner')).toContain('Out of date: the inventory does not answer. You see what it knew at ');
    expect(await page.locator('.card').count()).toBeGreaterThan(0);
    await page.screenshot({ path: path.join(shots, 'stale-1280-light.png'), fullPage: true });
    await page.close();
  });

  test('a token is asked for, and with it the page shows what the inventory knows', async () => {
    const guarded = await startInventory({ port: 0, database: ':memory:', openapi: [], page: bundle.folder, token: 'a-token' });
    const page = await browser.newPage();
    await page.goto(guarded.url);
    await page.fill('input[type=password]', 'a-token');
    await page.click('button[type=submit]');
    await page.waitForSelector('.empty');
    expect(await page.textContent('h1')).toBe('Overview');
    await page.close();
    await guarded.stop();
  });

  test('everything is reached with the keyboard, in order, beginning with the way past the navigation', async () => {
    const { page } = await open(full, 'endpoints');
    await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
    const reached: string[] = [];
    for (let count = 0; count < 40; count++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent?.slice(0, 20)}`));
    }
    const wanted = await page.evaluate(
      () => document.querySelectorAll('main a, main button:not(:disabled), main select, main input, nav a').length,
    );
    expect(new Set(reached.filter((one) => !one.startsWith('BODY'))).size).toBeGreaterThan(0);
    expect(reached.filter((one) => !one.startsWith('BODY')).length).toBeGreaterThanOrEqual(Math.min(wanted, 40 - 2));
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await page.close();
  });

  test('a search narrows the list to what fits', async () => {
    const { page } = await open(full, 'endpoints');
    await page.fill('input[type=search]', 'billing');
    await page.waitForFunction(() => document.querySelector('.total')?.textContent === '1 endpoint');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.close();
  });

  test('a finding opens to what it means and what to do', async () => {
    const { page } = await open(full, 'findings');
    await page.locator('.findings summary').first().click();
    await page.waitForSelector('.opened .advice');
    expect(await page.textContent('.opened')).toContain('What to do:');
    await page.close();
  });

  test.each([360, 1280])('a false alarm is dismissed at %i pixels, gives the row for a policy, and is taken back', async (width) => {
    const own = await start();
    await send(own, [HOSTILE[9]]);
    const { page, trouble } = await open(own, 'findings', { width });
    await page.locator('.findings summary').first().click();
    await page.getByText('A false alarm? Dismiss it').click();
    await page.fill('.dismissal input[name=reason]', 'SEC-412, looked at');
    await page.uncheck('.dismissal input[name=agent]');
    expect(await axe(page)).toEqual([]);
    expect(await misfits(page)).toEqual([]);
    await page.screenshot({ path: path.join(shots, `dismiss-${width}-light.png`), fullPage: true });
    await page.click('.dismissal button[type=submit]');
    const row = await page.inputValue('.row-to-add');
    expect(row).toContain('exceptions:\n  - {detector: injection.direct, host: host-0.example, path: ');
    expect(row).toContain('reason: "SEC-412, looked at"');
    expect(row).not.toContain('agent');
    expect(await axe(page)).toEqual([]);
    expect(await misfits(page)).toEqual([]);
    await page.screenshot({ path: path.join(shots, `dismissed-${width}-light.png`), fullPage: true });
    await page.getByText('Take back').click();
    await page.waitForSelector('.dismissal input[name=reason]', { state: 'attached' });
    expect(trouble).toEqual([]);
    await page.close();
    await own.stop();
  });

  test.each([360, 1280])('what is waited for is said at %i pixels', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.route('**/api/v1/endpoints*', () => {}); // never answered
    await page.goto(`${full.url}/#/endpoints`);
    await page.waitForSelector('.skeleton');
    expect(await page.textContent('.skeleton')).toContain('Loading');
    expect(await misfits(page)).toEqual([]);
    await page.screenshot({ path: path.join(shots, `loading-${width}-light.png`), fullPage: true });
    await page.close();
  });

  test('the live view shows a finding as it comes', async () => {
    const live = await start();
    const { page } = await open(live, 'live');
    await page.waitForSelector('.pulse:not(.away)');
    await send(live, ['planner']);
    await page.waitForSelector('.lines code');
    expect(await page.textContent('.lines')).toContain('injection.direct');
    await page.close();
    await live.stop();
  });
});

/** Ids of serious and critical rules that axe-core finds broken, with the elements. It runs by way of the debugger, past the page's policy. */
async function axe(page: Page): Promise<readonly string[]> {
  const { default: core } = await import('axe-core');
  await page.evaluate(core.source);
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as { readonly axe: { run(): Promise<{ readonly violations: readonly Violation[] }> } };
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { violations } = await run.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  });
}
