import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../setup/node-flags.js';
import { alive, startProcess } from '../support/processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

let clone: string;
let state: string;
beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'sluice-tutorial-'));
  state = path.join(clone, 'state');
  // What the commands use of a clone; `bin/sluice` without the set-up, which has been.
  mkdirSync(path.join(clone, 'bin'));
  const words = [process.execPath, ...NODE_FLAGS, path.join(root, 'src/cli.ts')].map((word) => `'${word}'`);
  writeFileSync(path.join(clone, 'bin/sluice'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(path.join(clone, 'bin/sluice'), 0o755);
  cpSync(path.join(root, 'src/demo/bank-policy.yaml'), path.join(clone, 'src/demo/bank-policy.yaml'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** The commands of the page, block after block. */
const blocks = (page: string): readonly string[] =>
  page
    .split('```sh\n')
    .slice(1)
    .map((part) => part.split('```')[0] ?? '');

/** Until a page whose wait never ends is given up. */
const RUN_MS = 200_000;

test('the tutorial does what it says, command by command', { timeout: 240_000 }, async () => {
  const commands = blocks(readFileSync(path.join(root, 'docs/tutorial.md'), 'utf8'));
  expect(commands).toHaveLength(9);
  // Each block tells that it is over; the run ends with what was started when one fails.
  const script = commands.map((block, at) => `${block}\necho "[block ${at + 1} done]"\n`).join('');
  const guard = `set -e\ntrap 'test -s run.json && kill "$(node -p "JSON.parse(require(\\"fs\\").readFileSync(\\"run.json\\")).pid")" 2>/dev/null || true' EXIT\n`;
  const git = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Ann'],
      [`GIT_${who}_EMAIL`, 'ann@example.org'],
    ]),
  );
  const run = startProcess('bash', ['-c', guard + script], {
    cwd: clone,
    environment: { ...NODE_ENVIRONMENT, ...git, XDG_STATE_HOME: state, SLUICE_INVENTORY_TOKEN: '' },
  });
  const tooLong = setTimeout(() => run.kill('SIGTERM'), RUN_MS);
  const { code } = await run.ended;
  clearTimeout(tooLong);
  const said = run.stdout.join('\n');
  expect([code, run.stdout.filter((line) => line.startsWith('[block'))]).toEqual([0, commands.map((_, at) => `[block ${at + 1} done]`)]);
  const parts = said.split(/\[block \d done\]\n?/);
  expect(parts[2]).toContain('"code":"content_filter"');
  expect(parts[3]).toContain('[REDACTED:pii.email]');
  expect(parts[4]).toMatch(/ {2}deny +injection\./);
  expect(parts[5]).toMatch(/^\+ {2}- \{detector: pii\.email, .*routeName: provider, .*lane: output/m);
  expect(parts[6]).toContain('anna.keller@');
  const { pid } = JSON.parse(readFileSync(path.join(clone, 'my-bank/run.json'), 'utf8')) as { pid: number };
  expect(alive([pid])).toEqual([]);
});
