import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonNames } from '../../src/agents/identity/distinguished-name.ts';
import { readClaims } from '../../src/agents/identity/read-claims.ts';
import { parseXfcc } from '../../src/agents/identity/xfcc.ts';
import { permit } from '../../src/agents/permissions/agent-policy.ts';
import { createIdentifier } from '../../src/services/identity.ts';
import { agentPolicy } from '../agents/agent-policy.ts';

const hash = (text: string): string => createHmac('sha256', 'test').update(text).digest('hex');
const policy = agentPolicy(`
identity:
  sources: [spiffe, jwt, mtls-san, mtls-cn, api-key, header]
  headers: {x-agent: {sanitizedBy: envoy}}
  xfcc: {sanitizedBy: envoy}
  jwt: [{issuer: i, audience: a, jwksFile: /nonexistent}]
agents:
  admin: {identify: {spiffe: "spiffe://c/admin"}, tools: [x], when: 'tool.args.a[0].b.contains("c")'}
`);
const piece = fc.oneof(
  fc.string(),
  fc.constantFrom('"', '\\', ',', ';', '=', 'URI=', 'Hash=', 'Subject="CN=', 'Bearer ', 'eyJ', '.', 'key=', '?'),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const name = fc.constantFrom(
  'x-forwarded-client-cert',
  'authorization',
  'x-api-key',
  'x-agent',
  ':path',
  'user-agent',
  'traceparent',
  'mcp-session-id',
);

test('no text makes a reader of claims throw, and no forged head is the admin', async () => {
  const identifier = createIdentifier({ hash, now: () => 0 });
  const property = fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 8 }), text, fc.json(), async (headers, subject, args) => {
    const attributes = new Map([['connection.subject_peer_certificate', subject]]);
    const identity = await identifier.identify(readClaims({ headers, attributes, policy: policy.identity, hash }), policy.identity);
    const use = { kind: 'tool-called', name: 'x', args: { ok: true, value: JSON.parse(args) } } as const;
    expect(permit(policy.agentOf(identity), use, identity).allowed).toBe(false);
    permit(policy.agents[0]!, use, identity);
  });
  await fc.assert(property, { numRuns: process.env['SLUICE_TEST_LONG'] === '1' ? 20_000 : 500 });
});

test('the readers of certificates take any text', () => {
  fc.assert(
    fc.property(text, (written) => {
      parseXfcc(written);
      commonNames(written);
    }),
    { numRuns: 1000 },
  );
});
