import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectExtProc, type ExtProcClient, header, modes } from '../support/ext-proc-client.ts';
import { runSluice, type StartedProcess, startSluice, waitFor } from '../support/processes.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

/** A filter with a state folder of its own, as on a machine of its own. */
interface Machine {
  readonly folder: string;
  readonly filter: StartedProcess;
  readonly client: ExtProcClient;
  readonly admin: string;
}

const machines: Machine[] = [];
let redis: TestRedis & { readonly port: number };

beforeAll(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  for (const _ of [1, 2]) machines.push(await startMachine());
  await Promise.all(machines.map((machine) => waitFor(async () => ((await redisOf(machine)).stops === 'connected' ? true : undefined))));
});

afterAll(async () => {
  for (const { client, filter } of machines) {
    await client.close();
    filter.kill('SIGTERM');
    await filter.ended;
  }
  redis?.process.kill('SIGTERM');
  await redis?.process.ended;
  for (const { folder } of machines) rmSync(folder, { recursive: true, force: true });
});

async function startMachine(): Promise<Machine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-shared-'));
  const policy = path.join(folder, 'policy.yaml');
  writeFileSync(policy, 'version: 1\n');
  const args = ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--policy', policy, '--redis', redis.url];
  const filter = startSluice(args, { environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder } });
  const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string; admin: string };
  const client = connectExtProc({ host: '127.0.0.1', port: Number(ready.listen.split(':').at(-1)) });
  return { folder, filter, client, admin: ready.admin };
}

const redisOf = async ({ admin }: Machine) =>
  ((await (await fetch(`${admin}/status`)).json()) as { redis: { budgets: string; stops: string; failures: number } }).redis;

const HEAD = [header(':method', 'POST'), header(':path', '/v1/chat/completions'), header(':authority', 'api.example')];

async function firstAnswer({ client }: Machine): Promise<unknown> {
  const stream = client.open();
  stream.send({ request_headers: { headers: { headers: HEAD }, end_of_stream: true }, protocol_config: modes('NONE', 'NONE') });
  const answer = await stream.next();
  stream.reset();
  return answer?.['response'];
}

const everywhere = (expected: string) =>
  waitFor(async () => {
    const answers = await Promise.all(machines.map(firstAnswer));
    return answers.every((answer) => answer === expected) ? true : undefined;
  });

const command = async ({ folder }: Machine, ...args: readonly string[]) => {
  const { code, stdout } = await runSluice([...args, '--json'], { environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder } });
  return { code, ...(JSON.parse(stdout) as { stops?: readonly { reason: string }[] }) };
};

describe.skipIf(!hasRedis)(
  `filters with folders of their own that share a Redis${hasRedis ? '' : ' (needs redis-server, which is missing)'}`,
  () => {
    test('a stop in one reaches the other, and is taken back from either', async () => {
      const [one, other] = machines as [Machine, Machine];
      await everywhere('request_headers');
      expect((await command(one, 'stop', 'all', '--reason', 'drill')).code).toBe(0);
      await everywhere('immediate_response');
      expect((await command(other, 'stop', '--list')).stops?.map(({ reason }) => reason)).toEqual(['drill']);
      expect((await command(other, 'resume', 'all')).code).toBe(0);
      await everywhere('request_headers');
      expect((await command(one, 'stop', '--list')).stops).toEqual([]);
    });

    test('without Redis a stop works where it is given, loudly, and reaches the other when Redis is back, which forgot everything', async () => {
      const [one, other] = machines as [Machine, Machine];
      redis.process.kill('SIGKILL');
      await redis.process.ended;
      const alone = await waitFor(async () => {
        const state = await redisOf(one);
        return state.stops === 'local' ? state : undefined;
      });
      expect(alone.failures).toBeGreaterThan(0);
      await one.filter.line('stderr', (line) => line.includes('"event":"redis-state"') && line.includes('"state":"local"'));
      expect((await command(one, 'stop', 'all', '--reason', 'without Redis')).code).toBe(0);
      expect([await firstAnswer(one), await firstAnswer(other)]).toEqual(['immediate_response', 'request_headers']);

      redis = await startRedis(redis.port);
      await everywhere('immediate_response');
      expect((await command(one, 'resume', 'all')).code).toBe(0);
      await everywhere('request_headers');
    });
  },
);
