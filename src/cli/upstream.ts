import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { AppError } from '../lib/errors.ts';
import type { Upstream } from './envoy-config.ts';

/** Where systems keep their CA bundle; the first that exists is used. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/opt/homebrew/etc/ca-certificates/cert.pem',
] as const;

/**
 * Reads `--upstream`: an http or https URL of a host, without path, query or credentials. Throws `upstream-invalid`.
 * `caFile` names the roots to trust; asked for https only.
 */
export function parseUpstream(text: string, caFile: () => string): Upstream {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new AppError('upstream-invalid', '--upstream is not an http or https URL');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new AppError('upstream-invalid', '--upstream must name a host alone: paths come from the client');
  }
  const secure = url.protocol === 'https:';
  return {
    host: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    // With a port in `Host` unless it is the scheme's own, as every HTTP client writes it.
    name: url.host,
    caFile: secure ? caFile() : undefined,
  };
}

/** This machine's roots: SSL_CERT_FILE, the system's bundle, else Node's own written to `workFolder`. */
export function caBundle(workFolder: string): string {
  const found = [process.env['SSL_CERT_FILE'], ...BUNDLES].find((file) => file !== undefined && existsSync(file));
  if (found !== undefined) return found;
  const file = path.join(workFolder, 'roots.pem');
  writeFileSync(file, rootCertificates.join('\n'));
  return file;
}
