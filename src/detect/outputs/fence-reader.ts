import { unitAt } from '../../lib/unit-at.ts';
import type { SpanRule } from '../detector.ts';
import { languageList, languageOf } from './language-list.ts';
import type { SpanReader, SpanSink } from './span-scan.ts';

/** Units of a line that may stand before a fence: an indent, a quote, the mark of a list. */
const PREFIX_UNITS_MAX = 32;
/** Units of an info string; what stands further behind does not count. */
const INFO_UNITS_MAX = 256;
/** Units of white space behind a closing fence; with more of it the block is over all the same. */
const TAIL_UNITS_MAX = 64;

const [NEWLINE, RETURN, SPACE, TAB, BACKTICK, TILDE] = [0x0a, 0x0d, 0x20, 0x09, 0x60, 0x7e];

/**
 * Finds fenced blocks of code in languages that a policy does not want: from the opening fence to the closing one, or to the end of the
 * text (https://spec.commonmark.org/0.31.2/#fenced-code-blocks). With `allow` also blocks that name no language, unless `untagged` is listed.
 */
export function openFenceReader(rule: SpanRule, sink: SpanSink): SpanReader {
  const unwanted = createLanguageCheck(rule);
  let state: 'line-start' | 'line' | 'fence' | 'info' | 'block-start' | 'block' | 'closing' | 'tail' = 'line-start';
  let prefix = 0;
  /** The opening fence: its first unit, its character and how often it stands there. */
  let fence = { start: 0, mark: 0, count: 0 };
  let info = '';
  /** The block in hand is a finding. */
  let found = false;
  let marks = 0;
  let closedAt = 0;

  return {
    read(piece, from) {
      for (let i = 0; i < piece.length; i++) {
        if (state === 'line' || state === 'block') {
          i = piece.indexOf('\n', i); // nothing else counts
          if (i < 0) return;
        }
        unit(unitAt(piece, i), from + i);
      }
    },
    end(at) {
      if (state === 'info' || (state === 'fence' && fence.count >= 3)) openBlock(at);
      if (found) sink.close(state === 'tail' ? closedAt : at);
    },
    get undecidedFrom() {
      if (state === 'fence' || state === 'info') return fence.start;
      return state === 'tail' && found ? closedAt : undefined;
    },
  };

  function unit(code: number, at: number): void {
    switch (state) {
      case 'line-start':
        return lineStart(code, at);
      case 'line':
        if (code === NEWLINE) startLine('line-start');
        return;
      case 'fence':
        return inFence(code, at);
      case 'info':
        return inInfo(code, at);
      case 'block-start':
        return blockStart(code);
      case 'block':
        if (code === NEWLINE) startLine('block-start');
        return;
      case 'closing':
        return inClosing(code, at);
      case 'tail':
        return inTail(code, at);
    }
  }

  function startLine(next: 'line-start' | 'block-start'): void {
    state = next;
    prefix = 0;
  }

  function lineStart(code: number, at: number): void {
    if (code === BACKTICK || code === TILDE) {
      fence = { start: at, mark: code, count: 1 };
      state = 'fence';
    } else if (code !== NEWLINE && (!isPrefix(code) || ++prefix > PREFIX_UNITS_MAX)) state = 'line';
    else if (code === NEWLINE) prefix = 0;
  }

  function inFence(code: number, at: number): void {
    if (code === fence.mark) fence.count++;
    else if (fence.count >= 3) {
      state = 'info';
      info = '';
      inInfo(code, at);
    } else if (code === NEWLINE) startLine('line-start');
    else state = 'line';
  }

  function inInfo(code: number, at: number): void {
    if (code === NEWLINE) openBlock(at);
    else if (code === BACKTICK && fence.mark === BACKTICK)
      state = 'line'; // code within a line
    else if (info.length < INFO_UNITS_MAX) info += String.fromCharCode(code);
    else openBlock(at);
  }

  function openBlock(at: number): void {
    found = unwanted(languageOf(info));
    if (found) sink.begin(fence.start, at);
    if (info.length < INFO_UNITS_MAX) startLine('block-start');
    else state = 'block';
  }

  function blockStart(code: number): void {
    if (code === fence.mark) {
      marks = 1;
      state = 'closing';
    } else if (code === NEWLINE) prefix = 0;
    else if ((code !== SPACE && code !== TAB && code !== 0x3e) || ++prefix > PREFIX_UNITS_MAX) state = 'block';
  }

  function inClosing(code: number, at: number): void {
    if (code === fence.mark) {
      marks++;
      return;
    }
    if (marks < fence.count) state = 'block';
    else {
      closedAt = at;
      state = 'tail';
    }
    unit(code, at);
  }

  function inTail(code: number, at: number): void {
    const isBlank = code === SPACE || code === TAB || code === RETURN;
    if (isBlank && at - closedAt < TAIL_UNITS_MAX) return;
    if (code !== NEWLINE && !isBlank) {
      state = 'block';
      return;
    }
    if (found) sink.close(closedAt);
    found = false;
    if (code === NEWLINE) startLine('line-start');
    else state = 'line';
  }
}

function createLanguageCheck({ allow, deny }: SpanRule): (tag: string) => boolean {
  const denied = languageList(deny);
  const allowed = allow === undefined ? undefined : languageList(allow);
  return (tag) => denied.has(tag) || (allowed !== undefined && !allowed.has(tag));
}

/** White space, the mark of a quote, and those of lists: `- `, `* `, `12. `. */
function isPrefix(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN || PREFIXES.includes(String.fromCharCode(code));
}

const PREFIXES = '>-*+.)0123456789';
