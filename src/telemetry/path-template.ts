import {
  count,
  every,
  isCompactDate,
  isDate,
  isDigit,
  isEmail,
  isHex,
  isIdLike,
  isLetter,
  isLower,
  isSeparator,
  parts,
} from '../lib/id-like.ts';

/** Gives back the text with everything a detector recognises replaced. Injected: this room knows no detectors. */
export type Redact = (text: string) => string;

const SEGMENTS_MAX = 32;
const SEGMENT_UNITS_MAX = 64;
const NAME_UNITS_MAX = 128;
/** What detectors get to see of a name; more than what may leave, so that nothing is cut in half before it is recognised. */
const NAME_UNITS_SEEN = 1024;

/**
 * A path with its id-like segments typed: `/users/42/orders/9f1c0a7e` becomes `/users/{id}/orders/{id}`. The query is dropped.
 * Types: `{id}` (numbers, UUIDs, hex, ULIDs, base64-like tokens), `{date}`, `{email}`, `{text}` (anything that is not a plain word,
 * and what `redact` changes), `{rest}` for what follows the 32nd segment. Never longer than 32 × 64 units. Templating a templated path
 * changes nothing.
 */
export function templatePath(path: string, redact: Redact = same): string {
  const segments = withoutQuery(path).split('/', SEGMENTS_MAX + 2);
  const kept = segments.slice(0, SEGMENTS_MAX + 1).map(templateSegment);
  if (segments.length > SEGMENTS_MAX + 1) kept.push('{rest}');
  const templated = kept.join('/');
  if (redact(templated) === templated) return templated;
  const cleaned = kept.map((segment) => (redact(segment) === segment ? segment : '{text}')).join('/');
  // Something that only shows across a slash: no segment of it may leave.
  return redact(cleaned) === cleaned ? cleaned : '/{text}';
}

/**
 * A free-text name (model, tool, agent, user agent) made fit to leave: what detectors recognise is replaced, control and invisible
 * formatting characters become spaces, lone surrogates U+FFFD, at most `max` UTF-16 units (default 128), the cut marked with `…`.
 */
export function safeName(name: string, redact: Redact = same, max: number = NAME_UNITS_MAX): string {
  const seen = printable(name.slice(0, NAME_UNITS_SEEN));
  return cut(printable(redact(seen)).trim(), max);
}

/**
 * A host made fit to leave: lower case, id-like labels typed, addresses kept, the port split off (`undefined` when there is none), without
 * the dot of a full name: `api.example.com.` is the same host, and for the policy too.
 */
export function safeHost(authority: string, redact: Redact = same): { readonly address: string; readonly port: number | undefined } {
  const { host, port } = splitPort(authority.slice(authority.lastIndexOf('@') + 1).toLowerCase());
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  return { address: safeName(isAddress(name) ? name : name.split('.').map(templateLabel).join('.'), redact), port };
}

const same: Redact = (text) => text;

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

function templateSegment(segment: string): string {
  if (segment === '') return segment;
  const text = decoded(segment);
  if (text === undefined) return '{text}';
  if (isEmail(text)) return '{email}';
  if (!isPlain(text)) return '{text}';
  if (isVersion(text)) return text;
  if (isDate(text)) return '{date}';
  if (isIdLike(text)) return '{id}';
  return text.length > SEGMENT_UNITS_MAX ? '{text}' : datesInside(text);
}

/** Percent-decoded once; undefined when that is not UTF-8. */
function decoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const templateLabel = (label: string): string => (isIdLike(label) && label.length > 3 ? '{id}' : label);

function splitPort(authority: string): { readonly host: string; readonly port: number | undefined } {
  const colon = authority.lastIndexOf(':');
  const digits = authority.slice(colon + 1);
  const isPort = colon >= 0 && !authority.endsWith(']') && digits.length <= 5 && every(digits, isDigit) && digits !== '';
  if (!isPort || (authority.indexOf(':') !== colon && !authority.startsWith('['))) return { host: authority, port: undefined };
  return { host: authority.slice(0, colon), port: Number(digits) };
}

/** IPv4, or anything in brackets or with colons: IPv6. Infrastructure, not people. */
function isAddress(host: string): boolean {
  if (host.startsWith('[') || host.includes(':'))
    return every(host, (code) => isHex(code) || code === 58 || code === 46 || code === 91 || code === 93);
  return host.includes('.') && every(host, (code) => isDigit(code) || code === 46);
}

/** Only the characters an unescaped path segment may have. */
const isPlain = (text: string): boolean => every(text, (code) => isDigit(code) || isLetter(code) || isSeparator(code));

/** `v1`, `v1beta2`, `2.0`, `v3.1.4`: short numbers that name a version. */
function isVersion(text: string): boolean {
  const body = text.startsWith('v') || text.startsWith('V') ? text.slice(1) : text;
  if (body.length === 0 || body.length > 8) return false;
  if (body !== text && every(body, (code) => isDigit(code) || isLower(code) || code === 46))
    return isDigit(body.charCodeAt(0)) && count(body, isDigit) <= 4;
  return (
    body.includes('.') &&
    every(body, (code) => isDigit(code) || code === 46) &&
    body.split('.').every((part) => part !== '' && part.length <= 3)
  );
}

/** A compact date beside words is part of a name (`claude-sonnet-20240620-v1:0`): typed in place, the name stays readable. */
function datesInside(text: string): string {
  return parts(text)
    .map((part) => (isCompactDate(part) ? '{date}' : part))
    .join('');
}

/** C0, C1, DEL and the invisible formatting characters (zero-width, bidi, tags) as spaces: they can hide or forge a line of a log. */
function printable(text: string): string {
  if (every(text, (code) => code >= 32 && code < 127)) return text;
  let out = '';
  for (const character of text.toWellFormed()) out += isInvisible(character.codePointAt(0) ?? 0) ? ' ' : character;
  return out;
}

function isInvisible(code: number): boolean {
  if (code < 32 || (code >= 127 && code < 160) || code === 0xad || code === 0xfeff) return true;
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f)) return true;
  return code >= 0xe0000 && code <= 0xe0fff;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
