import path from 'node:path';
import { headOf } from '../src/exchange/request-head.ts';
import { DEFAULT_LIMITS } from '../src/lib/limits.ts';
import { createBodyReader } from '../src/wire/body-reader.ts';
import { recogniseFormat } from '../src/wire/formats/index.ts';
import { emptyFacts, type Frame } from '../src/wire/frame.ts';
import { type Recording, readRecordings } from './recordings.ts';

/** What reading one recording showed. */
interface Reading {
  readonly dialect: string;
  /** No part of it is uninspectable. */
  readonly parsed: boolean;
  /** The bytes of all frames are the body's. */
  readonly identical: boolean;
  /** Cut into pieces it reads the same. */
  readonly same: boolean;
  readonly lanes: readonly string[];
  /** Fields whose text stands in no lane: paths, never text. */
  readonly unread: readonly string[];
}

const CUTS = [1, 7, 1000] as const;

/**
 * Reads every recorded answer of a data folder as its client's exchange would, whole and cut. Rows are counts per source and dialect;
 * `gaps` name what is wrong, by file. Nothing of the recordings is kept or printed.
 */
export function wire(dataFolder: string): { readonly rows: readonly object[]; readonly gaps: readonly string[] } | undefined {
  const recordings = readRecordings(dataFolder);
  if (recordings === undefined) return undefined;
  const readings = recordings.map((recording) => ({ recording, reading: readRecording(recording) }));
  const groups = Map.groupBy(readings, ({ recording, reading }) => `${recording.source} ${reading.dialect}`);
  const rows = [...groups.values()].map((group) => row(group));
  return { rows: [...rows, row(readings, { source: 'all', dialect: '' })], gaps: readings.flatMap(gapsOf) };
}

interface Read {
  readonly recording: Recording;
  readonly reading: Reading;
}

function row(group: readonly Read[], title?: { readonly source: string; readonly dialect: string }): object {
  const { recording, reading } = group[0]!;
  const count = (has: (reading: Reading) => boolean): number => group.filter((one) => has(one.reading)).length;
  return {
    source: title?.source ?? recording.source,
    dialect: title?.dialect ?? reading.dialect,
    records: group.length,
    'meant to be broken': group.filter((one) => one.recording.broken).length,
    parsed: count(({ parsed }) => parsed),
    identical: count(({ identical }) => identical),
    'same when cut': count(({ same }) => same),
    'texts in no lane': group.reduce((sum, one) => sum + one.reading.unread.length, 0),
    lanes: [...new Set(group.flatMap((one) => one.reading.lanes))].toSorted().join(' '),
  };
}

function gapsOf({ recording, reading }: Read): readonly string[] {
  const name = `${recording.source} ${path.basename(recording.file)} (${reading.dialect})`;
  const gaps = [
    ...(reading.parsed || recording.broken ? [] : [`${name}: not parsed`]),
    ...(reading.identical ? [] : [`${name}: other bytes`]),
    ...(reading.same || recording.broken ? [] : [`${name}: reads otherwise when it is cut`]),
  ];
  const unread = recording.broken ? [] : [...new Set(reading.unread)].map((field) => `${name}: no lane has ${field}`);
  return [...gaps, ...unread];
}

function readRecording(recording: Recording): Reading {
  const format = recogniseFormat(headOf(recording.requestHeaders));
  const frames = readFrames(recording, recording.body.length);
  const segments = frames.flatMap((frame) => frame.segments);
  return {
    dialect: format.id,
    parsed: frames.every(({ uninspectable }) => uninspectable === undefined),
    identical: Buffer.concat(frames.map(({ bytes }) => bytes)).equals(recording.body),
    same: CUTS.every((size) => outline(readFrames(recording, size)) === outline(frames)),
    lanes: [...new Set(segments.map(({ lane }) => lane))],
    unread: unreadTexts(frames),
  };
}

function readFrames({ requestHeaders, contentType, body }: Recording, size: number): readonly Frame[] {
  const reader = createBodyReader({
    format: recogniseFormat(headOf(requestHeaders)),
    direction: 'response',
    contentType,
    contentEncoding: undefined,
    limits: DEFAULT_LIMITS,
    facts: emptyFacts(),
  });
  const frames: Frame[] = [];
  for (let at = 0; at < body.length; at += size) frames.push(...reader.push(body.subarray(at, at + size)));
  return [...frames, ...reader.end()];
}

const outline = (frames: readonly Frame[]): string =>
  JSON.stringify(frames.map(({ bytes, segments, laneEnds, uninspectable }) => [bytes.length, segments, laneEnds, uninspectable]));

/**
 * Fields of the JSON in these frames whose text is in no lane. Ids, types and the like are structure: a short string without white space
 * counts as one, and so do encoded bytes.
 */
function unreadTexts(frames: readonly Frame[]): readonly string[] {
  return frames.flatMap((frame) => {
    const content = contentOf(frame);
    const left = countedTexts(frame, content);
    return jsonsIn(content)
      .flatMap((json) => stringsOf(json, ''))
      .filter(({ text }) => isText(text) && !takeOne(left, text))
      .map(({ field }) => field);
  });
}

const contentOf = ({ bytes, carriers }: Frame): string =>
  (carriers === undefined ? bytes : Buffer.concat(carriers.map(({ content }) => content))).toString();

/** How often each decoded string is in a lane or among the echoes. */
function countedTexts({ segments, echoes, bytes }: Frame, content: string): Map<string, number> {
  const utf8 = Buffer.from(content);
  const counts = new Map<string, number>();
  const places = new Set<string>();
  const add = (text: string): void => void counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const { source, text } of segments) {
    const outers = source.kind === 'nested' ? [source.outer, ...(source.head ?? []).map(({ outer }) => outer)] : [];
    if (source.kind === 'json-string') add(text);
    for (const { start, end } of outers) {
      if (places.has(`${start}`)) continue;
      places.add(`${start}`);
      add(JSON.parse(`"${utf8.toString('utf8', start, end)}"`) as string);
    }
  }
  for (const { start, end } of echoes) for (const { text } of stringsOf(JSON.parse(bytes.toString('utf8', start, end)), '')) add(text);
  return counts;
}

function takeOne(counts: Map<string, number>, text: string): boolean {
  const times = counts.get(text) ?? 0;
  counts.set(text, times - 1);
  return times > 0;
}

/** The JSON values in the content of a frame: a whole body, or the data of its events. */
function jsonsIn(content: string): readonly unknown[] {
  const whole = parsed(content);
  if (whole !== undefined) return [whole];
  const lines = content.split(/\r\n|\r|\n/).map((line) => line.replace(/^data: ?/, ''));
  return lines.map(parsed).filter((value) => value !== undefined);
}

function parsed(text: string): unknown {
  try {
    return text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

interface Text {
  /** Path with indices left out: `choices[].delta.content`. */
  readonly field: string;
  readonly text: string;
}

function stringsOf(value: unknown, field: string): readonly Text[] {
  if (typeof value === 'string') return [{ field, text: value }];
  if (Array.isArray(value)) return value.flatMap((item) => stringsOf(item, `${field}[]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => stringsOf(item, field === '' ? name : `${field}.${name}`));
}

const STRUCTURE_UNITS_MAX = 128;

/** Whether a string is more than a name, a number or encoded bytes. Pieces of nested JSON without a letter are only its structure. */
function isText(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return false;
  if (/\s/.test(text)) return true;
  return text.length > STRUCTURE_UNITS_MAX && !/^(?:data:[\w/+.-]+;base64,)?[\w+/=-]+$/.test(text);
}
