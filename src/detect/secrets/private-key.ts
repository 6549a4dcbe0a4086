import { detector } from '../detector.ts';

// OpenSSL (traditional and PKCS #8), OpenSSH, ssh.com (RFC 4716 dashes), TPM, PGP, OpenVPN (hexadecimal lines).
const LABEL =
  '(?:(?:RSA|EC|DSA|DH|ECDSA|ED25519|ED448|X25519|X448|OPENSSH|ENCRYPTED|ANY|TSS2|SSH2 ENCRYPTED) PRIVATE KEY|OpenVPN Static key V1|PRIVATE KEY|PGP PRIVATE KEY BLOCK)';

// Line ends as they stand in files, in string literals and in concatenated source code.
const GAP = '(?:\\s|\\\\[nrt]|["\'+,>|])';
// `Proc-Type: 4,ENCRYPTED`, `DEK-Info: …`, `Version: GnuPG v2`
const HEADER = `[A-Z][A-Za-z0-9-]{2,20}: [^\\n\\r\\\\]{1,80}${GAP}{1,8}`;
// Keys begin with a DER sequence (`M…`) or with `openssh-key-v1`; anything else must be longer than the longest word.
const KEY = '(?:M[A-Za-z0-9+/]{15}|b3BlbnNzaC1rZXkt|[A-Za-z0-9+/]{32})';

const body = (line: string): string => `${line.repeat(4)}\n`.repeat(3);

export default detector({
  name: 'private-key',
  family: 'secret',
  summary: 'Private keys in PEM and PGP armour, from the marker to its end; the marker alone, certificates and public keys pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  pattern: new RegExp(`----(?:-BEGIN ${LABEL}-| BEGIN ${LABEL} )----${GAP}{0,16}(?:${HEADER}){0,4}${KEY}`),
  until: new RegExp(`----(?:-END ${LABEL}-| END ${LABEL} )----`),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${body('MIIEowIBAAKCAQEA')}-----END ${'RSA PRIVATE'} KEY-----`,
    `key: -----BEGIN ${'PRIVATE'} KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END ${'PRIVATE'} KEY----- end`,
    `-----BEGIN ${'OPENSSH PRIVATE'} KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END ${'OPENSSH PRIVATE'} KEY-----\n`,
    `-----BEGIN ${'EC PRIVATE'} KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49`,
    `-----BEGIN ${'RSA PRIVATE'} KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,7E3B\n\n${body('qW4rT5yU7iO9pA1s')}-----END ${'RSA PRIVATE'} KEY-----`,
    `-----BEGIN ${'PGP PRIVATE'} KEY BLOCK-----\nVersion: GnuPG v2\n\n${body('lQOYBFzXzXzBCADK')}-----END ${'PGP PRIVATE'} KEY BLOCK-----`,
    `---- BEGIN ${'SSH2 ENCRYPTED'} PRIVATE KEY ----\nComment: "dsa-key"\n${body('P2/56wAAAgIAAAAm')}---- END ${'SSH2 ENCRYPTED'} PRIVATE KEY ----`,
    `-----BEGIN ${'TSS2 PRIVATE'} KEY-----\n${body('MIIBEQYGZ4EFCgED')}-----END ${'TSS2 PRIVATE'} KEY-----`,
    `-----BEGIN ${'OpenVPN Static'} key V1-----\n${body('9b2f6f0c3d524a1e')}-----END ${'OpenVPN Static'} key V1-----`,
  ],
  ignores: [
    '-----BEGIN PRIVATE KEY----- is how such a file begins',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    `-----BEGIN CERTIFICATE-----\n${body('MIIEowIBAAKCAQEA')}-----END CERTIFICATE-----`,
    `-----BEGIN PUBLIC KEY-----\n${body('MIIBIjANBgkqhkiG')}-----END PUBLIC KEY-----`,
    `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${body('mQENBFzXzXzBCADK')}-----END PGP PUBLIC KEY BLOCK-----`,
    '-----BEGIN RSA PRIVATE KEY-----\ninternationalization\n',
  ],
});
