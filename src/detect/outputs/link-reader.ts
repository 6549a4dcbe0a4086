import { unitAt } from '../../lib/unit-at.ts';
import type { SpanRule } from '../detector.ts';
import { hostsOf, targetOf } from './host-list.ts';
import { decodeAttribute, decodeDestination } from './link-escapes.ts';
import type { SpanReader, SpanSink } from './span-scan.ts';

/** Units that may wait for the end of a host; a link that has none by then leads nowhere that is known. */
const WAITING_UNITS_MAX = 512;
/** Units of a scheme, and of the name of an attribute. */
const RUN_UNITS_MAX = 32;
/** How far back the beginning of a link, or what announces it, may stand: a name and white space before an `=`, `://` behind a scheme. */
const LOOK_BACK_UNITS = 2 * RUN_UNITS_MAX + 3;
/** Punctuation at the end of a link that waits to be told whether the link goes on. */
const TAIL_UNITS_MAX = 64;

/** What a link stands in. `close`: the character that ends it, besides white space; 0: none. */
interface Place {
  /** In running text; the destination in Markdown; an attribute of HTML, or `url(…)` of CSS. */
  readonly kind: 'bare' | 'markdown' | 'attribute';
  readonly close: number;
  /** The text is itself quoted, and so a backslash stands before the quote. */
  readonly escaped?: boolean;
}

const code = (character: string): number => unitAt(character, 0);
const [COLON, SLASH, BACKSLASH, DOT, EQUALS, LESS, MORE] = [code(':'), code('/'), code('\\'), code('.'), code('='), code('<'), code('>')];
const [OPEN, CLOSE, OPEN_SQUARE, CLOSE_SQUARE, QUOTE, APOSTROPHE] = [code('('), code(')'), code('['), code(']'), code('"'), code("'")];
const [SPACE, COMMA, SEMICOLON] = [code(' '), code(','), code(';')];

const BARE: Place = { kind: 'bare', close: 0 };

/** ASCII characters at which a link can begin, or be announced. */
const ANNOUNCES = Uint8Array.from({ length: 0x80 }, (_, c) => ([COLON, SLASH, DOT, EQUALS, OPEN].includes(c) ? 1 : 0));

/** Attributes that name an address, and `url=` of a refreshing page. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['href', 'src', 'srcset', 'action', 'formaction', 'poster', 'background', 'cite', 'data', 'longdesc', 'manifest', 'ping', 'codebase'],
  'url',
]);

/**
 * Finds links to hosts that a policy does not want: bare ones, destinations of Markdown, attributes of HTML and `url(…)`. A link is one
 * finding from its first unit to its last. It is decided where its host is complete; until then it is held.
 */
export function openLinkReader(rule: SpanRule, sink: SpanSink): SpanReader {
  const isUnwanted = createLinkCheck(rule);
  let state: 'text' | 'before' | 'link' | 'rest' = 'text';
  /** What was read last, as far back as the beginning of a link may stand, and the offset of its first unit. */
  let recent = '';
  let recentFrom = 0;
  /** Where the last link ended: nothing before it announces another. */
  let textFrom = 0;
  let readTo = 0;
  let place = BARE;
  let start = 0;
  /** The link in hand, as it is written, and where its host begins. */
  let link = '';
  let host = 0;
  let found = false;
  /** Brackets that are open in the link. */
  let depth = 0;
  /** Where punctuation begins that belongs to the link only if more of it follows. */
  let tailFrom: number | undefined;

  return {
    read(piece, at) {
      const back = Math.min(LOOK_BACK_UNITS, recent.length);
      recent = recent.slice(recent.length - back) + piece;
      recentFrom = at - back;
      readTo = at + piece.length;
      for (let i = back; i < recent.length; i++) {
        const c = unitAt(recent, i);
        if (state !== 'text') unit(c, recentFrom + i);
        else if (c < 0x80 && ANNOUNCES[c] === 1) inText(c, recentFrom + i);
      }
    },
    end(at) {
      if (state === 'link') decide(at);
      if (state === 'rest') endLink(tailFrom ?? at);
    },
    get undecidedFrom() {
      if (state === 'link') return start;
      if (state === 'rest') return found ? tailFrom : undefined;
      return state === 'text' ? growingRun() : undefined;
    },
  };

  function unit(c: number, at: number): void {
    if (state === 'text') inText(c, at);
    else if (state === 'before') beforeLink(c, at);
    else if (state === 'link') inLink(c, at);
    else inRest(c, at);
  }

  // ---- text, in which links begin

  /** The unit at an offset of the text; 0 where no link can begin any more. */
  function recentAt(at: number): number {
    return at < textFrom || at < recentFrom ? 0 : unitAt(recent, at - recentFrom);
  }

  /** The letters, digits, `+`, `-` and `.` before an offset, as many as a scheme may have. */
  function runBefore(at: number): string {
    let from = at;
    while (at - from < RUN_UNITS_MAX && isRunUnit(recentAt(from - 1))) from--;
    return recent.slice(from - recentFrom, at - recentFrom);
  }

  /** Where a scheme may have begun that is not complete. */
  function growingRun(): number | undefined {
    let end = readTo;
    if (recentAt(end - 1) === SLASH && recentAt(end - 2) === COLON) end--;
    if (recentAt(end - 1) === COLON) end--;
    const { length } = runBefore(end);
    return length === 0 ? undefined : end - length;
  }

  function inText(c: number, at: number): void {
    const before = recentAt(at - 1);
    if (c === SLASH) {
      if (before === SLASH && recentAt(at - 2) === COLON) beginScheme(at);
    } else if (c === DOT) {
      const run = runBefore(at);
      if (run.length === 3 && run.toLowerCase() === 'www') beginLink(at - 3, `${run}.`, 0);
    } else if (before === CLOSE_SQUARE && (c === OPEN || c === COLON)) expectLink({ kind: 'markdown', close: c === OPEN ? CLOSE : 0 });
    else if (c === OPEN) {
      if (runBefore(at).toLowerCase() === 'url') expectLink({ kind: 'attribute', close: CLOSE });
    } else if (c === EQUALS && ATTRIBUTES.has(nameBefore(at))) expectLink({ kind: 'attribute', close: 0 });
  }

  /** The name before an `=`, in lower case; white space may stand between them. */
  function nameBefore(at: number): string {
    let end = at;
    while (at - end < RUN_UNITS_MAX && recentAt(end - 1) !== 0 && isBlank(recentAt(end - 1))) end--;
    return runBefore(end).toLowerCase();
  }

  /** At the second slash of `://`. */
  function beginScheme(at: number): void {
    const scheme = schemeOf(runBefore(at - 2));
    if (scheme !== '') beginLink(at - 2 - scheme.length, `${scheme}://`, scheme.length + 3);
  }

  function beginLink(from: number, written: string, hostFrom: number): void {
    leave('link');
    place = BARE;
    start = from;
    link = written;
    host = hostFrom;
  }

  function expectLink(where: Place): void {
    leave('before');
    place = where;
  }

  function leave(next: typeof state): void {
    state = next;
    depth = 0;
    tailFrom = undefined;
  }

  /** Between what announces a link and its first unit. */
  function beforeLink(c: number, at: number): void {
    if (isBlank(c)) return;
    if (place.kind === 'markdown' && c === LESS) place = { kind: 'markdown', close: MORE };
    else if (place.kind === 'attribute' && isQuote(c) && !isQuote(place.close)) place = { kind: 'attribute', close: c };
    else {
      state = 'link';
      start = at;
      link = '';
      host = 0;
      unit(c, at);
    }
  }

  // ---- a link whose host is not known

  function inLink(c: number, at: number): void {
    // A quote in a text that is itself quoted: `href=\"…\"`.
    if (link === '\\' && isQuote(c) && place.kind === 'attribute') {
      place = { kind: 'attribute', close: c, escaped: true };
      state = 'before';
    } else if (place.kind === 'bare' ? endsHost(c) : endsLink(c)) {
      decide(at);
      unit(c, at);
    } else {
      link += String.fromCharCode(c);
      if (link.length - host > WAITING_UNITS_MAX) decide(at + 1);
    }
  }

  /** Whether a bare link's host is complete; slashes too many before it do not count. */
  function endsHost(c: number): boolean {
    if (c !== SLASH && c !== BACKSLASH) return endsBare(c) || c === code('?') || c === code('#') || (host === 0 && isSoftEnd(c));
    if (link.length > host) return true;
    host++;
    return false;
  }

  function decide(at: number): void {
    state = 'rest';
    if (place.kind === 'bare') return decideBare(at);
    const decoded = place.kind === 'markdown' ? decodeDestination(link) : decodeAttribute(link);
    found = isUnwanted(link.length > WAITING_UNITS_MAX && !hasWholeHost(decoded) ? undefined : decoded);
    if (found) sink.begin(start, at);
  }

  /**
   * `https://a.example)` is a link in brackets, `https://a.example)@b.example` one to another host with a name before it: what stands behind
   * punctuation counts as part of the host only with an `@` in it.
   */
  function decideBare(at: number): void {
    const soft = softEnd(link, host);
    const named = soft < link.length && link.includes('@', soft);
    const whole = withoutTail(named ? link : link.slice(0, soft));
    const isCut = link.length - host > WAITING_UNITS_MAX;
    const isLink = whole.length > host && (host > 0 || whole.length > 4);
    found = isLink && (isUnwanted(isCut ? undefined : whole) || (named && isUnwanted(withoutTail(link.slice(0, soft)))));
    if (found) sink.begin(start, at);
    const rest = named && found ? link.length : soft;
    tailFrom = found && whole.length < rest ? start + whole.length : undefined;
    if (!isLink || (!found && rest < link.length)) beginText(start + rest);
    readAgain(rest);
  }

  /** What stands behind the host's end has been taken for a part of it. */
  function readAgain(from: number): void {
    const behind = link.slice(from);
    for (let i = 0; i < behind.length; i++) unit(unitAt(behind, i), start + from + i);
  }

  // ---- the rest of a link

  function inRest(c: number, at: number): void {
    if (place.kind === 'bare' ? endsBare(c) || (!found && (c === COMMA || c === SEMICOLON)) : endsLink(c)) {
      endLink(tailFrom ?? at);
      unit(c, at);
    } else if (place.kind === 'bare' && isTail(c)) {
      tailFrom ??= at;
      if (at - tailFrom >= TAIL_UNITS_MAX) tailFrom = undefined;
    } else tailFrom = undefined;
  }

  function endLink(end: number): void {
    if (found) sink.close(end);
    found = false;
    beginText(end);
  }

  function beginText(from: number): void {
    leave('text');
    textFrom = from;
  }

  /** Whether a bare link ends before a unit; brackets that it opened itself belong to it. */
  function endsBare(c: number): boolean {
    if (state === 'rest') {
      if (c === OPEN || c === OPEN_SQUARE) depth++;
      if (c === CLOSE || c === CLOSE_SQUARE) return --depth < 0;
    }
    return isBlank(c) || BARE_ENDS.has(c);
  }

  function endsLink(c: number): boolean {
    const { kind, close } = place;
    if (kind === 'markdown' && close === CLOSE && c === OPEN) depth++;
    if (c === close) return close !== CLOSE || --depth < 0;
    if (kind === 'markdown' && close === MORE) return c === code('\n');
    // Browsers drop the ends of lines in a quoted value.
    if (kind === 'attribute' && isQuote(close)) return c === SPACE || c === LESS || (c === BACKSLASH && place.escaped === true);
    return isBlank(c) || c === LESS || (kind === 'attribute' && (c === MORE || isQuote(c)));
  }
}

/** The check of a link, its escapes undone. Undefined: its host is too long to be one. */
function createLinkCheck({ allow, deny }: SpanRule): (link: string | undefined) => boolean {
  const denied = hostsOf(deny);
  const allowed = allow === undefined ? undefined : hostsOf([...HARMLESS, ...allow]);
  return (link) => {
    const target = link === undefined ? ({ kind: 'unreadable' } as const) : targetOf(link.startsWith('www.') ? `https://${link}` : link);
    if (target.kind === 'relative') return false;
    return denied.has(target) || (allowed !== undefined && !allowed.has(target));
  };
}

/** Links without a host that open a letter or a call, and load nothing. */
const HARMLESS = ['mailto:', 'tel:'];

/** The scheme that a run ends with; empty: none. A word before a scheme that everybody knows is not part of it. */
function schemeOf(run: string): string {
  const known = KNOWN_SCHEMES.find((scheme) => run.toLowerCase().endsWith(scheme));
  if (known !== undefined) return run.slice(-known.length);
  let from = 0;
  while (from < run.length && !isLetter(unitAt(run, from))) from++;
  return run.slice(from);
}

const KNOWN_SCHEMES = ['https', 'http', 'wss', 'ws', 'ftp'] as const;

/** Whether the beginning of a link goes on behind its host: a scheme, slashes, something, and what ends a host. */
function hasWholeHost(link: string): boolean {
  let at = Math.max(0, link.slice(0, RUN_UNITS_MAX + 1).indexOf(':') + 1);
  while (isSlash(link[at])) at++;
  for (at++; at < link.length; at++) if (isSlash(link[at]) || link[at] === '?' || link[at] === '#') return true;
  return false;
}

const isSlash = (character: string | undefined): boolean => character === '/' || character === '\\';
const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;

/** Where the first punctuation stands that seldom belongs to a host; those around an IPv6 address do. */
function softEnd(link: string, from: number): number {
  let at = unitAt(link, from) === OPEN_SQUARE ? Math.max(from, link.indexOf(']', from) + 1) : from;
  while (at < link.length && !isSoftEnd(unitAt(link, at))) at++;
  return at;
}

function withoutTail(link: string): string {
  let end = link.length;
  while (end > 0 && isTail(unitAt(link, end - 1))) end--;
  return link.slice(0, end);
}

function isRunUnit(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || isLetter(c) || c === DOT || c === 0x2b || c === 0x2d;
}

const isBlank = (c: number): boolean =>
  c <= SPACE || c === 0xa0 || (c >= 0x2000 && c <= 0x200a) || c === 0x2028 || c === 0x2029 || c === 0x3000;
const isQuote = (c: number): boolean => c === QUOTE || c === APOSTROPHE;
const isSoftEnd = (c: number): boolean => SOFT_ENDS.has(c);
const isTail = (c: number): boolean => TAILS.has(c);

const setOf = (characters: string): ReadonlySet<number> => new Set([...characters].map(code));
/** What no link in running text goes past: what addresses write escaped, and punctuation of other scripts. */
const BARE_ENDS = setOf(
  '<>"`{}|^\\\u007f\u2018\u2019\u201c\u201d\u2026\u3001\u3002\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f',
);
const SOFT_ENDS = setOf("()[]'!*,;$&");
/** Punctuation that ends a sentence rather than a link. */
const TAILS = setOf(".,;:!?'*_~");
