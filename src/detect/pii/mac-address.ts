import { contextWords } from '../checks/context-words.ts';
import { countDigits, isDigit } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mac-address',
  family: 'pii',
  summary: 'Network card addresses of 48 or 64 bits with colons, hyphens or dots; times, fingerprints, broadcast and fill patterns pass.',
  tier: 'flag',
  severity: 'low',
  confidence: 0.9,
  pattern:
    /\b(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?:(?::[0-9a-f]{2}){2})?|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?:(?:-[0-9a-f]{2}){2})?|[0-9a-f]{2}(?: [0-9a-f]{2}){5}(?:(?: [0-9a-f]{2}){2})?|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?:\.[0-9a-f]{4})?|[0-9a-f]{12}(?:[0-9a-f]{4})?)\b/i,
  check: isMacAddress,
  references: ['owasp-llm:LLM02:2026', 'ieee:802'],
  finds: [
    'eth0 has 3c:22:fb:9a:41:d7 now',
    'MAC 3C-22-FB-9A-41-D7.',
    'arp 3c22.fb9a.41d7 vlan 10',
    '{"bssid":"a4:5e:60:c2:11:0b"}',
    'EUI-64 3c:22:fb:ff:fe:9a:41:d7',
    'mac address 3C 22 FB 9A 41 D7',
    'MAC 3c22fb9a41d7',
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
    'commit 3c22fb9a41d7',
    '{"rmac":1,"id":"202411211030"}',
    'version 1024.2048.4096',
  ],
});

const hasLabel = labelled(['mac', 'macs', 'mac address*', 'macaddress*', 'hwaddr', 'ether', 'bssid', 'ethernet*', 'bluetooth*', 'wifi*']);
const isFingerprint = contextWords(['fingerprint', 'sha', 'md5', 'thumbprint', 'serial']);
/** Where many listen: everyone, IPv4 and IPv6 multicast, spanning tree (RFC 7042). */
const GROUPS = ['ffffff', '01005e', '3333', '0180c2'];
const SEPARATORS = ':-. ';

/** The check of a candidate. Spaces and hyphens also part other bytes and dates, and no separator a hash: then letters or a label decide. */
function isMacAddress(candidate: string, before: string): boolean {
  const separator = [...SEPARATORS].find((mark) => candidate.includes(mark));
  const isPlain = separator === undefined || separator === ' ';
  if (isPlain && !hasLabel(before)) return false;
  const hex = (separator === undefined ? candidate : candidate.split(separator).join('')).toLowerCase();
  if (continuesBytes(before, separator)) return false;
  if (new Set(hex).size < 2 || GROUPS.some((group) => hex.startsWith(group))) return false;
  const isDistinct = isPlain || separator === ':' || countDigits(hex) < hex.length;
  return (isDistinct || hasLabel(before)) && !isFingerprint(before);
}

/** Whether it is the tail of a longer row of bytes. */
function continuesBytes(before: string, separator: string | undefined): boolean {
  if (separator === undefined || separator === ' ' || before.at(-1) !== separator) return false;
  const unit = before.charCodeAt(before.length - 2) | 32;
  return isDigit(before.charCodeAt(before.length - 2)) || (unit >= 97 && unit <= 102);
}
