import type { ByteSpan } from '../lib/units.ts';
import { byteOffset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';

/** A string that an event has said as a text. */
export interface SaidString extends ByteSpan {
  readonly key: string;
  readonly lane: Lane;
  /** Complete in its event. */
  readonly whole: boolean;
  /** The next event may say something else there without meaning something else. */
  readonly varies: boolean;
}

/** What reading an event came to, where that is strings and nothing else but the number of the event. */
export interface EventReading {
  /** In the order they were said. */
  readonly strings: readonly SaidString[];
  /** Groups of texts that follow each other. */
  readonly turns: readonly string[];
  readonly keep: 'bytes' | 'texts' | undefined;
  /** Where the number of the event stands, in a stream that counts them. */
  readonly counter: ByteSpan | undefined;
}

/**
 * Most events of a stream are the one before them with other words and another number in it: byte for byte the same around one string.
 * Where two in a row have been read to the same end, those that follow need no reading, only the place where their string ends.
 */
export interface EventTemplate extends EventReading {
  readonly position: unknown;
  /** What `bytes` say; undefined: this is another kind of event, or has to be read to know. */
  match(bytes: Buffer): FoundEvent | undefined;
  /** Whether an event that was read to this is the same around its strings and its number. */
  fits(bytes: Buffer, reading: EventReading): boolean;
}

export interface FoundEvent {
  /** Where each string stands, and what it says. */
  readonly strings: readonly FoundString[];
  /** Its number; undefined: it has none. */
  readonly count: number | undefined;
}

export interface FoundString extends ByteSpan {
  readonly text: string;
}

/** Learns from events that were read, in order. */
export interface TemplateLearner {
  /** What the next event may be held against. */
  readonly template: EventTemplate | undefined;
  /** `reading` undefined: the event was more than strings. `position` must be the same object while nothing has changed. */
  read(bytes: Buffer, reading: EventReading | undefined, position: unknown): void;
  /** The stream may wait for minutes: what is kept has memory of its own from now on, and not a part of all that came with it. */
  rest(): void;
}

/** Longest event that is learned from; deltas are a tenth of it. */
const EVENT_BYTES_MAX = 4096;

export function createTemplateLearner(): TemplateLearner {
  return new EventLearner();
}

/** There is one for each stream: its fields are all that it takes. */
class EventLearner implements TemplateLearner {
  template: EventTemplate | undefined;
  /** The event that was read last, where another one like it makes a template; at rest as a character for each byte. */
  #event: Buffer | string | undefined;
  #reading: EventReading | undefined;
  #position: unknown;

  read(bytes: Buffer, reading: EventReading | undefined, position: unknown): void {
    const { template } = this;
    if (template !== undefined && reading !== undefined && template.position === position && isSame(template, reading)) {
      if (template.fits(bytes, reading)) return;
    }
    const before = this.#reading;
    const made =
      before !== undefined && reading !== undefined && this.#position === position ? this.#learnt(bytes, before, reading) : undefined;
    this.template = made;
    const isNext = made === undefined && reading !== undefined && isLearnable(bytes, reading);
    this.#event = isNext ? bytes : undefined;
    this.#reading = isNext ? reading : undefined;
    this.#position = isNext ? position : undefined;
  }

  rest(): void {
    if (Buffer.isBuffer(this.#event)) this.#event = this.#event.toString('latin1');
  }

  /** What this event and the one before it have in common; undefined where they are not alike. */
  #learnt(bytes: Buffer, before: EventReading, reading: EventReading): EventTemplate | undefined {
    if (!isLearnable(bytes, reading) || !isSame(before, reading)) return undefined;
    const made = templateOf(ownCopy(bytes), reading, this.#position);
    const event = this.#event!;
    return made.fits(typeof event === 'string' ? Buffer.from(event, 'latin1') : event, before) ? made : undefined;
  }
}

function isLearnable(bytes: Buffer, { strings }: EventReading): boolean {
  return bytes.length <= EVENT_BYTES_MAX && strings.some(({ varies }) => varies);
}

/** Not from the pool: that has neighbours. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** The same texts under the same keys, wherever they stand. */
function isSame(left: EventReading, right: EventReading): boolean {
  return (
    left.keep === right.keep &&
    (left.counter === undefined) === (right.counter === undefined) &&
    left.strings.length === right.strings.length &&
    left.turns.length === right.turns.length &&
    left.turns.every((group, i) => group === right.turns[i]) &&
    left.strings.every(({ key, lane, whole, varies }, i) => {
      const other = right.strings[i]!;
      return key === other.key && lane === other.lane && whole === other.whole && varies === other.varies;
    })
  );
}

function templateOf(bytes: Buffer, reading: EventReading, position: unknown): EventTemplate {
  const gaps = gapsOf(reading);
  const varying = gaps.filter((gap) => gap !== reading.counter);
  /** What stands before each gap, and after the last. */
  const pieces = [...gaps, undefined].map((gap, i) => ({
    start: i === 0 ? 0 : gaps[i - 1]!.end,
    end: gap?.start ?? bytes.length,
  }));
  const fixed = new Map(reading.strings.filter(({ varies }) => !varies).map((string) => [string, textIn(bytes, string.start, string.end)]));

  /** The piece with this number stands at `at`: where it ends; -1: it does not. */
  function pieceEnd(event: Buffer, i: number, at: number): number {
    const { start, end } = pieces[i]!;
    const next = at + end - start;
    return next <= event.length && bytes.compare(event, at, next, start, end) === 0 ? next : -1;
  }

  return {
    ...reading,
    position,
    match(event) {
      const found: FoundString[] = [];
      let count: number | undefined;
      /** How much further behind the gap before it all stands now. */
      const shifts: number[] = [];
      let at = pieceEnd(event, 0, 0);
      for (let i = 0; i < gaps.length && at >= 0; i++) {
        const isNumber = gaps[i] === reading.counter;
        const end = isNumber ? numberEnd(event, at) : stringEnd(event, at);
        if (end <= at) return undefined;
        if (isNumber) count = Number(event.toString('latin1', at, end));
        else {
          const text = textIn(event, at, end);
          if (text === undefined) return undefined;
          found.push({ start: byteOffset(at), end: byteOffset(end), text });
        }
        shifts.push(end - gaps[i]!.end);
        at = pieceEnd(event, i + 1, end);
      }
      if (at !== event.length) return undefined;
      const isAlone = fixed.size === 0 && found.length === 1;
      return { strings: isAlone ? found : reading.strings.map((string) => foundOf(string, { found, shifts })), count };
    },
    fits(event, read) {
      const ends = gapsOf(read);
      let at = pieceEnd(event, 0, 0);
      for (let i = 0; i < ends.length && at >= 0; i++) at = ends[i]!.start === at ? pieceEnd(event, i + 1, ends[i]!.end) : -1;
      return at === event.length;
    },
  };

  /** A string that does not vary stands as far behind the gap before it as it did. */
  function foundOf(
    string: SaidString,
    { found, shifts }: { readonly found: readonly FoundString[]; readonly shifts: readonly number[] },
  ): FoundString {
    const own = varying.indexOf(string);
    if (own >= 0) return found[own]!;
    const before = gaps.findLastIndex(({ start }) => start < string.start);
    const shift = before < 0 ? 0 : shifts[before]!;
    return { start: byteOffset(string.start + shift), end: byteOffset(string.end + shift), text: fixed.get(string)! };
  }
}

/** What may be something else in the next event, as it stands in the bytes: strings that vary, and the number. */
function gapsOf({ strings, counter }: EventReading): readonly ByteSpan[] {
  const varying: readonly ByteSpan[] = strings.filter(({ varies }) => varies);
  const gaps = counter === undefined ? varying : [...varying, counter];
  return gaps.toSorted((left, right) => left.start - right.start);
}

/** Where a whole number ends that begins here and counts no more than a stream has events; -1: that takes a reader. */
function numberEnd(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && isDigit(bytes[end]!)) end++;
  const digits = end - from;
  return digits > COUNT_DIGITS_MAX || (digits > 1 && bytes[from] === ZERO) ? -1 : end;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** Where the content of a JSON string ends that begins here; -1: it does not end, or has what no string may have. */
function stringEnd(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return -1;
    if (byte === BACKSLASH) at++;
  }
  return -1;
}

/** What it says; undefined: that takes a reader who knows what to do about broken escapes and bytes. */
function textIn(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('utf8', start, end);
  if (text.includes(BROKEN)) return undefined;
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return undefined;
  }
}

/** Longer numbers are read as text. */
const COUNT_DIGITS_MAX = 8;
const ZERO = 0x30;
const NINE = 0x39;
const QUOTE = 0x22;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
/** What a decoder puts where bytes are no UTF-8. */
const BROKEN = '\ufffd';
