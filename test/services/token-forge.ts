import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

export const NOW_S = 1_800_000_000;
export const ISSUER = 'https://login.corp.example';
export const AUDIENCE = 'sluice';

/** Claims; undefined ones are left out. */
type Payload = Readonly<Record<string, unknown>>;

/** An issuer with its keys on disk, and everything that somebody without its private key can do. */
export interface Forge {
  readonly jwksFile: string;
  /** Signed by the issuer. */
  genuine(payload?: Payload, header?: Record<string, unknown>): Promise<string>;
  /** Signed by a key that is not the issuer's. */
  wrongKey(payload?: Payload, header?: Record<string, unknown>): Promise<string>;
  /** Not signed at all, `alg` as it is written. */
  unsigned(alg: string, payload?: Payload): string;
  /** Signed as HS256 with what everybody can know: the public key. */
  confused(as: 'pem' | 'jwk', payload?: Payload): Promise<string>;
  publicJwk(): Promise<JWK>;
  close(): void;
}

const BASE: Payload = { iss: ISSUER, aud: AUDIENCE, iat: NOW_S - 10, exp: NOW_S + 600 };

export async function createForge(): Promise<Forge> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-forge-'));
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const jwksFile = path.join(folder, 'jwks.json');
  writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
  const sign = (key: CryptoKey, payload: Payload, header: Record<string, unknown>): Promise<string> =>
    new SignJWT({ ...BASE, ...payload }).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);
  return {
    jwksFile,
    genuine: (payload = {}, header = {}) => sign(own.privateKey, payload, header),
    wrongKey: (payload = {}, header = {}) => sign(foreign.privateKey, payload, header),
    unsigned: (alg, payload = {}) => `${part({ alg })}.${part({ ...BASE, ...payload })}.`,
    async confused(as, payload = {}) {
      const secret = as === 'pem' ? await exportSPKI(own.publicKey) : JSON.stringify(jwk);
      const signed = `${part({ alg: 'HS256', kid: 'one' })}.${part({ ...BASE, ...payload })}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
    publicJwk: () => exportJWK(foreign.publicKey),
    close: () => rmSync(folder, { recursive: true }),
  };
}

export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
