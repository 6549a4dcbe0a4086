import fc from 'fast-check';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { SPAN_KINDS } from '../../src/telemetry/span.ts';

const hex = (digits: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });

const attribute = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isSafeInteger(value)),
  fc.array(fc.string({ maxLength: 10 }), { maxLength: 4 }),
);

/** Any span OTLP can carry. */
export const anySpan: fc.Arbitrary<IncomingSpan> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.option(hex(16), { nil: undefined }),
  name: fc.string({ maxLength: 30 }),
  kind: fc.constantFrom(...SPAN_KINDS),
  startUnixMs: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((micros) => micros / 1000),
  endUnixMs: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((micros) => micros / 1000),
  attributes: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 12 }).filter((key) => key !== '__proto__'),
    attribute,
    { maxKeys: 6 },
  ),
  error: fc.boolean(),
  service: fc.constant('sluice'),
  scope: fc.constant('sluice'),
});

/** Spans that say something, with keys from small sets so that rows meet. */
export const tellingSpan: fc.Arbitrary<IncomingSpan> = fc
  .record({
    ids: fc.tuple(hex(32), hex(16)),
    scope: fc.constantFrom('sluice', 'http-instrumentation'),
    kind: fc.constantFrom('server', 'client', 'internal' as const),
    method: fc.constantFrom('GET', 'POST', 'BREW', undefined),
    path: fc.constantFrom('/users/1', '/users/2', '/v1/chat/completions', '/x'),
    host: fc.constantFrom('a.example', 'b.example'),
    model: fc.constantFrom('gpt-4o', 'claude-x', undefined),
    caller: fc.constantFrom('aaaaaaaaaaaa', 'bbbbbbbbbbbb', undefined),
    agent: fc.constantFrom('curl/8', undefined),
    verdict: fc.constantFrom('allow', 'flag', 'redact', 'deny', undefined),
    detectors: fc.subarray(['pii.card', 'pii.email', 'secret.jwt']),
    tools: fc.subarray(['search', 'send_mail']),
    tokens: fc.nat({ max: 100 }),
    start: fc.integer({ min: 1_790_000_000_000, max: 1_790_000_900_000 }),
    length: fc.nat({ max: 1000 }),
    error: fc.boolean(),
    status: fc.constantFrom(200, 404, 403, 500, undefined),
    auth: fc.constantFrom('none', 'bearer', undefined),
    dialect: fc.constantFrom('openai-chat', 'mcp', 'generic', undefined),
    rows: fc.subarray([
      'pii.card|pii|high|0.99|user|request|redact|redact|10|16',
      'secret.jwt|secret|critical|1|output|response|deny|deny|0|40',
    ]),
    shape: fc.subarray([' object', '/name string', '/amount? integer|null', '/id string:uuid']),
  })
  .map((draw) => ({
    traceId: draw.ids[0],
    spanId: draw.ids[1],
    parentSpanId: undefined,
    name: 'x',
    kind: draw.kind as IncomingSpan['kind'],
    startUnixMs: draw.start,
    endUnixMs: draw.start + draw.length,
    error: draw.error,
    service: 'shop',
    scope: draw.scope,
    attributes: defined({
      'http.request.method': draw.method,
      'url.path': draw.path,
      'server.address': draw.host,
      'gen_ai.request.model': draw.model,
      'gen_ai.usage.input_tokens': draw.tokens,
      'sluice.caller.hash': draw.caller,
      'user_agent.original': draw.agent,
      'sluice.verdict': draw.verdict,
      'sluice.finding.count': draw.detectors.length,
      'sluice.finding.response.detectors': draw.detectors,
      'sluice.tools.called': draw.tools,
      'http.response.status_code': draw.status,
      'sluice.auth.kind': draw.auth,
      'sluice.dialect': draw.dialect,
      'sluice.finding.rows': draw.rows,
      'sluice.request.shape': draw.shape,
    }),
  }));

function defined(attributes: Record<string, IncomingSpan['attributes'][string] | undefined>): IncomingSpan['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as IncomingSpan['attributes'];
}

/** A span of ours, as the filter sends it. */
export function ownSpan(change: Partial<IncomingSpan> = {}, attributes: IncomingSpan['attributes'] = {}): IncomingSpan {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: undefined,
    name: 'chat gpt-4o',
    kind: 'server',
    startUnixMs: 1_790_000_000_000,
    endUnixMs: 1_790_000_000_250,
    error: false,
    service: 'sluice',
    scope: 'sluice',
    ...change,
    attributes: {
      'http.request.method': 'POST',
      'server.address': 'api.bank.example',
      'http.route': '/v1/chat/completions',
      'http.response.status_code': 200,
      'sluice.dialect': 'openai-chat',
      'sluice.verdict': 'allow',
      'sluice.auth.kind': 'bearer',
      'sluice.caller.hash': 'a1b2c3d4e5f6',
      'user_agent.original': 'openai-node/7.57',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      ...attributes,
    },
  };
}
