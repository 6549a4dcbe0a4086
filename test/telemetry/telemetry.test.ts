import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { EndpointRow } from '../../src/inventory/rows.ts';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { signalsFrom } from '../../src/telemetry/backend.ts';
import { samplerFrom } from '../../src/telemetry/sampling.ts';
import { type Loss, startTelemetry, type Telemetry, type TelemetryOptions } from '../../src/telemetry/telemetry.ts';
import { agentPolicy } from '../agents/agent-policy.ts';
import { callerRecord, deniedRecord, exchangeRecord, finding, TRACE_ID } from './records.ts';

/** A collector that keeps what it gets, as OTLP JSON. */
interface Collector {
  readonly url: string;
  /** JSON bodies by path. */
  readonly received: Map<string, unknown[]>;
  readonly server: Server;
}

let cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  cleanUps = [];
});

async function startCollector(status: (request: number) => number = () => 200): Promise<Collector> {
  const received = new Map<string, unknown[]>();
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      const body = request.headers['content-type']?.includes('json') ? JSON.parse(Buffer.concat(chunks).toString()) : Buffer.concat(chunks);
      received.set(request.url ?? '', [...(received.get(request.url ?? '') ?? []), body]);
      response.writeHead(status(requests), { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, server };
}

async function inventoryWithCleanUp(): Promise<Inventory> {
  const inventory = await startInventory({ port: 0, database: ':memory:', openapi: [] });
  cleanUps.push(() => inventory.stop());
  return inventory;
}

function telemetry(options: Partial<TelemetryOptions> = {}): Telemetry {
  return startTelemetry({ env: {}, inventoryUrl: undefined, serviceVersion: '1.2.3', installationKey: Buffer.from('key'), ...options });
}

/** Sets `OTEL_*` for the SDK, which reads `process.env`, and takes them back afterwards. */
function environment(variables: Record<string, string>): Record<string, string | undefined> {
  Object.assign(process.env, variables);
  cleanUps.push(async () => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  return process.env;
}

const endpointsOf = async (inventory: Inventory): Promise<EndpointRow[]> =>
  ((await (await fetch(`${inventory.url}/api/v1/endpoints?sort=path`)).json()) as { items: EndpointRow[] }).items;

describe('to the inventory', () => {
  it('every exchange arrives, whatever the sampling flag of the client says', async () => {
    const inventory = await inventoryWithCleanUp();
    const sent = telemetry({ inventoryUrl: inventory.url });
    sent.record(exchangeRecord({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-00` }));
    sent.record(deniedRecord());
    for (let index = 0; index < 2000; index += 1) sent.record(exchangeRecord({ path: `/accounts/${index}`, traceparent: undefined }));
    await sent.shutdown();
    expect((await endpointsOf(inventory)).map((row) => [row.path, row.count, row.denied, row.labels.requestKinds])).toEqual([
      ['/accounts/{id}', 2000, 0, undefined],
      ['/v1/chat/completions', 2, 1, ['injection.direct']],
    ]);
    expect(sent.lost).toEqual({ queue: 0, inventory: 0, backend: 0 });
  });

  it('the policy in force arrives with what its agents are granted, beside what they used', async () => {
    const inventory = await inventoryWithCleanUp();
    const sent = telemetry({ inventoryUrl: inventory.url });
    sent.inForce({
      version: 'p1',
      mode: 'enforce',
      agents: agentPolicy('agents: {bot: {identify: {spiffe: "spiffe://c/bot"}, tools: [a, b]}}'),
    });
    sent.record(exchangeRecord({ caller: callerRecord({ agent: 'bot', uses: [{ list: 'tools', name: 'a', permitted: true }] }) }));
    await sent.shutdown();
    const { items } = (await (await fetch(`${inventory.url}/api/v1/grants`)).json()) as { items: readonly object[] };
    expect(items).toMatchObject([{ agent: 'bot', policyVersion: 'p1', granted: 2, used: 1, neverUsed: 1 }]);
  });

  it('a batch is sent again after 503 and counted once', async () => {
    const collector = await startCollector((request) => (request === 1 ? 503 : 200));
    const sent = telemetry({ inventoryUrl: collector.url });
    sent.record(exchangeRecord());
    await sent.shutdown();
    const [first, second, ...others] = collector.received.get('/v1/traces') ?? [];
    expect([(first as Buffer).equals(second as Buffer), others.length, sent.lost.inventory]).toEqual([true, 0, 0]);
  });

  it('what is refused is lost, counted and not sent again', async () => {
    const collector = await startCollector(() => 400);
    const losses: Loss[] = [];
    const sent = telemetry({ inventoryUrl: collector.url, onLoss: (loss) => losses.push(loss) });
    sent.record(exchangeRecord());
    await sent.shutdown();
    expect([losses, collector.received.get('/v1/traces')?.length]).toEqual([
      [{ destination: 'inventory', count: 1, reason: 'refused' }],
      1,
    ]);
  });

  it('an inventory that is gone costs a count and a bounded wait, nothing else', async () => {
    const losses: Loss[] = [];
    const sent = telemetry({ inventoryUrl: 'http://127.0.0.1:1', onLoss: (loss) => losses.push(loss) });
    for (let index = 0; index < 20_000; index += 1) sent.record(exchangeRecord());
    await sent.shutdown();
    expect(losses.reduce((sum, loss) => sum + loss.count, 0)).toBe(20_000);
    expect(losses.length).toBeLessThan(100);
    sent.record(exchangeRecord());
    expect(sent.lost.queue + sent.lost.inventory).toBe(20_001);
  });
});

describe("to the user's backend", () => {
  const spansOf = (collector: Collector): { name: string; traceId: string; parentSpanId?: string; attributes: unknown }[] =>
    ((collector.received.get('/v1/traces') ?? []) as { resourceSpans: { scopeSpans: { spans: never[] }[] }[] }[]).flatMap((body) =>
      body.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)),
    );

  it('a finding leaves four ways from one record, and the SDK is configured by the standard variables alone', async () => {
    const collector = await startCollector();
    const env = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    const sent = telemetry({ env });
    sent.record(deniedRecord({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-00` }));
    sent.record(
      exchangeRecord({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-00`, facts: { ...exchangeRecord().facts, model: 'not-sampled' } }),
    );
    sent.record(
      exchangeRecord({
        verdict: 'flag',
        findings: [finding({ taken: 'observe' })],
        uninspected: [{ direction: 'response', reason: 'opaque' }],
        facts: { ...exchangeRecord().facts, unfit: true },
      }),
    );
    await sent.shutdown();

    const spans = spansOf(collector);
    expect(spans.map((span) => span.name)).toEqual([
      'chat gpt-4o',
      'run_guardrail injection.direct',
      'chat gpt-4o',
      'run_guardrail pii.email',
    ]);
    expect(spans.map((span) => span.traceId)).toEqual([TRACE_ID, TRACE_ID, TRACE_ID, TRACE_ID]);
    expect(spans[0]?.parentSpanId).toBe('00f067aa0ba902b7');
    expect(spans[0]?.attributes).toContainEqual({
      key: 'sluice.finding.detectors',
      value: { arrayValue: { values: [{ stringValue: 'injection.direct' }] } },
    });

    const logs = JSON.stringify(collector.received.get('/v1/logs'));
    expect(logs.split('"eventName":"gen_ai.security.finding"').length - 1).toBe(2);
    const metrics = metricsOf(collector);
    expect(metrics.get('sluice.exchange.count')).toEqual([
      [1, { 'sluice.verdict': 'deny', 'sluice.mode': 'enforce', 'sluice.dialect': 'openai-chat' }],
      [1, { 'sluice.verdict': 'allow', 'sluice.mode': 'enforce', 'sluice.dialect': 'openai-chat' }],
      [1, { 'sluice.verdict': 'flag', 'sluice.mode': 'enforce', 'sluice.dialect': 'openai-chat' }],
    ]);
    expect(metrics.get('sluice.finding.count')).toEqual([
      [1, { 'sluice.detector': 'injection.direct', 'sluice.direction': 'request', 'sluice.action': 'deny' }],
      [1, { 'sluice.detector': 'pii.email', 'sluice.direction': 'response', 'sluice.action': 'observe' }],
    ]);
    expect(metrics.get('sluice.finding.detected')?.length).toBe(2);
    expect(metrics.get('sluice.finding.prevented')).toEqual([
      [1, { 'sluice.detector': 'injection.direct', 'sluice.direction': 'request' }],
    ]);
    expect(metrics.get('sluice.exchange.uninspected')).toEqual([[1, { 'sluice.direction': 'response', 'sluice.reason': 'opaque' }]]);
    expect(metrics.get('sluice.exchange.unfit')).toEqual([[1, { 'sluice.dialect': 'openai-chat' }]]);
    expect(metrics.get('sluice.exchange.duration')?.length).toBe(3);
  });

  it.each(['always_off', 'parentbased_always_off', 'parentbased_traceidratio', 'traceidratio'])(
    'a finding is exported although %s samples nothing, and an exchange without one is not',
    async (sampler) => {
      const collector = await startCollector();
      const env = environment({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_TRACES_SAMPLER: sampler,
        OTEL_TRACES_SAMPLER_ARG: '0',
      });
      const sent = telemetry({ env });
      const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-00`;
      sent.record(exchangeRecord({ traceparent }));
      sent.record(deniedRecord({ traceparent }));
      await sent.shutdown();
      expect(spansOf(collector).map(({ name }) => name)).toEqual(['chat gpt-4o', 'run_guardrail injection.direct']);
    },
  );

  it('and the inventory get a span under the same ids, so that a doubled route counts once', async () => {
    const inventory = await inventoryWithCleanUp();
    const env = environment({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${inventory.url}/v1/traces` });
    const sent = telemetry({ env, inventoryUrl: inventory.url });
    sent.record(deniedRecord());
    await sent.shutdown();
    expect((await endpointsOf(inventory)).map((row) => row.count)).toEqual([1]);
  });

  it('the resource names the service, or what the user called it', async () => {
    const collector = await startCollector();
    const env = environment({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=edge',
    });
    const sent = telemetry({ env });
    sent.record(exchangeRecord());
    await sent.shutdown();
    expect(JSON.stringify(collector.received.get('/v1/traces'))).toContain('{"key":"service.name","value":{"stringValue":"edge"}}');
    expect([...collector.received.keys()]).toEqual(['/v1/traces']);
  });

  describe('has a queue of 16 log records', () => {
    const NAME = '"eventName":"gen_ai.security.finding"';
    /** Sends exchanges with findings to a collector of log records; what arrived there, what was lost, and why. */
    async function log({
      exchanges,
      findings,
      status,
    }: {
      readonly exchanges: number;
      readonly findings: number;
      readonly status: number;
    }) {
      const collector = await startCollector(() => status);
      const env = environment({
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.url}/v1/logs`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BLRP_MAX_QUEUE_SIZE: '16',
        OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '8',
      });
      const losses: Loss[] = [];
      const sent = telemetry({ env, onLoss: (loss) => losses.push(loss) });
      for (let index = 0; index < exchanges; index += 1)
        sent.record(exchangeRecord({ findings: Array.from({ length: findings }, () => finding()) }));
      await sent.shutdown();
      const arrived = JSON.stringify(collector.received.get('/v1/logs') ?? []).split(NAME).length - 1;
      return {
        arrived,
        lost: sent.lost.backend,
        reasons: [...new Set(losses.map(({ destination, reason }) => `${destination} ${reason}`))],
      };
    }

    it('and gets what fits in it, however much follows', async () => {
      expect(await log({ exchanges: 60, findings: 3, status: 200 })).toEqual({ arrived: 180, lost: 0, reasons: [] });
    });

    it('and counts each that its collector refuses', async () => {
      expect(await log({ exchanges: 60, findings: 3, status: 400 })).toEqual({ arrived: 180, lost: 180, reasons: ['backend unreachable'] });
    });

    it('and counts what one exchange has over that', async () => {
      const said = { arrived: 16, lost: 24, reasons: ['backend queue-full'] };
      expect(await log({ exchanges: 1, findings: 40, status: 200 })).toEqual(said);
    });
  });

  it('a dead one keeps nothing else waiting', async () => {
    const inventory = await inventoryWithCleanUp();
    const env = environment({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces',
      OTEL_BSP_MAX_QUEUE_SIZE: '16',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '8',
    });
    const sent = telemetry({ env, inventoryUrl: inventory.url });
    for (let index = 0; index < 500; index += 1) sent.record(exchangeRecord({ traceparent: undefined }));
    await expect.poll(async () => (await endpointsOf(inventory)).map((row) => row.count), { timeout: 10_000 }).toEqual([500]);
    await sent.shutdown();
    expect(sent.lost).toMatchObject({ queue: 0, inventory: 0, backend: expect.any(Number) });
    expect(sent.lost.backend).toBeGreaterThan(0);
  });

  it('is not even loaded when no variable asks for it', async () => {
    const sent = telemetry();
    sent.record(exchangeRecord());
    await sent.shutdown();
    await pause(0);
    expect(sent.lost).toEqual({ queue: 0, inventory: 0, backend: 0 });
  });

  const metricsOf = (collector: Collector): Map<string, (readonly [number, Record<string, string>])[]> => {
    const found = new Map<string, (readonly [number, Record<string, string>])[]>();
    type Point = { asDouble?: number; asInt?: number; count?: number; attributes: { key: string; value: { stringValue: string } }[] };
    type Metric = { name: string; sum?: { dataPoints: Point[] }; histogram?: { dataPoints: Point[] } };
    for (const body of (collector.received.get('/v1/metrics') ?? []) as {
      resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[];
    }[]) {
      for (const metric of body.resourceMetrics.flatMap((resource) => resource.scopeMetrics.flatMap((scope) => scope.metrics))) {
        const points = (metric.sum ?? metric.histogram)?.dataPoints ?? [];
        found.set(
          metric.name,
          points.map(
            (point) =>
              [
                Number(point.asDouble ?? point.asInt ?? point.count),
                Object.fromEntries(point.attributes.map(({ key, value }) => [key, value.stringValue])),
              ] as const,
          ),
        );
      }
    }
    return found;
  };
});

describe('which signals the environment asks for', () => {
  it.each([
    [{}, 'none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, 'traces metrics logs'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' }, 'traces'],
    [{ OTEL_METRICS_EXPORTER: 'prometheus' }, 'metrics'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_LOGS_EXPORTER: 'none' }, 'traces metrics'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, 'none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'none'],
  ])('%j: %s', (env, expected) => {
    const on = Object.entries(signalsFrom(env)).filter(([, asked]) => asked);
    expect(on.map(([signal]) => signal).join(' ') || 'none').toBe(expected);
  });
});

describe('sampling of exchanges without findings', () => {
  const LOW = `${'0'.repeat(24)}00000001`;
  const HIGH = `${'0'.repeat(24)}ffffffff`;
  it.each([
    [{}, [true, false, true]],
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, [true, true, true]],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, [false, false, false]],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, [true, false, false]],
    [{ OTEL_TRACES_SAMPLER: 'unknown' }, [true, false, true]],
  ])('%j by the flag set, not set and absent', (env, expected) => {
    const sample = samplerFrom(env);
    expect([sample(LOW, true), sample(LOW, false), sample(LOW, undefined)]).toEqual(expected);
  });

  it('takes a share by trace id, below a parent only when told to', () => {
    const [plain, parentBased] = ['traceidratio', 'parentbased_traceidratio'].map((name) =>
      samplerFrom({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.5' }),
    );
    expect([
      plain!(LOW, false),
      plain!(HIGH, true),
      parentBased!(LOW, undefined),
      parentBased!(HIGH, undefined),
      parentBased!(HIGH, true),
    ]).toEqual([true, false, true, false, true]);
  });
});
