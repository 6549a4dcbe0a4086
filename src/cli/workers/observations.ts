import type { BehaviourEvent } from '../../agents/behaviour/event.ts';
import type { BehaviourFinding } from '../../agents/behaviour/finding.ts';
import type { StateCalls } from './messages.ts';

/** Finished exchanges on their way to who judges behaviour, many to a message: a message costs as much as ten of them. */
export interface Observations {
  /** What is found with an event. `soon`: it leaves with this turn of the event loop, because what it shows may refuse the next exchange. */
  add(event: BehaviourEvent, when: 'soon' | 'later'): Promise<readonly BehaviourFinding[]>;
}

/** How long events wait for more where nobody waits for them, in milliseconds. What is found is only told then. */
const GATHER_MS = 100;
/** How many leave at once, however soon. */
const GATHER_MAX = 256;

const NOTHING: readonly BehaviourFinding[] = [];

/** `send` resolves to what was found; to nothing when nobody answered. Never rejects. */
export function createObservations(send: (events: StateCalls['observe']['ask']) => Promise<StateCalls['observe']['answer']>): Observations {
  let gathered: { readonly event: BehaviourEvent; readonly resolve: (found: readonly BehaviourFinding[]) => void }[] = [];
  let leaving: 'soon' | 'later' | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    leaving = undefined;
    const all = gathered;
    gathered = [];
    if (all.length > 0) void send(JSON.stringify(all.map(({ event }) => event))).then((found) => tell(all, new Map(found)));
  }

  function tell(all: typeof gathered, found: ReadonlyMap<number, readonly BehaviourFinding[]>): void {
    for (const [at, { resolve }] of all.entries()) resolve(found.get(at) ?? NOTHING);
  }

  function leave(when: 'soon' | 'later'): void {
    if (gathered.length >= GATHER_MAX) return flush();
    if (leaving === 'soon' || leaving === when) return;
    leaving = when;
    if (when === 'soon') setImmediate(flush);
    else timer = setTimeout(flush, GATHER_MS).unref();
  }

  return {
    add: (event, when) =>
      new Promise((resolve) => {
        gathered.push({ event, resolve });
        leave(when);
      }),
  };
}
