import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const counts = (name: string, content: unknown): string => {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const allPassed = (passed: number) => ({ passed, failed: 0, failures: [] });
const sum = (...files: string[]) => {
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'setup/counts.js'), ...files], { encoding: 'utf8' });
  return { status, stdout };
};

describe('the sum of test runs', () => {
  test('adds up runs and succeeds when all passed', () => {
    expect(sum(counts('a.json', allPassed(3)), counts('b.json', allPassed(4)))).toEqual({
      status: 0,
      stdout: '7 passed, 0 failed\n',
    });
  });

  test('fails when one test failed', () => {
    expect(sum(counts('a.json', { passed: 3, failed: 1, failures: ['x.test.ts: a thing: no'] }))).toEqual({
      status: 1,
      stdout: 'failed: x.test.ts: a thing: no\n3 passed, 1 failed\n',
    });
  });

  test('fails when no test ran at all', () => {
    expect(sum(counts('a.json', allPassed(0)))).toEqual({ status: 1, stdout: '0 passed, 0 failed\n' });
  });

  test('counts a run that left no counts, or broken ones, as a failure', () => {
    const broken = path.join(folder, 'broken.json');
    writeFileSync(broken, '{"pas');
    expect(sum(counts('a.json', allPassed(3)), path.join(folder, 'missing.json'), broken)).toEqual({
      status: 1,
      stdout: 'failed: missing.json: left no counts\nfailed: broken.json: left no counts\n3 passed, 2 failed\n',
    });
  });
});

describe('the reporter that counts', () => {
  test('adds passed, failed and skipped tests and modules that cannot be loaded, and says where they failed', () => {
    const file = path.join(folder, 'run.json');
    writeFileSync(
      path.join(folder, 'one.test.ts'),
      "import { test } from 'vitest'; test('a', () => {}); test('b', () => { throw new Error('no'); }); test.skip('c', () => {});",
    );
    writeFileSync(path.join(folder, 'two.test.ts'), 'import nothing from "./nowhere.ts"; nothing();');
    writeFileSync(path.join(folder, 'vitest.config.ts'), 'export default { test: { include: ["*.test.ts"] } };');
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const reporter = path.join(root, 'test/support/vitest-count-reporter.ts');
    const args = [vitest, 'run', '--root', folder, '--reporter', reporter];
    writeFileSync(file, JSON.stringify({ passed: 5, failed: 1, skipped: 2, failures: ['of the run before'] }));
    expect(spawnSync(process.execPath, args, { env: { ...process.env, SLUICE_TEST_COUNTS: file }, cwd: root }).status).toBe(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      passed: 6,
      failed: 3,
      skipped: 3,
      failures: [
        'of the run before',
        expect.stringMatching(/^one\.test\.ts: b: no \(.*one\.test\.ts:1\)$/),
        expect.stringMatching(/^two\.test\.ts: \(the module\): /),
      ],
    });
  });
});

describe('.ci/run', () => {
  test('is a script that bash can read', () => {
    execFileSync('bash', ['-n', path.join(root, '.ci/run')]);
  });
});
