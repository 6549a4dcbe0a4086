import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The reader that docker compose itself uses; it validates against the compose specification and prints what it understood. */
const VALIDATOR = { module: 'github.com/compose-spec/compose-go/v2/cmd', version: 'v2.16.2' };
const folder = path.join(root, '.tools/compose-spec', VALIDATOR.version);
const binary = path.join(folder, 'cmd');
const missing = !existsSync(binary) && spawnSync('go', ['version']).error !== undefined;

interface Understood {
  readonly services: Readonly<
    Record<string, { readonly command: readonly string[]; readonly environment?: Readonly<Record<string, string>> }>
  >;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const TOKEN = 'a-token-of-the-test';
const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');

const read = (input: string) => spawnSync(binary, ['--format', 'json', '-'], { cwd: root, input, encoding: 'utf8' });

/** This reader gives no variables to what it reads: the one that is required gets its value as a default. */
function understand(): Understood {
  const { status, stdout, stderr } = read(text.replace(/(\{SLUICE_INVENTORY_TOKEN):\?[^}]*/, `$1:-${TOKEN}`));
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Understood;
}

describe.skipIf(missing)(`the compose specification${missing ? ' (needs Go, which is missing)' : ''}`, () => {
  beforeAll(() => {
    if (existsSync(binary)) return;
    const environment = { ...process.env, GOBIN: folder, GOWORK: 'off', GOFLAGS: '' };
    const { status, stderr } = spawnSync('go', ['install', `${VALIDATOR.module}@${VALIDATOR.version}`], {
      env: environment,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  }, 300_000);

  test('is what docker-compose.yml follows', () => {
    const { services, networks } = understand();
    expect(Object.keys(services).toSorted()).toEqual(['collector', 'envoy', 'filter', 'inventory', 'jaeger', 'postgres', 'provider']);
    expect(networks['ext-proc']).toMatchObject({ internal: true });
    expect(services['collector']!.command).toEqual(['--config=/etc/otelcol/collector.yaml', '--config=/etc/otelcol/collector.yaml']);
  });

  test('gives the token of the environment to the filter and the inventory alone', () => {
    const given = Object.entries(understand().services).filter(([, { environment }]) => environment?.['SLUICE_INVENTORY_TOKEN'] === TOKEN);
    expect(given.map(([name]) => name).toSorted()).toEqual(['filter', 'inventory']);
  });

  test('refuses to start anything without a token, and says where one is made', () => {
    const { status, stderr } = read(text);
    expect({ refused: status !== 0, says: stderr.includes('SLUICE_INVENTORY_TOKEN') && stderr.includes('docs/compose.md') }).toEqual({
      refused: true,
      says: true,
    });
  });

  test('is not followed by a file that it knows a key of not', () => {
    const { status, stderr } = read('services: {a: {image: b, colour: red}}\n');
    expect({ refused: status !== 0, names: stderr.includes('colour') }).toEqual({ refused: true, names: true });
  });
});
