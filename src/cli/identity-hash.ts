import { createHmacSha256 } from '../lib/hmac.ts';
import { installationKey } from './installation-key.ts';

/** The keyed hash, hex, under which this installation knows credentials, persons and sessions. */
export function identityHash(text: string): string {
  return hashWith(installationKey())(text);
}

/** Says which key an installation hashes with, and nothing of it: 16 digits. */
export function keyIdOf(key: Uint8Array): string {
  return createHmacSha256(key)('installation').slice(0, 16);
}

/** As `identityHash`, for a process that hashes often. */
export function hashWith(key: Uint8Array): (text: string) => string {
  const hmac = createHmacSha256(key);
  return (text) => hmac(`credential\0${text}`);
}
