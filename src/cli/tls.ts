import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsMaterial } from '../extproc/server.ts';
import { AppError } from '../lib/errors.ts';
import type { Settings } from './settings.ts';

/** The files of TLS, PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Undefined: clients are not asked for a certificate. */
  readonly clientCa: string | undefined;
}

export interface LoadedTls {
  readonly material: TlsMaterial;
  /** When the certificate ends, ISO 8601. */
  readonly notAfter: string;
}

/** What the settings say about TLS; undefined: plain text. Throws `settings-invalid` for a part without the others it needs. */
export function tlsFiles({ tlsCert, tlsKey, tlsClientCa }: Settings): TlsFiles | undefined {
  const [cert, key, clientCa] = [tlsCert.value || undefined, tlsKey.value || undefined, tlsClientCa.value || undefined];
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa };
  if (cert !== undefined) throw new AppError('settings-invalid', `${tlsCert.origin} needs --tls-key beside it`);
  const alone = key !== undefined ? tlsKey : clientCa !== undefined ? tlsClientCa : undefined;
  if (alone !== undefined) throw new AppError('settings-invalid', `${alone.origin} needs --tls-cert beside it`);
  return undefined;
}

/**
 * Reads certificate, key and authorities and tries them together. Throws `file-unreadable`, and `tls-invalid` for what is no PEM, does not
 * belong together, or is not valid now: no peer that checks would accept it.
 */
export function loadTls(files: TlsFiles): LoadedTls {
  const cert = read(files.cert, 'certificate');
  const key = read(files.key, 'key');
  const clientCa = files.clientCa === undefined ? undefined : read(files.clientCa, 'client CA');
  const { validFromDate, validToDate } = parse(files.cert, cert);
  if (files.clientCa !== undefined) parse(files.clientCa, clientCa!);
  const nowMs = Date.now();
  if (nowMs > validToDate.getTime())
    throw new AppError('tls-invalid', `${files.cert}: the certificate ended on ${validToDate.toISOString()}`);
  if (nowMs < validFromDate.getTime())
    throw new AppError('tls-invalid', `${files.cert}: the certificate begins only on ${validFromDate.toISOString()}`);
  try {
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
  } catch (cause) {
    throw new AppError('tls-invalid', `${files.cert} and ${files.key} cannot be used together (${codeOf(cause)})`, { cause });
  }
  return { material: { cert, key, clientCa }, notAfter: validToDate.toISOString() };
}

function read(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: the TLS ${what} cannot be read (${codeOf(cause)})`, { cause });
  }
}

function parse(file: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new AppError('tls-invalid', `${file} does not hold a certificate in PEM (${codeOf(cause)})`, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
}
