import { setTimeout as delay } from 'node:timers/promises';
import type { Effect, EnvoyEvent } from '../exchange/events.ts';
import type { Exchange } from '../exchange/machine.ts';
import type { RecordingFolder } from './recording-folder.ts';
import type { Step } from './replay.ts';
import { type ExchangeSetup, type Seal, startOf, type Take } from './seal.ts';

/** Why an exchange was not recorded: it or all that wait are too much memory, or the disk, or a bug of the recorder. */
export type RecordingLoss = 'too-large' | 'behind' | 'write-failed' | 'seal-failed';

export interface RecorderOptions {
  readonly folder: RecordingFolder;
  readonly seal: Seal;
  /** Never throws. */
  readonly onLoss: (reason: RecordingLoss) => void;
  readonly bounds?: RecorderBounds;
}

export interface RecorderBounds {
  /** Of one exchange, in bytes of bodies and headers. Over it: `too-large`. */
  readonly exchangeBytes: number;
  /** Of all exchanges that are open or wait to be written. Over it: `behind`. */
  readonly pendingBytes: number;
}

export const RECORDER_BOUNDS: RecorderBounds = { exchangeBytes: 4 * 1024 * 1024, pendingBytes: 128 * 1024 * 1024 };

/**
 * Writes down exchanges. An exchange only pays for keeping what it was given and said; it is made into a file after it has ended, one at
 * a time, each in a turn of the event loop of its own, and all of that takes at most a fifth of the time: what cannot be written at that
 * pace is lost and counted. Whatever fails costs the recording, never the exchange.
 */
export interface Recorder {
  /** The same exchange, watched. */
  tee(exchange: Exchange, about: ExchangeSetup): Exchange;
  /** Writes what waits, for as long as the deadline allows; the rest is lost and counted. */
  close(options: { readonly deadlineMs: number }): Promise<void>;
}

export function createRecorder({ folder, seal, onLoss, bounds = RECORDER_BOUNDS }: RecorderOptions): Recorder {
  const waiting: { readonly take: Take; readonly bytes: number }[] = [];
  let pending = 0;
  let writing: Promise<void> | undefined;
  const closing = new AbortController();

  function tee(exchange: Exchange, about: ExchangeSetup): Exchange {
    let steps: Step[] | undefined = [];
    let bytes = 0;

    /** `effects` undefined: the exchange threw. */
    function keep(event: EnvoyEvent, effects: readonly Effect[] | undefined): void {
      if (steps === undefined) return;
      const more = sizeOf(event);
      bytes += more;
      pending += more;
      steps.push({ event, outcome: effects === undefined ? { threw: true } : { effects } });
      if (bytes > bounds.exchangeBytes) drop('too-large');
      else if (pending > bounds.pendingBytes) drop('behind');
      else if (isLast(effects)) enqueue(steps);
    }

    /** What a slice had out belongs to the event that is worked on: a replay, which knows no slices, has it there. */
    function keepMore(effects: readonly Effect[] | undefined): void {
      const last = steps?.pop();
      if (steps === undefined || last === undefined) return;
      const before = 'effects' in last.outcome ? last.outcome.effects : [];
      steps.push({ event: last.event, outcome: effects === undefined ? { threw: true } : { effects: [...before, ...effects] } });
      if (isLast(effects)) enqueue(steps);
    }

    function drop(reason: RecordingLoss): void {
      steps = undefined;
      pending -= bytes;
      onLoss(reason);
    }

    function enqueue(complete: readonly Step[]): void {
      steps = undefined;
      waiting.push({ take: { ...about, steps: complete }, bytes });
      writing ??= writeAll();
    }

    function watched(act: () => readonly Effect[], keepEffects: (effects: readonly Effect[] | undefined) => void): readonly Effect[] {
      let effects: readonly Effect[] | undefined;
      try {
        effects = act();
        return effects;
      } finally {
        watching.isBusy = exchange.isBusy;
        keepEffects(effects);
      }
    }

    // Fields, not getters: see `DoublingBuffer`.
    const watching = {
      isBusy: false,
      step: (event: EnvoyEvent) =>
        watched(
          () => exchange.step(event),
          (effects) => keep(event, effects),
        ),
      goOn: () => watched(() => exchange.goOn(), keepMore),
      heldBytes: () => exchange.heldBytes(),
      caller: () => exchange.caller(),
    };
    return watching;
  }

  async function writeAll(): Promise<void> {
    await nextTurn();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const startMs = performance.now();
      const text = textOf(next.take);
      const tookMs = performance.now() - startMs;
      const lost = text === undefined ? 'seal-failed' : await write(next.take, text);
      pending -= next.bytes;
      if (lost !== undefined) onLoss(lost);
      await rest(tookMs * REST_PER_WORK, closing.signal);
    }
    writing = undefined;
  }

  function textOf(take: Take): string | undefined {
    try {
      return seal(take);
    } catch {
      return undefined; // a bug, whose message may quote traffic
    }
  }

  function write({ exchangeId, steps }: Take, text: string): Promise<RecordingLoss | undefined> {
    return folder.write({ exchangeId, startUnixMs: startOf(steps), text }).then(
      (fits) => (fits ? undefined : 'too-large'),
      () => 'write-failed' as const,
    );
  }

  return {
    tee: (exchange, about) => (closing.signal.aborted ? exchange : tee(exchange, about)),
    async close({ deadlineMs }) {
      closing.abort();
      const deadline = setTimeout(() => {
        for (const { bytes } of waiting.splice(0)) {
          pending -= bytes;
          onLoss('behind');
        }
      }, deadlineMs);
      await writing;
      clearTimeout(deadline);
    },
  };
}

const isLast = (effects: readonly Effect[] | undefined): boolean => effects === undefined || effects.at(-1)?.kind === 'record';

/** What an event keeps in memory, roughly: its bytes, its headers, and the objects around them. */
function sizeOf(event: EnvoyEvent): number {
  if (event.kind === 'decoded') return event.parts.reduce((sum, part) => sum + part.length, STEP_BYTES);
  if ('bytes' in event) return STEP_BYTES + event.bytes.length;
  if (!('headers' in event)) return STEP_BYTES;
  return event.headers.reduce((sum, [name, value]) => sum + name.length + value.length, STEP_BYTES);
}

const STEP_BYTES = 512;

/** Time left to traffic for each unit of time that making a recording took. */
const REST_PER_WORK = 4;

/** Waits; not any longer once the recorder closes. */
async function rest(ms: number, closing: AbortSignal): Promise<void> {
  if (closing.aborted) return nextTurn();
  await delay(ms, undefined, { signal: closing }).catch(() => {}); // its one error is that it was cut short
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
