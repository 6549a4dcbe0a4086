import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSluice, startSluice, waitFor } from '../support/processes.ts';

let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-e2e-'));
  environment = { XDG_STATE_HOME: path.join(folder, 'state'), XDG_CONFIG_HOME: path.join(folder, 'config') };
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const where = path.join(folder, name);
  writeFileSync(where, text);
  return where;
}

const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}) => runSluice(args, { environment: { ...environment, ...more } });

test('serve on a port in use exits with 4 and says which, and what to do', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const at = `127.0.0.1:${(taken.address() as { port: number }).port}`;
  const { code, stdout, stderr } = await run(['serve', '--listen', at, '--admin', '127.0.0.1:0']);
  await new Promise((resolve) => taken.close(resolve));
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toContain(`error ${at}`);
  expect(stderr).toContain('next: stop that process, or choose another port (0 takes any free one)  [address-in-use]');
});

const own = (pattern: string, examples = '') =>
  `version: 1\ndetectors:\n  secret.ticket:\n    pattern: '${pattern}'\n    action: redact\n${examples}`;

describe('serve refuses a policy with 3, naming the place and the remedy', () => {
  test.each([
    ['an unknown key', 'version: 1\nfailMode: {onLimits: deny}\n', /policy\.yaml:2:12: .*unknown key "onLimits"; did you mean "onLimit"\?/],
    [
      'an unknown detector',
      'version: 1\ndetectors:\n  pii.crad: {action: deny}\n',
      /policy\.yaml:3:3: .*"pii\.crad".*did you mean "pii\.card"\?/,
    ],
    ['a pattern that is none', own('(TCK'), /policy\.yaml:4:\d+: /],
    ['a pattern with a look-ahead', own('TCK(?=-)'), /policy\.yaml:4:\d+: .*look/i],
    ['an example that is not found', own('TCK-[0-9]{6}', "    examples: {finds: ['TCK-123456', 'TCK-12']}\n"), /policy\.yaml:6:\d+: /],
    [
      'an example that is found but must not be',
      own('TCK-[0-9]{6}', "    examples: {ignores: ['see TCK-123456']}\n"),
      /policy\.yaml:6:\d+: /,
    ],
    ['an action that is none', 'version: 1\ndetectors:\n  pii.card: {action: redcat}\n', /policy\.yaml:3:\d+: .*redact/],
  ])('%s', async (_, text, message) => {
    const { code, stdout, stderr } = await run(['serve', '--policy', file('policy.yaml', text), '--listen', ':0', '--admin', ':0']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toContain('next: correct the line named above, then run `sluice policy lint FILE`  [policy-invalid]');
  });
});

test('up with a token for the inventory in the environment fills the inventory all the same', async () => {
  const more = { SLUICE_INVENTORY_TOKEN: 'a-token-of-the-test' };
  const up = startSluice(['up', '--json', '--port', '0'], { environment: { ...environment, ...more } });
  try {
    const { gateway, inventory } = JSON.parse(await up.line('stdout', (line) => line.startsWith('{'))) as Record<string, string>;
    const body = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'When do you open?' }] });
    const asked = await fetch(`${gateway}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const listed = await waitFor(async () => {
      const { code, stdout } = await run(['inventory', 'list', '--json'], more);
      return code === 0 && stdout.includes('/v1/chat/completions') ? stdout : undefined;
    });
    const guarded = await fetch(`${inventory}/api/v1/endpoints`);
    expect({ asked: asked.status, seen: JSON.parse(listed).endpoints.length, guarded: guarded.status }).toEqual({
      asked: 200,
      seen: 1,
      guarded: 401,
    });
  } finally {
    up.kill('SIGTERM');
    await up.ended;
  }
});

describe('up with an ENVOY_BIN that is no Envoy exits with 4', () => {
  const script = (name: string, text: string): string => {
    const where = file(name, text);
    chmodSync(where, 0o755);
    return where;
  };
  test.each([
    ['a file that cannot be run', () => file('text', 'hello\n'), 'EACCES'],
    ['a folder', () => folder, 'EACCES'],
    ['a program that ends at once', () => script('ends', '#!/bin/sh\nexit 0\n'), 'exit code 0'],
    ['a program whose exit codes look like ours', () => script('three', '#!/bin/sh\necho unknown option >&2\nexit 3\n'), 'unknown option'],
  ])('%s', async (_, binary, message) => {
    const { code, stdout, stderr } = await run(['up', '--port', '0'], { ENVOY_BIN: binary() });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('Envoy ended before it was ready');
    expect(stderr).toContain(message);
    expect(stderr).toContain('ENVOY_BIN, when set, must name an Envoy of version 1.34 or later  [envoy-refused]');
  });
});
