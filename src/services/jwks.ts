import { open } from 'node:fs/promises';
import type { CryptoKey, JWK, JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose/jwks/local';
import { z } from 'zod';
import type { KeySource } from '../agents/identity/identity-policy.ts';
import { FIXED } from '../lib/limits.ts';

/** The keys of one issuer as they are now. A later set is another object, by which those who remember results notice a rotation. */
export interface Keys {
  readonly key: JWTVerifyGetKey | Uint8Array;
}

/** The keys of one issuer: fetched when first needed, kept, and fetched anew in time. */
export interface KeySet {
  /** The keys; undefined while none can be had, or when the last ones are older than `FIXED.keySetStaleMs`. Never rejects. */
  current(): Promise<Keys | undefined>;
  /** The keys that are there without waiting; older ones than `FIXED.keySetFreshMs` are fetched anew behind it. */
  atHand(): Keys | undefined;
  /**
   * The keys after another fetch, because a token names one that is not among them; undefined when nothing was fetched: the last time is
   * less than `FIXED.keySetRetryMs` ago, or it failed. Never rejects.
   */
  renewed(): Promise<Keys | undefined>;
}

export interface KeySetOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called for every fetch that fails; the old keys serve on. The message names no content. */
  readonly onFailure?: ((message: string) => void) | undefined;
}

/** A key set from a file or an address. Nothing is read before it is asked for. */
export function createKeySet(source: KeySource, { now, onFailure }: KeySetOptions): KeySet {
  let keys: { readonly value: Keys; readonly bytes: Buffer; readonly sinceMs: number } | undefined;
  let triedMs = Number.NEGATIVE_INFINITY;
  let running: Promise<Keys | undefined> | undefined;

  const fetchOnce = (): Promise<Keys | undefined> => {
    running ??= attempt().finally(() => {
      running = undefined;
    });
    return running;
  };
  const attempt = async (): Promise<Keys | undefined> => {
    triedMs = now();
    try {
      const bytes = await readSource(source);
      keys = { value: keys?.bytes.equals(bytes) ? keys.value : readKeys(source, bytes), bytes, sinceMs: now() };
      return keys.value;
    } catch (error) {
      onFailure?.(error instanceof KeySetError ? error.message : 'the key set cannot be read');
      return undefined;
    }
  };
  const mayTry = (): boolean => running !== undefined || now() - triedMs >= FIXED.keySetRetryMs;
  const atHand = (): Keys | undefined => {
    const ageMs = keys === undefined ? Number.POSITIVE_INFINITY : now() - keys.sinceMs;
    if (ageMs >= FIXED.keySetStaleMs) return undefined;
    if (ageMs >= FIXED.keySetFreshMs && mayTry()) void fetchOnce(); // never rejects; until it is done the old keys serve
    return keys?.value;
  };

  return {
    atHand,
    current: () => {
      const held = atHand();
      return held === undefined && mayTry() ? fetchOnce() : Promise.resolve(held);
    },
    renewed: () => (mayTry() ? fetchOnce() : Promise.resolve(undefined)),
  };
}

/** Why a key set cannot be used, in words of our own. */
class KeySetError extends Error {
  override readonly name = 'KeySetError';
}

/** HMAC keys shorter than the smallest hash are guessable (RFC 7518, 3.2). */
const SECRET_BYTES_MIN = 32;

function readKeys(source: KeySource, bytes: Buffer): Keys {
  if (source.kind === 'secret-file') {
    const secret = trimLineEnd(bytes);
    if (secret.length < SECRET_BYTES_MIN) throw new KeySetError(`the secret has ${secret.length} bytes; it needs ${SECRET_BYTES_MIN}`);
    return { key: secret };
  }
  const set = keySetSchema.safeParse(parseJson(bytes));
  if (!set.success) throw new KeySetError('not a key set (RFC 7517, 5)');
  const keys = set.data.keys.filter(isPublicKey);
  if (keys.length === 0) throw new KeySetError('the key set has no public key');
  if (keys.length > FIXED.keySetKeys) throw new KeySetError(`the key set has ${keys.length} keys; ${FIXED.keySetKeys} are allowed`);
  const lookUp = createLocalJWKSet({ keys });
  return { key: (header, token): Promise<CryptoKey> => lookUp(header, token) };
}

const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), use: z.string().exactOptional(), kid: z.string().exactOptional() })),
});

/** No secret ever checks a signature because a key set has one: that is how a public key comes to be taken for a secret. */
function isPublicKey(key: JWK): boolean {
  return (key.kty === 'RSA' || key.kty === 'EC' || key.kty === 'OKP') && (key.use === undefined || key.use === 'sig');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined; // no key set, which the schema says
  }
}

function trimLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--;
  return bytes.subarray(0, end);
}

function readSource(source: KeySource): Promise<Buffer> {
  return source.kind === 'url' ? readUrl(source.url) : readFile(source.path);
}

/** One byte more than is allowed is read, so that a file which grows meanwhile is still bounded. */
async function readFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => {
    throw new KeySetError('the key file cannot be opened');
  });
  try {
    const buffer = Buffer.alloc(FIXED.keySetBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > FIXED.keySetBytes) throw new KeySetError(`the key file is larger than ${FIXED.keySetBytes} bytes`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readUrl(url: string): Promise<Buffer> {
  const answer = await fetch(url, {
    redirect: 'error', // who can redirect could hand out keys of its own
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(FIXED.keySetFetchMs),
  }).catch(() => {
    throw new KeySetError('the address of the key set does not answer');
  });
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw new KeySetError(`the address of the key set answers ${answer.status}`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body) {
    bytes += part.length;
    if (bytes > FIXED.keySetBytes) throw new KeySetError(`the key set is larger than ${FIXED.keySetBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}
