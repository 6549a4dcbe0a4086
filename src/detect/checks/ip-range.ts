/**
 * Whether an IPv4 address in dotted form (four numbers without leading zeros) is one that a network on the internet may have: not in a
 * range of RFC 6890 (private, loopback, link-local, shared, documentation, benchmark), no multicast, no netmask.
 */
export function isPublicIpv4(address: string): boolean {
  const parts = address.split('.');
  if (parts.some((part) => part.length > 1 && part.startsWith('0'))) return false;
  const octets = parts.map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet <= 255))) return false;
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return !RESERVED.some(({ first, size }) => number >= first && number < first + size);
}

/** Ranges of the IANA IPv4 special-purpose registry, and everything from 224.0.0.0 on. */
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((range) => {
  const [address = '', bits] = range.split('/');
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { first, size: 2 ** (32 - Number(bits)) };
});

const GROUPS = 8;

/**
 * The eight groups of an IPv6 address (RFC 4291, without a zone or a dotted tail); undefined for anything else. `::` stands for at least
 * one group.
 */
export function ipv6Groups(address: string): readonly number[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = GROUPS - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (groups.some((group) => group.length < 1 || group.length > 4)) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

/** Whether the groups are no range of the IANA IPv6 special-purpose registry: loopback, mapped, documentation, local, multicast. */
export function isPublicIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  if (first <= 0x0100 || first === 0x0064) return false;
  if (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) return false;
  if (first === 0x3fff && second < 0x1000) return false;
  return first < 0xfc00;
}
