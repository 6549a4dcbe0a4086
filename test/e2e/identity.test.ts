import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthority } from '../support/certificate.ts';
import { type Gateway, send, startGateway } from '../support/gateway.ts';

const ISSUER = 'https://login.corp.example';
const question = (model: string): string => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
const answer = JSON.stringify({ id: 'c', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] });
const upstream = (_: unknown, outgoing: import('node:http').ServerResponse): void => {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(answer);
};
const FIRST_FILTER = '                http_filters:\n';

describe('an agent that an Envoy has told by its token (jwt_authn)', () => {
  let gateway: Gateway;
  let tokens: Readonly<Record<'own' | 'other' | 'forged', string>>;

  beforeAll(async () => {
    const [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const sign = (key: typeof own.privateKey, client: string) =>
      new SignJWT({ client_id: client, groups: ['finance'] })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(ISSUER)
        .setExpirationTime('10m')
        .sign(key);
    tokens = {
      own: await sign(own.privateKey, 'billing-bot'),
      other: await sign(own.privateKey, 'somebody-else'),
      forged: await sign(foreign.privateKey, 'billing-bot'),
    };
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256' }] });
    gateway = await startGateway({
      upstream,
      profile: 'default',
      policy: `version: 1
identity: {jwtAuthn: payload}
agents:
  billing-bot: {identify: {jwt: {client_id: billing-bot, groups: finance}}, models: [gpt-5*]}
`,
      changes: {
        [FIRST_FILTER]: `${FIRST_FILTER}                  - name: tokens
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
                      providers:
                        login: { issuer: '${ISSUER}', local_jwks: { inline_string: '${keys}' }, payload_in_metadata: payload }
                      rules:
                        - match: { prefix: / }
                          requires: { requires_any: { requirements: [{ provider_name: login }, { allow_missing: {} }] } }
`,
      },
    });
  });
  afterAll(() => gateway?.stop());

  const ask = async (model: string, token?: string) =>
    (await send(gateway.port, { body: question(model), headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status;

  test('may what its row says, and nothing else', async () => {
    expect([await ask('gpt-5-mini', tokens.own), await ask('other-model', tokens.own)]).toEqual([200, 403]);
  });

  test('nobody else is that agent: no token, another one, a forged one', async () => {
    expect([await ask('gpt-5-mini'), await ask('gpt-5-mini', tokens.other), await ask('gpt-5-mini', tokens.forged)]).toEqual([
      403, 403, 401,
    ]);
  });
});

describe('an agent that an Envoy has told by the certificate of its connection', () => {
  const authority = makeAuthority();
  const server = authority.issue();
  const client = authority.issue({ serial: 3 });
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-mtls-'));
  const fileOf = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({
      upstream,
      profile: 'default',
      policy: `version: 1
agents:
  by-name: {identify: {mtlsSan: localhost, mtlsCn: localhost}, models: [gpt-5*]}
`,
      changes: {
        '        - filters:\n': `        - transport_socket:
            name: envoy.transport_sockets.tls
            typed_config:
              '@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                tls_certificates:
                  - { certificate_chain: { filename: ${fileOf('cert.pem', server.cert)} }, private_key: { filename: ${fileOf('key.pem', server.key)} } }
                validation_context: { trusted_ca: { filename: ${fileOf('ca.pem', authority.ca)} } }
          filters:
`,
      },
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function ask(model: string, credentials: { readonly cert: string; readonly key: string } | undefined): Promise<number | undefined> {
    const headers = { 'content-type': 'application/json', 'x-forwarded-client-cert': 'By=x;Hash=00;Subject="CN=localhost";DNS=localhost' };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: gateway.port,
          path: '/v1/chat/completions',
          method: 'POST',
          ca: authority.ca,
          headers,
          agent: false,
          ...credentials,
        },
        (incoming) => {
          incoming.resume();
          incoming.on('end', () => resolve(incoming.statusCode));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(question(model));
    });
  }

  test('may what its row says, and nothing else', async () => {
    expect([await ask('gpt-5-mini', client), await ask('other-model', client)]).toEqual([200, 403]);
  });

  test('a client without a certificate is nobody, whatever its header says', async () => {
    expect(await ask('gpt-5-mini', undefined)).toBe(403);
  });
});
