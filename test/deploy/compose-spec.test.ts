import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The reader that docker compose itself uses; it validates against the compose specification and prints what it understood. */
const VALIDATOR = { module: 'github.com/compose-spec/compose-go/v2/cmd', version: 'v2.16.2' };
const folder = path.join(root, '.tools/compose-spec', VALIDATOR.version);
const binary = path.join(folder, 'cmd');
const missing = !existsSync(binary) && spawnSync('go', ['version']).error !== undefined;

interface Understood {
  readonly services: Readonly<Record<string, { readonly command: readonly string[] }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

function understand(): Understood {
  const { status, stdout, stderr } = spawnSync(binary, ['--format', 'json', 'docker-compose.yml'], { cwd: root, encoding: 'utf8' });
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

  test('is not followed by a file that it knows a key of not', () => {
    const { status, stderr } = spawnSync(binary, ['-'], { cwd: root, input: 'services: {a: {image: b, colour: red}}\n', encoding: 'utf8' });
    expect({ refused: status !== 0, names: stderr.includes('colour') }).toEqual({ refused: true, names: true });
  });
});
