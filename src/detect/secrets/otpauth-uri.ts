import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'otpauth-uri',
  family: 'secret',
  summary: 'Seeds of one-time passwords in otpauth URIs, as their QR codes carry them.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\botpauth:\/\/(?:totp|hotp)\/[\w.%:@+-]{1,40}\?(?:[a-z]{1,9}=[\w%.+-]{1,12}&)?secret=[A-Za-z2-7]{16,36}/,
  check: (candidate) => looksRandom(candidate.slice(candidate.lastIndexOf('=') + 1)),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `otpauth://totp/Example:anna@example.com?secret=${'JBSWY3'}DPEHPK3PXQ&issuer=Example`,
    `"otpauth://totp/Shop?secret=${'K5QWG4'}DFOJSWC3DPN5XW2Z3F"`,
    `otpauth://hotp/a?counter=1&secret=${'MZXW6Y'}TBOIYTEMZUGQ2T`,
    `scan otpauth://totp/Mail:b?issuer=Mail&secret=${'NB2HI4'}B2F4XWK6DBNVYGY3I now`,
  ],
  ignores: [
    'otpauth://totp/Example:anna?secret=<secret>',
    'otpauth://totp/Example:anna',
    'otpauth://totp/Example?secret=JBSWY3',
    `otpauth://totp/Example?secret=${'A'.repeat(32)}`,
    'the otpauth scheme carries the secret=',
  ],
});
