import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSluice, startSluice } from '../support/processes.ts';

let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-commands-'));
  environment = { XDG_STATE_HOME: path.join(folder, 'state'), XDG_CONFIG_HOME: path.join(folder, 'config') };
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const where = path.join(folder, name);
  writeFileSync(where, text);
  return where;
};
const run = (...args: string[]) => runSluice(args, { environment });
const version = (JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version;

describe('usage', () => {
  test('--version prints the version of package.json', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, stdout: version, stderr: '' });
  });

  test('--help goes to stdout and names every command', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(
      ['up', 'serve', 'inventory', 'policy', 'scan', 'doctor', 'config', 'demo'].filter((name) => !stdout.includes(`\n  ${name} `)),
    ).toEqual([]);
  });

  test.each([
    ['an unknown command', ['sreve'], 'Did you mean serve?'],
    ['an unknown option', ['up', '--jsn'], 'Did you mean --json?'],
    ['an Envoy that is to connect to no port', ['init', 'envoy', '--filter', 'filter.corp:0'], 'which is not 0'],
    ['an Envoy with more endpoints than there may be workers', ['init', 'envoy', '--workers', '65'], 'a whole number from 1 to 64'],
    ['no command at all', [], 'Usage: sluice'],
    ['a value out of its list', ['up', '--mode', 'enforced'], 'Allowed choices are observe, enforce'],
    ['a missing argument', ['policy', 'lint'], "missing required argument 'file'"],
    ['an upstream with a path', ['up', '--upstream', 'https://a.example/v1', '--port', '0'], '--upstream must name a host alone'],
    ['a port that is none', ['up', '--port', '70000'], '--port must be a number from 0 to 65535'],
    ['an address that is none', ['serve', '--listen', 'localhost'], '--listen is not an address'],
    ['an inventory that is no URL', ['serve', '--inventory', 'localhost:4318'], '--inventory is not an http or https URL'],
    ['a wrong mode in the settings', ['serve', '--mode', 'enforced'], 'did you mean "enforce"'],
  ])('%s exits with 2 and says what to do, on stderr', async (_, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('a state folder that cannot be used', () => {
  const stateHome = (name: string): { readonly home: string; readonly folder: string } => {
    const home = path.join(folder, name);
    mkdirSync(path.join(home, 'sluice'), { recursive: true });
    return { home, folder: path.join(home, 'sluice') };
  };

  test.each([
    ['serve', ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']],
    ['serve with workers', ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']],
    ['inventory serve', ['inventory', 'serve', '--listen', '127.0.0.1:0']],
    ['stop', ['stop', 'all', '--reason', 'drill']],
    ['agents list', ['agents', 'list']],
    ['tools list', ['tools', 'list']],
    ['doctor', ['doctor']],
  ])('%s says which folder, and what to do', async (_, args) => {
    const home = file('no-folder', '');
    const { code, stderr } = await runSluice(args, { environment: { ...environment, XDG_STATE_HOME: home } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error ${path.join(home, 'sluice')}: the state folder cannot be used (ENOTDIR)\n  next: set XDG_STATE_HOME to a folder that this user can write, with room on its disk  [state-unusable]`,
    });
  });

  test.skipIf(!existsSync('/proc/self'))('one below /proc (on Linux), where nothing can be made, is an error like the others', async () => {
    const { code, stderr } = await runSluice(['agents', 'list'], { environment: { ...environment, XDG_STATE_HOME: '/proc/nobody' } });
    expect({ code, said: stderr.split('\n')[0] }).toEqual({
      code: 2,
      said: 'error /proc/nobody/sluice: the state folder cannot be used (ENOENT)',
    });
  });

  test('a stop that cannot be put on record holds, and so does taking it back', async () => {
    const { home, folder: state } = stateHome('no-record');
    mkdirSync(path.join(state, 'admin-actions.jsonl'));
    const inState = (...args: string[]) => runSluice(args, { environment: { ...environment, XDG_STATE_HOME: home } });
    const said = `this holds, and is not on record: ${path.join(state, 'admin-actions.jsonl')}: the state folder cannot be used (EISDIR)`;
    const stopped = await inState('stop', 'all', '--reason', 'drill');
    expect({ code: stopped.code, stderr: stopped.stderr }).toEqual({ code: 0, stderr: said });
    expect((await inState('stop', '--list')).stdout).toContain('drill');
    const resumed = await inState('resume', 'all');
    expect({ code: resumed.code, stderr: resumed.stderr }).toEqual({ code: 0, stderr: said });
    expect((await inState('stop', '--list')).stdout).toBe('nothing is stopped');
  });

  test('a key that is none is named, and stays', async () => {
    const { home, folder: state } = stateHome('bad-key');
    writeFileSync(path.join(state, 'installation.key'), 'short');
    const serve = ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const { code, stderr } = await runSluice(serve, { environment: { ...environment, XDG_STATE_HOME: home } });
    expect({ code, stderr: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stderr: `error ${path.join(state, 'installation.key')} is not a key of 32 bytes`,
    });
    expect(readdirSync(state)).toEqual(['installation.key']);
  });
});

describe('agents and stops', () => {
  const home = (): NodeJS.ProcessEnv => ({ ...environment, XDG_STATE_HOME: path.join(folder, 'agents-state') });
  beforeAll(() => {
    const usage = path.join(folder, 'agents-state/sluice/usage');
    mkdirSync(usage, { recursive: true });
    const used = [{ name: 'gpt-5', permitted: 1, refused: 0, lastMs: 1 }];
    writeFileSync(
      path.join(usage, 'here.1.json'),
      JSON.stringify({ version: 1, agents: { 'billing-bot': { lists: { models: used }, forgotten: 0 } } }),
    );
  });

  test('agents list says which policy it goes by', async () => {
    const { code, stderr } = await runSluice(['agents', 'list'], { environment: home() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'against builtin/balanced' });
  });

  test('agents explain says which policy has no such agent', async () => {
    const { code, stderr } = await runSluice(['agents', 'explain', 'nobody'], { environment: home() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('builtin/balanced has no agent of this name; its agents: none')]);
  });

  test.each([
    ['billing_bot', 'no filter of this state folder has seen an agent of this name; did you mean "billing-bot"?'],
    ['billing-bot', ''],
  ])('a stop of agent %s holds, and says whether anybody was seen under that name', async (name, hint) => {
    const { code, stdout, stderr } = await runSluice(['stop', 'agent', name, '--reason', 'drill'], { environment: home() });
    expect([code, stdout.split(' until')[0], stderr]).toEqual([0, `stopped agent ${name}`, hint]);
  });
});

describe('policy', () => {
  test('lint accepts a good policy with 0', async () => {
    const good = file('good.yaml', 'version: 1\nmode: observe\n');
    expect(await run('policy', 'lint', good)).toMatchObject({ code: 0, stdout: '' });
  });

  test('lint exits with 1 when a policy has warnings alone, and counts them', async () => {
    const agent = (name: string) => `  ${name}: {identify: {apiKeyHash: "0123456789ab"}}\n`;
    const idle = file('idle.yaml', `version: 1\nagents:\n${agent('a')}`);
    const { code, stderr } = await run('policy', 'lint', idle);
    expect({ code, said: stderr.split(', ').at(-1) }).toEqual({ code: 1, said: '1 warning' });
  });

  test('lint prints file:line:column and a did-you-mean on stdout and exits with 3', async () => {
    const bad = file('bad.yaml', 'version: 1\nmoed: observe\n');
    const { code, stdout } = await run('policy', 'lint', bad);
    expect(code).toBe(3);
    expect(stdout).toMatch(/bad\.yaml:2:1: error: .*did you mean "mode"/);
  });

  test.each(['serve', 'up'])('%s refuses a bad policy with 3 and the line', async (command) => {
    const bad = file('bad.yaml', 'version: 1\nmode: enforcing\n');
    const { code, stdout, stderr } = await run(
      command,
      '--policy',
      bad,
      ...(command === 'up' ? ['--port', '0'] : ['--listen', ':0', '--admin', ':0']),
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/bad\.yaml:2:7: /);
    expect(stderr).toContain('[policy-invalid]');
  });

  test('a policy that is not there exits with 2', async () => {
    const { code, stderr } = await run('policy', 'lint', path.join(folder, 'missing.yaml'));
    expect(code).toBe(2);
    expect(stderr).toContain('[file-unreadable]');
  });
});

describe('config show', () => {
  test('prints every setting with its origin', async () => {
    const { code, stdout } = await runSluice(['config', 'show', '--listen', ':1', '--json'], {
      environment: { ...environment, SLUICE_MODE: 'observe' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      settings: {
        listen: { value: ':1', origin: '--listen' },
        mode: { value: 'observe', origin: 'SLUICE_MODE' },
        logLevel: { value: 'info', origin: 'default' },
      },
    });
  });

  test('says of the token of the inventory and of a password only that there is one', async () => {
    const token = ['not', 'to', 'be', 'seen'].join('-');
    const more = { SLUICE_INVENTORY_TOKEN: token, SLUICE_REDIS: `redis://user:${token}@127.0.0.1:6379` };
    const runs = await Promise.all(
      [[], ['--json']].map((args) => runSluice(['config', 'show', ...args], { environment: { ...environment, ...more } })),
    );
    const said = runs.map(({ stdout, stderr }) => stdout + stderr);
    expect(said.map((text) => text.includes(token))).toEqual([false, false]);
    expect(said[0]).toMatch(/^inventory-token +\*\*\* +SLUICE_INVENTORY_TOKEN$/m);
  });
});

describe('addresses in use', () => {
  let taken: Server;
  let port: number;
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    port = (taken.address() as { port: number }).port;
  });
  afterAll(() => {
    taken.close();
  });

  test.each([
    ['the filter', (at: string) => ['serve', '--listen', at, '--admin', ':0']],
    ['one of several workers', (at: string) => ['serve', '--workers', '2', '--listen', at, '--admin', ':0']],
    ['the admin address of workers', (at: string) => ['serve', '--workers', '2', '--listen', ':0', '--admin', at]],
    ['the admin address', (at: string) => ['serve', '--listen', ':0', '--admin', at]],
    ['the inventory', (at: string) => ['inventory', 'serve', '--listen', at]],
    ['the gateway', (at: string) => ['up', '--port', at.split(':')[1]!]],
    ['the stand-in provider', (at: string) => ['demo', 'provider', '--listen', at]],
  ])('%s says so and exits with 4', async (_, args) => {
    const { code, stdout, stderr } = await run(...args(`127.0.0.1:${port}`));
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).toContain('[address-in-use]');
  });

  test('an Envoy that is not there exits with 4 and names ENVOY_BIN', async () => {
    const { code, stderr } = await runSluice(['up', '--port', '0'], { environment: { ...environment, ENVOY_BIN: '/nowhere/envoy' } });
    expect(code).toBe(4);
    expect(stderr).toContain('ENVOY_BIN names a file that is not there: /nowhere/envoy');
  });

  test('an inventory that does not run exits with 4', async () => {
    const { code, stderr } = await run('inventory', 'list', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(4);
    expect(stderr).toContain('[inventory-unreachable]');
  });
});

describe('serve', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('listens on a Unix socket, says that it is ready and ends at %s with %i', async (signal, expected) => {
    const socket = path.join(folder, `${signal}.sock`);
    const filter = startSluice(['serve', '--listen', socket, '--admin', '127.0.0.1:0'], { environment });
    const { listen, admin } = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as {
      listen: string;
      admin: string;
    };
    expect(listen).toBe(`unix:${socket}`);
    const paths = ['/livez', '/readyz', '/status', '/metrics', '/other'];
    expect(await Promise.all(paths.map(async (where) => (await fetch(admin + where)).status))).toEqual([200, 200, 200, 200, 404]);
    filter.kill(signal);
    expect(await filter.ended).toEqual({ code: expected, signal: null });
    expect(filter.stdout).toEqual([]);
  });
});
