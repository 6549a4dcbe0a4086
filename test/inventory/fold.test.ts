import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFact, type Fact, type FactKind, type Label } from '../../src/inventory/facts.ts';
import { type Folded, fold, mergeFolded } from '../../src/inventory/fold.ts';
import { ownSpan, tellingSpan } from './spans.ts';

/** Everything in it as text, byte for byte. */
const plain = ({ facts, findings }: Folded): string =>
  [...[...facts].map(([id, fact]) => `${id} ${encodeFact(fact)}`), ...[...findings].map((entry) => JSON.stringify(entry))]
    .sort()
    .join('\n');

const of = (folded: Folded, kind: FactKind): readonly Fact[] => [...folded.facts.values()].filter((fact) => fact.kind === kind);
const words = (fact: Fact | undefined, label: Label): readonly string[] => [...(fact?.seen.get(label)?.keys() ?? [])].sort();

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
        expect(plain(mergeFolded(mergeFolded(a!, b!), c!))).toEqual(plain(fold(spans)));
        expect(plain(mergeFolded(c!, mergeFolded(b!, a!)))).toEqual(plain(fold(spans)));
      }),
    );
  });

  it('keeps the same few of many values of a label in any order, and counts the others together', () => {
    const spans = Array.from({ length: 200 }, (_, index) =>
      ownSpan({}, { 'gen_ai.request.model': `model-${String.fromCharCode(97 + (index % 26))}${'x'.repeat(index / 26)}` }),
    );
    expect(plain(fold(spans.toReversed()))).toEqual(plain(fold(spans)));
    const kept = JSON.parse(encodeFact(of(fold(spans), 'endpoints')[0]!)) as { seen: { models: [string, number][] } };
    expect([kept.seen.models.length, kept.seen.models.find(([value]) => value === '{more}')?.[1]]).toEqual([65, 136]);
  });
});

describe('what a span says', () => {
  it('of ours: endpoint, model, caller, tools, flows and findings', () => {
    const attributes = {
      'sluice.verdict': 'deny',
      'sluice.finding.count': 2,
      'sluice.finding.prevented': 1,
      'sluice.finding.request.detectors': ['injection.direct'],
      'sluice.finding.rows': ['injection.direct|injection|high|0.95|user|request|deny|deny|3|20', 'not a finding'],
      'sluice.tools.declared': ['search', 'mail'],
      'sluice.tools.called': ['mail'],
      'sluice.tools.descriptions': ['search 0badc0de', 'mail not-hex', 'other 0badc0de'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.response.model': 'gpt-4o-2024',
    };
    const folded = fold([ownSpan({}, attributes)]);
    const [endpoint] = of(folded, 'endpoints');
    expect(endpoint).toMatchObject({
      key: ['POST', 'api.bank.example', '/v1/chat/completions'],
      sums: { count: 1, findings: 2, prevented: 1, denied: 1, inputTokens: 12, durationUs: 250_000 },
      firstSeenMs: 1_790_000_000_000,
      lastSeenMs: 1_790_000_000_250,
      latency: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    });
    expect((['dialects', 'requestKinds', 'auth', 'models', 'statuses', 'tools'] as const).map((label) => words(endpoint, label))).toEqual([
      ['openai-chat'],
      ['injection.direct'],
      ['bearer'],
      ['gpt-4o'],
      ['200'],
      ['mail'],
    ]);
    expect(of(folded, 'models').map((fact) => [fact.key, fact.sums['inputTokens'], words(fact, 'servedAs')])).toEqual([
      [['openai', 'gpt-4o'], 12, ['gpt-4o-2024']],
    ]);
    expect(of(folded, 'callers').map((fact) => [fact.key, words(fact, 'userAgents')])).toEqual([
      [['credential', 'a1b2c3d4e5f6'], ['openai-node/7.57']],
    ]);
    expect(
      of(folded, 'tools').map((fact) => [fact.key[1], fact.sums['declared'], fact.sums['called'], words(fact, 'descriptions')]),
    ).toEqual([
      ['search', 1, undefined, ['0badc0de']],
      ['mail', 1, 1, []],
    ]);
    expect(of(folded, 'flows').map(({ key }) => key.slice(2))).toEqual([
      ['api', 'api.bank.example'],
      ['model', 'openai/gpt-4o'],
      ['tool', 'mail'],
    ]);
    expect([...folded.findings.values()]).toMatchObject([
      { detector: 'injection.direct', confidence: 950, start: 3, length: 20, path: '/v1/chat/completions', callerId: 'a1b2c3d4e5f6' },
    ]);
  });

  it('of a foreign HTTP server span, old conventions included, templated here', () => {
    const old = {
      'http.method': 'GET',
      'http.target': '/users/42?token=secret',
      'http.host': 'Shop.Example:8080',
      'http.status_code': 500,
      'http.user_agent': 'curl/8',
    };
    const folded = fold([{ ...ownSpan({ scope: '@opentelemetry/instrumentation-http' }), attributes: old }]);
    expect(of(folded, 'endpoints').map(({ key, sums }) => [key, sums['errors']])).toEqual([[['GET', 'shop.example', '/users/{id}'], 1]]);
    expect(of(folded, 'callers').map(({ key }) => key)).toEqual([['user-agent', 'curl/8']]);
  });

  it('of a foreign client span: the URL without query or credentials, called by its service', () => {
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://user:pass@api.example.com/v1/items/7?key=secret' };
    const folded = fold([{ ...ownSpan({ scope: 'undici', kind: 'client', service: 'shop' }), attributes }]);
    expect(of(folded, 'endpoints').map(({ key }) => key)).toEqual([['POST', 'api.example.com', '/v1/items/{id}']]);
    expect(of(folded, 'callers').map(({ key }) => key)).toEqual([['service', 'shop']]);
  });

  it('of a foreign gen_ai span without HTTP: model, tool and agent, no endpoint', () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.tool.name': 'search',
      'gen_ai.agent.name': 'planner',
      'enduser.pseudo.id': 'somebody',
    };
    const folded = fold([{ ...ownSpan({ scope: 'langchain', kind: 'client' }), attributes }]);
    expect((['endpoints', 'models', 'tools', 'agents'] as const).map((kind) => of(folded, kind).map(({ key }) => key))).toEqual([
      [],
      [['openai', 'gpt-4o']],
      [['', 'search']],
      [['agent', 'planner']],
    ]);
    expect(of(folded, 'people').map(({ key }) => key[0]?.length)).toEqual([16]);
    expect(plain(folded)).not.toContain('somebody');
  });

  it('of an MCP exchange: the server, its tools under its host, and what the client calls itself', () => {
    const attributes = {
      'sluice.dialect': 'mcp',
      'http.route': '/mcp',
      'sluice.rpc.methods': ['tools/call'],
      'sluice.tools.called': ['query'],
      'sluice.client.name': 'desk-app',
      'sluice.server.name': 'ledger',
    };
    const folded = fold([ownSpan({}, attributes)]);
    expect(of(folded, 'servers').map((fact) => [fact.key, words(fact, 'names'), words(fact, 'methods'), words(fact, 'tools')])).toEqual([
      [['mcp', 'api.bank.example', '/mcp'], ['ledger'], ['tools/call'], ['query']],
    ]);
    expect(of(folded, 'tools').map(({ key }) => key)).toEqual([['api.bank.example', 'query']]);
    expect(of(folded, 'agents').map(({ key }) => key)).toEqual([['mcp-client', 'desk-app']]);
  });

  it.each([
    [404, 'generic', 'probes'],
    [401, 'generic', 'probes'],
    [403, 'openai-chat', 'endpoints'],
    [404, 'openai-chat', 'probes'],
    [500, 'generic', 'endpoints'],
    [400, 'generic', 'endpoints'],
    [200, 'generic', 'endpoints'],
  ] as const)('of an answer %i in the dialect %s: one of the %s', (status, dialect, kind) => {
    const folded = fold([ownSpan({}, { 'http.response.status_code': status, 'sluice.dialect': dialect })]);
    expect((['probes', 'endpoints'] as const).filter((one) => of(folded, one).length > 0)).toEqual([kind]);
  });

  it('of a success without any credential: that the endpoint is open', () => {
    const folded = fold([ownSpan({}, { 'sluice.auth.kind': 'none' }), ownSpan({}, { 'sluice.auth.kind': 'bearer' })]);
    expect(of(folded, 'endpoints').map((fact) => [fact.sums['open'], words(fact, 'auth')])).toEqual([[1, ['bearer', 'none']]]);
  });

  it("of another guardrail's span a finding, of ours nothing: it stands on the exchange already", () => {
    const attributes = {
      'gen_ai.operation.name': 'run_guardrail',
      'gen_ai.security.policy.rule.id': 'jailbreak',
      'gen_ai.security.verdict.type': 'deny',
    };
    const foreign = fold([{ ...ownSpan({ scope: 'other-guard', kind: 'internal' }), attributes }]);
    expect([...foreign.findings.values()]).toMatchObject([
      { detector: 'jailbreak', severity: 'medium', action: 'deny', taken: 'deny', host: '' },
    ]);
    const own = fold([{ ...ownSpan({ kind: 'internal' }), attributes }]);
    expect([own.facts.size, own.findings.size]).toEqual([0, 0]);
  });

  it('nothing of spans that are neither HTTP nor GenAI', () => {
    const database = { ...ownSpan({ scope: 'pg', kind: 'client' }), attributes: { 'db.system': 'postgresql' } };
    expect(fold([database]).facts.size).toBe(0);
  });

  it('does not believe a caller hash of a foreign sender', () => {
    const folded = fold([ownSpan({ scope: 'forged' })]);
    expect(of(folded, 'callers').map(({ key }) => key[0])).toEqual(['user-agent']);
  });
});
