import { authorization, type ChangeAnswer, type FindingAnswer } from './api.ts';

/** One event of the live tail. */
export type TailNews = { readonly id: string } & (
  | { readonly kind: 'finding'; readonly data: FindingAnswer }
  | { readonly kind: 'change'; readonly data: ChangeAnswer }
);

/** `following`: events arrive. `away`: the tail broke off and is tried again. */
export type TailState = 'starting' | 'following' | 'away';

interface Tail {
  readonly state: TailState;
  /** The newest first, at most `KEPT`. */
  readonly events: readonly TailNews[];
}

const KEPT = 200;
/** Views ask again this long after the first of a burst of events, and this often without any, in milliseconds. */
const GATHER_MS = 700;
const QUIET_MS = 15_000;
const AGAIN_MS = 2000;
/** An event that grows beyond this is not one of the inventory's, UTF-16 units. */
const PENDING_MAX = 1_000_000;

let tail: Tail = { state: 'starting', events: [] };
const watchers = new Set<(tail: Tail) => void>();
const listeners = new Set<() => void>();

/** Calls back when what the API answers may have changed; gives the function that ends it. */
export function onNews(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function watchTail(watcher: (tail: Tail) => void): () => void {
  watchers.add(watcher);
  watcher(tail);
  return () => watchers.delete(watcher);
}

/** Tells every view to ask again. */
export function tellNews(): void {
  for (const listener of listeners) listener();
}

function show(next: Tail): void {
  tail = next;
  for (const watcher of watchers) watcher(tail);
}

let gathering = false;
function newsSoon(): void {
  if (gathering) return;
  gathering = true;
  setTimeout(() => {
    gathering = false;
    tellNews();
  }, GATHER_MS);
}

/** Follows the live tail for as long as the page lives. `fetch` and not `EventSource`, which cannot send a token. */
export async function followTail(): Promise<void> {
  setInterval(tellNews, QUIET_MS);
  for (;;) {
    await readTail().catch(() => undefined); // broken off: tried again below
    show({ ...tail, state: 'away' });
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function readTail(): Promise<void> {
  const last = tail.events[0]?.id;
  const headers = { ...authorization(), ...(last === undefined ? {} : { 'last-event-id': last }) };
  const response = await fetch('./api/v1/events', { headers });
  if (!response.ok || response.body === null) return;
  show({ ...tail, state: 'following' });
  newsSoon();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (pending + part.value).split('\n\n');
    pending = blocks.pop() ?? '';
    if (pending.length > PENDING_MAX) return;
    const events = blocks.map(readEvent).filter((event) => event !== undefined);
    if (events.length === 0) continue;
    show({ ...tail, events: [...events.toReversed(), ...tail.events].slice(0, KEPT) });
    newsSoon();
  }
}

/** One block of the event stream; undefined for a comment. */
export function readEvent(block: string): TailNews | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const [kind, id, data] = [fields.get('event'), fields.get('id'), fields.get('data')];
  if ((kind !== 'finding' && kind !== 'change') || id === undefined || data === undefined) return undefined;
  return { kind, id, data: JSON.parse(data) } as TailNews; // the API's document says what data of each kind are
}
