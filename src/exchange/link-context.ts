import { asciiSet } from '../lib/ascii-set.ts';

/** Says of each place in a text whether what stands there could be fetched by whoever shows the text. Reads unit by unit, keeps a few. */
export interface LinkContext {
  /** Takes the next unit. */
  push(unit: string): void;
  /** Whether the next unit stands inside a URL, an HTML tag, or the target of a Markdown link or image. */
  readonly isInside: boolean;
}

/**
 * Errs towards inside. A URL runs from a scheme (a letter, letters, digits, `+`, `-` and `.`, and the colon: any, since whoever shows the
 * text may know more of them than we), `//` or `www.` to ASCII white space or `<`: a quote, a backtick or another space of Unicode is
 * percent-encoded by URL parsers and goes on as part of it (https://url.spec.whatwg.org/#path-state). A tag runs from `<` and a letter to the
 * first `>` outside quotes of its attributes, or to the end of the text. A target runs from `](` to its closing bracket or a blank line; that
 * of a reference (`]:`) to the end of the line after it.
 */
export function createLinkContext(): LinkContext {
  /** The last units of the run without spaces, lower case. */
  let run = '';
  /** What stands before this unit may be a scheme: a letter, and behind it only what schemes are written in. */
  let isScheme = false;
  let isUrl = false;
  let tag: { quote: string; isValueNext: boolean } | undefined;
  let target: { readonly kind: 'inline' | 'reference'; depth: number; hasText: boolean; isBlank: boolean; escaped: boolean } | undefined;
  let last = '';

  return {
    push(unit) {
      readUrl(unit);
      readTag(unit);
      readTarget(unit);
      last = unit;
    },
    get isInside() {
      return isUrl || tag !== undefined || target !== undefined;
    },
  };

  function readUrl(unit: string): void {
    if (SPACES.has(unit) || unit === '<') {
      run = '';
      isScheme = false;
      isUrl = false;
      return;
    }
    if (isUrl) return;
    run = (run + unit.toLowerCase()).slice(-LONGEST_START);
    isUrl = (unit === ':' && isScheme) || URL_STARTS.some((start) => run.endsWith(start));
    isScheme = isLetter(unit) || (isScheme && SCHEME_REST.has(unit));
  }

  function readTag(unit: string): void {
    if (tag === undefined) {
      if (last === '<' && TAG_START.has(unit.toLowerCase())) tag = { quote: '', isValueNext: false };
    } else if (tag.quote !== '') {
      if (unit === tag.quote) tag.quote = '';
    } else if (unit === '>') tag = undefined;
    else if (tag.isValueNext && (unit === '"' || unit === "'")) tag = { quote: unit, isValueNext: false };
    else tag.isValueNext = unit === '=' || (tag.isValueNext && SPACES.has(unit));
  }

  function readTarget(unit: string): void {
    if (target === undefined) {
      if (last === ']' && (unit === '(' || unit === ':'))
        target = { kind: unit === '(' ? 'inline' : 'reference', depth: 0, hasText: false, isBlank: false, escaped: false };
      return;
    }
    if (unit === '\n') return endLine(target);
    if (!SPACES.has(unit)) {
      target.hasText = true;
      target.isBlank = false;
    }
    if (target.escaped || unit === '\\') target.escaped = !target.escaped;
    else if (target.kind === 'inline' && unit === '(') target.depth++;
    else if (target.kind === 'inline' && unit === ')' && target.depth-- === 0) target = undefined;
  }

  /** A target may stand on the line after its bracket; a blank line ends everything. */
  function endLine(now: NonNullable<typeof target>): void {
    if (now.isBlank || (now.kind === 'reference' && now.hasText)) target = undefined;
    else now.isBlank = true;
  }
}

/** ASCII white space: what ends a URL, and what HTML and Markdown take for blank. */
const SPACES: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n', '\f']);
const TAG_START: ReadonlySet<string> = new Set([...'abcdefghijklmnopqrstuvwxyz/!?']);
/** What follows the first letter of a scheme (RFC 3986, 3.1). */
const SCHEME_REST: ReadonlySet<string> = new Set([...'0123456789+-.']);

const isLetter = asciiSet('A-Za-z');

/** URLs that say no scheme; browsers take a backslash for a slash. */
const URL_STARTS: readonly string[] = ['//', '\\\\', '/\\', '\\/', 'www.'];
const LONGEST_START = Math.max(...URL_STARTS.map(({ length }) => length));
