import { describe, expect, test } from 'vitest';
import { ANONYMOUS, type Identity, type Proof } from '../../../src/agents/identity/identity.ts';
import { permit } from '../../../src/agents/permissions/agent-policy.ts';
import type { Use } from '../../../src/agents/permissions/use.ts';
import { agentPolicy, compiled } from '../agent-policy.ts';

const POLICY = `
apis: {invoices: {host: invoices.internal, path: /v2/**}}
agents:
  billing:
    identify: {spiffe: spiffe://corp.example/sa/billing}
    models: [gpt-5*]
    providers: {deny: [gemini]}
    endpoints: {allow: ["POST api.openai.com/v1/**", "*.internal"], deny: ["**/v1/files/**"]}
    tools: {allow: [sql_query, "send_*"], deny: [send_money]}
    mcp: {methods: [tools/*], resources: ["file:///public/*"], prompts: []}
    skills: [summarise]
    apis: [invoices]
    when: 'tool.name != "sql_query" || !tool.args.query.lowerAscii().contains("drop")'
  free: {identify: {spiffe: spiffe://corp.example/sa/free}}
`;
const policy = agentPolicy(POLICY);
const as = (name: string): Identity => ({
  ...ANONYMOUS,
  proofs: [{ source: 'spiffe', id: `spiffe://corp.example/sa/${name}`, via: 'tls' }],
});
const call = (name: string, value?: unknown): Use => ({
  kind: 'tool-called',
  name,
  args: value === undefined ? { ok: false } : { ok: true, value },
});
const endpoint = (method: string, host: string, path: string): Use => ({ kind: 'endpoint', method, host, path });

const ROWS: readonly (readonly [title: string, use: Use, answer: string])[] = [
  ['a model of the list', { kind: 'model', name: 'gpt-5-mini' }, 'allowed'],
  ['another model', { kind: 'model', name: 'o3' }, 'not-allowed agents.billing.models.allow'],
  ['a provider that nothing denies', { kind: 'provider', name: 'openai' }, 'allowed'],
  ['a provider that is denied', { kind: 'provider', name: 'gemini' }, 'denied agents.billing.providers.deny[0]'],
  ['an endpoint of the list', endpoint('POST', 'api.openai.com', '/v1/chat/completions'), 'allowed'],
  ['its path with another method', endpoint('GET', 'api.openai.com', '/v1/models'), 'not-allowed agents.billing.endpoints.allow'],
  ['a path that is denied', endpoint('POST', 'api.openai.com', '/v1/files/1'), 'denied agents.billing.endpoints.deny[0]'],
  ['any path of a host', endpoint('GET', 'crm.internal', '/x'), 'allowed'],
  ['a host that only ends alike', endpoint('GET', 'crm.internal.evil.example', '/x'), 'not-allowed agents.billing.endpoints.allow'],
  ['a declared tool of the list', { kind: 'tool-declared', name: 'send_invoice' }, 'allowed'],
  ['a declared tool that is denied', { kind: 'tool-declared', name: 'send_money' }, 'denied agents.billing.tools.deny[0]'],
  ['a denied tool in capitals', { kind: 'tool-declared', name: 'SEND_MONEY' }, 'denied agents.billing.tools.deny[0]'],
  ['a denied tool in wide letters', { kind: 'tool-declared', name: 'ｓｅｎｄ_money' }, 'denied agents.billing.tools.deny[0]'],
  ['a tool of the list in capitals', { kind: 'tool-declared', name: 'SQL_QUERY' }, 'not-allowed agents.billing.tools.allow'],
  ['a call that its condition lets through', call('sql_query', { query: 'select 1' }), 'allowed'],
  ['a call that it does not', call('sql_query', { query: 'DROP TABLE a' }), 'condition-false agents.billing.when'],
  ['a call without the argument', call('sql_query', {}), 'condition-error agents.billing.when'],
  ['a call with unreadable arguments', call('sql_query'), 'arguments-unreadable agents.billing.when'],
  ['a call with giant arguments', call('sql_query', { query: 'x'.repeat(2_000_000) }), 'condition-limit agents.billing.when'],
  ['a method of the list', { kind: 'mcp-method', name: 'tools/call' }, 'allowed'],
  ['another method', { kind: 'mcp-method', name: 'sampling/createMessage' }, 'not-allowed agents.billing.mcp.methods.allow'],
  ['a resource of the list', { kind: 'mcp-resource', uri: 'file:///public/a' }, 'allowed'],
  ['another resource', { kind: 'mcp-resource', uri: 'file:///etc/passwd' }, 'not-allowed agents.billing.mcp.resources.allow'],
  ['any prompt, of an empty list', { kind: 'mcp-prompt', name: 'x' }, 'not-allowed agents.billing.mcp.prompts.allow'],
  ['a skill of the list', { kind: 'a2a-skill', name: 'summarise' }, 'allowed'],
  ['an API of the list', { kind: 'api', name: 'invoices' }, 'allowed'],
  ['another API', { kind: 'api', name: 'payroll' }, 'not-allowed agents.billing.apis.allow'],
];

const answerTo = (identity: Identity, use: Use): string => {
  const permission = permit(policy.agentOf(identity), use, identity);
  return permission.allowed ? 'allowed' : `${permission.reason} ${permission.rule}`;
};

describe('an agent with lists', () => {
  test('has a row for every kind of use', () => {
    expect([ROWS.length, new Set(ROWS.map(([, use]) => use.kind)).size]).toEqual([27, 10]);
  });

  test.each(ROWS)('%s', (_, use, answer) => {
    expect(answerTo(as('billing'), use)).toBe(answer);
  });
});

describe('everybody else', () => {
  test.each(ROWS)('is refused as unknown: %s', (_, use) => {
    expect(answerTo(as('stranger'), use)).toBe('agent-unknown agents.unknown');
  });

  test.each(ROWS)('may do everything as an agent without lists: %s', (_, use) => {
    expect(answerTo(as('free'), use)).toBe('allowed');
  });
});

test('an API is found by host and path', () => {
  expect(policy.apiOf({ host: 'invoices.internal', path: '/v2/a' })).toBe('invoices');
  expect(policy.apiOf({ host: 'invoices.internal', path: '/v1/a' })).toBeUndefined();
});

describe('which agent it is', () => {
  const both = agentPolicy(`
identity: {jwtAuthn: payload}
agents:
  gateway: {identify: {spiffe: "spiffe://c/gw"}, tools: [none]}
  behind: {identify: {spiffe: "spiffe://c/mesh", jwt: {azp: app, groups: "eng-*"}}, tools: [x]}
  hinted: {identify: {userAgent: "curl/*"}, tools: [x]}
`);
  const mesh: Proof = { source: 'spiffe', id: 'spiffe://c/mesh', via: 'tls' };
  const token: Proof = { source: 'jwt', payload: { azp: 'app', groups: ['ops', 'eng-1'] }, by: 'envoy' };
  const curl = { source: 'user-agent', value: 'curl/8' } as const;
  test.each([
    ['everything its row asks for', { proofs: [mesh, token] }, 'behind', 'proven'],
    ['a part of it', { proofs: [mesh] }, 'unknown', 'unknown'],
    ['the weaker part alone', { proofs: [token] }, 'unknown', 'unknown'],
    ['another strongest proof', { proofs: [{ ...mesh, id: 'spiffe://c/gw' }, token] }, 'gateway', 'proven'],
    ['a hint', { proofs: [], hints: [curl] }, 'hinted', 'stated'],
    ['a proof and a hint', { proofs: [mesh, token], hints: [curl] }, 'behind', 'proven'],
  ] as const)('by %s', (_, parts, name, standing) => {
    const rule = both.agentOf({ ...ANONYMOUS, ...parts });
    expect([rule.name, rule.standing]).toEqual([name, standing]);
  });

  test('a hint restricts and grants nothing', () => {
    const hinted = { ...ANONYMOUS, hints: [curl] };
    expect(permit(both.agentOf(hinted), { kind: 'tool-declared', name: 'x' }).allowed).toBe(false);
  });
});

const WRONG: readonly (readonly [yaml: string, says: string])[] = [
  ['agents: {a: {}}', 'agents.a: nobody can be "a": it needs identify'],
  ['agents: {A: {identify: {userAgent: x}}}', 'agents.A: the name of an agent'],
  ['agents: {a: {identify: {jwt: {azp: x}}}}', 'agents.a.identify.jwt: no token can be verified'],
  ['agents: {a: {identify: {header: {x-a: x}}}}', 'agents.a.identify.header.x-a: "x-a" could come from the client'],
  ['agents: {a: {identify: {apiKeyHash: [short]}}}', 'agents.a.identify.apiKeyHash: expected 12 to 64 hex digits'],
  [
    'agents: {a: {identify: {userAgent: x}, apis: [invoces]}}\napis: {invoices: {host: h}}',
    'agents.a.apis.0: unknown API "invoces"; did you mean "invoices"?',
  ],
  ['agents: {a: {identify: {userAgent: x}, profile: strikt}}', 'agents.a.profile: unknown profile "strikt"; did you mean "strict"?'],
  ['agents: {a: {identify: {userAgent: x}, when: "tol.name == 1"}}', 'agents.a.when: unknown name "tol"'],
  ['agents: {a: {identify: {userAgent: x}, when: "model == tool.name"}}', 'agents.a.when: it judges tool and model at once'],
  ['agents: {a: {identify: {spiffe: x}}}\nidentity: {sources: [jwt]}', 'agents.a.identify.spiffe: identity.sources leaves out "spiffe"'],
  ['identity: {sources: [header]}', 'identity.sources: source "header" needs a header'],
  ['identity: {jwt: [{issuer: i, audience: a}]}', 'identity.jwt.0: name one of jwksUrl, jwksFile and secretFile; found 0'],
  ['identity: {jwt: [{issuer: i, audience: a, jwksUrl: "http://keys.example"}]}', 'identity.jwt.0.jwksUrl: keys are fetched by https'],
  [
    'identity: {jwt: [{issuer: i, audience: a, jwksFile: f, algorithms: [RS256, HS256]}]}',
    'identity.jwt.0.algorithms: public keys cannot check HS256',
  ],
  [
    'identity: {jwt: [{issuer: i, audience: a, secretFile: f, algorithms: [RS256]}]}',
    'identity.jwt.0.algorithms: a secret cannot check RS256',
  ],
];

const DOUBTFUL: readonly (readonly [yaml: string, says: string])[] = [
  [
    'agents: {a: {identify: {spiffe: "spiffe://c/**"}, tools: []}, b: {identify: {spiffe: "spiffe://c/b"}, tools: []}}',
    'agents.b: never reached',
  ],
  ['agents: {a: {identify: {spiffe: x}}}', 'agents.a: "a" may do everything'],
  ['agents: {a: {identify: {userAgent: x}, tools: []}}', 'agents.a.identify: "a" is told only by what a client says of itself'],
  ['agents: {unknown: observe, a: {identify: {spiffe: x}, tools: []}}', 'agents.unknown: unknown callers are only observed'],
  [
    'agents: {a: {identify: {spiffe: x}, tools: {allow: [shell_a], deny: ["shell*"]}}}',
    'agents.a.tools.allow.0: never allowed: "shell*" denies it',
  ],
];

describe('a policy of agents', () => {
  test('has a row for every error and every warning', () => {
    expect([WRONG.length, DOUBTFUL.length]).toEqual([15, 5]);
  });

  test.each(WRONG)('is refused: %s', (yaml, says) => {
    expect(compiled(yaml, ['strict']).problems.errors.join('\n')).toContain(says);
  });

  test.each(DOUBTFUL)('is doubted: %s', (yaml, says) => {
    const { errors, warnings } = compiled(yaml).problems;
    expect(errors).toEqual([]);
    expect(warnings.join('\n')).toContain(says);
  });
});
