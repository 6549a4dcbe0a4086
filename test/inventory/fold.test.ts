import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS, type Facts, fold, mergeFacts } from '../../src/inventory/fold.ts';
import { ownSpan, tellingSpan } from './spans.ts';

const plain = (facts: Facts) =>
  Object.fromEntries(FACT_KINDS.map((kind) => [kind, Object.fromEntries([...facts[kind]].sort(([a], [b]) => (a < b ? -1 : 1)))]));

describe('facts do not depend on how spans arrive', () => {
  it('in any order', () => {
    const shuffled = fc
      .array(tellingSpan, { maxLength: 20 })
      .chain((spans) => fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })));
    fc.assert(
      fc.property(shuffled, ([spans, order]) => {
        expect(plain(fold(order))).toEqual(plain(fold(spans)));
      }),
    );
  });

  it('in any batches, merged in any grouping', () => {
    const cut = fc.tuple(fc.array(tellingSpan, { maxLength: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 20 }));
    fc.assert(
      fc.property(cut, ([spans, first, second]) => {
        const [a, b, c] = [spans.slice(0, first), spans.slice(first, first + second), spans.slice(first + second)].map((batch) =>
          fold(batch),
        );
        expect(plain(mergeFacts(mergeFacts(a!, b!), c!))).toEqual(plain(fold(spans)));
        expect(plain(mergeFacts(c!, mergeFacts(b!, a!)))).toEqual(plain(fold(spans)));
      }),
    );
  });

  it('keeps the same few of many label values in any order', () => {
    const spans = Array.from({ length: 200 }, (_, index) =>
      ownSpan({}, { 'gen_ai.request.model': `model-${String.fromCharCode(97 + (index % 26))}${'x'.repeat(index / 26)}` }),
    );
    expect(plain(fold(spans.toReversed()))).toEqual(plain(fold(spans)));
    expect([...fold(spans).endpoints.values()].map((fact) => fact.labels.models?.length)).toEqual([64]);
  });
});

describe('what a span says', () => {
  it('of ours: endpoint, model, caller and tools', () => {
    const attributes = {
      'sluice.verdict': 'deny',
      'sluice.finding.count': 2,
      'sluice.finding.request.detectors': ['injection.direct'],
      'sluice.tools.declared': ['search', 'mail'],
      'sluice.tools.called': ['mail'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.response.model': 'gpt-4o-2024',
    };
    const times = { firstSeenMs: 1_790_000_000_000, lastSeenMs: 1_790_000_000_250 };
    const facts = fold([ownSpan({}, attributes)]);
    expect([...facts.endpoints.values()]).toEqual([
      {
        key: { method: 'POST', host: 'api.bank.example', path: '/v1/chat/completions' },
        sums: { count: 1, errors: 0, findings: 2, flagged: 0, redacted: 0, denied: 1 },
        ...times,
        labels: {
          dialects: ['openai-chat'],
          providers: ['openai'],
          operations: ['chat'],
          requestKinds: ['injection.direct'],
          auth: ['bearer'],
          models: ['gpt-4o'],
          sources: ['sluice'],
        },
      },
    ]);
    expect([...facts.models.values()].map(({ key, sums, labels }) => [key, sums['inputTokens'], labels.servedAs])).toEqual([
      [{ provider: 'openai', name: 'gpt-4o' }, 12, ['gpt-4o-2024']],
    ]);
    expect([...facts.callers.values()].map(({ key, labels }) => [key, labels.userAgents])).toEqual([
      [{ kind: 'credential', id: 'a1b2c3d4e5f6' }, ['openai-node/7.57']],
    ]);
    expect([...facts.tools.values()].map(({ key, sums }) => [key['name'], sums['declared'], sums['called']])).toEqual([
      ['search', 1, 0],
      ['mail', 1, 1],
    ]);
  });

  it('of a foreign HTTP server span, old conventions included, templated here', () => {
    const old = {
      'http.method': 'GET',
      'http.target': '/users/42?token=secret',
      'http.host': 'Shop.Example:8080',
      'http.status_code': 503,
      'http.user_agent': 'curl/8',
    };
    const facts = fold([{ ...ownSpan({ scope: '@opentelemetry/instrumentation-http' }), attributes: old }]);
    expect([...facts.endpoints.values()].map(({ key, sums }) => [key, sums['errors']])).toEqual([
      [{ method: 'GET', host: 'shop.example', path: '/users/{id}' }, 1],
    ]);
    expect([...facts.callers.values()].map(({ key }) => key)).toEqual([{ kind: 'user-agent', id: 'curl/8' }]);
  });

  it('of a foreign client span: the URL without query or credentials, called by its service', () => {
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://user:pass@api.example.com/v1/items/7?key=secret' };
    const facts = fold([{ ...ownSpan({ scope: 'undici', kind: 'client', service: 'shop' }), attributes }]);
    expect([...facts.endpoints.values()].map(({ key }) => key)).toEqual([
      { method: 'POST', host: 'api.example.com', path: '/v1/items/{id}' },
    ]);
    expect([...facts.callers.values()].map(({ key }) => key)).toEqual([{ kind: 'service', id: 'shop' }]);
  });

  it('of a foreign gen_ai span without HTTP: the model and the tool, no endpoint', () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.tool.name': 'search',
    };
    const facts = fold([{ ...ownSpan({ scope: 'langchain', kind: 'client' }), attributes }]);
    expect([
      facts.endpoints.size,
      [...facts.models.values()].map(({ key }) => key),
      [...facts.tools.values()].map(({ key }) => key),
    ]).toEqual([0, [{ provider: 'openai', name: 'gpt-4o' }], [{ name: 'search' }]]);
  });

  it('nothing of guardrail children and of spans that are neither HTTP nor GenAI', () => {
    const guardrail = ownSpan({ kind: 'internal' }, { 'gen_ai.operation.name': 'run_guardrail' });
    const database = { ...ownSpan({ scope: 'pg', kind: 'client' }), attributes: { 'db.system': 'postgresql' } };
    expect(plain(fold([guardrail, database]))).toEqual({ endpoints: {}, models: {}, callers: {}, tools: {} });
  });

  it('does not believe a caller hash of a foreign sender', () => {
    const facts = fold([ownSpan({ scope: 'forged' })]);
    expect([...facts.callers.values()].map(({ key }) => key['kind'])).toEqual(['user-agent']);
  });
});
