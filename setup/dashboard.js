// The web page: bundled from dashboard/ into dashboard/built/; skipped while the stamp of the last bundle matches its sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture, lastLines, root, SetupError, step, toolPath } from './step.js';

const sources = path.join(root, 'dashboard');
const built = path.join(sources, 'built');
const stamp = path.join(built, 'sources.sha256');

/** Bundles the page when its sources or the packages changed. */
export async function buildDashboard(node) {
  const wanted = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const fresh = `${built}-${process.pid}`;
  const env = { ...process.env, PATH: toolPath(node) };
  const script = path.join(sources, 'build.js');
  const { code, output } = await step('bundling the dashboard', () => capture(node, [script, fresh], { cwd: root, env }));
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new SetupError(
      `the dashboard was not bundled:\n${lastLines(output)}`,
      'read the lines above; if they name a package, remove node_modules and run this again',
    );
  }
  writeFileSync(path.join(fresh, 'sources.sha256'), wanted);
  rmSync(built, { recursive: true, force: true });
  renameSync(fresh, built);
}

function sourceHash() {
  const names = readdirSync(sources, { recursive: true })
    .map(String)
    .filter((name) => path.extname(name) !== '' && !name.startsWith('built') && !name.startsWith('shots'))
    .sort();
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const name of names) hash.update(name).update(readFileSync(path.join(sources, name)));
  return hash.digest('hex');
}
