import type { Engine, LaneScan } from '../detect/scan.ts';

/**
 * What stands in a recording for sensitive text, `[REDACTED-SAMPLE:<detector id>]`, and the sample of that detector which takes its place
 * whenever the recording is replayed: so a replay still finds what was there, and no file holds it.
 */
export interface Placeholders {
  /** Whether any stands in a value of any shape. */
  areIn(value: unknown): boolean;
  /** A value of any shape with a sample for every placeholder in its texts and bytes. */
  expand<T>(value: T): T;
  /** The opposite, for what a replay says. */
  collapse<T>(value: T): T;
}

const MARK = '[REDACTED-SAMPLE:';
/** What an engine writes, which becomes `MARK`: text that was redacted in traffic already stays what it is. */
const ENGINE_MARK = '[REDACTED:';

/** An engine whose replacements are placeholders. */
export function placeholderEngine(engine: Engine): Engine {
  return {
    rules: engine.rules,
    warm: () => engine.warm(),
    get longest() {
      return engine.longest;
    },
    isQuiet: (text) => engine.isQuiet(text),
    isQuietInSlices: (text) => engine.isQuietInSlices(text),
    open: (options) => placeholderScan(engine.open(options)),
  };
}

function placeholderScan(scan: LaneScan): LaneScan {
  return {
    push: (text) => scan.push(text),
    end: () => scan.end(),
    takeMatches: () => scan.takeMatches(),
    forgetBefore: (offset) => scan.forgetBefore(offset),
    get settled() {
      return scan.settled;
    },
    get length() {
      return scan.length;
    },
    get edits() {
      return scan.edits.map((edit) => ({ ...edit, replacement: MARK + edit.replacement.slice(ENGINE_MARK.length) }));
    },
    get denied() {
      return scan.denied;
    },
    get exceeded() {
      return scan.exceeded;
    },
  };
}

/** The samples are taken from the `finds` of the engine's detectors. A detector that has none fit for any place keeps its placeholder. */
export function createPlaceholders(engine: Engine): Placeholders {
  const pairs = engine.rules.flatMap(({ id, detector }) => {
    const sample = sampleOf(engine, id, detector.finds);
    return sample === undefined ? [] : [{ mark: `${MARK}${id}]`, sample }];
  });
  // A sample may be part of a longer one.
  pairs.sort((a, b) => b.sample.length - a.sample.length);
  const expanded = (text: string): string =>
    text.includes(MARK) ? pairs.reduce((out, { mark, sample }) => out.replaceAll(mark, () => sample), text) : text;
  const collapsed = (text: string): string => pairs.reduce((out, { mark, sample }) => out.replaceAll(sample, mark), text);
  return {
    areIn: isMarked,
    expand: (value) => mapTexts(value, expanded),
    collapse: (value) => mapTexts(value, collapsed),
  };
}

/** What a detector finds in one of its examples, on one line; it must find that standing alone too, and it must fit in anywhere. */
function sampleOf(engine: Engine, id: string, examples: readonly string[]): string | undefined {
  for (const example of examples) {
    const text = example.replaceAll('\n', ' ').replaceAll('\\n', ' ');
    const [found] = findIn(engine, id, text);
    const sample = found === undefined ? '' : text.slice(found.start, found.end);
    if (sample === '' || !isPlain(sample)) continue;
    const alone = findIn(engine, id, sample);
    if (alone.length === 1 && alone[0]!.end === sample.length) return sample;
  }
  return undefined;
}

function findIn(engine: Engine, id: string, text: string) {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().filter(({ rule }) => rule.id === id);
}

/** Printable ASCII that needs no escape in JSON, at any depth. */
function isPlain(text: string): boolean {
  for (const c of text) if (c < ' ' || c > '~' || c === '"' || c === '\\') return false;
  return true;
}

function isMarked(value: unknown): boolean {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value.includes(MARK);
  if (typeof value !== 'object' || value === null) return false;
  const parts = value instanceof Map || Array.isArray(value) ? [...value.values()] : Object.values(value);
  return parts.some(isMarked);
}

/** Changes every text in a value, bytes included: placeholders and samples are ASCII, so bytes are changed as Latin-1. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  return mapped(value, change) as T;
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return mappedBytes(value, change);
  if (value instanceof Map) return new Map(Array.from(value, ([key, one]) => [key, mapped(one, change)]));
  if (Array.isArray(value)) return value.map((one) => mapped(one, change));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]));
}

function mappedBytes(bytes: Buffer, change: (text: string) => string): Buffer {
  const before = bytes.toString('latin1');
  const after = change(before);
  return after === before ? bytes : Buffer.from(after, 'latin1');
}
