import { isUtf8 } from 'node:buffer';
import { byteOffset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';
import type { BodyReader, BodyReaderOptions } from './body-reader.ts';
import { type Charset, encode, fromSingleBytes } from './charset.ts';
import type { Carrier, Frame } from './frame.ts';
import { formFields, percentDecoded, percentEncoded } from './framing/form.ts';
import { createGather } from './framing/gather.ts';
import { readJson } from './framing/json.ts';
import { lexNested } from './nested.ts';
import { plainLane, unreadFrame } from './plain-frame.ts';
import { fieldKey } from './walk.ts';

/** Fields of one form that are read; each costs some hundred bytes of memory. Over it the whole is one text, reason `lane-limit`. */
const FIELDS_MAX = 16 * 1024;
/** Longest value that is told to the dialect, in bytes. */
const SHORT_BYTES_MAX = 128;

/**
 * An application/x-www-form-urlencoded body: one frame, given when it is complete. Each name is a key, each value a text; a value that is
 * JSON is read as such. Values are in `charset`; where they are not valid UTF-8, in windows-1252. A changed value is encoded anew, all
 * other bytes stay. Over `limits.bodyBytes` the body is given unread.
 */
export function formBody(options: BodyReaderOptions, charset: Charset): BodyReader {
  const gather = createGather();
  const { bodyBytes } = options.limits;
  let over = false;
  return {
    push(bytes) {
      if (bytes.length === 0) return [];
      if (over) return [unreadFrame(bytes, 'body-limit')];
      if (gather.size + bytes.length <= bodyBytes) {
        gather.add(bytes);
        return [];
      }
      over = true;
      return [gather.take(), bytes].filter(({ length }) => length > 0).map((part) => unreadFrame(part, 'body-limit'));
    },
    end: () => (gather.size === 0 ? [] : [readForm(gather.take(), options, charset)]),
    isStream: () => false,
  };
}

function readForm(bytes: Buffer, options: BodyReaderOptions, charset: Charset): Frame {
  const carriers: Carrier[] = [];
  const segments: Segment[] = [];
  const names = new Map<string, number>();
  let base = 0; // where the next content begins
  let copied = 0; // bytes that stand in carriers

  function carry(carrier: Carrier): number {
    const start = base;
    carriers.push(carrier);
    base += carrier.content.length;
    copied += carrier.bytes.length;
    return start;
  }

  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // a byte order mark is nobody's name
  let count = 0;
  for (const field of formFields(bytes, mark)) {
    if (field.start === field.end) continue;
    if (count++ >= FIELDS_MAX) return asOneText(bytes, options);
    if (field.start > copied) carry(asItIs(bytes.subarray(copied, field.start)));
    if (field.nameEnd === field.end) {
      const alone = valueCarrier(bytes.subarray(field.start, field.end), charset);
      const key = fieldKey('form', '', names.size === 0 && count === 1 ? '' : `~${count - 1}`);
      segments.push(...textSegments({ key, value: alone.content, start: carry(alone), lane: plainLane(options) }, options));
      continue;
    }
    const name = valueCarrier(bytes.subarray(field.start, field.nameEnd), charset);
    const nameStart = carry(name);
    if (field.valueStart > field.nameEnd) carry(asItIs(bytes.subarray(field.nameEnd, field.valueStart)));
    const value = valueCarrier(bytes.subarray(field.valueStart, field.end), charset);
    const valueStart = carry(value);
    const title = name.content.toString('utf8');
    const again = names.get(title) ?? 0;
    names.set(title, again + 1);
    segments.push(
      ...(again === 0 ? nameSegments(title, nameStart, name.content.length, options) : []),
      ...valueSegments({ title, again, value: value.content, start: valueStart }, options),
    );
  }
  if (bytes.length > copied) carry(asItIs(bytes.subarray(copied)));
  return { ...unreadFrame(bytes, undefined), carriers, segments, laneEnds: ['*'] };
}

const asItIs = (bytes: Buffer): Carrier => ({ bytes, content: bytes, seal: (changed) => changed });

/** A name or a value, decoded to UTF-8. */
function valueCarrier(bytes: Buffer, charset: Charset): Carrier {
  const decoded = percentDecoded(bytes);
  const own: Charset = charset === 'utf-8' && !isUtf8(decoded) ? 'windows-1252' : charset;
  const content = own === 'windows-1252' ? fromSingleBytes(decoded) : decoded;
  return { bytes, content, seal: (changed) => percentEncoded(encode(changed, own)) };
}

function nameSegments(name: string, start: number, length: number, options: BodyReaderOptions): readonly Segment[] {
  const lane = plainLane(options);
  if (name === '' || options.wants?.(lane) === false) return [];
  const source = { kind: 'json-key', start: byteOffset(start), end: byteOffset(start + length) } as const;
  return [{ key: `key#${fieldKey('form', name, '')}`, lane, text: name, source }];
}

function valueSegments(
  { title, again, value, start }: { readonly title: string; readonly again: number; readonly value: Buffer; readonly start: number },
  options: BodyReaderOptions,
): readonly Segment[] {
  const short = value.length <= SHORT_BYTES_MAX;
  const part = { name: title, fileName: undefined, contentType: undefined, value: short ? value.toString('utf8') : undefined };
  const told = options.format.readPart?.(part, options.facts);
  if (value.length === 0 || (told === 'structural' && short)) return [];
  const lane = told === undefined || told === 'structural' ? plainLane(options) : told;
  return textSegments({ key: fieldKey('form', title, again === 0 ? '' : `~${again}`), value, start, lane }, options);
}

function textSegments(
  { key, value, start, lane }: { readonly key: string; readonly value: Buffer; readonly start: number; readonly lane: Lane },
  options: BodyReaderOptions,
): readonly Segment[] {
  if (options.wants?.(lane) === false) return [];
  const text = value.toString('utf8');
  const source = { kind: 'utf8', start: byteOffset(start), end: byteOffset(start + value.length) } as const;
  const opens = text.trimStart()[0];
  const isJson = (opens === '{' || opens === '[') && readJson(value, options.limits.jsonDepth).ok;
  return isJson ? lexNested(text, { key, lane, outer: source }).segments : [{ key, lane, text, source }];
}

/** More fields than can be told apart: still a text. */
function asOneText(bytes: Buffer, options: BodyReaderOptions): Frame {
  const source = { kind: 'utf8', start: byteOffset(0), end: byteOffset(bytes.length) } as const;
  const segments = [{ key: 'text', lane: plainLane(options), text: bytes.toString('utf8'), source }];
  return { ...unreadFrame(bytes, 'lane-limit'), segments, laneEnds: ['*'] };
}
