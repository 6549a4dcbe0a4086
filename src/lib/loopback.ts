/**
 * Whether a host reaches this machine alone: `localhost`, `::1` or an IPv4 address of 127.0.0.0/8, written in full. A name never does,
 * whatever it begins with: `127.example.org` is looked up in a DNS that anybody may run.
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (host.startsWith('127.') && isIPv4(host));
}

/** The same of what stands in a URL or a Host header: `host`, `host:port`, `[::1]` or `[::1]:port`. */
export function isLoopbackAuthority(authority: string): boolean {
  if (authority === '[::1]' || authority.startsWith('[::1]:')) return true;
  const parts = authority.split(':');
  return isLoopback(parts.length > 2 ? authority : (parts[0] ?? ''));
}

function isIPv4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every(isOctet);
}

/** Plain digits without a zero in front: with one, some read it as octal. */
const isOctet = (text: string): boolean => String(Number(text)) === text && Number(text) >= 0 && Number(text) <= 255;
