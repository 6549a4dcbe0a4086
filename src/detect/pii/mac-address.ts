import { digitsOf, isDigit } from '../checks/digits.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mac-address',
  family: 'pii',
  summary: 'Network card addresses of 48 or 64 bits with colons, hyphens or dots; times, fingerprints, broadcast and fill patterns pass.',
  tier: 'flag',
  severity: 'low',
  confidence: 0.9,
  pattern:
    /\b(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?:(?::[0-9a-f]{2}){2})?|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?:(?:-[0-9a-f]{2}){2})?|[0-9a-f]{2}(?: [0-9a-f]{2}){5}(?:(?: [0-9a-f]{2}){2})?|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?:\.[0-9a-f]{4})?)\b/i,
  check: isMacAddress,
  references: ['owasp-llm:LLM02:2026', 'ieee:802'],
  finds: [
    'eth0 has 3c:22:fb:9a:41:d7 now',
    'MAC 3C-22-FB-9A-41-D7.',
    'arp 3c22.fb9a.41d7 vlan 10',
    '{"bssid":"a4:5e:60:c2:11:0b"}',
    'EUI-64 3c:22:fb:ff:fe:9a:41:d7',
    'mac address 3C 22 FB 9A 41 D7',
  ],
  ignores: [
    'at 10:30:45:12',
    'ff:ff:ff:ff:ff:ff',
    '00:00:00:00:00:00',
    'SHA1 Fingerprint=3C:22:FB:9A:41:D7:0B:11:C2:60:5E:A4:00:12:34:56:78:9A:BC:DE',
    'uuid 3c22fb9a-41d7-4a5e-8c21-10b3c22fb9a4',
    'bytes 3C 22 FB 9A 41 D7',
    '20-24-11-21-10-30',
    '01:00:5e:7f:ff:fa',
    '3c:22:fb:9a:41',
    'version 1024.2048.4096',
  ],
});

const FINGERPRINT_WORDS = ['fingerprint', 'sha', 'md5', 'thumbprint', 'serial'];

/** The check of a candidate. A group address (lowest bit of the first byte) belongs to no card; only digits are a date and a time. */
function isMacAddress(candidate: string, before: string): boolean {
  const lower = candidate.toLowerCase();
  const separator = lower[2]! >= '0' && lower[2] !== ':' ? '.' : lower[2]!;
  if (continuesBytes(before, separator)) return false;
  const hex = lower.split(separator).join('');
  if (new Set(hex).size < 3 || Number.parseInt(hex.slice(0, 2), 16) % 2 === 1) return false;
  const hasLetter = digitsOf(hex).length < hex.length;
  const context = before.toLowerCase();
  if (separator === ' ') return context.includes('mac');
  return (hasLetter || (separator === ':' && context.includes('mac'))) && !FINGERPRINT_WORDS.some((word) => context.includes(word));
}

/** Whether it is the tail of a longer row of bytes. */
function continuesBytes(before: string, separator: string): boolean {
  if (separator === ' ' || before.at(-1) !== separator) return false;
  const unit = before.charCodeAt(before.length - 2) | 32;
  return isDigit(before.charCodeAt(before.length - 2)) || (unit >= 97 && unit <= 102);
}
