import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IdentityPolicy } from '../../src/agents/identity/identity-policy.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createIdentifier } from '../../src/services/identity.ts';
import { createKeySet } from '../../src/services/jwks.ts';
import { agentPolicy } from '../agents/agent-policy.ts';
import { AUDIENCE, ISSUER, NOW_S } from './token-forge.ts';

let answer: RequestListener = (_, response) => void response.end();
let fetches = 0;
let nowMs = 0;
const server = createServer((request, response) => {
  fetches++;
  answer(request, response);
});
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;

beforeEach(async () => {
  fetches = 0;
  nowMs = NOW_S * 1000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function issuerKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
  const payload = { iss: ISSUER, aud: AUDIENCE, azp: 'a', iat: NOW_S, exp: NOW_S + 86_400 };
  return { jwk, token: await new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey) };
}

const serve = (...keys: readonly object[]): void => {
  answer = (_, response) => void response.end(JSON.stringify({ keys }));
};

function verifier(failures: string[] = []) {
  const policy: IdentityPolicy = agentPolicy(
    `identity: {sources: [jwt], jwt: [{issuer: "${ISSUER}", audience: ${AUDIENCE}, jwksUrl: "${url()}"}]}`,
  ).identity;
  const identifier = createIdentifier({
    hash: (text) => text,
    now: () => nowMs,
    onKeySetFailure: (_, message) => void failures.push(message),
  });
  return {
    identifier,
    identify: (token: string) => identifier.identify([{ kind: 'jwt', token }], policy),
    outcome: async (token: string) => {
      const { proofs, refusals } = await identifier.identify([{ kind: 'jwt', token }], policy);
      return proofs[0]?.source ?? refusals[0]?.reason;
    },
  };
}

describe('the keys of an issuer', () => {
  test('are fetched once, and a token that was verified is known at once until it expires', async () => {
    const { jwk, token } = await issuerKey('one');
    serve(jwk);
    const { identify, identifier } = verifier();
    expect(await identify(token)).toMatchObject({ proofs: [{ source: 'jwt', by: 'sluice' }] });
    expect(identify(token)).toMatchObject({ proofs: [{ source: 'jwt' }] });
    expect([fetches, identifier.remembered]).toEqual([1, 1]);
    nowMs += 86_461_000;
    expect(identify(token)).toMatchObject({ proofs: [], refusals: [{ reason: 'token-expired' }] });
  });

  test('are fetched anew for an unknown key id, and not more often than allowed', async () => {
    const [one, two] = [await issuerKey('one'), await issuerKey('two')];
    serve(one.jwk);
    const { outcome } = verifier();
    expect(await outcome(one.token)).toBe('jwt');
    serve(two.jwk);
    expect([await outcome(two.token), fetches]).toEqual(['token-key-unknown', 1]);
    nowMs += FIXED.keySetRetryMs;
    expect([await outcome(two.token), fetches]).toEqual(['jwt', 2]);
    expect([await outcome(one.token), fetches]).toEqual(['token-key-unknown', 2]);
  });

  test('serve on while the address fails, and not for ever', async () => {
    const failures: string[] = [];
    const { jwk, token } = await issuerKey('one');
    serve(jwk);
    const { outcome } = verifier(failures);
    expect(await outcome(token)).toBe('jwt');
    answer = (_, response) => void response.writeHead(500).end();
    nowMs += FIXED.keySetFreshMs;
    expect(await outcome(token)).toBe('jwt');
    await expect.poll(() => failures, { timeout: 10_000 }).toEqual(['the address of the key set answers 500']);
    nowMs = NOW_S * 1000 + FIXED.keySetStaleMs;
    expect(await outcome(token)).toBe('keys-unavailable');
  });

  const BAD: readonly (readonly [title: string, answer: RequestListener, message: RegExp])[] = [
    ['too large', (_, response) => void response.end(Buffer.alloc(FIXED.keySetBytes + 1, ' ')), /larger than/],
    ['no JSON', (_, response) => void response.end('{'), /not a key set/],
    ['no key set', (_, response) => void response.end('{"keys": 1}'), /not a key set/],
    ['only a secret', (_, response) => void response.end('{"keys": [{"kty": "oct", "k": "AAAA"}]}'), /no public key/],
    ['moved away', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /does not answer/],
    [
      'too many',
      (_, response) => void response.end(JSON.stringify({ keys: Array(FIXED.keySetKeys + 1).fill({ kty: 'RSA' }) })),
      /keys; 100 are allowed/,
    ],
  ];

  test.each(BAD)('cannot be had when they are %s', async (_, bad, message) => {
    answer = bad;
    const failures: string[] = [];
    const { outcome } = verifier(failures);
    expect(await outcome((await issuerKey('one')).token)).toBe('keys-unavailable');
    expect(failures.join()).toMatch(message);
  });

  test('come from a file that is missing: a failure, not an exception', async () => {
    const failures: string[] = [];
    const keys = createKeySet(
      { kind: 'file', path: '/nonexistent/jwks.json' },
      { now: () => nowMs, onFailure: (one) => void failures.push(one) },
    );
    expect(await keys.current()).toBeUndefined();
    expect(failures).toEqual(['the key file cannot be opened']);
  });

  test('has a row for every way in which an answer is no key set', () => {
    expect(BAD).toHaveLength(6);
  });
});
