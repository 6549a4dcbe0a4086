import { AppError } from '../lib/errors.ts';

/** Where `sluice inventory serve` listens when nobody says otherwise: the port of OTLP over HTTP. */
export const INVENTORY_ADDRESS = '127.0.0.1:4318';

/** Where a server listens: a TCP address or a Unix socket. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** Reads `host:port`, `[::1]:port`, `:port` (loopback), `unix:/path` or `/path`. Throws `settings-invalid` naming `source`. */
export function parseAddress(text: string, source: string): ListenAddress {
  if (text.startsWith('unix:')) return unixAddress(text.slice('unix:'.length), source);
  if (text.startsWith('/')) return unixAddress(text, source);
  const colon = text.lastIndexOf(':');
  const port = portNumber(text.slice(colon + 1));
  if (colon < 0 || port === undefined) throw new AppError('settings-invalid', `${source} is not an address: write host:port or unix:/path`);
  return { kind: 'tcp', host: bare(text.slice(0, colon)) || '127.0.0.1', port };
}

/** Like `parseAddress`, for what speaks HTTP and so needs host and port. */
export function parseTcpAddress(text: string, source: string): { readonly host: string; readonly port: number } {
  const address = parseAddress(text, source);
  if (address.kind === 'tcp') return { host: address.host, port: address.port };
  throw new AppError('settings-invalid', `${source} must be host:port`);
}

/** `host:port` or `unix:/path`: what `parseAddress` reads. */
export function formatAddress(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** A port from 0 to 65,535 in decimal digits; undefined for anything else. */
export function portNumber(text: string): number | undefined {
  const port = Number(text);
  const digits = text !== '' && text.length <= 5 && Array.from(text).every((character) => character >= '0' && character <= '9');
  return digits && port <= 65_535 ? port : undefined;
}

/** Longest path a Unix socket may have on Linux, in bytes, with its closing zero (`sun_path`); macOS has 104. */
const SOCKET_PATH_BYTES_MAX = 103;

function unixAddress(path: string, source: string): ListenAddress {
  if (path.startsWith('/') && Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return { kind: 'unix', path };
  throw new AppError('settings-invalid', `${source} needs an absolute socket path of at most ${SOCKET_PATH_BYTES_MAX} bytes`);
}

function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** Turns a failed `listen` into an error with a next step; other errors pass through. */
export function listenError(error: unknown, address: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new AppError('address-in-use', `${address} is already in use`, { cause: error });
  const unusable = code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND' || code === 'ENOENT';
  return unusable ? new AppError('address-unusable', `cannot listen on ${address} (${code})`, { cause: error }) : error;
}
