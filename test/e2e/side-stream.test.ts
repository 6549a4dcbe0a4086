import { afterEach, describe, expect, test } from 'vitest';
import type { ExchangeRecord } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import { createExtProcServer } from '../../src/extproc/server.ts';
import { type Gateway, type GatewayOptions, send, startGateway } from '../support/gateway.ts';
import { loadProvider } from '../support/load.ts';
import { waitFor } from '../support/processes.ts';
import { policyFrom } from '../support/streams.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const policy = policyFrom('version: 1\n');

/** A real Envoy in front of a filter in this process, whose records are at hand. */
async function start(options: Pick<GatewayOptions, 'changes'>) {
  const records: ExchangeRecord[] = [];
  const server = createExtProcServer({
    openExchange: (context) => {
      const modes = { request: 'buffered', response: 'buffered' } as const;
      return openExchange({ policy, exchangeId: 'test', fallbackModes: modes, hash: () => '', ...context });
    },
    onRecord: (record) => records.push(record),
    onError: () => {},
  });
  const bound = (await server.listen({ host: '127.0.0.1', port: 0 })) as { port: number };
  cleanups.push(() => server.close({ deadlineMs: 0 }));
  const gateway: Gateway = await startGateway({ profile: 'default', upstream: loadProvider, filterPort: bound.port, ...options });
  cleanups.push(() => gateway.stop());
  return { gateway, records };
}

const TRACE_ID = 'a'.repeat(32);
const CLIENT_SPAN = 'b'.repeat(16);
const ask = (gateway: Gateway) => send(gateway.port, { headers: { traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01` } });

describe("the parent of an exchange's span, with a real Envoy", () => {
  const TRACING = {
    '                use_remote_address: true\n': `                use_remote_address: true
                tracing:
                  provider:
                    name: envoy.tracers.opentelemetry
                    typed_config:
                      '@type': type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                      grpc_service: { envoy_grpc: { cluster_name: provider }, timeout: 0.25s }
                      service_name: gateway\n`,
  };
  const parentOf = async (changes: Readonly<Record<string, string>>) => {
    const { gateway, records } = await start({ changes });
    expect((await ask(gateway)).status).toBe(200);
    const { traceparent } = await waitFor(() => records[0]);
    const [, traceId, spanId] = traceparent!.split('-');
    return { traceId, isClients: spanId === CLIENT_SPAN };
  };

  test("is the client's when Envoy does not trace", async () => {
    expect(await parentOf({})).toEqual({ traceId: TRACE_ID, isClients: true });
  });
  test("is Envoy's own, of the same trace, when it does", async () => {
    expect(await parentOf(TRACING)).toEqual({ traceId: TRACE_ID, isClients: false });
  });
});

describe('the connection between Envoy and the filter', () => {
  test('stays, because the pings of Envoy are answered', async () => {
    const { gateway } = await start({
      changes: {
        'max_concurrent_streams: 100000\n':
          'max_concurrent_streams: 100000\n              connection_keepalive: { interval: 0.05s, timeout: 10s }\n',
      },
    });
    const { envoy } = gateway;
    await ask(gateway);
    const connections = await envoy.stat('cluster.sluice.upstream_cx_total');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await ask(gateway)).status).toBe(200);
    expect(await envoy.stat('cluster.sluice.upstream_cx_total')).toBe(connections);
    expect((await envoy.stat('cluster.sluice.http2.keepalive_timeout')) ?? 0).toBe(0);
  });
});
