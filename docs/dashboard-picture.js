// Takes docs/dashboard.png from the dashboard in a real Chromium, after the bank story: `npm run docs`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const root = path.dirname(import.meta.dirname);
const SIZE = { width: 1280, height: 860 };
const WAIT_MS = 120_000;

const executablePath = [process.env.SLUICE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
);
if (executablePath === undefined) throw new Error('no Chromium is on this machine; name one in SLUICE_CHROMIUM');

const state = mkdtempSync(path.join(tmpdir(), 'sluice-picture-'));
const flags = ['--disable-warning=ExperimentalWarning', path.join(root, 'src/cli.ts'), 'up', '--story', '--stay', '--port', '0'];
const run = spawn(process.execPath, flags, {
  env: { ...process.env, NO_COLOR: '1', XDG_STATE_HOME: state },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => run.on('close', resolve));
try {
  const inventory = await addressAfterTheStory();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
  await page.goto(inventory);
  await page.waitForSelector('.card');
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.screenshot({ path: path.join(root, 'docs/dashboard.png') });
  await browser.close();
} finally {
  run.kill('SIGINT');
  await ended;
  rmSync(state, { recursive: true, force: true });
}

/** The page's address, which `up` prints once the story has been told to its end. */
async function addressAfterTheStory() {
  let said = '';
  run.stdout.on('data', (bytes) => (said += bytes));
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline && run.exitCode === null) {
    const [, address] = /^ {2}dashboard +(http:\S+) /m.exec(said) ?? [];
    if (address !== undefined) return address;
    await delay(100);
  }
  throw new Error(`the story did not come to its end:\n${said}`);
}
