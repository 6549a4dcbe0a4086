import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import { createExtProcServer, type ExchangePort } from '../../src/extproc/server.ts';
import { type RunningEnvoy, startEnvoy } from '../support/envoy.ts';
import { echoExchange, record } from './echo-exchange.ts';

const REQUESTS = 500;

/** What the filter does with the next exchanges. */
let openExchange: () => ExchangePort = echoExchange;
const records: ExchangeRecord[] = [];
const errors: unknown[] = [];
const filter = createExtProcServer({
  openExchange: () => openExchange(),
  onRecord: (one) => records.push(one),
  onError: (error, where) => errors.push([where, error]),
});
const upstream = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const body = Buffer.concat(chunks);
    outgoing.setHeader('x-seen-length', incoming.headers['content-length'] ?? 'none');
    if (incoming.url !== '/sse') {
      outgoing.setHeader('content-type', 'application/json');
      outgoing.end(body);
      return;
    }
    outgoing.setHeader('content-type', 'text/event-stream');
    sendEvents(outgoing, SSE_EVENTS.slice());
  });
});
const SSE_EVENTS = Array.from({ length: 20 }, (_, index) => `data: {"index":${index}}\n\n`);
let envoy: RunningEnvoy;

function sendEvents(outgoing: NodeJS.WritableStream, left: string[]): void {
  const next = left.shift();
  if (next === undefined) outgoing.end();
  else outgoing.write(next, () => setTimeout(sendEvents, 1, outgoing, left));
}

beforeAll(async () => {
  const filterAddress = await filter.listen({ host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  envoy = await startEnvoy({
    configYaml: bootstrap((filterAddress as { port: number }).port, (upstream.address() as AddressInfo).port),
  });
});

afterAll(async () => {
  await envoy?.stop();
  await filter.close({ deadlineMs: 1_000 });
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
  expect(errors).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The answer ended as HTTP says, and was not broken off. */
  readonly complete: boolean;
}

function send(listener: string, options: { path?: string; method?: string; body?: string | Buffer; agent?: Agent }): Promise<Answer> {
  const { path = '/', method = 'POST', body = '', agent } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: envoy.listeners.get(listener),
        path,
        method,
        agent,
        headers: { 'content-length': Buffer.byteLength(body) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => {});
        incoming.on('close', () =>
          resolve({
            status: incoming.statusCode!,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
            complete: incoming.complete,
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe.each(['default', 'duplex'])('with a real Envoy, profile %s', (profile) => {
  test('a JSON body passes there and back byte for byte', async () => {
    openExchange = echoExchange;
    const body = JSON.stringify({ text: 'x'.repeat(300_000) });
    const answer = await send(profile, { body });
    expect({ status: answer.status, complete: answer.complete }).toEqual({ status: 200, complete: true });
    expect(answer.body === body).toBe(true);
  });

  test('a streamed answer passes byte for byte', async () => {
    openExchange = echoExchange;
    const answer = await send(profile, { path: '/sse', body: '{}' });
    expect(answer).toMatchObject({ status: 200, complete: true, body: SSE_EVENTS.join('') });
  });

  test('a HEAD request is answered', async () => {
    openExchange = echoExchange;
    const answer = await send(profile, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  test(`none of ${REQUESTS} requests fails and none leaves anything open`, async () => {
    openExchange = echoExchange;
    await until(() => filter.openExchanges() === 0);
    records.length = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, index) => send(profile, { body: `{"index":${index}}`, agent })));
    agent.destroy();
    expect(answers.filter((answer, index) => answer.status !== 200 || answer.body !== `{"index":${index}}`)).toEqual([]);
    await until(() => filter.openExchanges() === 0);
    expect(records).toHaveLength(REQUESTS);
  });

  test('a denial of the request reaches the client with its headers and body', async () => {
    openExchange = () => withRule('request-headers', [deny]);
    const answer = await send(profile, { body: '{"a":1}' });
    expect(answer).toMatchObject({ status: 451, body: '{"error":"no"}', complete: true });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-why': 'policy' });
    await until(() => filter.openExchanges() === 0);
  });

  test('a denial while the response headers are held is a real status', async () => {
    openExchange = () => withRule('response-body', [deny], ['response-headers']);
    const answer = await send(profile, { path: '/sse', body: '{}' });
    expect(answer).toMatchObject({ status: 451, body: '{"error":"no"}', complete: true });
  });

  test('an exchange that throws at the request breaks it: the client gets 503 and nothing of the answer', async () => {
    const before = errors.length;
    openExchange = () =>
      withRule('request-headers', () => {
        throw new Error('a bug');
      });
    const answer = await send(profile, { body: '{"a":1}' });
    expect(answer.status).toBe(503);
    expect(errors.splice(before)).toMatchObject([['step', { message: 'a bug' }]]);
  });

  test('an exchange that throws inside a streamed answer breaks the stream off', async () => {
    const before = errors.length;
    openExchange = () =>
      withRule('response-body', () => {
        throw new Error('a bug');
      });
    const answer = await send(profile, { path: '/sse', body: '{}' }).catch(() => ({ complete: false, body: '' }));
    expect(answer).toMatchObject({ complete: false, body: '' });
    expect(errors.splice(before)).toMatchObject([['step', { message: 'a bug' }]]);
  });

  test('headers are set, replaced and removed on the way to the provider and to the client', async () => {
    openExchange = () =>
      withRule('response-headers', [
        {
          kind: 'answer-headers',
          direction: 'response',
          mutation: {
            set: [
              ['x-added', 'ü'],
              ['content-type', 'text/plain'],
            ],
            remove: ['x-seen-length'],
          },
        },
      ]);
    const answer = await send(profile, { body: 'abc' });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'x-added': Buffer.from('ü').toString('latin1') });
    expect(answer.headers).not.toHaveProperty('x-seen-length');
  });
});

describe('with a real Envoy, buffered requests', () => {
  test('keep their content-length', async () => {
    openExchange = echoExchange;
    expect((await send('default', { body: 'abc' })).headers['x-seen-length']).toBe('3');
  });

  test('are replaced together with their content-length', async () => {
    const replace = Buffer.from('{"text":"[REDACTED:pii.email]"}');
    openExchange = () =>
      withRule('request-body', [
        { kind: 'answer-body', direction: 'request', replace, mutation: { set: [['content-length', String(replace.length)]], remove: [] } },
      ]);
    const answer = await send('default', { body: '{"text":"a@b.example"}' });
    expect(answer).toMatchObject({ status: 200, body: replace.toString() });
    expect(answer.headers['x-seen-length']).toBe(String(replace.length));
  });

  test('are cleared by an empty replacement', async () => {
    openExchange = () =>
      withRule('request-body', [
        { kind: 'answer-body', direction: 'request', replace: Buffer.alloc(0), mutation: { set: [['content-length', '0']], remove: [] } },
      ]);
    expect(await send('default', { body: 'abc' })).toMatchObject({ status: 200, body: '' });
  });
});

const deny: Effect = {
  kind: 'deny',
  status: 451,
  headers: [
    ['content-type', 'application/json'],
    ['x-why', 'policy'],
  ],
  body: '{"error":"no"}',
  details: 'sluice_denied',
  grpcStatus: undefined,
};

/** Echoes, but answers the first event of one kind by a rule and the `held` kinds not at all. */
function withRule(
  kind: EnvoyEvent['kind'],
  rule: readonly Effect[] | (() => never),
  held: readonly EnvoyEvent['kind'][] = [],
): ExchangePort {
  const echo = echoExchange();
  const answer = typeof rule === 'function' ? rule : () => rule;
  return {
    step(event) {
      if (held.includes(event.kind)) return [];
      if (event.kind === 'ended' || event.kind === 'cancelled') return [{ kind: 'record', record: record('denied') }];
      return event.kind === kind ? answer() : echo.step(event);
    },
  };
}

function bootstrap(filterPort: number, upstreamPort: number): string {
  return `
static_resources:
  listeners:
${listener('default', { request: 'BUFFERED', response: 'FULL_DUPLEX_STREAMED', requestTrailers: 'SKIP' })}
${listener('duplex', { request: 'FULL_DUPLEX_STREAMED', response: 'FULL_DUPLEX_STREAMED', requestTrailers: 'SEND' })}
  clusters:
  - name: upstream
    connect_timeout: 5s
    load_assignment: {cluster_name: upstream, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: ${upstreamPort}}}}}]}]}
  - name: filter
    connect_timeout: 5s
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {http2_protocol_options: {}}
    circuit_breakers: {thresholds: [{max_connections: 100000, max_pending_requests: 100000, max_requests: 100000}]}
    load_assignment: {cluster_name: filter, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: ${filterPort}}}}}]}]}
`;
}

function listener(name: string, modes: { request: string; response: string; requestTrailers: string }): string {
  return `
  - name: ${name}
    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ${name}
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: upstream, timeout: 0s}}]}]}
          http_filters:
          - name: envoy.filters.http.ext_proc
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
              grpc_service: {envoy_grpc: {cluster_name: filter}}
              failure_mode_allow: false
              status_on_error: {code: 503}
              message_timeout: 5s
              processing_mode:
                request_header_mode: SEND
                response_header_mode: SEND
                request_body_mode: ${modes.request}
                response_body_mode: ${modes.response}
                request_trailer_mode: ${modes.requestTrailers}
                response_trailer_mode: SEND
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}`;
}
