import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A bundle of the web page in a folder of its own. */
export interface Bundle {
  readonly folder: string;
  remove(): void;
}

/** Bundles the page as set-up does. The folder stands in dashboard/, whose packages vite resolves, and git ignores it. */
export async function bundlePage(): Promise<Bundle> {
  const folder = mkdtempSync(path.join(root, 'dashboard/built-test-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const building = startProcess(process.execPath, [path.join(root, 'dashboard/build.js'), folder]);
  const { code } = await building.ended;
  if (code === 0) return { folder, remove };
  remove();
  throw new Error(`the page was not bundled:\n${building.stderr.join('\n')}`);
}

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** A Chromium of this machine; SLUICE_CHROMIUM names another one. Undefined when there is none. */
export function chromiumFile(): string | undefined {
  const named = process.env['SLUICE_CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...BROWSERS].find((file) => existsSync(file));
}
