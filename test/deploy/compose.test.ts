import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../setup/node-flags.js';
import { renderEnvoyConfig } from '../../src/cli/envoy-config.ts';
import { envoyBinary } from '../../src/cli/envoy-process.ts';
import { CRAFTED_QUESTION } from '../../src/demo/bank.ts';
import { copiedFromProject, dockerfileList, type LocalServices, onThisMachine, readCompose } from '../support/compose.ts';
import { send, unusedPorts } from '../support/gateway.ts';
import { postgresFolder, type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { alive, type StartedProcess, waitFor } from '../support/processes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { services } = readCompose();
const rows = Object.entries(services);
const own = rows.filter(([, { build }]) => build !== undefined);

/** Every port that the compose file and the files under deploy/ name. */
const PORTS = [10000, 9901, 8999, 9000, 9001, 9002, 9003, 4319, 8080, 4318, 13133, 5432];

const readVariables = (file: string): Readonly<Record<string, string>> => {
  const lines = readFileSync(path.join(root, 'deploy', file), 'utf8').split('\n');
  return Object.fromEntries(
    lines.filter((line) => /^[A-Z]/.test(line)).map((line) => [line.split('=')[0]!, line.slice(line.indexOf('=') + 1)]),
  );
};

describe('docker-compose.yml', () => {
  test('has the services that its page names', () => {
    expect(Object.keys(services)).toEqual(['envoy', 'filter', 'inventory', 'provider', 'collector', 'jaeger', 'postgres']);
    expect(own.map(([name]) => name)).toEqual(['filter', 'inventory', 'provider']);
  });

  test.each(rows)('%s runs with a root that cannot be written, without capabilities, and with no way to get more', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  test.each(rows)('%s is reached from this machine alone, and its image has a version', (_, { ports = [], image }) => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(image).toMatch(/:(v?\d+(?:\.\d+){1,2}|\$\{SLUICE_TAG:-local\})$/);
  });

  test('has no token in it: filter and inventory get the one of the user, and nothing starts without one', () => {
    const token = ['$', '{SLUICE_INVENTORY_TOKEN:?make one as docs/compose.md says}'].join('');
    expect(own.map(([name, { environment = {} }]) => [name, environment['SLUICE_INVENTORY_TOKEN']])).toEqual([
      ['filter', token],
      ['inventory', token],
      ['provider', undefined],
    ]);
  });

  test('only Envoy and the filter share the network on which exchanges pass', () => {
    expect(rows.filter(([, { networks }]) => networks.includes('ext-proc')).map(([name]) => name)).toEqual(['envoy', 'filter']);
  });

  test('runs the Envoy that set-up fetches', () => {
    const [, version] = /VERSION = '([\d.]+)'/.exec(readFileSync(path.join(root, 'setup/envoy.js'), 'utf8'))!;
    expect(services['envoy']!.image).toBe(`envoyproxy/envoy:v${version}`);
  });

  test('adds Jaeger, and what the Collector sends it, with the variables of deploy/jaeger.env', () => {
    const variables = readVariables('jaeger.env');
    expect(variables).toEqual({ COMPOSE_PROFILES: 'jaeger', SLUICE_COLLECTOR_OVERLAY: 'collector-jaeger.yaml' });
    expect(services['jaeger']!.profiles).toEqual(['jaeger']);
    expect(services['collector']!.command.at(-1)).toContain('SLUICE_COLLECTOR_OVERLAY:-collector.yaml');
    const overlay = parse(readFileSync(path.join(root, 'deploy', variables['SLUICE_COLLECTOR_OVERLAY']!), 'utf8'));
    expect(overlay.exporters).toEqual({ 'otlphttp/jaeger': { endpoint: 'http://jaeger:4318' } });
  });

  test('keeps the inventory in PostgreSQL with the variables of deploy/postgres.env, on a network that only those two share', () => {
    const { COMPOSE_PROFILES: profile, SLUICE_INVENTORY_DATABASE: database } = readVariables('postgres.env');
    expect(services['postgres']!.profiles).toEqual([profile]);
    expect(database).toMatch(/^postgres:\/\/sluice:.+@postgres:5432\/sluice$/);
    expect(services['inventory']!.environment!['SLUICE_INVENTORY_DATABASE']).toContain('SLUICE_INVENTORY_DATABASE:-');
    expect(rows.filter(([, { networks }]) => networks.includes('database')).map(([name]) => name)).toEqual(['inventory', 'postgres']);
  });

  test.each([
    ['envoy.yaml', [9000]],
    ['envoy-workers.yaml', [9000, 9001, 9002, 9003]],
  ] as const)("mounts what `sluice init envoy` prints for the services' addresses: %s", (file, ports) => {
    const rendered = renderEnvoyConfig({
      profile: 'default',
      listen: { host: '0.0.0.0', port: 10000 },
      filter: { host: 'filter', port: 9000 },
      moreFilters: ports.slice(1).map((port) => ({ host: 'filter', port })),
      upstream: { host: 'provider', port: 8080, name: 'provider:8080', caFile: undefined },
      admin: { host: '127.0.0.1', port: 9901 },
    });
    expect(readFileSync(path.join(root, 'deploy', file), 'utf8')).toBe(rendered);
  });

  test('has as many workers with the variables of deploy/workers.env as the Envoy configuration that they name has endpoints', () => {
    expect(readVariables('workers.env')).toEqual({ SLUICE_WORKERS: '4', SLUICE_ENVOY_CONFIG: 'envoy-workers.yaml' });
    expect(services['filter']!.environment).toMatchObject({ SLUICE_WORKERS: ['$', '{SLUICE_WORKERS:-1}'].join('') });
    expect(services['envoy']!.volumes![0]).toContain('SLUICE_ENVOY_CONFIG:-envoy.yaml');
  });

  test('asks the filter for its health where its admin address is, which no number of workers takes; so does the image', () => {
    const { healthcheck, environment } = services['filter']!;
    const ofImage = readFileSync(path.join(root, 'Dockerfile'), 'utf8');
    const asked = [healthcheck!.test.at(-1), /^HEALTHCHECK .*"(http.+?)"\]$/m.exec(ofImage)![1]];
    const admin = [environment!['SLUICE_ADMIN']!, /^ENV SLUICE_ADMIN=(.+)$/m.exec(ofImage)![1]!];
    const ports = admin.map((address) => Number(address.split(':')[1]));
    expect(asked).toEqual(ports.map((port) => `http://127.0.0.1:${port}/readyz`));
    const first = [environment!['SLUICE_LISTEN']!, /SLUICE_LISTEN=(\S+)/.exec(ofImage)![1]!].map((address) =>
      Number(address.split(':')[1]),
    );
    expect(ports.map((port, at) => port < first[at]!)).toEqual([true, true]);
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync(path.join(root, 'Dockerfile'), 'utf8');

  test('starts the command as set-up does, as somebody who is not root', () => {
    expect(dockerfileList('ENTRYPOINT')).toEqual(['node', ...NODE_FLAGS, 'src/cli.ts']);
    for (const [name, value] of Object.entries(NODE_ENVIRONMENT)) expect(text).toMatch(new RegExp(`^ENV .*\\b${name}=${value}\\b`, 'm'));
    expect(text).toContain('\nUSER 10001:10001\n');
  });

  test('copies only what .dockerignore lets through, and nothing that was bundled elsewhere', () => {
    const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n');
    expect(copiedFromProject().toSorted()).toEqual(
      ignored
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .toSorted(),
    );
    expect(ignored.slice(ignored.indexOf('!dashboard'))).toEqual(['!dashboard', 'dashboard/built*', 'dashboard/shots', '']);
  });
});

describe('the services of docker-compose.yml, started here with their own commands, environments and health checks', () => {
  const TOKEN = 'a-token-of-the-test';
  const bearer = { authorization: `Bearer ${TOKEN}` };
  const running: StartedProcess[] = [];
  const telemetry: string[] = [];
  let folder: string;
  let collector: Server;
  let local: LocalServices;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-compose-'));
    local = await onThisMachine({
      folder,
      ports: PORTS,
      programs: { node: process.execPath, envoy: envoyBinary() },
      variables: { SLUICE_INVENTORY_TOKEN: TOKEN },
    });
    collector = createServer((request, response) => {
      telemetry.push(request.url!);
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
    const [host, port] = local.at('collector:4318').split(':');
    await new Promise<void>((resolve) => collector.listen(Number(port), host, resolve));
    for (const name of ['provider', 'inventory', 'filter', 'envoy']) running.push(await local.start(name));
  }, 240_000);
  afterAll(async () => {
    for (const started of running) started.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    collector?.close();
    collector?.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  test('judge a request, and tell the inventory and the Collector', async () => {
    const port = Number(local.at('envoy:10000').split(':')[1]);
    const ask = (content: string): string => JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });
    const answers = [await send(port, { body: ask('When do you open?') }), await send(port, { body: ask(CRAFTED_QUESTION) })];
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
    const endpoints = await waitFor(async () => {
      const response = await fetch(`http://${local.at('inventory:4319')}/api/v1/endpoints`, { headers: bearer });
      const { items: seen } = (await response.json()) as { items: readonly { path: string; count: number; denied: number }[] };
      return seen.some(({ count }) => count === 2) ? seen : undefined;
    });
    expect(endpoints).toMatchObject([{ path: '/v1/chat/completions', count: 2, denied: 1 }]);
    await waitFor(() => (telemetry.includes('/v1/traces') && telemetry.includes('/v1/logs')) || undefined);
  });

  test('have an inventory that listens as in its container: with the page and its health for everybody, the rest for who has the token', async () => {
    const [, inventory] = running;
    expect(inventory!.stdout[0]).toBe(`http://${local.at('0.0.0.0:4319')}`);
    const answers = await Promise.all(
      ['/', '/healthz', '/api/v1/endpoints', '/v1/traces'].map(async (where) => {
        const answer = await fetch(`http://${local.at('inventory:4319')}${where}`);
        return [where, answer.status, answer.headers.get('content-type')?.split(';')[0]];
      }),
    );
    expect(answers).toEqual([
      ['/', 200, 'text/html'],
      ['/healthz', 200, 'application/json'],
      ['/api/v1/endpoints', 401, 'application/json'],
      ['/v1/traces', 401, 'application/json'],
    ]);
  });

  test('give commands that run in their containers the token that they need', async () => {
    const words = ['node', 'src/cli.ts', 'inventory', 'list', '--json', '--url', 'http://127.0.0.1:4319'];
    const listing = local.exec('inventory', words);
    expect(await listing.ended).toEqual({ code: 0, signal: null });
    expect(JSON.parse(listing.stdout.join(''))).toMatchObject({ endpoints: [{ path: '/v1/chat/completions' }] });
  });

  test('end at SIGTERM', async () => {
    const [provider, inventory, filter, envoy] = running;
    for (const started of [envoy!, filter!, inventory!, provider!]) started.kill('SIGTERM');
    const codes = await Promise.all(running.map(async ({ ended }) => (await ended).code));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(alive(running.map(({ pid }) => pid))).toEqual([]);
    expect(telemetry).toContain('/v1/metrics');
  });
});

describe('the filter of docker-compose.yml with the variables of deploy/workers.env', () => {
  const running: StartedProcess[] = [];
  let folder: string;
  let local: LocalServices;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-compose-'));
    const first = await unusedPorts(4);
    local = await onThisMachine({
      folder,
      ports: PORTS,
      served: { 9000: first, 9001: first + 1, 9002: first + 2, 9003: first + 3 },
      programs: { node: process.execPath, envoy: envoyBinary() },
      variables: { SLUICE_INVENTORY_TOKEN: 'a-token-of-the-test', ...readVariables('workers.env') },
    });
    for (const name of ['provider', 'filter', 'envoy']) running.push(await local.start(name));
  }, 240_000);
  afterAll(async () => {
    // Workers end with their supervisor.
    for (const started of running) started.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
    rmSync(folder, { recursive: true, force: true });
  });

  test('is healthy, and Envoy gives each of its four processes exchanges', async () => {
    const port = Number(local.at('envoy:10000').split(':')[1]);
    const exchanges = await waitFor(async () => {
      await send(port, {});
      const status = (await (await fetch(`http://${local.at('127.0.0.1:8999')}/status`)).json()) as {
        workers: readonly { listen: string; exchanges: number }[];
      };
      return status.workers.every((worker) => worker.exchanges > 0) ? status.workers.map(({ listen }) => listen) : undefined;
    });
    expect(exchanges).toEqual([9000, 9001, 9002, 9003].map((one) => local.at(`0.0.0.0:${one}`)));
  });
});

const postgresPrograms = postgresFolder();

describe.runIf(postgresPrograms !== undefined)('the inventory of docker-compose.yml with a real PostgreSQL', () => {
  const password = ['pass', 'word'].join('');
  let folder: string;
  let server: RunningPostgres;
  let inventory: StartedProcess;
  beforeAll(async () => {
    server = await startPostgres(postgresPrograms!);
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-compose-'));
  });
  afterAll(async () => {
    inventory?.kill('SIGKILL');
    await inventory?.ended;
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('keeps its rows there with the variables of deploy/postgres.env', async () => {
    const { port } = new URL(await server.database('sluice'));
    const database = readVariables('postgres.env')['SLUICE_INVENTORY_DATABASE']!.replace(/\$\{SLUICE_POSTGRES_PASSWORD\}/, password);
    const local = await onThisMachine({
      folder,
      ports: [4319],
      served: { 5432: Number(port) },
      programs: { node: process.execPath },
      variables: { SLUICE_INVENTORY_TOKEN: 'a-token-of-the-test', SLUICE_INVENTORY_DATABASE: database },
    });
    inventory = await local.start('inventory');
    const client = new pg.Client({ connectionString: local.at(database) });
    await client.connect();
    const { rows: tables } = await client.query("select 1 from pg_tables where schemaname = 'public'");
    await client.end();
    expect(tables.length).toBeGreaterThan(0);
    expect(readdirSync(path.join(folder, 'inventory')).flatMap((name) => readdirSync(path.join(folder, 'inventory', name)))).toEqual([]);
  });
});

const collectorProgram = path.join(root, '.tools/backends/collector/collector');

describe.skipIf(!existsSync(collectorProgram))('the Collector of docker-compose.yml (needs `node setup/backends.js collector`)', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-compose-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const localCollector = (variables: Readonly<Record<string, string>>): Promise<LocalServices> =>
    onThisMachine({ folder, ports: PORTS, programs: { collector: collectorProgram }, variables });

  test('takes what the filter says, batches it, and sums it up on its own output', async () => {
    const local = await localCollector({});
    const collector = await local.start('collector');
    try {
      await waitFor(async () => (await fetch(`http://${local.at('127.0.0.1:13133')}/`).catch(() => undefined))?.ok || undefined);
      const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'chat', startTimeUnixNano: '1', endTimeUnixNano: '2' };
      const { status } = await fetch(`http://${local.at('collector:4318')}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
      });
      expect(status).toBe(200);
      await waitFor(() => [...collector.stderr, ...collector.stdout].find((line) => line.includes('"spans": 1')));
    } finally {
      collector.kill('SIGTERM');
      await collector.ended;
    }
  });

  test.each([{}, readVariables('jaeger.env')])('finds no fault with what %o lays over its configuration', async (variables) => {
    const local = await localCollector(variables);
    const validating = local.exec('collector', ['collector', 'validate', ...services['collector']!.command]);
    expect({ ...(await validating.ended), stderr: validating.stderr }).toEqual({ code: 0, signal: null, stderr: [] });
  });
});
