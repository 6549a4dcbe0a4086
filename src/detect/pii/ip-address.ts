import { contextWords } from '../checks/context-words.ts';
import { isDigit } from '../checks/digits.ts';
import { ipv6Groups, isPublicIpv4, isPublicIpv6 } from '../checks/ip-range.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ip-address',
  family: 'pii',
  summary: 'Public IPv4 and IPv6 addresses; private, reserved and documentation ranges, netmasks, versions and section numbers pass.',
  tier: 'flag',
  severity: 'low',
  confidence: 0.85,
  pattern:
    /\b(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|[23][0-9a-f]{3}(?::[0-9a-f]{1,4}){1,5}:(?::[0-9a-f]{1,4}){1,5})\b/i,
  check: isIpAddress,
  references: ['owasp-llm:LLM02:2026', 'rfc:6890', 'rfc:4291'],
  finds: [
    'login from 81.2.69.142 failed',
    '{"remote_addr":"93.184.216.34"}',
    'http://151.101.1.69:8080/x',
    'client 2a00:1450:4001:82a:0:0:0:200e',
    'AAAA 2606:2800:220:1:248:1893:25c8:1946.',
    'peer [2a02:8109:9c40:2f00::17]:443',
    'my ip is 5.9.12.20',
  ],
  ignores: [
    'Chrome/126.7.80.140 Safari',
    'openssl 30.13.139.227',
    'pkg==26.5.60.127',
    'bind 192.168.1.20',
    'on 10.0.0.5 and 172.16.4.4',
    'mask 255.255.255.0',
    '127.0.0.1:3000',
    'resolver 8.8.8.8',
    'see 3.12.4.1 of the manual',
    'version 81.2.69.142',
    'Chrome/91.0.4472.124',
    'v81.2.69.142',
    'fe80::1 and ::1',
    '2001:db8:85a3::8a2e:370:7334',
    'fd12:3456:789a:1:0:0:0:1',
    'std::add::dead',
    '203.0.113.7',
    'route 93.184.216.0/24',
    'at 10:30:45:12:13:14:15:16',
  ],
});

const VERSION_WORDS = contextWords(
  ['version', 'release', 'firmware', 'driver', 'section', 'chapter', 'oid', 'build', 'chrome/', 'openssl '],
  24,
);
const hasLabel = labelled([
  'ip*',
  'ipv*',
  'address*',
  'host*',
  'client*',
  'remote*',
  'from',
  'login*',
  'peer*',
  'adresse*',
  'direccion*',
  'indirizzo*',
]);
/** Octets of numbered sections, and of versions of four parts, are small. */
const SMALL = 32;

/** The check of a candidate; its shape says which version it is. */
function isIpAddress(candidate: string, before: string): boolean {
  return candidate.includes(':') ? isIpv6Address(candidate, before) : isIpv4Address(candidate, before);
}

/** An address that ends in 0 is a network; one of a single number (1.1.1.1) is a public service. */
function isIpv4Address(candidate: string, before: string): boolean {
  if (continuesToken(before) || candidate.endsWith('.0') || !isPublicIpv4(candidate)) return false;
  const octets = candidate.split('.').map(Number);
  if (new Set(octets).size === 1 || octets.every((octet) => PUBLIC_RESOLVERS.includes(octet)) || VERSION_WORDS(before)) return false;
  return octets.some((octet) => octet >= SMALL) || hasLabel(before);
}

/** Made of these numbers only: 8.8.4.4, 9.9.9.9, 1.0.0.1. */
const PUBLIC_RESOLVERS = [0, 1, 4, 8, 9];

/** Eight groups of two digits each are a fingerprint or an EUI-64. */
function isIpv6Address(candidate: string, before: string): boolean {
  if (before.endsWith(':') || before.endsWith('.')) return false;
  const groups = ipv6Groups(candidate);
  if (groups === undefined || !isPublicIpv6(groups)) return false;
  return candidate.split(':').some((group) => group.length > 2);
}

/** Part of a longer row of numbers, of a path or of a version: `1.81.2.69.142`, `v81…`, `-81…`. */
function continuesToken(before: string): boolean {
  const last = before.at(-1) ?? '';
  if (last === '-' || last === '_' || last === '+' || before.endsWith('==')) return true;
  return (last === '.' || last === '/') && isDigit(before.charCodeAt(before.length - 2));
}
