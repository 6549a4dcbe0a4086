/**
 * A request path as Envoy routes it with `normalize_path`, `merge_slashes` and `path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD`
 * (HttpConnectionManager, in this order): query and fragment cut off, `%2F` and `%5C` unescaped, escaped unreserved characters unescaped
 * once, backslashes turned, dot segments resolved (RFC 3986, 5.2.4), rows of slashes merged. Never throws; always begins with a slash.
 */
export function normalisePath(path: string): string {
  if (isNormal(path)) return path;
  const end = firstIndexOf(path, ['?', '#']);
  const turned = unescapeOnce(path.slice(0, end)).replaceAll('\\', '/');
  return mergeSlashes(resolveDots(turned));
}

/** Whether nothing in a path has to be looked at: most are sent as they are meant. */
function isNormal(path: string): boolean {
  if (path.charCodeAt(0) !== SLASH) return false;
  let before = 0;
  for (let i = 0; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit === QUERY || unit === FRAGMENT || unit === PERCENT || unit === BACKSLASH) return false;
    if (before === SLASH && (unit === SLASH || unit === DOT)) return false;
    before = unit;
  }
  return true;
}

const [SLASH, QUERY, FRAGMENT, PERCENT, BACKSLASH, DOT] = [0x2f, 0x3f, 0x23, 0x25, 0x5c, 0x2e];

/** A host as routes see it: lower case, without port and without the final dot. */
export function normaliseHost(host: string): string {
  const colon = host.lastIndexOf(':');
  const hasPort = colon > host.lastIndexOf(']') && colon >= 0;
  const name = (hasPort ? host.slice(0, colon) : host).toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function firstIndexOf(text: string, needles: readonly string[]): number {
  const found = needles.map((needle) => text.indexOf(needle)).filter((index) => index >= 0);
  return Math.min(text.length, ...found);
}

function unescapeOnce(path: string): string {
  if (!path.includes('%')) return path;
  let out = '';
  for (let i = 0; i < path.length; i++) {
    const decoded = path[i] === '%' ? escapedCharacter(path.slice(i + 1, i + 3)) : undefined;
    out += decoded ?? path[i]!;
    if (decoded !== undefined) i += 2;
  }
  return out;
}

/** What two hex digits stand for when it may be unescaped; undefined when the escape must stay (`%20`, `%25`, `%zz`). */
function escapedCharacter(hex: string): string | undefined {
  if (!/^[0-9a-fA-F]{2}$/.test(hex)) return undefined;
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  if (character === '/' || character === '\\') return '/';
  return /^[A-Za-z0-9._~-]$/.test(character) ? character : undefined;
}

function resolveDots(path: string): string {
  const parts = path.split('/');
  if (parts[0] === '') parts.shift();
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
  }
  const last = parts.at(-1);
  if (last === '.' || last === '..') kept.push('');
  return `/${kept.join('/')}`;
}

function mergeSlashes(path: string): string {
  let out = '';
  for (const character of path) if (character !== '/' || !out.endsWith('/')) out += character;
  return out;
}
