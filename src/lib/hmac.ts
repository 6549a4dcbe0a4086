import { hash } from 'node:crypto';

/** SHA-256 works on blocks of this size. */
const BLOCK_BYTES = 64;
/** Room for texts of usual length. */
const SCRATCH_BYTES = 1024;
/** Of UTF-8 for one UTF-16 unit. */
const UNIT_BYTES_MAX = 3;

/** HMAC-SHA-256 (RFC 2104), hex, of two one-shot hashes: an Hmac object of Node takes several times as long as its two hashes. */
export function createHmacSha256(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(32)]);
  const scratch = Buffer.concat([inner, Buffer.alloc(SCRATCH_BYTES)]);
  const keyed = (text: string): Buffer => {
    if (text.length * UNIT_BYTES_MAX > SCRATCH_BYTES) return Buffer.concat([inner, Buffer.from(text, 'utf8')]);
    return scratch.subarray(0, BLOCK_BYTES + scratch.write(text, BLOCK_BYTES, 'utf8'));
  };
  return (text) => {
    outer.write(hash('sha256', keyed(text), 'hex'), BLOCK_BYTES, 'hex'); // as digits: a Buffer made for each costs more
    return hash('sha256', outer, 'hex');
  };
}
