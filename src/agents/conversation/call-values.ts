import { wordsOf } from './identifier-words.ts';

/** What a call is given, as text: strings and numbers of its arguments, in order; at most `LEAVES_MAX` of both. */
export interface CallValues {
  /** Whom or what it names: recipients, accounts, files, addresses, amounts. */
  readonly named: readonly string[];
  /** What it carries: a message's text, a page's body. */
  readonly content: readonly string[];
  /** Of `named`, where something goes: recipients one by one, channels, hosts. Nothing of them goes without saying. */
  readonly places?: readonly string[];
  /** Where an address counts though texts are carried there: keys, subjects, and what is nothing but one word. */
  readonly lines?: readonly string[];
  /** There is more than was read. */
  readonly isCut?: boolean;
}

/** Leaves and keys read of one call's arguments. */
const LEAVES_MAX = 4096;

interface Open {
  readonly value: unknown;
  readonly kind: FieldKind;
}

/** What stands under a key: carried text, a text of one line, somebody or somewhere, an address of the web, or anything else. */
type FieldKind = 'content' | 'line' | 'place' | 'web' | 'other';

/** The values of parsed arguments. The nearest key says which kind a value is, lists have no key of their own. Never throws. */
export function readCallValues(args: unknown): CallValues {
  const named: string[] = [];
  const content: string[] = [];
  const places: string[] = [];
  const lines: string[] = [];
  const stack: Open[] = [{ value: args, kind: 'other' }];
  let taken = 0;
  let isCut = false;

  function takeText(text: string, kind: FieldKind): void {
    const isContent = kind === 'content' || kind === 'line';
    (isContent ? content : named).push(text);
    if (kind === 'line' || (isContent && isOneWord(text))) lines.push(text);
    if (kind === 'place') places.push(...recipientsOf(text));
    else if (!isContent) places.push(...hostsOf(text, kind));
  }

  /** The first of them, in order: the last one on the stack is read next. */
  function open(inner: readonly Open[]): void {
    isCut ||= inner.length > LEAVES_MAX;
    for (const one of inner.slice(0, LEAVES_MAX).reverse()) stack.push(one);
  }

  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, kind } = next;
    if (++taken > LEAVES_MAX) return { named, content, places, lines, isCut: true };
    if (typeof value === 'string' || typeof value === 'number') takeText(String(value), kind);
    else if (Array.isArray(value)) open(value.map((inner: unknown) => ({ value: inner, kind })));
    else if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value);
      lines.push(...fields.slice(0, LEAVES_MAX).map(([key]) => key));
      open(fields.map(([key, inner]) => ({ value: inner, kind: kindOf(key) })));
    }
  }
  return { named, content, places, lines, isCut };
}

/** The last word of a key says what stands there: `messageText`, `html_body`, `reply_to`. */
function kindOf(key: string): FieldKind {
  return KINDS.get(wordsOf(key).at(-1) ?? '') ?? 'other';
}

const KINDS: ReadonlyMap<string, FieldKind> = new Map([
  ...kinds('content', 'body text content contents message html markdown description comment'),
  ...kinds('line', 'subject title summary caption'),
  ...kinds('place', 'to cc bcc recipient recipients channel channels room rooms audience destination receiver'),
  ...kinds('web', 'url urls uri link href endpoint webhook host hostname domain server'),
]);

function kinds(kind: FieldKind, words: string): readonly (readonly [string, FieldKind])[] {
  return words.split(' ').map((word) => [word, kind] as const);
}

/** `a@x.example, #team; b@y.example`: one by one, so that none rides along with another. */
function recipientsOf(text: string): readonly string[] {
  return text
    .replaceAll(';', ',')
    .replaceAll('\n', ',')
    .split(',', LEAVES_MAX)
    .map((one) => hostsOf(one, 'other')[0] ?? one);
}

/** The host of a URL, with what stands before an `@` and behind a `:` in it; of a field for addresses of the web also without its scheme. */
function hostsOf(text: string, kind: FieldKind): readonly string[] {
  const hosts: string[] = [];
  for (let at = text.indexOf('://'); at >= 0 && hosts.length < HOSTS_MAX; at = text.indexOf('://', at + 3))
    hosts.push(hostAt(text, at + 3));
  return hosts.length === 0 && kind === 'web' ? [hostAt(text, startOfHost(text))] : hosts;
}

/** URLs read in one value. */
const HOSTS_MAX = 64;

/** Behind a scheme that clients know without its slashes, and behind slashes of either kind (WHATWG URL, 4.4). */
function startOfHost(text: string): number {
  const colon = text.indexOf(':');
  let at = SCHEMES.has(text.slice(0, Math.max(0, colon)).trim().toLowerCase()) ? colon + 1 : 0;
  while (text[at] === '/' || text[at] === '\\' || text[at] === ' ') at++;
  return at;
}

const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);

function hostAt(text: string, from: number): string {
  let start = from;
  while (text[start] === '/' || text[start] === '\\') start++;
  let end = start;
  while (end < text.length && !HOST_ENDS.has(text[end]!)) end++;
  return text.slice(start, end);
}

const HOST_ENDS: ReadonlySet<string> = new Set(['/', '\\', '?', '#', ' ', '\t', '\n', '\r', '"', "'", '<', '>']);

function isOneWord(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && ![' ', '\t', '\n', '\r'].some((space) => trimmed.includes(space));
}
