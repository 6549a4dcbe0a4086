// Draws the pictures of docs/backends/ from real runs: needs Chromium and the backends of `node setup/backends.js phoenix mlflow`.
//
//   node setup/with-tools.js node docs/backend-pictures.js [phoenix] [mlflow]
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CRAFTED_QUESTION } from '../src/demo/bank.ts';
import { readBackendPage, startBackend, untilAnswering } from '../test/support/backends.ts';
import { chromiumFile } from '../test/support/dashboard.ts';
import { startSluice, waitFor } from '../test/support/processes.ts';

const WAIT_MS = 120_000;
const VIEWPORT = { width: 1280, height: 720 };

/** `open` opens the trace and waits for its spans. */
const PICTURES = [
  {
    name: 'phoenix',
    port: '6006',
    ready: '/healthz',
    async open(page, url, traceId) {
      await page.goto(`${url}/redirects/traces/${traceId}`);
      await page.getByText('run_guardrail injection.direct').first().click();
      await page.getByRole('tab', { name: 'Attributes' }).click();
    },
  },
  {
    name: 'mlflow',
    port: '5000',
    ready: '/health',
    async open(page, url, traceId) {
      await page.goto(`${url}/#/experiments/0/traces?selectedEvaluationId=tr-${traceId}`);
      await page.getByText('run_guardrail injection.direct').first().click();
    },
  },
];

async function draw({ name, port, ready, open }) {
  const state = mkdtempSync(path.join(tmpdir(), 'sluice-state-'));
  const backend = await startBackend(readBackendPage(name));
  const browser = await chromium.launch({ executablePath: chromiumFile(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const url = `http://127.0.0.1:${backend.port(port)}`;
    await untilAnswering(url + ready, WAIT_MS);
    const traceId = randomBytes(16).toString('hex');
    await ask(traceId, { XDG_STATE_HOME: state, ...backend.environment });
    await waitFor(() => (backend.ask(traceId).includes('run_guardrail') ? true : undefined), WAIT_MS);
    const page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(WAIT_MS);
    await open(page, url, traceId);
    await page.waitForTimeout(3_000); // panels slide in
    await page.screenshot({ path: path.join(import.meta.dirname, 'backends', `${name}.png`) });
  } finally {
    await browser.close();
    await backend.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

/** The crafted question, through `sluice up`; its telemetry has left when this resolves. */
async function ask(traceId, environment) {
  const run = startSluice(['up', '--json', '--port', '0'], { environment });
  const { gateway } = JSON.parse(await run.line('stdout', () => true));
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    body: JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: CRAFTED_QUESTION }] }),
  });
  await response.text();
  run.kill('SIGINT');
  await run.ended;
}

const asked = process.argv.slice(2);
for (const picture of PICTURES) if (asked.length === 0 || asked.includes(picture.name)) await draw(picture);
