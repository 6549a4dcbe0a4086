import { ConnectionError, ERROR_CODE } from './frames.ts';
import { decodeHuffman } from './huffman.ts';

/** The fields of one header block, in the order they came. */
export interface HeaderBlock {
  /** Names and values in turn; one unit for each byte. Empty when `isTooLarge`. */
  readonly fields: readonly string[];
  /** The list is larger than allowed: its fields were read, for the table's sake, and not kept. */
  readonly isTooLarge: boolean;
}

export interface HpackDecoder {
  /** Reads a whole header block. A block like the last one gives the same object again. Throws ConnectionError; of no use afterwards. */
  decode(bytes: Buffer, start: number, end: number): HeaderBlock;
}

export interface HpackLimits {
  /** The SETTINGS_HEADER_TABLE_SIZE that was announced. */
  readonly tableBytes: number;
  /** The SETTINGS_MAX_HEADER_LIST_SIZE that was announced: names and values, and 32 bytes for each field. */
  readonly listBytes: number;
}

/** Reads header blocks of one connection (RFC 7541). */
export function createHpackDecoder({ tableBytes, listBytes }: HpackLimits): HpackDecoder {
  const table = createDynamicTable(tableBytes);
  let bytes: Buffer = NO_BYTES;
  let at = 0;
  let end = 0;
  let fields: string[] = [];
  let fieldBytes = 0;
  let last: HeaderBlock | undefined;
  let lastBytes: Buffer = NO_BYTES;
  let lastChanges = -1;

  return {
    decode(block, from, to) {
      if (last !== undefined && table.changes === lastChanges && isSame(block, from, to)) return last;
      bytes = block;
      at = from;
      end = to;
      fields = [];
      fieldBytes = 0;
      const { changes } = table;
      readSizeUpdates();
      while (at < end) readField();
      const read = { fields: fieldBytes > listBytes ? [] : fields, isTooLarge: fieldBytes > listBytes };
      // Only a block that changed nothing means the same when it comes again.
      if (table.changes === changes && to - from <= REMEMBERED_BYTES_MAX) {
        last = read;
        lastBytes = Buffer.from(block.subarray(from, to));
        lastChanges = changes;
      }
      bytes = NO_BYTES;
      return read;
    },
  };

  function isSame(block: Buffer, from: number, to: number): boolean {
    if (to - from !== lastBytes.length) return false;
    for (let index = 0; index < lastBytes.length; index++) if (lastBytes[index] !== block[from + index]) return false;
    return true;
  }

  /** They may stand at the beginning of a block, and nowhere else (RFC 7541, 4.2). */
  function readSizeUpdates(): void {
    while (at < end && (bytes[at]! & 0xe0) === 0x20) {
      const size = readInteger(0x1f);
      if (size > tableBytes) throw new ConnectionError(ERROR_CODE.compression, 'a header table is larger than allowed');
      table.resize(size);
    }
  }

  function readField(): void {
    const first = bytes[at]!;
    if (first >= 0x80) {
      const index = readInteger(0x7f);
      keep(nameAt(index), valueAt(index));
    } else if (first >= 0x40) {
      const name = readName(0x3f);
      const value = readString();
      table.add(name, value);
      keep(name, value);
    } else if (first >= 0x20) {
      throw new ConnectionError(ERROR_CODE.compression, 'a header table changes its size within a block');
    } else {
      const name = readName(0x0f);
      keep(name, readString());
    }
  }

  function keep(name: string, value: string): void {
    fieldBytes += name.length + value.length + ENTRY_BYTES;
    if (fieldBytes <= listBytes) fields.push(name, value);
  }

  function readName(mask: number): string {
    const index = readInteger(mask);
    return index === 0 ? readString() : nameAt(index);
  }

  function nameAt(index: number): string {
    return index < STATIC_NAMES.length ? staticOf(STATIC_NAMES, index) : table.name(index - STATIC_NAMES.length);
  }

  function valueAt(index: number): string {
    return index < STATIC_VALUES.length ? staticOf(STATIC_VALUES, index) : table.value(index - STATIC_VALUES.length);
  }

  function readString(): string {
    if (at >= end) throw new ConnectionError(ERROR_CODE.compression, 'a header block is cut off');
    const isHuffman = bytes[at]! >= 0x80;
    const length = readInteger(0x7f);
    const start = at;
    at += length;
    if (at > end) throw new ConnectionError(ERROR_CODE.compression, 'a header block is cut off');
    return isHuffman ? decodeHuffman(bytes, start, at) : bytes.toString('latin1', start, at);
  }

  function readInteger(mask: number): number {
    let value = bytes[at++]! & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= INTEGER_SHIFT_MAX; shift += 7) {
      if (at >= end) throw new ConnectionError(ERROR_CODE.compression, 'a header block is cut off');
      const byte = bytes[at++]!;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ConnectionError(ERROR_CODE.compression, 'a number in a header block is too large');
  }
}

/** What an entry counts beside its name and value (RFC 7541, 4.1). */
const ENTRY_BYTES = 32;
/** Numbers up to 2^28. */
const INTEGER_SHIFT_MAX = 21;
/** Longest block that is compared with the one before it. */
const REMEMBERED_BYTES_MAX = 512;
const NO_BYTES: Buffer = Buffer.alloc(0);

interface DynamicTable {
  /** Grows with every entry and every change of its size. */
  readonly changes: number;
  /** Entry 0 is the newest one. Throws ConnectionError when there is none. */
  name(index: number): string;
  value(index: number): string;
  add(name: string, value: string): void;
  resize(bytes: number): void;
}

/** Entries in a ring that is as large as there can be any; each is at least 32 bytes. */
function createDynamicTable(bytesAtFirst: number): DynamicTable {
  const size = Math.max(1, Math.floor(bytesAtFirst / ENTRY_BYTES));
  const names: string[] = Array.from({ length: size }, () => '');
  const values: string[] = Array.from({ length: size }, () => '');
  let bytesMax = bytesAtFirst;
  let newest = 0;
  let count = 0;
  let bytes = 0;

  const table = {
    changes: 0,
    name: (index: number) => names[slotOf(index)]!,
    value: (index: number) => values[slotOf(index)]!,
    add(name: string, value: string): void {
      table.changes++;
      const added = name.length + value.length + ENTRY_BYTES;
      shrink(bytesMax - added);
      if (added > bytesMax) return; // it empties the table, and that is no error (RFC 7541, 4.4)
      newest = (newest + 1) % size;
      names[newest] = name;
      values[newest] = value;
      bytes += added;
      count++;
    },
    resize(limit: number): void {
      table.changes++;
      bytesMax = limit;
      shrink(limit);
    },
  };
  return table;

  function slotOf(index: number): number {
    if (index >= count) throw new ConnectionError(ERROR_CODE.compression, 'a header block names an entry that is not there');
    return (newest - index + size) % size;
  }

  function shrink(limit: number): void {
    while (count > 0 && bytes > limit) {
      const oldest = (newest - count + 1 + size) % size;
      bytes -= names[oldest]!.length + values[oldest]!.length + ENTRY_BYTES;
      names[oldest] = '';
      values[oldest] = '';
      count--;
    }
  }
}

/**
 * A header block of these fields, each in full: nothing of it depends on a table, so the same bytes serve every connection. Numbers above
 * 2^28 and signs beyond one byte have no place here.
 */
export function encodeHeaderBlock(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => encodeField(name, value)));
}

/** First in a connection's first header block: its table is empty and stays so (RFC 7541, 4.2 and 6.3). */
export const NO_TABLE = 0x20;

function encodeField(name: string, value: string): Buffer[] {
  const whole = STATIC_TABLE.findIndex((entry) => entry[0] === name && entry[1] === value);
  if (whole >= 0) return [encodeInteger(whole + 1, 0x7f, 0x80)];
  const named = STATIC_TABLE.findIndex((entry) => entry[0] === name);
  return [encodeInteger(named + 1, 0x0f, 0), ...(named < 0 ? encodeString(name) : []), ...encodeString(value)];
}

function encodeString(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  return [encodeInteger(bytes.length, 0x7f, 0), bytes];
}

function encodeInteger(value: number, mask: number, flags: number): Buffer {
  if (value < mask) return Buffer.from([flags | value]);
  const out = [flags | mask];
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
  return Buffer.from([...out, rest]);
}

/** Entries 1 to 61 (RFC 7541, appendix A). */
const STATIC_TABLE: readonly (readonly [name: string, value: string])[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
];
const STATIC_NAMES: readonly string[] = ['', ...STATIC_TABLE.map(([name]) => name)];
const STATIC_VALUES: readonly string[] = ['', ...STATIC_TABLE.map(([, value]) => value)];

function staticOf(table: readonly string[], index: number): string {
  if (index === 0) throw new ConnectionError(ERROR_CODE.compression, 'a header block names entry 0');
  return table[index]!;
}
