import type { Header } from '../exchange/events.ts';

/** What stands for a credential. */
const CREDENTIAL = '[REDACTED]';

/** Words that make a header or a query parameter a credential, wherever they stand between separators. */
const CREDENTIAL_WORDS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'cookie2',
  'token',
  'secret',
  'password',
  'passwd',
  'pwd',
  'apikey',
  'key',
  'session',
  'sessionid',
  'signature',
  'sig',
  'credential',
  'credentials',
  'assertion',
  'jwt',
  'auth',
  'code',
]);

/** Schemes of `authorization` that stay readable, because the kind of credential is recorded. */
const SCHEMES = ['bearer ', 'basic '];

/**
 * Headers without credentials: values of headers named as such (authorization, cookies, keys, tokens) and of such query parameters become
 * `[REDACTED]`, everything else passes `redact`.
 */
export function redactHeaders(headers: readonly Header[], redact: (text: string) => string): readonly Header[] {
  return headers.map(([name, value]) => [name, redactHeader(name, value, redact)]);
}

function redactHeader(name: string, value: string, redact: (text: string) => string): string {
  if (name.startsWith(':') || !isCredential(name)) return redactTarget(value, redact);
  const scheme = value.slice(0, 'bearer '.length).toLowerCase();
  const known = SCHEMES.find((one) => scheme.startsWith(one));
  return known === undefined ? CREDENTIAL : `${value.slice(0, known.length)}${CREDENTIAL}`;
}

/** A path, a URL or any other text, with its query parameters. Parts that are percent-encoded are also read decoded. */
export function redactTarget(text: string, redact: (text: string) => string): string {
  const query = text.indexOf('?');
  const parts = query < 0 ? text : `${text.slice(0, query + 1)}${redactQuery(text.slice(query + 1))}`;
  return redact(
    splitKeeping(parts, '/?&=#')
      .map((part) => redactEncoded(part, redact))
      .join(''),
  );
}

/** `a=b&c=d`, with the values of credentials replaced. */
export function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals > 0 && isCredential(pair.slice(0, equals).toLowerCase()) ? `${pair.slice(0, equals)}=${CREDENTIAL}` : pair;
    })
    .join('&');
}

function isCredential(name: string): boolean {
  return splitKeeping(name, '-_.').some((word) => CREDENTIAL_WORDS.has(word));
}

function redactEncoded(part: string, redact: (text: string) => string): string {
  if (!part.includes('%')) return part;
  const decoded = decode(part);
  const safe = redact(decoded);
  return safe === decoded ? part : safe;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not percent-encoded after all
  }
}

/** A text cut at separators, which stay as pieces of their own. */
function splitKeeping(text: string, separators: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (!separators.includes(text[at]!)) continue;
    pieces.push(text.slice(from, at), text[at]!);
    from = at + 1;
  }
  return [...pieces, text.slice(from)];
}
