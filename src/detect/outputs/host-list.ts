import { assert } from '../../lib/assert.ts';
import type { EntryProblem } from './word-list.ts';

/** Where a link leads. `unreadable`: it has a host that no browser would go to. */
export type LinkTarget =
  | { readonly kind: 'relative' }
  | { readonly kind: 'host'; readonly host: string; readonly port: string }
  /** A link without a host: `mailto:`, `javascript:`. With the colon, in lower case. */
  | { readonly kind: 'scheme'; readonly scheme: string }
  | { readonly kind: 'unreadable' };

/** Hosts and schemes of a policy. */
export interface HostList {
  has(target: LinkTarget): boolean;
}

export type HostListResult =
  | { readonly ok: true; readonly list: HostList }
  | { readonly ok: false; readonly problems: readonly EntryProblem[] };

/**
 * Reads entries: `example.com` (this host alone), `*.example.com` (every host below it), either with `:8443` (on this port alone), an IP
 * address in any of its forms, `mailto:` (links of this scheme that have no host). Hosts are compared as browsers do: case, punycode, forms
 * of IP addresses and a dot at the end do not count.
 */
export function hostList(entries: readonly string[]): HostListResult {
  const read = entries.map((entry) => readEntry(entry.trim()));
  const problems = read.flatMap((one, index) => (typeof one === 'string' ? [{ index, message: one }] : []));
  if (problems.length > 0) return { ok: false, problems };
  const known = read.filter((one) => typeof one !== 'string');
  return { ok: true, list: listOf(known) };
}

/**
 * Where a link leads, by the rules of browsers (https://url.spec.whatwg.org): user names before the host, backslashes, percent-encoding,
 * international and numeric hosts. `value` is the link as it stands in a page of unknown address, its entities and escapes undone.
 */
export function targetOf(value: string): LinkTarget {
  const plain = plainTarget(value);
  if (plain !== undefined) return plain;
  const url = URL.parse(value, PAGE);
  if (url === null) return { kind: 'unreadable' };
  if (url.hostname === PAGE_HOST && !value.toLowerCase().includes(PAGE_HOST)) return { kind: 'relative' };
  if (SPECIAL.has(url.protocol)) return hostTarget(url);
  const authority = authorityOf(url.href.slice(url.protocol.length));
  if (authority === '') return { kind: 'scheme', scheme: url.protocol };
  // The host of other schemes is kept as it was written; read as that of a page it is one.
  const read = URL.parse(`https://${authority}/`);
  return read === null ? { kind: 'unreadable' } : { ...hostTarget(read), ...(url.port === '' ? {} : { port: url.port }) };
}

/** A link to a host of plain letters: most are, and the parser takes longer than everything else. Undefined: it must decide. */
function plainTarget(value: string): LinkTarget | undefined {
  const scheme = value.startsWith('https://') ? 'https:' : value.startsWith('http://') ? 'http:' : undefined;
  if (scheme === undefined) return undefined;
  const from = scheme.length + 2;
  let end = from;
  let label = from;
  for (; end < value.length && isPlain(value.charCodeAt(end)); end++) if (value[end] === '.') label = end + 1;
  // The last label of an IP address begins with a digit; `xn--` may be one that is not valid.
  const isName = end > label && isSmallLetter(value.charCodeAt(label)) && !value.slice(from, end).includes('xn--');
  const isOver = end === value.length || value[end] === '/' || value[end] === '?' || value[end] === '#';
  return isName && isOver ? { kind: 'host', host: value.slice(from, end), port: DEFAULT_PORTS[scheme]! } : undefined;
}

const isSmallLetter = (c: number): boolean => c >= 0x61 && c <= 0x7a;
const isPlain = (c: number): boolean => isSmallLetter(c) || (c >= 0x30 && c <= 0x39) || c === 0x2d || c === 0x2e;

/** What stands between `//` and the path. */
function authorityOf(rest: string): string {
  if (!rest.startsWith('//')) return '';
  let end = 2;
  while (end < rest.length && !'/?#'.includes(rest[end]!)) end++;
  return rest.slice(2, end);
}

const PAGE_HOST = 'page.invalid';
/** A scheme that no link has: to a link of its own scheme a page of it would lend its host. */
const PAGE = `ws://${PAGE_HOST}/`;
const SPECIAL: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:', 'ftp:']);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'ws:': '80', 'https:': '443', 'wss:': '443', 'ftp:': '21' };

function hostTarget({ hostname, port, protocol }: URL): LinkTarget & { readonly kind: 'host' } {
  return { kind: 'host', host: withoutDots(hostname), port: port === '' ? (DEFAULT_PORTS[protocol] ?? '') : port };
}

function withoutDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === '.') end--;
  return host.slice(0, end);
}

type Entry =
  | { readonly kind: 'scheme'; readonly scheme: string }
  /** `below`: hosts below this one, and not itself. */
  | { readonly kind: 'host'; readonly host: string; readonly below: boolean; readonly port: string | undefined };

/** A text says what is wrong. */
function readEntry(entry: string): Entry | string {
  if (/^[a-z][a-z0-9+.-]*:$/i.test(entry)) return { kind: 'scheme', scheme: entry.toLowerCase() };
  if (/[/\\?#@\s]/.test(entry)) return 'is more than a host; write example.com, *.example.com, example.com:8443 or mailto:';
  const below = entry.startsWith('*.');
  const written = below ? entry.slice(2) : entry;
  if (written.includes('*')) return 'has a * that is not its first label; *.example.com stands for every host below example.com';
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(written) ?? [];
  const url = URL.parse(`https://${name}/`);
  if (name === '' || url === null) return 'is no host';
  return { kind: 'host', host: withoutDots(url.hostname), below, port };
}

function listOf(entries: readonly Entry[]): HostList {
  const schemes = new Set(entries.flatMap((entry) => (entry.kind === 'scheme' ? [entry.scheme] : [])));
  const keyOf = (host: string, below: boolean, port: string | undefined): string =>
    `${below ? '*.' : ''}${host}${port === undefined ? '' : `:${port}`}`;
  const hosts = new Set(entries.flatMap((entry) => (entry.kind === 'host' ? [keyOf(entry.host, entry.below, entry.port)] : [])));
  const has = (host: string, below: boolean, port: string): boolean =>
    hosts.has(keyOf(host, below, undefined)) || hosts.has(keyOf(host, below, port));
  return {
    has(target) {
      if (target.kind === 'scheme') return schemes.has(target.scheme);
      if (target.kind !== 'host') return false;
      const { host, port } = target;
      if (has(host, false, port)) return true;
      for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) if (has(host.slice(dot + 1), true, port)) return true;
      return false;
    },
  };
}

/** The list of entries that are known to be right. Throws `AssertionError` for others: policy checks them first. */
export function hostsOf(entries: readonly string[]): HostList {
  const result = hostList(entries);
  assert(result.ok, 'the entries of a list are checked when it is loaded');
  return result.list;
}
