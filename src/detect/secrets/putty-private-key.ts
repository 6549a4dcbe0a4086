import { detector } from '../detector.ts';

export default detector({
  name: 'putty-private-key',
  family: 'secret',
  summary: 'PuTTY private keys (.ppk), from the marker of the file to its MAC.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  pattern: /\bPuTTY-User-Key-File-[123]: [a-z0-9@.-]{5,40}\s{1,3}Encryption:/,
  until: /\bPrivate-(?:MAC|Hash): [0-9a-f]{40,64}\b/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `${'PuTTY-User-'}Key-File-3: ssh-ed25519\nEncryption: none\nComment: a\nPublic-Lines: 2\nAAAAC3Nz\nPrivate-Lines: 1\nAAAAIB7v\nPrivate-MAC: 3f786850e387550fdab836ed7e6dc881de23001b\n`,
    `${'PuTTY-User-'}Key-File-2: ssh-rsa\r\nEncryption: aes256-cbc\r\nComment: b\r\n`,
    `key:\n${'PuTTY-User-'}Key-File-2: ecdsa-sha2-nistp256\nEncryption: none\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 3f786850e387550fdab836ed7e6dc881de23001b end`,
    `${'PuTTY-User-'}Key-File-1: ssh-dss\nEncryption: none\nPrivate-Hash: 3f786850e387550fdab836ed7e6dc881de23001b`,
  ],
  ignores: [
    'PuTTY-User-Key-File-3 is the marker of the newer files',
    'PuTTY-User-Key-File-2: ssh-rsa',
    'Private-MAC: 3f786850e387550fdab836ed7e6dc881de23001b',
    '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "a"\nAAAAB3Nz\n---- END SSH2 PUBLIC KEY ----',
    'open PuTTYgen, load the .ppk and export it',
  ],
});
