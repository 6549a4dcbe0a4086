import { FIXED } from '../../lib/limits.ts';
import type { Answer, Ask, StateCall, StateCalls } from './messages.ts';

/** The way from a worker to what all workers have in common. */
export interface StateChannel {
  /** The answer; `ifSilent` when none comes in time. Never rejects. */
  ask<Call extends StateCall>(
    call: Call,
    body: StateCalls[Call]['ask'],
    ifSilent: StateCalls[Call]['answer'],
  ): Promise<StateCalls[Call]['answer']>;
  /** Takes what the supervisor has answered. */
  take(answers: readonly Answer[]): void;
  readonly state: ChannelState;
  /** Answers everything that is open as if nobody had, now and from now on: the supervisor is gone. */
  close(): void;
}

/**
 * `alone`: a question got no answer in time. Until the supervisor answers again the worker goes by what it knows itself, and no exchange
 * waits for anything.
 */
export type ChannelState = 'shared' | 'alone';

export interface StateChannelOptions {
  readonly send: (asks: readonly Ask[]) => void;
  /** Called at every change. */
  readonly onState: (state: ChannelState) => void;
  /** Called for each question that is not asked because `FIXED.workerQuestions` of them wait. */
  readonly onOverflow: () => void;
  /** How long a question waits, in milliseconds. Default: `ASK_MS`. */
  readonly askMs?: number;
}

/** A supervisor answers in well under a millisecond, on a machine with nothing left to give within this time, in milliseconds. */
const ASK_MS = 2_000;
/** How often it is looked for questions that nobody answered, and a silent supervisor is asked whether it is back, in milliseconds. */
const LOOK_MS = 100;
interface Open {
  readonly resolve: (value: Answer['value']) => void;
  readonly ifSilent: Answer['value'];
  readonly untilMs: number;
}

/** Gathers the questions of one turn of the event loop into one message: at full load most of a message's price is shared by many. */
export function createStateChannel({ send, onState, onOverflow, askMs = ASK_MS }: StateChannelOptions): StateChannel {
  /** In the order of asking, which is that of `untilMs`. */
  const open = new Map<number, Open>();
  let gathered: Ask[] = [];
  let state: ChannelState = 'shared';
  let lastId = 0;
  let closed = false;
  let lookedMs = performance.now();
  /** Whether a supervisor that was silent has been asked, and has not answered. */
  let isProbed = false;
  const look = setInterval(giveUpOld, LOOK_MS).unref();

  function enter(next: ChannelState): void {
    if (next === state) return;
    state = next;
    onState(next);
  }

  function flush(): void {
    const asks = gathered;
    gathered = [];
    if (asks.length > 0) send(asks);
  }

  /** One that waits too long says the same of all others. */
  function giveUpOld(): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - lookedMs;
    lookedMs = nowMs;
    // This process stood still itself: the answers may have come and are read next.
    if (sinceMs > 5 * LOOK_MS) return;
    if (state === 'alone') probe();
    const [oldest] = open.values();
    if (oldest === undefined || oldest.untilMs > nowMs) return;
    enter('alone');
    giveUp();
  }

  function probe(): void {
    if (!isProbed) send([{ id: 0, call: 'count', body: [] }]);
    isProbed = true;
  }

  function giveUp(): void {
    const all = [...open.values()];
    open.clear();
    for (const { resolve, ifSilent } of all) resolve(ifSilent);
  }

  function put(call: StateCall, body: Ask['body'], ifSilent: Answer['value']): Promise<Answer['value']> {
    if (closed || state === 'alone') return Promise.resolve(ifSilent);
    if (open.size >= FIXED.workerQuestions) {
      onOverflow();
      return Promise.resolve(ifSilent);
    }
    lastId++;
    const id = lastId;
    if (gathered.length === 0) setImmediate(flush);
    gathered.push({ id, call, body } as Ask); // `ask` pairs them
    return new Promise((resolve) => void open.set(id, { resolve, ifSilent, untilMs: performance.now() + askMs }));
  }

  return {
    ask: (call, body, ifSilent) => put(call, body, ifSilent) as Promise<typeof ifSilent>, // `take` gives what belongs to the id
    take(answers) {
      isProbed = false;
      enter('shared');
      for (const { id, value } of answers) {
        const asked = open.get(id);
        open.delete(id);
        asked?.resolve(value); // undefined: it came too late
      }
    },
    get state() {
      return state;
    },
    close() {
      flush();
      closed = true;
      clearInterval(look);
      giveUp();
    },
  };
}
