import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { GRPC_STATUS } from '../../src/extproc/grpc.ts';
import { createExtProcServer, type ListenOptions, type TlsMaterial } from '../../src/extproc/server.ts';
import { makeAuthority } from '../support/certificate.ts';
import { connectExtProc, type ExtProcClient } from '../support/ext-proc-client.ts';
import { echoExchange } from './echo-exchange.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const servers = makeAuthority();
const clients = makeAuthority();
const strangers = makeAuthority();
const trusting = { ca: servers.ca };

const material = (serial: number, clientCa?: string): TlsMaterial => {
  const { cert, key } = servers.issue({ serial });
  return { cert: Buffer.from(cert), key: Buffer.from(key), clientCa: clientCa === undefined ? undefined : Buffer.from(clientCa) };
};

async function start(tls: TlsMaterial | undefined) {
  const errors: string[] = [];
  const server = createExtProcServer({ openExchange: echoExchange, onRecord: () => {}, onError: (_, where) => errors.push(where), tls });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  cleanups.push(() => server.close({ deadlineMs: 0 }));
  return { server, address, errors };
}

function client(address: ListenOptions, tls?: Parameters<typeof connectExtProc>[1]): ExtProcClient {
  const connected = connectExtProc(address, tls);
  cleanups.push(() => connected.close());
  return connected;
}

/** Whether a call gets through. */
async function isServed(connected: ExtProcClient): Promise<boolean> {
  const closed = new Promise<false>((resolve) => connected.session.once('close', () => resolve(false)));
  const check = connected.check('').then(({ end }) => end.code === GRPC_STATUS.ok);
  return Promise.race([check, closed]);
}

/** Serial number of the certificate that a new connection is shown. */
async function shownSerial(address: ListenOptions): Promise<number> {
  const { host, port } = address as { host: string; port: number };
  const socket = connectTls({ host, port, ca: servers.ca, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return Number.parseInt(serialNumber, 16);
}

describe('a server with a certificate', () => {
  test('exchanges messages over TLS, version 1.2 or later', async () => {
    const { address } = await start(material(2));
    expect(await isServed(client(address, trusting))).toBe(true);
    expect(await isServed(client(address, { ...trusting, maxVersion: 'TLSv1.2' }))).toBe(true);
  });

  test.each([
    ['TLS 1.1', { ...trusting, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['plain text', undefined],
  ] as const)('does not serve %s', async (_, tls) => {
    const { address, errors } = await start(material(2));
    expect(await isServed(client(address, tls))).toBe(false);
    expect(errors).toEqual(['handshake']);
  });

  test('does not serve another protocol than h2', async () => {
    const { address, errors } = await start(material(2));
    const { host, port } = address as { host: string; port: number };
    const socket = connectTls({ host, port, ...trusting, ALPNProtocols: ['http/1.1'] });
    await expect(once(socket, 'secureConnect')).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
    expect(errors).toEqual(['handshake']);
  });

  test('goes without waiting for a peer that does not go on with its handshake', async () => {
    const { server, address } = await start(material(2));
    const socket = connectSocket(address as { host: string; port: number });
    cleanups.push(async () => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    // Served after it, so that the server has it.
    const served = client(address, trusting);
    expect(await isServed(served)).toBe(true);
    await served.close();
    const cut = once(socket, 'close');
    await server.close({ deadlineMs: 0 });
    await cut;
  });

  test('is not trusted by a client with another authority', async () => {
    const { address } = await start(material(2));
    expect(await isServed(client(address, { ca: strangers.ca }))).toBe(false);
  });
});

describe('a server with client authorities', () => {
  const shows = (issuer = clients) => ({ ...trusting, ...issuer.issue() });

  test('serves a client whose certificate they signed', async () => {
    const { address, errors } = await start(material(2, clients.ca));
    expect(await isServed(client(address, shows()))).toBe(true);
    expect(errors).toEqual([]);
  });

  test.each([
    ['none', trusting],
    ['one of another authority', shows(strangers)],
    ['one that has ended', { ...trusting, ...clients.issue({ endMs: -60_000 }) }],
  ])('does not serve a client that shows %s', async (_, tls) => {
    const { address, errors } = await start(material(2, clients.ca));
    expect(await isServed(client(address, tls))).toBe(false);
    expect(errors).toEqual(['handshake']);
  });

  test('checks new connections against changed authorities, and lets open ones be', async () => {
    const { server, address } = await start(material(2, clients.ca));
    const before = client(address, shows());
    expect(await isServed(before)).toBe(true);
    server.setTls(material(3, strangers.ca));
    expect(await isServed(client(address, shows()))).toBe(false);
    expect(await isServed(client(address, shows(strangers)))).toBe(true);
    expect(await isServed(before)).toBe(true);
  });
});

describe('a changed certificate', () => {
  test('is shown to new connections; an exchange on an open one goes on', async () => {
    const { server, address } = await start(material(2));
    const call = client(address, trusting).open();
    call.send({ request_headers: {} });
    await call.next();
    expect(await shownSerial(address)).toBe(2);
    server.setTls(material(3));
    expect(await shownSerial(address)).toBe(3);
    call.send({ response_headers: { end_of_stream: true } });
    expect(await call.next()).toMatchObject({ response: 'response_headers' });
    call.end();
    expect(await call.ended).toMatchObject({ code: GRPC_STATUS.ok });
  });

  test('that does not fit its key is refused and the old one stays', async () => {
    const { server, address } = await start(material(2));
    expect(() => server.setTls({ ...material(3), key: material(4).key })).toThrow();
    expect(await shownSerial(address)).toBe(2);
  });

  test('cannot be given to a server without TLS', async () => {
    const { server } = await start(undefined);
    expect(() => server.setTls(material(3))).toThrow(/without TLS/);
  });
});
