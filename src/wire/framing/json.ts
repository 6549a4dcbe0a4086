import { isUtf8 } from 'node:buffer';
import { atOnce, type Slices } from '../../lib/slices.ts';
import { unitAt } from '../../lib/unit-at.ts';
import type { ByteOffset } from '../../lib/units.ts';
import { dialectName, isSameName } from '../field-names.ts';
import { createGather } from './gather.ts';

/** A value in a JsonDoc; an object key is a `string` node too. Valid as long as the document is. */
export type JsonNode = number & { readonly unit: 'json-node' };

export type JsonType = 'null' | 'true' | 'false' | 'number' | 'string' | 'object' | 'array';

/**
 * One JSON text with the place of every value: a flat tape over the bytes, nothing decoded until asked for.
 * Keys that occur twice are both there. Valid until its reader reads something else.
 */
export interface JsonDoc {
  readonly root: JsonNode;
  type(node: JsonNode): JsonType;
  /** First byte of the token, the opening quote of a string included. */
  start(node: JsonNode): ByteOffset;
  /** After the last byte of the token, the closing quote of a string included. */
  end(node: JsonNode): ByteOffset;
  /** Calls back for each field in the order of the text; does nothing for other types. */
  fields(node: JsonNode, visit: (key: JsonNode, value: JsonNode) => void): void;
  /** Calls back for each element of an array; does nothing for other types. */
  items(node: JsonNode, visit: (item: JsonNode, index: number) => void): void;
  /** The first element of an array or key of an object that has one. */
  first(node: JsonNode): JsonNode;
  /** What stands behind a node and all below it: of a key its value, of the last in a list what stands behind the list. */
  next(node: JsonNode): JsonNode;
  /** The value of a field by its decoded name, in any letter case; the last one when there are several, as JSON.parse has it. */
  field(node: JsonNode, name: string): JsonNode | undefined;
  /** Whether a key (or any string) is `name`, without making a string when it has no escapes. */
  keyIs(node: JsonNode, name: string): boolean;
  /** As `keyIs`, of a key: letter case aside. */
  fieldIs(node: JsonNode, name: string): boolean;
  /** As `name`, of a key: where it differs from a name of the dialects (`dialectName`) in letter case alone, that name. */
  fieldName(node: JsonNode): string;
  /** Whether `field`, `fieldIs` or `fieldName` has read a name of the dialects that was written in another letter case. */
  hasOtherCase(): boolean;
  /** The decoded text of a string; the token as written of anything else. */
  text(node: JsonNode): string;
  /** As `text`, for names that come again and again: short plain ones are made once and kept by the reader. */
  name(node: JsonNode): string;
  /** How many bytes the token has; for a string without its quotes. A bound on the length of `text`. */
  size(node: JsonNode): number;
  /** The bytes of a token as they are written; of a string those between its quotes. A view, for looking at what is too long for a string. */
  raw(node: JsonNode): Buffer;
}

export type JsonFailure = 'invalid-json' | 'json-depth' | 'truncated' | 'invalid-utf8';

export type JsonResult = { readonly ok: true; readonly doc: JsonDoc } | { readonly ok: false; readonly reason: JsonFailure };

/** Offsets into the bytes that are read. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface JsonReader {
  /**
   * Adds bytes and reads as far as they go, or a part of them where they are many; each byte is looked at once, whatever the pieces. Not to
   * be mixed with `read`.
   */
  push(bytes: Buffer): void;
  /** Says that no more bytes follow. */
  end(): JsonResult;
  /** The same, a slice of bounded work in each step. */
  endInSlices(): Slices<JsonResult>;
  /** Reads a complete text in place; offsets are those of `bytes`. The document lives until the next `read`. */
  read(bytes: Buffer, range?: ByteRange): JsonResult;
  /** Everything pushed, as one buffer. */
  bytes(): Buffer;
}

/** Values in one document; 32 bytes of tape for the smallest two-byte value would otherwise let a body grow eightfold in memory. */
const NODES_MAX = 1 << 21;
/** Bytes that a reader reads with one piece at most, and in one slice. */
const STEP_BYTES = 64 * 1024;
/** Longest tape a reader keeps for the next text, in numbers: 256 KB. */
const TAPE_KEPT_MAX = 1 << 16;
/** Deepest nesting any setting gives: readers of the tape recurse. */
const DEPTH_MAX = 512;

/** Names a reader keeps, and how long they may be: dialects have a few dozen. */
const NAME_SLOTS = 256;
const NAME_UNITS_MAX = 32;

const nameSlot = (hash: number): number => (hash ^ (hash >>> 8)) & (NAME_SLOTS - 1);

/** Names that most bodies have, by slot: a body that is read once would make each of them anew (a tenth of reading 1 KB). */
const COMMON_NAMES: readonly (string | undefined)[] = slotted([
  ...['model', 'messages', 'role', 'content', 'type', 'text', 'stream', 'tools', 'tool_calls', 'tool_call_id', 'function', 'name'],
  ...['arguments', 'parameters', 'description', 'properties', 'required', 'string', 'object', 'temperature', 'max_tokens', 'system'],
  ...['user', 'assistant', 'tool', 'developer', 'id', 'created', 'choices', 'index', 'message', 'delta', 'finish_reason', 'stop'],
  ...['logprobs', 'refusal', 'usage', 'prompt_tokens', 'completion_tokens', 'total_tokens', 'input_tokens', 'output_tokens'],
  ...['service_tier', 'system_fingerprint', 'stop_reason', 'stop_sequence', 'end_turn', 'tool_use', 'tool_result', 'input'],
  ...['chat.completion', 'chat.completion.chunk', 'content_block', 'partial_json', 'thinking', 'signature', 'input_schema'],
]);

function slotted(names: readonly string[]): readonly (string | undefined)[] {
  const slots = new Array<string | undefined>(NAME_SLOTS).fill(undefined);
  for (const name of names) {
    let hash = name.length;
    for (let i = 0; i < name.length; i++) hash = (hash * 31 + unitAt(name, i)) | 0;
    slots[nameSlot(hash)] ??= name;
  }
  return slots;
}

/**
 * Room for 64 values in Node's shared buffer slab: an Int32Array of its own costs more to make and to collect than a small body costs
 * to read. What lies there is overwritten before it is read.
 */
function smallTape(): Int32Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(64 * STRIDE * Int32Array.BYTES_PER_ELEMENT);
  return new Int32Array(buffer, byteOffset, 64 * STRIDE);
}

const TYPES: readonly JsonType[] = ['null', 'true', 'false', 'number', 'string', 'object', 'array'];
const NULL = 0;
const TRUE = 1;
const FALSE = 2;
const NUMBER = 3;
const STRING = 4;
const OBJECT = 5;
const ARRAY = 6;
const TYPE_MASK = 7;
/** Flags beside the type: the string has escapes, or bytes outside ASCII. */
const ESCAPED = 8;
const WIDE = 16;
/** By which an ASCII letter differs in its two cases. */
const CASE_BIT = 0x20;
/** Numbers per node on the tape: type and flags, start, end, index of the node after this subtree. */
const STRIDE = 4;

const LITERALS: Readonly<Record<number, { readonly type: number; readonly word: Buffer }>> = {
  110: { type: NULL, word: Buffer.from('null') },
  116: { type: TRUE, word: Buffer.from('true') },
  102: { type: FALSE, word: Buffer.from('false') },
};

/** What the reader expects next. */
const S_VALUE = 0;
const S_VALUE_OR_CLOSE = 1;
const S_KEY_OR_CLOSE = 2;
const S_KEY = 3;
const S_COLON = 4;
const S_AFTER = 5;
const S_STRING = 6;
const S_KEY_STRING = 7;
const S_NUMBER = 8;
const S_LITERAL = 9;
const S_FAILED = 10;

const sharedReaders = new Map<number, JsonReader>(); // by depth; policies have few

/**
 * Reads one complete JSON text (RFC 8259; a leading byte order mark is skipped, as its section 8.1 allows), or a range of `bytes` that is
 * one. Never throws on input. The document lives until the next call: making a reader costs more than reading a small text.
 */
export function readJson(bytes: Buffer, depthMax: number, range?: ByteRange): JsonResult {
  let reader = sharedReaders.get(depthMax);
  if (reader === undefined) {
    reader = createJsonReader(depthMax);
    sharedReaders.set(depthMax, reader);
  }
  return reader.read(bytes, range);
}

/**
 * A reader that keeps byte offsets and can be fed in pieces. `depthMax` containers may be open at once (at most 512); one more is
 * `json-depth`, as are more than two million values. No input makes it throw. One state machine, kept in one closure for speed.
 */
export function createJsonReader(depthMax: number): JsonReader {
  const depthLimit = Math.min(depthMax, DEPTH_MAX);
  const gather = createGather();
  let buffer: Buffer = gather.buffer;
  let origin = 0;
  let length = 0;
  let pos = 0;
  let state = S_VALUE;
  let failure: JsonFailure = 'invalid-json';
  let tape = smallTape();
  let count = 0;
  const stack: number[] = []; // indices of the open containers; longer than `depth` after a close
  let depth = 0;
  let tokenStart = 0;
  let flags = 0;
  let wide = false;
  let words = NO_WORDS; // the memory that `buffer` stands in

  /** Index `(bytes.byteOffset + i) >> 2` holds byte `i`. What comes from one read of a socket shares its memory, and so its words. */
  function wordsOf(bytes: Buffer): Uint32Array {
    if (words.buffer !== bytes.buffer) words = new Uint32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
    return words;
  }

  function reset(): void {
    pos = origin;
    state = S_VALUE;
    count = 0;
    depth = 0;
    wide = false;
    otherCase = false;
  }

  function fail(reason: JsonFailure): void {
    state = S_FAILED;
    failure = reason;
  }

  function add(type: number, start: number, end: number): number {
    const at = count * STRIDE;
    if (at === tape.length) {
      const grown = new Int32Array(tape.length * 2);
      grown.set(tape);
      tape = grown;
    }
    tape[at] = type;
    tape[at + 1] = start;
    tape[at + 2] = end;
    tape[at + 3] = count + 1;
    count++;
    if (count > NODES_MAX) fail('json-depth');
    return count - 1;
  }

  function open(type: number, at: number): void {
    if (depth >= depthLimit) return fail('json-depth');
    state = type === OBJECT ? S_KEY_OR_CLOSE : S_VALUE_OR_CLOSE;
    stack[depth] = add(type, at, at);
    depth++;
  }

  function close(type: number, at: number): void {
    const node = depth > 0 ? stack[depth - 1]! : -1;
    if (node < 0 || tape[node * STRIDE] !== type) return fail('invalid-json');
    tape[node * STRIDE + 2] = at + 1;
    tape[node * STRIDE + 3] = count;
    depth--;
    state = S_AFTER;
  }

  /** Begins or ends a container, or begins a number or a word: `pos` stands on its first byte. */
  function structure(): void {
    const c = buffer[pos]!;
    switch (c) {
      case 0x7b: // {
      case 0x5b: // [
        if (state !== S_VALUE && state !== S_VALUE_OR_CLOSE) return fail('invalid-json');
        open(c === 0x7b ? OBJECT : ARRAY, pos);
        break;
      case 0x7d: // }
        if (state !== S_AFTER && state !== S_KEY_OR_CLOSE) return fail('invalid-json');
        close(OBJECT, pos);
        break;
      case 0x5d: // ]
        if (state !== S_AFTER && state !== S_VALUE_OR_CLOSE) return fail('invalid-json');
        close(ARRAY, pos);
        break;
      default:
        if (state !== S_VALUE && state !== S_VALUE_OR_CLOSE) return fail('invalid-json');
        tokenStart = pos;
        if (c === 0x2d || (c >= 0x30 && c <= 0x39)) state = S_NUMBER;
        else if (LITERALS[c] !== undefined) state = S_LITERAL;
        else return fail('invalid-json');
    }
    pos++;
  }

  function string(): void {
    const bytes = buffer;
    const end = length;
    let p = pos;
    while (p < end) {
      p = skipPlain(bytes, wordsOf(bytes), p, end);
      if (p === end) break;
      const c = bytes[p]!;
      if (c === 0x22) {
        const key = state === S_KEY_STRING;
        state = key ? S_COLON : S_AFTER;
        add(STRING | flags, tokenStart, p + 1);
        pos = p + 1;
        return;
      }
      if (c === 0x5c) {
        const size = escapeSize(bytes, p, end);
        if (size === 0) break; // the rest of the escape is still to come
        if (size < 0) return fail('invalid-json');
        flags |= ESCAPED;
        p += size;
        continue;
      }
      if (c < 0x20) return fail('invalid-json');
      flags |= WIDE;
      wide = true;
      do p++;
      while (p < end && bytes[p]! >= 0x80);
    }
    pos = p;
  }

  function number(ended: boolean): void {
    while (pos < length && isNumberByte(buffer[pos]!)) pos++;
    if (pos === length && !ended) return;
    if (!isNumber(buffer, tokenStart, pos)) return fail('invalid-json');
    state = S_AFTER;
    add(NUMBER, tokenStart, pos);
  }

  function literal(): void {
    const { type, word } = LITERALS[buffer[tokenStart]!]!;
    while (pos < length && pos - tokenStart < word.length) {
      if (buffer[pos] !== word[pos - tokenStart]) return fail('invalid-json');
      pos++;
    }
    if (pos - tokenStart < word.length) return;
    state = S_AFTER;
    add(type, tokenStart, pos);
  }

  function run(): void {
    if (pos === origin && !skipMark()) return;
    const bytes = buffer;
    const end = length;
    while (pos < end && state !== S_FAILED) {
      if (state < S_STRING) between(bytes, end);
      else if (state === S_NUMBER) number(false);
      else if (state === S_LITERAL) literal();
      else {
        const before = pos;
        string();
        if (pos === before) return; // an escape that is not complete
      }
    }
  }

  /** The structure, and strings that are complete and plain, up to the first token that needs more than that. */
  function between(bytes: Buffer, end: number): void {
    const view = wordsOf(bytes);
    let p = pos;
    let next = state;
    while (p < end && count <= NODES_MAX) {
      const c = bytes[p]!;
      if (c === 0x22 && next <= S_KEY) {
        const close = skipPlain(bytes, view, p + 1, end);
        const isKey = next >= S_KEY_OR_CLOSE;
        if (close === end || bytes[close] !== 0x22) {
          tokenStart = p;
          flags = 0;
          pos = close;
          state = isKey ? S_KEY_STRING : S_STRING;
          return;
        }
        add(STRING, p, close + 1);
        p = close + 1;
        next = isKey ? S_COLON : S_AFTER;
      } else if (c === 0x3a && next === S_COLON) {
        next = S_VALUE;
        p++;
      } else if (c === 0x2c && next === S_AFTER && depth > 0) {
        next = (tape[stack[depth - 1]! * STRIDE]! & TYPE_MASK) === OBJECT ? S_KEY : S_VALUE;
        p++;
      } else if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) p++;
      else {
        const stop = next <= S_VALUE_OR_CLOSE ? plainScalar(bytes, p, end) : p;
        if (stop > p) {
          add(c === 0x6e ? NULL : NUMBER, p, stop);
          p = stop;
          next = S_AFTER;
          continue;
        }
        pos = p;
        state = next;
        structure();
        if (state >= S_STRING) return;
        p = pos;
        next = state;
      }
    }
    pos = p;
    if (state !== S_FAILED) state = next;
  }

  /** Skips a byte order mark; false while it cannot be told yet. */
  function skipMark(): boolean {
    if (buffer[origin] !== 0xef || length === origin) return true;
    if (length - origin < 3) return false;
    if (buffer[origin + 1] !== 0xbb || buffer[origin + 2] !== 0xbf) fail('invalid-json');
    else pos = origin + 3;
    return true;
  }

  /** Reads what was pushed, as far as the next step. */
  function readStep(): void {
    buffer = gather.buffer;
    origin = 0;
    length = Math.min(gather.size, length + STEP_BYTES);
    run();
  }

  /** The same to the end, in slices. */
  function* readPushed(): Slices<JsonResult> {
    while (length < gather.size && state !== S_FAILED) {
      readStep();
      yield;
    }
    length = gather.size;
    return finish();
  }

  function finish(): JsonResult {
    if (state === S_NUMBER && depth === 0) number(true);
    const complete = state === S_AFTER && depth === 0;
    if (!complete && state !== S_FAILED) fail('truncated');
    if ((wide || state === S_FAILED) && !isUtf8(buffer.subarray(origin, length))) fail('invalid-utf8');
    return state === S_FAILED ? { ok: false, reason: failure } : { ok: true, doc };
  }

  let ownNames: (string | undefined)[] | undefined; // by slot
  let ownFields: string[] | undefined; // what the dialects call them
  let otherCase = false;

  /** Where a name is kept; -1: it is not, since it is long or not plain. */
  function slotOf(node: JsonNode): number {
    const at = node * STRIDE;
    const start = tape[at + 1]! + 1;
    const units = tape[at + 2]! - 1 - start;
    if (tape[at] !== STRING || units > NAME_UNITS_MAX) return -1;
    let hash = units;
    for (let i = start; i < start + units; i++) hash = (hash * 31 + buffer[i]!) | 0;
    return nameSlot(hash);
  }

  function kept(node: JsonNode, slot: number): string {
    const common = COMMON_NAMES[slot];
    if (common !== undefined && doc.keyIs(node, common)) return common;
    const own = ownNames?.[slot];
    if (own !== undefined && doc.keyIs(node, own)) return own;
    const name = doc.text(node);
    ownNames ??= [];
    ownFields ??= [];
    ownNames[slot] = name;
    ownFields[slot] = dialectName(name);
    return name;
  }

  /** What the dialects call a field, noted where that is not what it is called. */
  function noted(name: string, field: string): string {
    otherCase ||= field !== name;
    return field;
  }

  function isOtherCase(written: string, name: string): boolean {
    if (!isSameName(written, name)) return false;
    noted(written, dialectName(written));
    return true;
  }

  const doc: JsonDoc = {
    root: 0 as JsonNode,
    type: (node) => TYPES[tape[node * STRIDE]! & TYPE_MASK]!,
    start: (node) => tape[node * STRIDE + 1]! as ByteOffset,
    end: (node) => tape[node * STRIDE + 2]! as ByteOffset,
    fields(node, visit) {
      if ((tape[node * STRIDE]! & TYPE_MASK) !== OBJECT) return;
      const last = tape[node * STRIDE + 3]!;
      for (let key = node + 1; key < last; key = tape[(key + 1) * STRIDE + 3]!) visit(key as JsonNode, (key + 1) as JsonNode);
    },
    items(node, visit) {
      if ((tape[node * STRIDE]! & TYPE_MASK) !== ARRAY) return;
      const last = tape[node * STRIDE + 3]!;
      let index = 0;
      for (let item = node + 1; item < last; item = tape[item * STRIDE + 3]!) visit(item as JsonNode, index++);
    },
    first: (node) => (node + 1) as JsonNode,
    next: (node) => tape[node * STRIDE + 3]! as JsonNode,
    field(node, name) {
      if ((tape[node * STRIDE]! & TYPE_MASK) !== OBJECT) return undefined;
      const last = tape[node * STRIDE + 3]!;
      let found: JsonNode | undefined;
      for (let key = node + 1; key < last; key = tape[(key + 1) * STRIDE + 3]!) {
        if (doc.fieldIs(key as JsonNode, name)) found = (key + 1) as JsonNode;
      }
      return found;
    },
    keyIs(node, name) {
      const at = node * STRIDE;
      if ((tape[at]! & (ESCAPED | WIDE)) !== 0) return doc.text(node) === name;
      const start = tape[at + 1]! + 1;
      if (tape[at + 2]! - 1 - start !== name.length) return false;
      for (let i = 0; i < name.length; i++) if (buffer[start + i] !== unitAt(name, i)) return false;
      return true;
    },
    fieldIs(node, name) {
      const at = node * STRIDE;
      if ((tape[at]! & (ESCAPED | WIDE)) !== 0) return isOtherCase(doc.text(node), name);
      const start = tape[at + 1]! + 1;
      if (tape[at + 2]! - 1 - start !== name.length) return false;
      for (let i = 0; i < name.length; i++) {
        const byte = buffer[start + i]!;
        if (byte === unitAt(name, i)) continue;
        return (byte ^ unitAt(name, i)) === CASE_BIT && isOtherCase(doc.text(node), name);
      }
      return true;
    },
    fieldName(node) {
      const slot = slotOf(node);
      const name = slot < 0 ? doc.text(node) : kept(node, slot);
      if (slot >= 0 && name === COMMON_NAMES[slot]) return name;
      return noted(name, slot < 0 ? dialectName(name) : ownFields![slot]!);
    },
    hasOtherCase: () => otherCase,
    text(node) {
      const at = node * STRIDE;
      const start = tape[at + 1]!;
      const end = tape[at + 2]!;
      if ((tape[at]! & TYPE_MASK) !== STRING) return buffer.toString('utf8', start, end);
      if ((tape[at]! & ESCAPED) !== 0) return JSON.parse(buffer.toString('utf8', start, end)) as string; // checked when it was read
      return buffer.toString((tape[at]! & WIDE) !== 0 ? 'utf8' : 'latin1', start + 1, end - 1);
    },
    name(node) {
      const slot = slotOf(node);
      return slot < 0 ? doc.text(node) : kept(node, slot);
    },
    raw(node) {
      const quotes = (tape[node * STRIDE]! & TYPE_MASK) === STRING ? 1 : 0;
      return buffer.subarray(tape[node * STRIDE + 1]! + quotes, tape[node * STRIDE + 2]! - quotes);
    },
    size(node) {
      const at = node * STRIDE;
      return tape[at + 2]! - tape[at + 1]! - ((tape[at]! & TYPE_MASK) === STRING ? 2 : 0);
    },
  };

  return {
    push(bytes) {
      if (bytes.length === 0) return;
      gather.add(bytes);
      readStep();
    },
    end: () => atOnce(readPushed()),
    endInSlices: readPushed,
    read(bytes, range) {
      gather.take();
      buffer = bytes;
      if (tape.length > TAPE_KEPT_MAX) tape = smallTape();
      origin = range === undefined ? 0 : range.start;
      length = range === undefined ? bytes.length : range.end;
      reset();
      run();
      return finish();
    },
    bytes: () => gather.buffer.subarray(0, gather.size),
  };
}

/**
 * First place from `from` with a byte that is not plain inside a string: a quote, a backslash, a control character, or one outside ASCII.
 * Four bytes at a time: six times as fast as one by one (`npm run bench -- wire`).
 */
function skipPlain(bytes: Buffer, words: Uint32Array, from: number, end: number): number {
  let p = from;
  const { byteOffset } = bytes;
  while (p < end && ((byteOffset + p) & 3) !== 0) {
    if (SPECIAL[bytes[p]!] === 1) return p;
    p++;
  }
  if (end - p >= 8) {
    const last = (byteOffset + end) >> 2;
    let i = (byteOffset + p) >> 2;
    while (i < last) {
      const word = words[i]! | 0;
      // The top bit of a byte: below 0x20, a quote, a backslash (each by a subtraction that borrows), or set already.
      const special = (word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101) | word;
      if ((special & 0x80808080) !== 0) break;
      i++;
    }
    p = (i << 2) - byteOffset;
  }
  while (p < end && SPECIAL[bytes[p]!] === 0) p++;
  return p;
}

/** End of the most common scalars, `null` and a whole number whose end is in sight; `from` when it is neither. */
function plainScalar(bytes: Buffer, from: number, end: number): number {
  if (bytes[from] === 0x6e) {
    const isNull = from + 4 <= end && bytes[from + 1] === 0x75 && bytes[from + 2] === 0x6c && bytes[from + 3] === 0x6c;
    return isNull ? from + 4 : from;
  }
  let p = from;
  while (p < end && bytes[p]! >= 0x30 && bytes[p]! <= 0x39) p++;
  const isWhole = p < end && !isNumberByte(bytes[p]!) && (bytes[from] !== 0x30 || p === from + 1);
  return isWhole ? p : from;
}

const NO_WORDS: Uint32Array = new Uint32Array(0);

/** 1 for what `skipPlain` stops at. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, c) => (c < 0x20 || c === 0x22 || c === 0x5c || c >= 0x80 ? 1 : 0));

/** Bytes of the escape at `at`: 2 or 6; 0 when it is not complete before `end`; -1 when it is none. */
function escapeSize(bytes: Buffer, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  switch (bytes[at + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2;
    case 0x75: // u
      for (let i = at + 2; i < at + 6; i++) {
        if (i >= end) return 0;
        if (!isHex(bytes[i]!)) return -1;
      }
      return 6;
    default:
      return -1;
  }
}

const isHex = (c: number): boolean => (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 0x30 && c <= 0x39;
const isNumberByte = (c: number): boolean => (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x2d || c === 0x2b || c === 0x65 || c === 0x45;

/** Whether bytes are a number by RFC 8259 section 6. */
function isNumber(bytes: Buffer, start: number, end: number): boolean {
  let p = start;
  const digits = (): boolean => {
    const from = p;
    while (p < end && isDigit(bytes[p])) p++;
    return p > from;
  };
  if (bytes[p] === 0x2d) p++;
  const zero = bytes[p] === 0x30;
  const whole = p;
  if (!digits() || (zero && p > whole + 1)) return false;
  if (p < end && bytes[p] === 0x2e) {
    p++;
    if (!digits()) return false;
  }
  if (p < end && (bytes[p] === 0x65 || bytes[p] === 0x45)) {
    p++;
    if (p < end && (bytes[p] === 0x2b || bytes[p] === 0x2d)) p++;
    if (!digits()) return false;
  }
  return p === end;
}
