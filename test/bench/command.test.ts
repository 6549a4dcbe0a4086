import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { warningsOf } from '../policy/compiled.ts';
import { startProcess } from '../support/processes.ts';

const bench = path.resolve(import.meta.dirname, '../../bench');

async function run(...args: readonly string[]) {
  const started = startProcess(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(bench, 'main.ts'), ...args]);
  const { code } = await started.ended;
  return { code, stdout: started.stdout.join('\n'), stderr: started.stderr.join('\n') };
}

describe('npm run bench', () => {
  test.each([
    [],
    ['nothing'],
    ['constructor'],
    ['hop', 'scan'],
    ['hop', '--speed', '9'],
    ['memory', '--minutes', '0'],
    ['stream', '--streams', 'x'],
  ])('with %j %j %j says what there is, and measures nothing', async (...args) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    for (const name of ['hop', 'scan', 'stream', 'large', 'loop', 'memory', 'inventory', 'all']) expect(stderr).toContain(name);
  });
});

test('the policy of the arms that enforce loads without a warning', () => {
  expect(warningsOf(readFileSync(path.join(bench, 'full-policy.yaml'), 'utf8'))).toEqual([]);
});
