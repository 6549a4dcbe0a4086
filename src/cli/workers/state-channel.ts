import { FIXED } from '../../lib/limits.ts';
import { type Answer, type Ask, NOTHING, type StateCall, type StateCalls } from './messages.ts';

/** The way from a worker to what all workers have in common. */
export interface StateChannel {
  /**
   * The answer; `ifSilent` when none comes in time. Never rejects. `soon`, the default: it leaves with this turn of the event loop, or
   * when what left before is answered; `later`: with the next one that is soon, or a tenth of a second after the first that is later.
   */
  ask<Call extends StateCall>(
    call: Call,
    body: StateCalls[Call]['ask'],
    ifSilent: StateCalls[Call]['answer'],
    when?: AskTime,
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

export type AskTime = 'soon' | 'later';

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
/** How long questions wait for more where nobody waits for them, in milliseconds. */
const GATHER_MS = 100;
/** How many leave at once, however soon. */
const GATHER_MAX = 256;

interface Open {
  readonly call: StateCall;
  readonly resolve: (value: Answer['value']) => void;
  readonly ifSilent: Answer['value'];
  readonly untilMs: number;
}

/**
 * Gathers questions into few messages, in the order of asking: most of a message's price is shared by many. What comes while a message is
 * on its way and back would be answered no sooner by a supervisor with more to do than that, and waits for its answer.
 */
export function createStateChannel({ send, onState, onOverflow, askMs = ASK_MS }: StateChannelOptions): StateChannel {
  /** In the order of asking, which is that of `untilMs`. */
  const open = new Map<number, Open>();
  let gathered: Ask[] = [];
  let leaving: AskTime | undefined;
  /** Whether a message has left since the last answers came. */
  let isUnderWay = false;
  let timer: NodeJS.Timeout | undefined;
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

  function leave(when: AskTime): void {
    if (gathered.length >= GATHER_MAX) return flush();
    if (leaving === 'soon' || leaving === when) return;
    leaving = when;
    if (when === 'later') timer = setTimeout(flush, GATHER_MS).unref();
    else if (!isUnderWay) setImmediate(flush);
  }

  function flush(): void {
    clearTimeout(timer);
    leaving = undefined;
    const asks = gathered;
    gathered = [];
    if (asks.length === 0) return;
    isUnderWay = true;
    send(asks);
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

  function put(ask: Omit<Ask, 'id'>, ifSilent: Answer['value'], when: AskTime): Promise<Answer['value']> {
    if (closed || state === 'alone') return Promise.resolve(ifSilent);
    if (open.size >= FIXED.workerQuestions) {
      onOverflow();
      return Promise.resolve(ifSilent);
    }
    lastId++;
    const id = lastId;
    gathered.push({ id, ...ask } as Ask); // `ask` pairs call and body
    leave(when);
    return new Promise((resolve) => void open.set(id, { call: ask.call, resolve, ifSilent, untilMs: performance.now() + askMs }));
  }

  return {
    // `take` gives what belongs to the id.
    ask: (call, body, ifSilent, when = 'soon') => put({ call, body }, ifSilent, when) as Promise<typeof ifSilent>,
    take(answers) {
      isProbed = false;
      isUnderWay = false;
      enter('shared');
      if (leaving === 'soon') setImmediate(flush);
      for (const { id, value } of answers) {
        const asked = open.get(id);
        open.delete(id);
        asked?.resolve(value ?? NOTHING[asked.call]); // undefined: it came too late
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
