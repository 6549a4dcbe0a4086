import { AppError } from '../../lib/errors.ts';
import type { ListenAddress } from '../address.ts';
import type { FromWorker, ToWorker, WorkerReport } from './messages.ts';

/** A process that was started, as its supervisor sees it. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Lost when it is gone. */
  send(message: ToWorker): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** What a process tells. `onEnd` once, in fixed words. */
export interface WorkerEvents {
  readonly onMessage: (message: FromWorker) => void;
  readonly onEnd: (how: string) => void;
}

export interface WorkerPlace {
  readonly worker: number;
  readonly listen: ListenAddress;
  /** 0: nobody was there before. */
  readonly restarts: number;
}

export interface WorkerState {
  readonly worker: number;
  readonly pid: number | undefined;
  /** As it was asked for, and as it is from the first time it was ready. */
  readonly listen: ListenAddress;
  readonly state: 'starting' | 'ready' | 'waiting';
  readonly restarts: number;
  readonly lastEnd: string | undefined;
  /** The last of the process that runs; undefined: none yet. */
  readonly report: WorkerReport | undefined;
}

export interface FleetOptions {
  /** One process for each. */
  readonly addresses: readonly ListenAddress[];
  /** Starts a process and tells it where to listen. Never throws. */
  readonly start: (where: WorkerPlace, events: WorkerEvents) => WorkerProcess;
  readonly onAsks: (
    asks: Extract<FromWorker, { kind: 'asks' }>['asks'],
    from: { readonly process: WorkerProcess; readonly name: string },
  ) => void;
  /** A process that ended has told this last. */
  readonly onGone: (worker: number, report: WorkerReport) => void;
  readonly onEvent: (event: FleetEvent) => void;
  readonly timing?: FleetTiming;
}

/** What is worth a line of the log. `looping`: it ended so often in a row that somebody has to look. */
export type FleetEvent =
  | { readonly kind: 'ended'; readonly worker: number; readonly pid: number | undefined; readonly how: string; readonly againInMs: number }
  | { readonly kind: 'back'; readonly worker: number; readonly pid: number | undefined }
  | { readonly kind: 'hung'; readonly worker: number; readonly pid: number | undefined }
  | { readonly kind: 'looping'; readonly worker: number; readonly how: string; readonly ends: number };

/** All in milliseconds. */
export interface FleetTiming {
  /** Pause before a process is started again: the first time, doubled each time it ends before it was steady, and at most. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** A process that was ready for so long was no part of a loop. */
  readonly steadyMs: number;
  /** How often each is asked for a report. */
  readonly reportMs: number;
  /** Time a process may take to be ready, or to answer, before it is killed. */
  readonly silentMsMax: number;
  /** How long processes may take to end after SIGTERM. */
  readonly stopMsMax: number;
}

/** A worker's own time to drain (`filter.ts`) ends well before `stopMsMax`. */
const TIMING: FleetTiming = { pauseMs: 100, pauseMsMax: 10_000, steadyMs: 30_000, reportMs: 1_000, silentMsMax: 60_000, stopMsMax: 20_000 };
/** Ends in a row before it is called a loop. */
const LOOP_ENDS = 5;

export interface Fleet {
  /** Starts all. Rejects with what the first one that cannot start says; the others are stopped then. */
  start(): Promise<void>;
  states(): readonly WorkerState[];
  isReady(): boolean;
  /** One that is starting is told when it is ready: it may have read by then what has changed since. */
  tellAll(message: ToWorker): void;
  /** Asks all that are ready for a report; resolves when all have told, or after `limitMs`. */
  refresh(limitMs: number): Promise<void>;
  /** Ends all at once, none is started again. Resolves when all are gone. */
  stop(): Promise<void>;
}

interface Slot {
  readonly worker: number;
  listen: ListenAddress;
  state: WorkerState['state'];
  process: WorkerProcess | undefined;
  report: WorkerReport | undefined;
  restarts: number;
  lastEnd: string | undefined;
  /** Why it says that it cannot start. */
  refusal: Extract<FromWorker, { kind: 'refused' }> | undefined;
  /** Ends in a row, each before it was steady. */
  ends: number;
  readyAtMs: number;
  /** Reports asked for and not told. */
  unanswered: number;
  /** What all were told while it was starting, each kind once. */
  untold: ReadonlyMap<ToWorker['kind'], ToWorker>;
  again: NodeJS.Timeout | undefined;
}

/** Keeps a number of processes running: one that ends is started again where it was, after a pause; the others do not notice. */
export function createFleet(options: FleetOptions): Fleet {
  const { addresses, onAsks, onGone, onEvent, timing = TIMING } = options;
  const slots = addresses.map((listen, worker): Slot => ({ ...NEW_SLOT, worker, listen }));
  const firstReady = Promise.withResolvers<void>();
  const allGone = Promise.withResolvers<void>();
  /** Told by each process that reports. */
  const waiting = new Set<() => void>();
  let life: 'starting' | 'running' | 'stopping' = 'starting';
  let looking: NodeJS.Timeout | undefined;

  function begin(slot: Slot): void {
    slot.state = 'starting';
    slot.refusal = undefined;
    slot.unanswered = 0;
    slot.untold = new Map();
    const { worker, listen, restarts } = slot;
    slot.process = options.start(
      { worker, listen, restarts },
      {
        onMessage: (message) => take(slot, message),
        onEnd: (how) => ended(slot, how),
      },
    );
  }

  function take(slot: Slot, message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        return becameReady(slot, message);
      case 'refused':
        slot.refusal = message;
        return;
      case 'asks':
        // A question of a process that has ended meanwhile needs no answer.
        if (slot.process !== undefined) onAsks(message.asks, { process: slot.process, name: `${slot.worker}.${slot.restarts}` });
        return;
      case 'report':
        slot.report = message.report;
        slot.unanswered = 0;
        for (const told of waiting) told();
    }
  }

  function becameReady(slot: Slot, { listen, report }: Extract<FromWorker, { kind: 'ready' }>): void {
    slot.state = 'ready';
    slot.listen = listen;
    slot.report = report;
    slot.readyAtMs = performance.now();
    slot.unanswered = 0;
    for (const message of slot.untold.values()) slot.process?.send(message);
    slot.untold = new Map();
    if (slot.restarts > 0) onEvent({ kind: 'back', worker: slot.worker, pid: slot.process?.pid });
    if (life === 'starting' && isReady()) {
      life = 'running';
      firstReady.resolve();
    }
  }

  function ended(slot: Slot, how: string): void {
    const { process, report, refusal } = slot;
    const wasReady = slot.state === 'ready';
    slot.process = undefined;
    slot.report = undefined;
    slot.state = 'waiting';
    slot.lastEnd = refusal === undefined ? how : `${how}: ${refusal.code}`;
    if (report !== undefined) onGone(slot.worker, report);
    for (const told of waiting) told();
    if (life === 'stopping') return gone();
    if (life === 'starting') return firstReady.reject(startFailure(slot.worker, how, refusal));
    const wasSteady = wasReady && performance.now() - slot.readyAtMs >= timing.steadyMs;
    slot.ends = wasSteady ? 1 : slot.ends + 1;
    const againInMs = Math.min(timing.pauseMs * 2 ** (slot.ends - 1), timing.pauseMsMax);
    onEvent({ kind: 'ended', worker: slot.worker, pid: process?.pid, how: slot.lastEnd, againInMs });
    if (slot.ends === LOOP_ENDS) onEvent({ kind: 'looping', worker: slot.worker, how: slot.lastEnd, ends: slot.ends });
    slot.again = setTimeout(() => {
      slot.restarts++;
      begin(slot);
    }, againInMs);
  }

  function gone(): void {
    if (slots.every(({ process }) => process === undefined)) allGone.resolve();
  }

  function isReady(): boolean {
    return slots.every(({ state }) => state === 'ready');
  }

  /** Counted in looks, not in time: a machine that slept has not waited. */
  function look(): void {
    for (const slot of slots) {
      if (slot.process === undefined) continue;
      if (slot.unanswered * timing.reportMs >= timing.silentMsMax) {
        onEvent({ kind: 'hung', worker: slot.worker, pid: slot.process.pid });
        slot.process.kill('SIGKILL');
      }
      slot.unanswered++;
      if (slot.state === 'ready') slot.process.send({ kind: 'report' });
    }
  }

  async function stop(): Promise<void> {
    life = 'stopping';
    clearInterval(looking);
    for (const slot of slots) {
      clearTimeout(slot.again);
      slot.process?.kill('SIGTERM');
    }
    gone();
    const killing = setTimeout(() => {
      for (const { process } of slots) process?.kill('SIGKILL');
    }, timing.stopMsMax);
    await allGone.promise;
    clearTimeout(killing);
  }

  return {
    async start() {
      for (const slot of slots) begin(slot);
      looking = setInterval(look, timing.reportMs).unref();
      await firstReady.promise.catch(async (error: unknown) => {
        await stop();
        throw error;
      });
    },
    states: () =>
      slots.map(({ worker, process, listen, state, restarts, lastEnd, report }) => ({
        ...{ worker, listen, state, restarts, lastEnd, report },
        pid: process?.pid,
      })),
    isReady,
    tellAll(message) {
      for (const slot of slots) {
        if (slot.state === 'ready') slot.process?.send(message);
        else slot.untold = new Map([...slot.untold, [message.kind, message]]);
      }
    },
    async refresh(limitMs) {
      const asked = new Map(slots.filter(({ state }) => state === 'ready').map((slot) => [slot, slot.report] as const));
      const { promise, resolve } = Promise.withResolvers<void>();
      const told = (): void => {
        if ([...asked].every(([slot, before]) => slot.report !== before)) resolve();
      };
      waiting.add(told);
      const late = setTimeout(resolve, limitMs);
      for (const { process } of asked.keys()) process?.send({ kind: 'report' });
      told();
      await promise;
      clearTimeout(late);
      waiting.delete(told);
    },
    stop,
  };
}

const NEW_SLOT = {
  state: 'starting',
  process: undefined,
  report: undefined,
  restarts: 0,
  lastEnd: undefined,
  refusal: undefined,
  ends: 0,
  readyAtMs: 0,
  unanswered: 0,
  untold: new Map<ToWorker['kind'], ToWorker>(),
  again: undefined,
} as const satisfies Omit<Slot, 'worker' | 'listen'>;

/** In the words of the worker, where it had any. */
function startFailure(worker: number, how: string, refusal: Slot['refusal']): AppError {
  if (refusal !== undefined) return new AppError(refusal.code, refusal.message, { next: refusal.next });
  return new AppError('child-ended', `worker ${worker} ended before it was ready: ${how}`);
}
