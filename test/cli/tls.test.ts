import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveSettings } from '../../src/cli/settings.ts';
import { loadTls, tlsFiles } from '../../src/cli/tls.ts';
import { AppError } from '../../src/lib/errors.ts';
import { makeAuthority } from '../support/certificate.ts';

const authority = makeAuthority();
const { cert, key } = authority.issue();
const HOUR_MS = 3_600_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-tls-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const where = path.join(folder, name);
  writeFileSync(where, text);
  return where;
};
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message.replaceAll(`${folder}/`, '') };
  }
  return undefined;
};

describe('TLS files', () => {
  test('that fit are given with the day the certificate ends', () => {
    const files = { cert: file('a.pem', cert), key: file('a.key', key), clientCa: file('ca.pem', authority.ca) };
    const { material, notAfter } = loadTls(files);
    expect(material).toEqual({ cert: Buffer.from(cert), key: Buffer.from(key), clientCa: Buffer.from(authority.ca) });
    expect(Date.parse(notAfter)).toBeGreaterThan(Date.now());
    expect(loadTls({ ...files, clientCa: undefined }).material.clientCa).toBeUndefined();
  });

  test.each([
    ['a missing file', () => ({ cert: '/missing.pem' }), 'file-unreadable', '/missing.pem: the TLS certificate cannot be read (ENOENT)'],
    ['a certificate that is none', () => ({ cert: file('b.pem', 'hello') }), 'tls-invalid', 'b.pem does not hold a certificate in PEM'],
    ['a key of another certificate', () => ({ key: file('b.key', authority.issue().key) }), 'tls-invalid', 'cannot be used together'],
    ['a key that is none', () => ({ key: file('c.key', 'hello') }), 'tls-invalid', 'cannot be used together'],
    ['a client CA that is none', () => ({ clientCa: file('b.ca', '') }), 'tls-invalid', 'b.ca does not hold a certificate'],
    ['a certificate that has ended', () => ended(-HOUR_MS / 4), 'tls-invalid', 'd.pem: the certificate ended on'],
  ])('with %s are refused', (_, change, code, message) => {
    const files = { cert: file('a.pem', cert), key: file('a.key', key), clientCa: undefined, ...change() };
    expect(codeOf(() => loadTls(files))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  const ended = (endMs: number) => {
    const issued = authority.issue({ endMs });
    return { cert: file('d.pem', issued.cert), key: file('d.key', issued.key) };
  };
});

describe('TLS settings', () => {
  const of = (flags: Parameters<typeof resolveSettings>[0]['flags']) => tlsFiles(resolveSettings({ flags, environment: {}, files: [] }));

  test('none mean plain text, empty ones too', () => {
    expect(of({})).toBeUndefined();
    expect(of({ tlsCert: '', tlsKey: '', tlsClientCa: '' })).toBeUndefined();
  });
  test('name certificate and key, and the CA of the clients when there is one', () => {
    expect(of({ tlsCert: 'c', tlsKey: 'k' })).toEqual({ cert: 'c', key: 'k', clientCa: undefined });
    expect(of({ tlsCert: 'c', tlsKey: 'k', tlsClientCa: 'a' })).toEqual({ cert: 'c', key: 'k', clientCa: 'a' });
  });
  test.each([
    [{ tlsCert: 'c' }, '--tls-cert needs --tls-key beside it'],
    [{ tlsKey: 'k' }, '--tls-key needs --tls-cert beside it'],
    [{ tlsClientCa: 'a' }, '--tls-client-ca needs --tls-cert beside it'],
    [{ tlsCert: 'c', tlsClientCa: 'a' }, '--tls-cert needs --tls-key beside it'],
  ])('%o are refused', (flags, message) => expect(codeOf(() => of(flags))).toEqual({ code: 'settings-invalid', message }));
});
