import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addClaims } from '../../src/agents/identity/assemble.ts';
import { readBodyClaims } from '../../src/agents/identity/body-claims.ts';
import type { Identity } from '../../src/agents/identity/identity.ts';
import { type RequestHead, readClaims } from '../../src/agents/identity/read-claims.ts';
import { type AgentPolicy, permit } from '../../src/agents/permissions/agent-policy.ts';
import type { ClaimRefusal } from '../../src/agents/refusal.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createIdentifier } from '../../src/services/identity.ts';
import { agentPolicy } from '../agents/agent-policy.ts';
import { AUDIENCE, createForge, type Forge, ISSUER, NOW_S } from './token-forge.ts';

const hash = (secret: string): string => createHmac('sha256', 'test').update(secret).digest('hex');

const ADMIN_ID = 'spiffe://corp.example/sa/admin';
const GUEST_ID = 'spiffe://corp.example/sa/guest';
const ADMIN_KEY = ['sk', 'admin', 'x'.repeat(24)].join('-');
const CERTIFICATE_HASH = 'a'.repeat(64);
const xfcc = (uri: string): string => `By=spiffe://corp.example/sa/envoy;Hash=${CERTIFICATE_HASH};Subject="";URI=${uri}`;

interface Request {
  readonly headers?: RequestHead['headers'];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly metadata?: RequestHead['metadata'];
  readonly mcpClient?: string;
}

/** One way to be known as `admin`: what makes it so, and what somebody else can do with the same channel. */
interface Source {
  readonly name: string;
  /** The `identify` of admin, and what `identity` needs for it. */
  readonly identify: string;
  readonly identity?: string;
  /** Whether being it gives rights at all. */
  readonly proves: boolean;
  /** How admin's own request looks. */
  readonly genuine: () => Request | Promise<Request>;
  /** The name of admin, put where a client can put it. */
  readonly injected: () => Request;
  /** The name of admin beside that of the guest, in one channel. */
  readonly doubled: () => Request | Promise<Request>;
  /** The name of admin with a long tail or in a long text. */
  readonly oversized: () => Request;
}

const LONG = 'x'.repeat(FIXED.xfccUnits + 1);
let forge: Forge;
beforeAll(async () => {
  forge = await createForge();
});
afterAll(() => forge.close());

const SOURCES: readonly Source[] = [
  {
    name: 'a SPIFFE id of the connection',
    identify: `{spiffe: "${ADMIN_ID}"}`,
    proves: true,
    genuine: () => ({ attributes: { 'connection.uri_san_peer_certificate': ADMIN_ID } }),
    injected: () => ({
      headers: [
        ['x-forwarded-client-cert', xfcc(ADMIN_ID)],
        ['connection.uri_san_peer_certificate', ADMIN_ID],
      ],
    }),
    doubled: () => ({ attributes: { 'connection.uri_san_peer_certificate': `${GUEST_ID},${ADMIN_ID}` } }),
    oversized: () => ({ attributes: { 'connection.uri_san_peer_certificate': `${ADMIN_ID}/${LONG}` } }),
  },
  {
    name: 'a SPIFFE id of x-forwarded-client-cert',
    identify: `{spiffe: "${ADMIN_ID}"}`,
    identity: 'xfcc: {sanitizedBy: envoy}',
    proves: true,
    genuine: () => ({ headers: [['x-forwarded-client-cert', xfcc(ADMIN_ID)]] }),
    injected: () => ({ headers: [['x-forwarded-client-cert', `${xfcc(ADMIN_ID)},${xfcc(GUEST_ID)}`]] }),
    doubled: () => ({ headers: [['x-forwarded-client-cert', `${xfcc(GUEST_ID)};URI=${ADMIN_ID}`]] }),
    oversized: () => ({ headers: [['x-forwarded-client-cert', `${xfcc(ADMIN_ID)};Chain=${LONG}`]] }),
  },
  {
    name: 'a DNS name of the certificate',
    identify: '{mtlsSan: admin.corp.example}',
    proves: true,
    genuine: () => ({ attributes: { 'connection.dns_san_peer_certificate': 'admin.corp.example' } }),
    injected: () => ({
      headers: [
        ['x-forwarded-client-cert', `Hash=${CERTIFICATE_HASH};DNS=admin.corp.example`],
        ['host', 'admin.corp.example'],
      ],
    }),
    doubled: () => ({ attributes: { 'connection.dns_san_peer_certificate': 'guest.example,admin.corp.example' } }),
    oversized: () => ({ attributes: { 'connection.dns_san_peer_certificate': `admin.corp.example${LONG}` } }),
  },
  {
    name: 'the common name of the certificate',
    identify: '{mtlsCn: admin}',
    proves: true,
    genuine: () => ({ attributes: { 'connection.subject_peer_certificate': 'CN=admin,O=Corp' } }),
    injected: () => ({ attributes: { 'connection.subject_peer_certificate': 'CN=guest\\,CN=admin,O=CN\\=admin' } }),
    doubled: () => ({ attributes: { 'connection.subject_peer_certificate': 'CN=admin+CN=guest,O=Corp' } }),
    oversized: () => ({ attributes: { 'connection.subject_peer_certificate': `CN=admin,O=${LONG}` } }),
  },
  {
    name: 'a token',
    identify: '{jwt: {azp: admin}}',
    proves: true,
    genuine: async () => ({ headers: [['authorization', `Bearer ${await forge.genuine({ azp: 'admin', sub: 'ann' })}`]] }),
    injected: () => ({
      headers: [
        ['x-jwt-payload', '{"azp":"admin"}'],
        ['x-forwarded-access-token', forge.unsigned('none', { azp: 'admin' })],
      ],
    }),
    doubled: async () => ({
      headers: [
        ['authorization', `Bearer ${await forge.genuine({ azp: 'guest' })}`],
        ['authorization', `Bearer ${await forge.genuine({ azp: 'admin' })}`],
      ],
    }),
    oversized: () => ({ headers: [['authorization', `Bearer ${forge.unsigned('RS256', { azp: 'admin', pad: LONG })}AAAA`]] }),
  },
  {
    name: 'what jwt_authn verified',
    identify: '{jwt: {azp: admin}}',
    identity: 'jwtAuthn: payload',
    proves: true,
    genuine: () => ({ metadata: new Map([['envoy.filters.http.jwt_authn', { payload: { azp: 'admin' } }]]) }),
    injected: () => ({
      metadata: new Map([['envoy.filters.http.lua', { payload: { azp: 'admin' } }]]),
      headers: [['payload', '{"azp":"admin"}']],
    }),
    doubled: () => ({ metadata: new Map<string, unknown>([['envoy.filters.http.jwt_authn', [{ payload: { azp: 'admin' } }]]]) }),
    oversized: () => ({ metadata: new Map([['envoy.filters.http.jwt_authn', { payload: { azp: `admin${LONG}` } }]]) }),
  },
  {
    name: 'an API key',
    identify: `{apiKeyHash: "${hash(ADMIN_KEY)}"}`,
    proves: true,
    genuine: () => ({ headers: [['x-api-key', ADMIN_KEY]] }),
    injected: () => ({
      headers: [
        ['x-api-key', hash(ADMIN_KEY)],
        ['x-api-key-hash', hash(ADMIN_KEY)],
      ],
    }),
    doubled: () => ({
      headers: [
        ['x-api-key', ADMIN_KEY],
        ['authorization', 'Bearer sk-guest'],
      ],
    }),
    oversized: () => ({ headers: [['x-api-key', ADMIN_KEY + LONG]] }),
  },
  {
    name: 'a header that Envoy sanitises',
    identify: '{header: {x-agent: admin}}',
    identity: 'headers: {x-agent: {sanitizedBy: envoy}}',
    proves: true,
    genuine: () => ({ headers: [['x-agent', 'admin']] }),
    injected: () => ({
      headers: [
        ['x_agent', 'admin'],
        ['x-agent ', 'admin'],
        ['x-agent-name', 'admin'],
        ['x-agent', 'guest'],
      ],
    }),
    doubled: () => ({
      headers: [
        ['x-agent', 'guest'],
        ['x-agent', 'admin'],
      ],
    }),
    oversized: () => ({ headers: [['x-agent', `admin${LONG}`]] }),
  },
  {
    name: "MCP's clientInfo",
    identify: '{mcpClient: admin}',
    proves: false,
    genuine: () => ({ mcpClient: 'admin' }),
    injected: () => ({ mcpClient: 'admin', headers: [['mcp-client', 'admin']] }),
    doubled: () => ({ mcpClient: 'guest,admin' }),
    oversized: () => ({ mcpClient: `admin${LONG}` }),
  },
  {
    name: 'the user agent',
    identify: '{userAgent: admin/1}',
    proves: false,
    genuine: () => ({ headers: [['user-agent', 'admin/1']] }),
    injected: () => ({
      headers: [
        ['user-agent', 'admin/1'],
        ['x-user-agent', 'admin/1'],
      ],
    }),
    doubled: () => ({
      headers: [
        ['user-agent', 'guest/1'],
        ['user-agent', 'admin/1'],
      ],
    }),
    oversized: () => ({ headers: [['user-agent', `admin/1${LONG}`]] }),
  },
];

interface Forgery {
  readonly name: string;
  readonly request: (source: Source) => Request | Promise<Request>;
  /** The refusal that says so, for those that are the same for every source. */
  readonly reason?: ClaimRefusal;
}

const ADMIN_CLAIMS = { sub: 'admin', azp: 'admin', client_id: 'admin' };
const bearer = (token: string): Request => ({ headers: [['authorization', `Bearer ${token}`]] });

const FORGERIES: readonly Forgery[] = [
  { name: 'its name put into headers', request: ({ injected }) => injected() },
  { name: 'two answers in one channel', request: ({ doubled }) => doubled() },
  { name: 'its name in a text without end', request: ({ oversized }) => oversized() },
  { name: 'alg none', request: () => bearer(forge.unsigned('none', ADMIN_CLAIMS)), reason: 'token-algorithm' },
  { name: 'alg nOnE', request: () => bearer(forge.unsigned('nOnE', ADMIN_CLAIMS)), reason: 'token-algorithm' },
  { name: 'an empty signature', request: () => bearer(forge.unsigned('RS256', ADMIN_CLAIMS)), reason: 'token-signature' },
  { name: 'a wrong key', request: async () => bearer(await forge.wrongKey(ADMIN_CLAIMS)), reason: 'token-signature' },
  {
    name: 'an expired token',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, exp: NOW_S - 61 })),
    reason: 'token-expired',
  },
  {
    name: 'a token without expiry',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, exp: undefined })),
    reason: 'token-claim-missing',
  },
  {
    name: 'a token of tomorrow',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, nbf: NOW_S + 90 })),
    reason: 'token-not-yet-valid',
  },
  {
    name: 'a token issued later',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, iat: NOW_S + 90 })),
    reason: 'token-issued-at',
  },
  {
    name: 'a token for somebody else',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, aud: 'other' })),
    reason: 'token-audience',
  },
  {
    name: 'a token of another issuer',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, iss: 'https://evil.example' })),
    reason: 'token-issuer',
  },
  {
    name: 'HS256 with the public key as PEM',
    request: async () => bearer(await forge.confused('pem', ADMIN_CLAIMS)),
    reason: 'token-algorithm',
  },
  {
    name: 'HS256 with the public key as JWK',
    request: async () => bearer(await forge.confused('jwk', ADMIN_CLAIMS)),
    reason: 'token-algorithm',
  },
  {
    name: 'a kid that is a path',
    request: async () => bearer(await forge.wrongKey(ADMIN_CLAIMS, { kid: '../../../../dev/null' })),
    reason: 'token-key-unknown',
  },
  {
    name: 'a jku of its own',
    request: async () => bearer(await forge.wrongKey(ADMIN_CLAIMS, { jku: 'https://evil.example/jwks' })),
    reason: 'token-signature',
  },
  {
    name: 'an x5u of its own',
    request: async () => bearer(await forge.wrongKey(ADMIN_CLAIMS, { x5u: 'https://evil.example/x.pem' })),
    reason: 'token-signature',
  },
  {
    name: 'a key inside the token',
    request: async () => bearer(await forge.wrongKey(ADMIN_CLAIMS, { jwk: await forge.publicJwk() })),
    reason: 'token-signature',
  },
  {
    name: 'admin as an earlier actor',
    request: async () => bearer(await forge.genuine({ sub: 'guest', azp: 'guest', act: { sub: 'guest', act: ADMIN_CLAIMS } })),
  },
  {
    name: 'a chain of actors without end',
    request: async () => bearer(await forge.genuine({ ...ADMIN_CLAIMS, act: actors(FIXED.actorDepth + 1) })),
    reason: 'claim-oversized',
  },
  { name: 'a token that is no JSON', request: () => bearer('eyJub3.eyJub3.c2ln'), reason: 'token-malformed' },
  {
    name: "admin's session",
    request: () => ({
      headers: [
        ['mcp-session-id', 'session-of-admin'],
        ['traceparent', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`],
      ],
    }),
  },
  { name: 'nothing at all', request: () => ({}) },
];

function actors(depth: number): unknown {
  return depth === 0 ? undefined : { sub: 'admin', act: actors(depth - 1) };
}

/** A token counts in every row: its issuer is known, whatever admin is told by. */
function policyOf({ identify, identity = '' }: Source): AgentPolicy {
  return agentPolicy(`
identity:
  sources: [spiffe, jwt, mtls-san, mtls-cn, api-key${identity.startsWith('headers') ? ', header' : ''}]
  jwt: [{issuer: "${ISSUER}", audience: ${AUDIENCE}, jwksFile: ${forge.jwksFile}}]
  ${identity}
agents:
  unknown: deny
  admin: {identify: ${identify}, tools: [admin_tool]}
  guest: {identify: {spiffe: "${GUEST_ID}"}, tools: [guest_tool]}
`);
}

async function identityOf(policy: AgentPolicy, { headers = [], attributes = {}, metadata, mcpClient }: Request): Promise<Identity> {
  const identifier = createIdentifier({ hash, now: () => NOW_S * 1000 });
  const context = { headers, attributes: new Map(Object.entries(attributes)), metadata, policy: policy.identity, hash };
  const identity = await identifier.identify(readClaims(context), policy.identity);
  return addClaims(identity, readBodyClaims({ mcpClient }, hash));
}

const mayUseAdminTool = (policy: AgentPolicy, identity: Identity): boolean =>
  permit(policy.agentOf(identity), { kind: 'tool-called', name: 'admin_tool', args: { ok: true, value: {} } }, identity).allowed;

describe('who is told by', () => {
  test.each(SOURCES.map((source) => [source.name, source] as const))(
    '%s gets its rights when that proves anything, and only then',
    async (_, source) => {
      const policy = policyOf(source);
      const identity = await identityOf(policy, await source.genuine());
      expect(policy.agentOf(identity).name).toBe('admin');
      expect(mayUseAdminTool(policy, identity)).toBe(source.proves);
    },
  );
});

const GRID = SOURCES.flatMap((source) => FORGERIES.map((forgery) => ({ title: `${source.name}: ${forgery.name}`, source, forgery })));

describe('nobody gains a right by', () => {
  test('any forgery of any source: the grid is whole', () => {
    expect([SOURCES.length, FORGERIES.length, GRID.length]).toEqual([10, 24, 240]);
  });

  test.each(GRID)('$title', async ({ source, forgery }) => {
    const policy = policyOf(source);
    const identity = await identityOf(policy, await forgery.request(source));
    expect(mayUseAdminTool(policy, identity)).toBe(false);
    const reasons: readonly (ClaimRefusal | undefined)[] = [undefined, ...identity.refusals.map(({ reason }) => reason)];
    expect(reasons).toContain(forgery.reason);
  });

  test.each(GRID)('$title, beside a proof of being somebody else', async ({ source, forgery }) => {
    const policy = policyOf(source);
    const request = await forgery.request(source);
    const guest = { 'connection.uri_san_peer_certificate': GUEST_ID };
    const forwarded = [['x-forwarded-client-cert', xfcc(GUEST_ID)]] as const;
    const headers = [...(request.headers ?? []), ...(source.identity?.startsWith('xfcc') ? forwarded : [])];
    const identity = await identityOf(policy, { ...request, headers, attributes: { ...guest, ...request.attributes } });
    expect(mayUseAdminTool(policy, identity)).toBe(false);
  });
});
