import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A server certificate for 127.0.0.1 and localhost, made now, with the authority that signed it. PEM. */
export interface TestCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate of an authority of its own. */
export function makeCertificate(): TestCertificate {
  const { ca, issue } = makeAuthority();
  return { ca, ...issue() };
}

/** An authority that signs certificates, for both ends of a connection. PEM. */
export interface TestAuthority {
  readonly ca: string;
  /** A new key and its certificate for 127.0.0.1 and localhost. `endMs`: when it ends, from now; default: in half an hour. */
  issue(options?: { readonly serial?: number; readonly endMs?: number }): Omit<TestCertificate, 'ca'>;
}

/** Valid for an hour around now; P-256, X.509 v3 (RFC 5280), written here because Node makes keys but no certificates. */
export function makeAuthority(): TestAuthority {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'Sluice test authority';
  const signed = { issuer, signer: authority.privateKey };
  const ca = certificate({ ...signed, serial: 1, subject: issuer, publicKey: authority.publicKey, extensions: [CA] });
  return {
    ca,
    issue({ serial = 2, endMs } = {}) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const cert = certificate({
        ...signed,
        serial,
        subject: 'localhost',
        publicKey,
        extensions: [NAMES],
        ...(endMs !== undefined && { endMs }),
      });
      return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    },
  };
}

interface CertificateFields {
  readonly serial: number;
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly endMs?: number;
}

function certificate({ serial, subject, issuer, publicKey, signer, extensions, endMs = HALF_HOUR_MS }: CertificateFields): string {
  const validity = sequence(time(Date.now() - HALF_HOUR_MS), time(Date.now() + endMs));
  const body = sequence(
    tagged(0xa0, integer(2)), // version 3
    integer(serial),
    ECDSA_SHA256,
    name(issuer),
    validity,
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const der = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, signer)));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const HALF_HOUR_MS = 1_800_000;

// DER (ITU-T X.690), as much as a certificate needs.
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}
function oid(...bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}
function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}
function bits(content: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), content);
}
function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(0x55, 4, 3), tagged(0x0c, Buffer.from(commonName)))));
}
/** UTCTime: `YYMMDDHHMMSSZ`. */
function time(unixMs: number): Buffer {
  return tagged(0x17, Buffer.from(`${new Date(unixMs).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));
}

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
/** basicConstraints, critical: an authority. */
const CA = sequence(oid(0x55, 0x1d, 19), TRUE, tagged(0x04, sequence(TRUE)));
/** subjectAltName: localhost and 127.0.0.1. */
const NAMES = sequence(
  oid(0x55, 0x1d, 17),
  tagged(0x04, sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])))),
);
