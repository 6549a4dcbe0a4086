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

/** A host made fit to leave: lower case, id-like labels typed, addresses kept, the port split off (`undefined` when there is none). */
export function safeHost(authority: string, redact: Redact = same): { readonly address: string; readonly port: number | undefined } {
  const { host, port } = splitPort(authority.slice(authority.lastIndexOf('@') + 1).toLowerCase());
  return { address: safeName(isAddress(host) ? host : host.split('.').map(templateLabel).join('.'), redact), port };
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

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isLetter = (code: number): boolean => isUpper(code) || isLower(code);
const isHex = (code: number): boolean => isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

const codesOf = (characters: string): ReadonlySet<number> => new Set([...characters].map((character) => character.charCodeAt(0)));

/** Unreserved and sub-delims of RFC 3986 that are no letters or digits; braces too, so that a templated path stays as it is. */
const SEPARATORS = codesOf("-._~:,;=@+!$'()*&{}");
const isSeparator = (code: number): boolean => !isLetter(code) && SEPARATORS.has(code);
const VOWELS = codesOf('aeiouyAEIOUY');
const isVowel = (code: number): boolean => VOWELS.has(code);
const CLOCK = codesOf('0123456789:.+-Z');

function every(text: string, test: (code: number) => boolean): boolean {
  for (let at = 0; at < text.length; at += 1) if (!test(text.charCodeAt(at))) return false;
  return true;
}

function count(text: string, test: (code: number) => boolean): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) if (test(text.charCodeAt(at))) sum += 1;
  return sum;
}

/** Only the characters an unescaped path segment may have. */
const isPlain = (text: string): boolean => every(text, (code) => isDigit(code) || isLetter(code) || isSeparator(code));

function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && text.indexOf('.', at) > at + 1;
}

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

/** `2024-01-31`, `2024-01`, with or without a time behind `T`. */
function isDate(text: string): boolean {
  const parts = text.slice(0, 10).split('-');
  const [year, month, day] = parts;
  if (year === undefined || month === undefined || year.length !== 4 || !isYear(year) || !isBelow(month, 12)) return false;
  if (day === undefined) return parts.length === 2 && text.length === 7;
  if (!isBelow(day, 31)) return false;
  return text.length === 10 || (text[10] === 'T' && every(text.slice(11), (code) => CLOCK.has(code)));
}

const isYear = (text: string): boolean => every(text, isDigit) && (text.startsWith('19') || text.startsWith('20'));
const isBelow = (text: string, max: number): boolean =>
  text.length === 2 && every(text, isDigit) && Number(text) >= 1 && Number(text) <= max;
const isCompactDate = (text: string): boolean =>
  text.length === 8 && isYear(text.slice(0, 4)) && isBelow(text.slice(4, 6), 12) && isBelow(text.slice(6), 31);

/** A compact date beside words is part of a name (`claude-sonnet-20240620-v1:0`): typed in place, the name stays readable. */
function datesInside(text: string): string {
  return parts(text)
    .map((part) => (isCompactDate(part) ? '{date}' : part))
    .join('');
}

/** The text cut at separators, separators included as parts of their own. */
function parts(text: string): string[] {
  const out: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isSeparator(text.charCodeAt(at))) continue;
    if (at > from) out.push(text.slice(from, at));
    out.push(text[at] ?? '');
    from = at + 1;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

function isIdLike(text: string): boolean {
  const words = parts(text).filter((part) => !isSeparator(part.charCodeAt(0)));
  if (words.length === 0) return false;
  if (words.every((word) => every(word, isDigit))) return true;
  if (isUuid(text)) return true;
  if (isNumbered(words)) return true;
  return words.some((word) => isToken(word));
}

/** Ends with 8-4-4-4-12 hex digits, in any case; something may stand in front (`urn:uuid:`). */
function isUuid(text: string): boolean {
  if (text.length < 36) return false;
  const uuid = text.slice(-36);
  return (
    every(uuid, (code) => isHex(code) || code === HYPHEN) &&
    UUID_HYPHENS.every((at) => uuid.charCodeAt(at) === HYPHEN) &&
    count(uuid, isHex) === 32
  );
}

const HYPHEN = 45;
const UUID_HYPHENS = [8, 13, 18, 23];

/** `order-1234`: one word and three or more digits. `gpt-4` stays. */
function isNumbered(words: readonly string[]): boolean {
  const [word, digits] = words;
  return (
    words.length === 2 &&
    word !== undefined &&
    digits !== undefined &&
    every(word, isLetter) &&
    digits.length >= 3 &&
    every(digits, isDigit)
  );
}

/** A word that nobody would name a route: long numbers, hex, mixed letters and digits, mixed case, no vowels. */
function isToken(word: string): boolean {
  const digits = count(word, isDigit);
  if (digits === word.length) return digits >= 5 && !isCompactDate(word);
  if (every(word, isHex)) return (word.length >= 8 && digits > 0) || word.length >= 16;
  if (digits > 0 && isMixed(word, digits)) return true;
  if (word.length < 12) return false;
  return classChanges(word) / (word.length - 1) > 0.45 || (digits === 0 && count(word, isVowel) / word.length < 0.15);
}

/** Letters and digits that alternate, or many digits among them: `Nff3kx9Q`, `01ARZ3NDEKTSV4RRFFQ69G5FAV`. `oauth2callback` stays. */
function isMixed(word: string, digits: number): boolean {
  let changes = 0;
  for (let at = 1; at < word.length; at += 1) if (isDigit(word.charCodeAt(at)) !== isDigit(word.charCodeAt(at - 1))) changes += 1;
  if (word.length >= 20) return true;
  if (word.length >= 8 && (changes >= 4 || digits >= 5)) return true;
  return word.length >= 6 && digits >= 3 && changes >= 3;
}

/** How often lower case, upper case and digits follow each other: two a word in camel case, every second character in base64. */
function classChanges(word: string): number {
  const classOf = (code: number): number => (isDigit(code) ? 0 : isUpper(code) ? 1 : 2);
  let changes = 0;
  for (let at = 1; at < word.length; at += 1) if (classOf(word.charCodeAt(at)) !== classOf(word.charCodeAt(at - 1))) changes += 1;
  return changes;
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
