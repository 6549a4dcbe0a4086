import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { EXIT } from '../../src/lib/errors.ts';
import { makeAuthority, type TestAuthority } from '../support/certificate.ts';
import { connectExtProc, type ExtProcClient, header, modes, type Plain } from '../support/ext-proc-client.ts';
import { type Gateway, type RunningFilter, send, startFilter, startGateway } from '../support/gateway.ts';
import { loadProvider, startLoad } from '../support/load.ts';
import { runSluice, waitFor } from '../support/processes.ts';
import { LONG_RUN } from '../support/random.ts';

const RELOADS = LONG_RUN ? 50 : 6;

let folder: string;
let filter: RunningFilter | undefined;
let gateway: Gateway | undefined;
const clients: ExtProcClient[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-reload-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await gateway?.stop();
  await filter?.kill();
  [gateway, filter] = [undefined, undefined];
  rmSync(folder, { recursive: true });
});

const at = (name: string) => path.join(folder, name);
const policyOf = (action: string) =>
  `version: 1\ndetectors:\n  leak.codename: {pattern: 'aurora', action: ${action}, examples: {finds: [aurora]}}\n`;
const BAD_POLICY = 'version: 1\ndetectors:\n  pii.crad: {action: deny}\n';

const startServing = async (...flags: string[]) => {
  filter = await startFilter({ folder, port: 0, flags });
  return filter;
};
const connect = (running: RunningFilter, tls?: Parameters<typeof connectExtProc>[1]) => {
  const client = connectExtProc({ host: '127.0.0.1', port: running.port }, tls);
  clients.push(client);
  return client;
};

/** A value of `/metrics`. */
async function metric(running: RunningFilter, name: string): Promise<number> {
  const line = (await running.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}
const reloads = async (running: RunningFilter, what = 'policy') => ({
  success: await metric(running, `sluice_${what}_reloads_total{result="success"}`),
  failure: await metric(running, `sluice_${what}_reloads_total{result="failure"}`),
});
const afterReloads = async (running: RunningFilter, expected: { success: number; failure: number }, what = 'policy') => {
  await waitFor(async () => {
    const now = await reloads(running, what);
    return now.success >= expected.success && now.failure >= expected.failure ? true : undefined;
  });
  expect(await reloads(running, what)).toEqual(expected);
};
const versionOf = async (running: RunningFilter) => (await running.status()).policy.version;

const requestHeaders = {
  request_headers: { headers: { headers: [header(':method', 'POST'), header(':path', '/'), header('content-type', 'text/plain')] } },
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
};
const requestBody = { request_body: { body: Buffer.from('the aurora'), end_of_stream: true } };

/** What the filter does with a text that the policy has a rule for. */
async function decide(client: ExtProcClient): Promise<unknown> {
  const call = client.open();
  call.send(requestHeaders);
  await call.next();
  call.send(requestBody);
  const answer = decisionOf(await call.next());
  call.reset();
  return answer;
}
// biome-ignore lint/suspicious/noExplicitAny: a decoded message
const decisionOf = (answer: any) =>
  answer?.immediate_response?.status?.code ?? answer?.request_body?.response?.body_mutation?.body?.toString() ?? 'passed';

describe('a changed policy', () => {
  const file = () => at('policy.yaml');
  const rewrite = (text: string) => writeFileSync(file(), text);
  const replace = (text: string) => {
    writeFileSync(at('next'), text);
    renameSync(at('next'), file());
  };

  test.each([
    ['written in place', rewrite],
    ['renamed over the old one', replace],
  ])('holds for new exchanges when it is %s; open ones keep theirs', async (_, change) => {
    rewrite(policyOf('observe'));
    const running = await startServing('--policy', file());
    const client = connect(running);
    const [version, open] = [await versionOf(running), client.open()];
    open.send(requestHeaders);
    await open.next();
    expect(await decide(client)).toBe('passed');

    change(policyOf('deny'));
    await afterReloads(running, { success: 1, failure: 0 });
    expect(await decide(client)).toBe(403);
    open.send(requestBody);
    expect(decisionOf(await open.next())).toBe('passed');
    expect(await versionOf(running)).not.toBe(version);
  });

  test('is followed through swapped links, as Kubernetes mounts it', async () => {
    const mount = (version: string, text: string) => {
      mkdirSync(at(version));
      writeFileSync(path.join(at(version), 'policy.yaml'), text);
      symlinkSync(version, at('..data_tmp'));
      renameSync(at('..data_tmp'), at('..data'));
    };
    mount('..1', policyOf('observe'));
    symlinkSync('..data/policy.yaml', file());
    const running = await startServing('--policy', file());
    const client = connect(running);
    for (const [index, [action, decision]] of [
      ['deny', 403],
      ['redact', 'the [REDACTED:leak.codename]'],
      ['observe', 'passed'],
    ].entries()) {
      mount(`..${index + 2}`, policyOf(String(action)));
      await afterReloads(running, { success: index + 1, failure: 0 });
      expect(await decide(client)).toBe(decision);
    }
  });

  test('that is wrong is refused with its place, and the old one stays until it is corrected', async () => {
    rewrite(policyOf('deny'));
    const running = await startServing('--policy', file());
    const client = connect(running);
    const before = await running.status();
    rewrite(BAD_POLICY);
    await afterReloads(running, { success: 0, failure: 1 });
    const problem = `${file()}:3:3: detectors › unknown detector "pii.crad"; did you mean "pii.card"?`;
    const { policy } = await running.status();
    expect({ ...policy, lastFailedReload: policy.lastFailedReload?.message }).toEqual({ ...before.policy, lastFailedReload: problem });
    const logged = await running.process.line('stderr', (line) => line.includes('"event":"policy-reload-failed"'));
    expect(JSON.parse(logged)).toMatchObject({ level: 50, msg: `policy not reloaded, the old one stays: ${problem}` });
    expect(await decide(client)).toBe(403);

    rmSync(file());
    await afterReloads(running, { success: 0, failure: 2 });
    expect(await decide(client)).toBe(403);

    rewrite(policyOf('redact'));
    await afterReloads(running, { success: 1, failure: 2 });
    expect(await decide(client)).toBe('the [REDACTED:leak.codename]');
    expect((await running.status()).policy.lastFailedReload).toBeUndefined();
  });

  test('is loaded anew at SIGHUP, changed or not, and the process lives', async () => {
    rewrite(policyOf('deny'));
    const running = await startServing('--policy', file());
    const before = await running.status();
    running.process.kill('SIGHUP');
    await afterReloads(running, { success: 1, failure: 0 });
    const { policy } = await running.status();
    expect(policy.version).toBe(before.policy.version);
    expect(Date.parse(policy.loadedAt)).toBeGreaterThan(Date.parse(before.policy.loadedAt));
  });

  test(`${RELOADS} times under load through Envoy, good and bad in turn: no request fails`, { timeout: 300_000 }, async () => {
    const policy = (index: number) =>
      `version: 1\n# ${index}\ndetectors:\n  pii.email: {action: ${index % 4 === 0 ? 'observe' : 'redact'}}\n`;
    rewrite(policy(0));
    gateway = await startGateway({ profile: 'default', upstream: loadProvider, filterPort: (await startServing('--policy', file())).port });
    const load = startLoad(gateway.port, 16);
    let expected = { success: 0, failure: 0 };
    for (let index = 1; index <= RELOADS; index++) {
      await load.after(40);
      const good = index % 3 !== 0;
      replace(good ? policy(index) : `${BAD_POLICY}# ${index}\n`);
      expected = { success: expected.success + (good ? 1 : 0), failure: expected.failure + (good ? 0 : 1) };
      await afterReloads(filter!, expected);
    }
    await load.after(40);
    expect(await load.stop()).toEqual([]);
    expect((await filter!.status()).traffic.outcomes).toMatchObject({ denied: 0, aborted: 0, cancelled: 0 });
  });
});

describe('TLS', () => {
  const files = () => ['--tls-cert', at('tls.crt'), '--tls-key', at('tls.key')];
  const writePair = ({ cert, key }: { readonly cert: string; readonly key: string }) => {
    writeFileSync(at('tls.crt'), cert);
    writeFileSync(at('tls.key'), key);
  };

  test('a certificate without its key, or that does not fit it, is refused at the start', async () => {
    const authority = makeAuthority();
    writePair({ cert: authority.issue().cert, key: authority.issue().key });
    const run = (...flags: string[]) =>
      runSluice(['serve', '--listen', ':0', '--admin', ':0', ...flags], {
        environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
      });
    const [alone, unfit] = await Promise.all([run('--tls-cert', at('tls.crt')), run(...files())]);
    expect(alone).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining('--tls-cert needs --tls-key beside it') });
    expect(unfit).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining('cannot be used together') });
  });

  /** Envoy's cluster `sluice` speaks mutual TLS; its own certificate comes from files it watches. */
  const mutualTls = (authority: TestAuthority) => {
    const { cert, key } = authority.issue();
    writeFileSync(at('ca.pem'), authority.ca);
    writeFileSync(at('envoy.crt'), cert);
    writeFileSync(at('envoy.key'), key);
    const line = '      circuit_breakers: # every exchange pins';
    const http2 = '          explicit_http_config:\n            http2_protocol_options:';
    return {
      [http2]: `          common_http_protocol_options: { max_connection_duration: 0.5s }\n${http2}`,
      [line]: `      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          '@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
          sni: localhost
          common_tls_context:
            alpn_protocols: [h2]
            tls_certificates: [{ certificate_chain: { filename: ${at('envoy.crt')} }, private_key: { filename: ${at('envoy.key')} } }]
            validation_context:
              trusted_ca: { filename: ${at('ca.pem')} }
              match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: localhost } }]
${line}`,
    };
  };

  /** Waits until Envoy has opened another connection, and shaken hands over the certificate of now. */
  const newConnection = async ({ envoy }: Gateway) => {
    const before = (await envoy.stat('cluster.sluice.upstream_cx_total')) ?? 0;
    await waitFor(async () => ((await envoy.stat('cluster.sluice.upstream_cx_total')) ?? 0) > before || undefined);
  };

  test('certificates are rotated under an Envoy that speaks mutual TLS: no request fails, bad ones are refused', {
    timeout: 300_000,
  }, async () => {
    const authority = makeAuthority();
    writePair(authority.issue({ serial: 2 }));
    writeFileSync(at('clients.pem'), authority.ca);
    const running = await startServing(...files(), '--tls-client-ca', at('clients.pem'));
    gateway = await startGateway({ profile: 'default', upstream: loadProvider, filterPort: running.port, changes: mutualTls(authority) });
    const load = startLoad(gateway.port, 8);
    await load.after(50);
    const ends: string[] = [];
    let expected = { success: 0, failure: 0 };
    for (const pair of [
      authority.issue({ serial: 3, endMs: 1_200_000 }),
      { ...authority.issue({ serial: 4 }), key: 'no key' },
      authority.issue({ serial: 5, endMs: 600_000 }),
    ]) {
      writePair(pair);
      const good = pair.key.startsWith('-----BEGIN');
      expected = { success: expected.success + (good ? 1 : 0), failure: expected.failure + (good ? 0 : 1) };
      await afterReloads(running, expected, 'tls');
      ends.push((await running.status()).tls!.notAfter);
      await load.after(50);
      await newConnection(gateway);
    }
    expect(await load.stop()).toEqual([]);
    expect(ends[1]).toBe(ends[0]);
    expect(Date.parse(ends[2]!)).toBeLessThan(Date.parse(ends[1]!));
    expect((await running.status()).tls).toMatchObject({ clients: 'checked' });
    expect(await metric(running, 'sluice_tls_handshake_failures_total')).toBe(0);

    // Control rows: the certificate of now is shown, and a client without one is not served.
    const shown = await connectedSerial(running, { ca: authority.ca, ...authority.issue() });
    expect(shown).toBe(5);
    await expect(connectedSerial(running, { ca: authority.ca })).rejects.toThrow();
    expect(await metric(running, 'sluice_tls_handshake_failures_total')).toBe(1);
  });

  test('an Envoy with a certificate of nobody the filter knows gets no answer, and its client an error', { timeout: 120_000 }, async () => {
    const [known, unknown] = [makeAuthority(), makeAuthority()];
    writePair(known.issue());
    writeFileSync(at('clients.pem'), known.ca);
    const running = await startServing(...files(), '--tls-client-ca', at('clients.pem'));
    const changes = mutualTls(unknown);
    writeFileSync(at('ca.pem'), known.ca);
    gateway = await startGateway({ profile: 'default', upstream: loadProvider, filterPort: running.port, changes, breaks: 'streams' });
    const { status, body } = await send(gateway.port, {});
    expect({ status, canary: body.includes('card') }).toEqual({ status: 503, canary: false });
    expect(await metric(running, 'sluice_tls_handshake_failures_total')).toBeGreaterThan(0);
  });
});

/** Serial number of the certificate that a call went over. */
async function connectedSerial(running: RunningFilter, tls: NonNullable<Parameters<typeof connectExtProc>[1]>): Promise<number> {
  const client = connect(running, tls);
  const closed = new Promise<never>((_, reject) => client.session.once('close', () => reject(new Error('not served'))));
  const call = client.check('');
  closed.catch(() => {}); // the call may be the first to notice
  const { end } = await Promise.race([call, closed]);
  if (end.code !== GRPC_STATUS.ok) throw new Error('not served');
  return Number.parseInt(
    (client.session.socket as unknown as { getPeerCertificate(): Plain }).getPeerCertificate()['serialNumber'] as string,
    16,
  );
}
