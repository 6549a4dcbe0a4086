import { hash } from 'node:crypto';
import { installationKey } from './installation-key.ts';

/** The keyed hash, hex, under which this installation knows credentials, persons and sessions. */
export function identityHash(text: string): string {
  return hashWith(installationKey())(text);
}

/** As `identityHash`, for a process that hashes often. */
export function hashWith(key: Uint8Array): (text: string) => string {
  const hmac = createHmacSha256(key);
  return (text) => hmac(`credential\0${text}`);
}

/** HMAC-SHA-256 (RFC 2104), hex, of two one-shot hashes: an Hmac object of Node takes several times as long as its two hashes. */
export function createHmacSha256(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(32)]);
  return (text) => {
    outer.set(hash('sha256', Buffer.concat([inner, Buffer.from(text, 'utf8')]), 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'hex');
  };
}

/** SHA-256 works on blocks of this size. */
const BLOCK_BYTES = 64;
