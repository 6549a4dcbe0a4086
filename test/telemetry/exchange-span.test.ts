import { describe, expect, it } from 'vitest';
import type { CallerRecord, ExchangeRecord } from '../../src/exchange/events.ts';
import type { RowSources } from '../../src/telemetry/exchange-rows.ts';
import { exchangeSpan, findingSpans, traced } from '../../src/telemetry/exchange-span.ts';
import type { SpanData } from '../../src/telemetry/span.ts';
import { callerRecord, deniedRecord, exchangeRecord, finding, PARENT_ID, TRACE_ID } from './records.ts';

const CANARY = 'CanaryWord';
const sources: RowSources = {
  redact: (text) => text.replaceAll(CANARY, '[REDACTED:test]'),
  hashId: (id) => `hash-of-${id.length}`,
};
const randomHex = (digits: number): string => 'ab'.repeat(digits / 2);
const spanOf = (record: ExchangeRecord, of = sources): SpanData => exchangeSpan(traced(record, randomHex), of);

describe('an exchange as a span', () => {
  it('continues the trace of the request and carries what is known of the exchange', () => {
    const { attributes, ...span } = spanOf(exchangeRecord({ path: '/v1/chat/completions' }));
    expect(span).toEqual({
      traceId: TRACE_ID,
      spanId: 'abababababababab',
      parentSpanId: PARENT_ID,
      name: 'chat gpt-4o',
      kind: 'server',
      startUnixMs: 1_790_000_000_000,
      endUnixMs: 1_790_000_000_250,
      error: false,
    });
    expect(attributes).toEqual({
      'http.request.method': 'POST',
      'url.scheme': 'https',
      'server.address': 'api.bank.example',
      'server.port': 8443,
      'url.path': '/v1/chat/completions',
      'http.route': '/v1/chat/completions',
      'http.response.status_code': 200,
      'user_agent.original': 'openai-node/7.57',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.stream': false,
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 8,
      'sluice.exchange.id': 'ex-1',
      'sluice.dialect': 'openai-chat',
      'sluice.verdict': 'allow',
      'sluice.outcome': 'completed',
      'sluice.mode': 'enforce',
      'sluice.policy.version': 'p0123456789a',
      'sluice.policy.profile': 'default',
      'sluice.route.name': 'llm',
      'sluice.auth.kind': 'bearer',
      'sluice.caller.hash': 'a1b2c3d4e5f6',
      'sluice.request.bytes': 120,
      'sluice.response.bytes': 300,
      'sluice.request.content_type': 'application/json',
      'sluice.response.content_type': 'application/json',
    });
  });

  it.each([
    ['application/JSON; charset=utf-8', 'application/json'],
    ['application/vnd.bank.account+json', 'application/*+json'],
    ['application/secret-canary', 'other'],
    ['nonsense', 'other'],
    ['', undefined],
  ])('of the content type %j tells %j, never what a client made up', (requestContentType, told) => {
    const { attributes } = spanOf(exchangeRecord({ requestContentType }));
    expect(attributes['sluice.request.content_type']).toBe(told);
  });

  it('names a plain call by method and templated path', () => {
    const record = exchangeRecord({ method: 'GET', path: '/users/42', operation: undefined, provider: undefined });
    expect(spanOf(record).name).toBe('GET /users/{id}');
  });

  it('begins a trace of its own when traceparent is invalid', () => {
    const span = spanOf(exchangeRecord({ traceparent: '00-nonsense' }));
    expect([span.traceId, span.parentSpanId]).toEqual(['ab'.repeat(16), undefined]);
  });

  it('tells what an agent of the policy used, no name that a detector sees something in, and of a stranger nothing', () => {
    const uses = ['search', 'search', `give ${CANARY}`].map((name) => ({ list: 'tools', name, permitted: true }) as const);
    const endpoint = { list: 'endpoints', name: 'GET api.example/users/42', permitted: false } as const;
    const of = (change: Partial<CallerRecord>) => spanOf(exchangeRecord({ caller: callerRecord(change) })).attributes;
    expect(of({ uses: [...uses, endpoint] })).toMatchObject({
      'gen_ai.agent.name': 'support',
      'sluice.agent.uses': ['tools|2|0|search', 'tools|1|0|', 'endpoints|0|1|GET api.example/users/{id}'],
    });
    expect(of({ uses, standing: 'unknown' })).not.toHaveProperty(['sluice.agent.uses']);
  });

  it('summarises findings by direction, with the highest severity and what was prevented', () => {
    const findings = [
      finding(),
      finding({ detector: 'pii.card', severity: 'high' }),
      finding({ taken: 'observe' }),
      finding({ detector: 'secret.jwt', family: 'secret', direction: 'request', lane: 'user', severity: 'low' }),
    ];
    const { attributes } = spanOf(
      exchangeRecord({ findings, verdict: 'redact', uninspected: [{ direction: 'response', reason: 'opaque' }] }),
      sources,
    );
    expect(
      Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('sluice.finding') || name.endsWith('uninspected'))),
    ).toEqual({
      'sluice.exchange.uninspected': ['response:opaque'],
      'sluice.finding.count': 4,
      'sluice.finding.prevented': 3,
      'sluice.finding.detectors': ['pii.card', 'pii.email', 'secret.jwt'],
      'sluice.finding.request.detectors': ['secret.jwt'],
      'sluice.finding.response.detectors': ['pii.card', 'pii.email'],
      'sluice.finding.actions': ['observe', 'redact'],
      'sluice.finding.severity': 'high',
      'sluice.finding.references': ['owasp-llm:LLM02:2026'],
      'sluice.finding.rows': [
        'pii.email|pii|medium|0.95|output|response|redact|redact|10|17',
        'pii.card|pii|high|0.95|output|response|redact|redact|10|17',
        'pii.email|pii|medium|0.95|output|response|redact|observe|10|17',
        'secret.jwt|secret|low|0.95|user|request|redact|redact|10|17',
      ],
    });
  });

  it('makes one run_guardrail child for each finding', () => {
    const record = deniedRecord();
    const exchange = traced(record, randomHex);
    const [child, ...others] = findingSpans(exchange, randomHex);
    expect(others).toEqual([]);
    expect(child).toMatchObject({
      name: 'run_guardrail injection.direct',
      kind: 'internal',
      traceId: TRACE_ID,
      parentSpanId: exchange.spanId,
    });
    expect(child?.attributes).toMatchObject({
      'gen_ai.operation.name': 'run_guardrail',
      'sluice.detector': 'injection.direct',
      'sluice.action': 'deny',
      'sluice.action.taken': 'deny',
      'sluice.finding.start': 10,
      'sluice.finding.length': 17,
      'gen_ai.security.target.type': 'llm_input',
      'gen_ai.security.verdict.type': 'deny',
      'gen_ai.security.action.type': 'block',
    });
  });

  it('calls answers of 500 and exchanges broken off errors, and a denial none', () => {
    const errors = [exchangeRecord({ status: 502 }), exchangeRecord({ outcome: 'aborted' }), deniedRecord()].map((record) =>
      spanOf(record),
    );
    expect(errors.map((span) => [span.error, span.attributes['error.type']])).toEqual([
      [true, '502'],
      [true, 'aborted'],
      [false, undefined],
    ]);
  });

  it('lets no text of traffic through: path, host, names, ids, headers, methods and reasons', () => {
    const record = exchangeRecord({
      path: `/users/${CANARY}/x%20${CANARY}`,
      host: `${CANARY}.example.com`.toLowerCase().replace('canaryword', CANARY),
      method: CANARY,
      scheme: CANARY,
      userAgent: `agent ${CANARY}`,
      routeName: CANARY,
      tracestate: `vendor=${CANARY}`,
      traceparent: CANARY,
      requestContentType: CANARY,
      responseContentType: CANARY,
      facts: {
        model: CANARY,
        responseModel: `${CANARY}-2`,
        responseId: CANARY,
        conversationId: CANARY,
        clientName: `client ${CANARY}`,
        serverName: CANARY,
        toolsDeclared: [CANARY],
        toolsCalled: [CANARY],
        finishReasons: [CANARY, 'stop'],
        methods: [],
      },
    });
    const lowered = { ...sources, redact: (text: string) => text.replaceAll(/canaryword/gi, '[REDACTED:test]') };
    const written = JSON.stringify(spanOf(record, lowered));
    expect(written.toLowerCase()).not.toContain(CANARY.toLowerCase());
    expect(spanOf(record, lowered).attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'gen_ai.conversation.id': 'hash-of-10',
      'gen_ai.response.finish_reasons': ['other', 'stop'],
    });
  });

  it('says what the programs on both sides call themselves', () => {
    const facts = { ...exchangeRecord().facts, clientName: 'notes-app', serverName: 'files of anna@example.org' };
    const redact = (text: string) => text.replaceAll('anna@example.org', '[REDACTED:pii.email]');
    expect(spanOf(exchangeRecord({ facts }), { ...sources, redact }).attributes).toMatchObject({
      'sluice.client.name': 'notes-app',
      'sluice.server.name': 'files of [REDACTED:pii.email]',
    });
  });

  it('leaves ids of traffic out when there is no key to hash them with', () => {
    const record = exchangeRecord({ facts: { ...exchangeRecord().facts, conversationId: 'c-1', responseId: 'r-1' } });
    const { attributes } = spanOf(record, { ...sources, hashId: undefined });
    expect(Object.keys(attributes).filter((name) => name === 'gen_ai.conversation.id' || name === 'gen_ai.response.id')).toEqual([]);
  });
});
