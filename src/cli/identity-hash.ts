import { createHmac, createSecretKey } from 'node:crypto';
import { installationKey } from './installation-key.ts';

/** The keyed hash, hex, under which this installation knows credentials, persons and sessions. */
export function identityHash(text: string): string {
  return hashWith(installationKey())(text);
}

/** As `identityHash`, for a process that hashes often. */
export function hashWith(key: Uint8Array): (text: string) => string {
  const secret = createSecretKey(key);
  return (text) => createHmac('sha256', secret).update(`credential\0${text}`).digest('hex');
}
