import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  countOf,
  FLAG_NAMES,
  flagOf,
  inventoryTokenOf,
  resolveSettings,
  SETTING_NAMES,
  settingsFiles,
  sizeOf,
  workersOf,
} from '../../src/cli/settings.ts';
import { FIXED } from '../../src/lib/limits.ts';

describe('settings', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const where = path.join(folder, name);
    writeFileSync(where, text);
    return where;
  };
  const resolve = (sources: Partial<Parameters<typeof resolveSettings>[0]>) =>
    resolveSettings({ flags: {}, environment: {}, files: [], ...sources });

  test('a flag beats the environment, which beats the first file, which beats the second, which beats the default', () => {
    const first = file('first.yaml', 'listen: 127.0.0.1:3\nadmin: 127.0.0.1:3\npolicy: 3.yaml\n');
    const second = file('second.yaml', 'listen: 127.0.0.1:4\nadmin: 127.0.0.1:4\npolicy: 4.yaml\nmode: observe\n');
    const settings = resolve({
      flags: { listen: '127.0.0.1:1' },
      environment: { SLUICE_LISTEN: '127.0.0.1:2', SLUICE_ADMIN: '127.0.0.1:2' },
      files: [first, second],
    });
    expect(settings).toEqual({
      listen: { value: '127.0.0.1:1', origin: '--listen' },
      workers: { value: '1', origin: 'default' },
      admin: { value: '127.0.0.1:2', origin: 'SLUICE_ADMIN' },
      adminTokenFile: { value: undefined, origin: 'default' },
      policy: { value: '3.yaml', origin: first },
      inventory: { value: undefined, origin: 'default' },
      inventoryToken: { value: undefined, origin: 'default' },
      redis: { value: undefined, origin: 'default' },
      mode: { value: 'observe', origin: second },
      logLevel: { value: 'info', origin: 'default' },
      tlsCert: { value: undefined, origin: 'default' },
      tlsKey: { value: undefined, origin: 'default' },
      tlsClientCa: { value: undefined, origin: 'default' },
      maxConcurrentStreams: { value: '1000000', origin: 'default' },
      processBytes: { value: '512MiB', origin: 'default' },
      spoolBytes: { value: '256MiB', origin: 'default' },
    });
    expect(Object.keys(settings)).toEqual(SETTING_NAMES);
  });

  test('an empty variable counts as not set', () => {
    expect(resolve({ environment: { SLUICE_MODE: '' } }).mode).toEqual({ value: undefined, origin: 'default' });
  });

  test('a secret has no flag: a command line is read by everybody on the machine', () => {
    expect(SETTING_NAMES.filter((name) => !FLAG_NAMES.includes(name))).toEqual(['inventoryToken']);
  });

  test('the token of the inventory comes from the environment, else from a file', () => {
    const files = [file('token.yaml', 'inventory-token: from-a-file\n')];
    const environment = { SLUICE_INVENTORY_TOKEN: 'from-the-environment' };
    const tokens = [resolve({ files, environment }), resolve({ files }), resolve({})].map(inventoryTokenOf);
    expect(tokens).toEqual(['from-the-environment', 'from-a-file', undefined]);
  });

  test.each(['two words', 'line\nbreak', 'a-token\r', 'törkeä', '\u0000'])('a token that no header carries is refused: %j', (value) => {
    const settings = resolve({ environment: { SLUICE_INVENTORY_TOKEN: value } });
    expect(() => inventoryTokenOf(settings)).toThrow(
      `SLUICE_INVENTORY_TOKEN: the token has characters other than visible ASCII (${value.length} characters)`,
    );
  });

  test('files are looked for beside the user, in the XDG folder and in /etc', () => {
    expect(settingsFiles({ XDG_CONFIG_HOME: '/x' })).toEqual([
      path.resolve('sluice.yaml'),
      '/x/sluice/sluice.yaml',
      '/etc/sluice/sluice.yaml',
    ]);
  });

  test('a user without a home, as in a container, has the other files', () => {
    const nobody = (): string => {
      throw new Error('uv_os_homedir returned ENOENT');
    };
    expect(settingsFiles({}, nobody)).toEqual([path.resolve('sluice.yaml'), '/etc/sluice/sluice.yaml']);
    expect(settingsFiles({}, () => '/home/a')[1]).toBe('/home/a/.config/sluice/sluice.yaml');
  });

  test('log-level may be written as on the command line', () => {
    expect(resolve({ files: [file('level.yaml', 'log-level: debug\n')] }).logLevel.value).toBe('debug');
  });

  test('a name of several words is written with hyphens on the command line', () => {
    expect(FLAG_NAMES.map(flagOf)).toEqual([
      'listen',
      'workers',
      'admin',
      'admin-token-file',
      'policy',
      'inventory',
      'redis',
      'mode',
      'log-level',
      'tls-cert',
      'tls-key',
      'tls-client-ca',
      'max-concurrent-streams',
      'process-bytes',
      'spool-bytes',
    ]);
  });

  test.each([
    ['1', 1],
    ['64KiB', 65_536],
    ['1.5 GiB', 1_610_612_736],
  ])('the size %s is %d bytes', (value, bytes) => expect(sizeOf({ value, origin: '--process-bytes' })).toBe(bytes));

  test.each(['0', '-1', 'much', '', '10 stones'])('the size "%s" is refused by the name of where it stands', (value) => {
    expect(() => sizeOf({ value, origin: 'SLUICE_PROCESS_BYTES' })).toThrow(/^SLUICE_PROCESS_BYTES is not a size such as 512MiB/);
  });

  test.each([
    ['1', 1],
    ['2147483647', 2_147_483_647],
  ])('the count %s is taken', (value, count) => expect(countOf({ value, origin: '--max-concurrent-streams' })).toBe(count));

  test.each(['0', '2147483648', '1.5', 'many'])('the count "%s" is refused by the name of where it stands', (value) => {
    expect(() => countOf({ value, origin: '--max-concurrent-streams' })).toThrow(/^--max-concurrent-streams is not a whole number/);
  });

  test.each([0, FIXED.workers + 1])('%i workers are refused by the name of where they stand, with the one bound', (count) => {
    const workers = { value: String(count), origin: 'SLUICE_WORKERS' };
    expect(() => workersOf({ workers })).toThrow(`SLUICE_WORKERS is not a whole number from 1 to ${FIXED.workers}`);
  });

  test('a missing or empty file sets nothing', () => {
    expect(resolve({ files: [path.join(folder, 'missing.yaml'), file('empty.yaml', '')] }).listen.origin).toBe('default');
  });

  test.each([
    ['an unknown setting, with the near one', 'polciy: a.yaml', /unknown setting "polciy"; did you mean "policy"\?/],
    ['a value that is not a text', 'listen: [a]', /listen must be a text/],
    ['something else than settings', '- a', /expected settings/],
    ['broken YAML', 'listen: "', /broken\.yaml: /],
    ['a value out of its list', 'mode: enforced', /mode must be one of observe, enforce; did you mean "enforce"\?/],
  ])('a file with %s is refused by name', (_, text, message) => {
    expect(() => resolve({ files: [file('broken.yaml', text)] })).toThrow(message);
  });

  test('a folder in place of a file is refused', () => {
    const where = path.join(folder, 'folder.yaml');
    mkdirSync(where);
    expect(() => resolve({ files: [where] })).toThrow(/folder\.yaml: /);
  });
});
