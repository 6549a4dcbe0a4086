import type { Backend, BackendExchange, Lost } from './backend.ts';

/** Feeds the SDK no faster than it delivers, so that a slow or dead backend costs a bounded queue and nothing else waits for it. */
export interface BackendFeed {
  /** Over `QUEUE_EXCHANGES_MAX` waiting ones it is lost. */
  add(exchange: BackendExchange): void;
  /** Puts a loss that happened elsewhere into the backend's own `sluice.telemetry.lost`. */
  lost(count: number, destination: string, reason: string): void;
  /** Delivers what waits, at most `timeoutMs` long once the SDK is loaded; the rest is lost. */
  shutdown(timeoutMs: number): Promise<void>;
}

export type FeedLoss = 'queue-full' | 'unreachable' | 'shutdown' | 'start-failed';

const QUEUE_EXCHANGES_MAX = 4096;
/** Exchanges handed to the SDK before traffic gets its turn again. */
const FEED_EXCHANGES_MAX = 64;

export function createBackendFeed(start: Promise<Backend>, onLoss: (count: number, reason: FeedLoss) => void): BackendFeed {
  let queue: BackendExchange[] = [];
  let backend: Backend | undefined;
  let feeding: Promise<void> | undefined;
  let closed: FeedLoss | undefined;
  const ready = start.then(
    (started) => {
      backend = started;
    },
    () => {
      closed = 'start-failed';
    },
  );

  const feed = async (): Promise<void> => {
    await ready;
    if (backend === undefined) return drop('start-failed');
    tell(await backend.room());
    while (queue.length > 0) {
      for (let count = 0; count < FEED_EXCHANGES_MAX && queue.length > 0; count++) {
        backend.add(queue.shift()!);
        if (backend.isFull()) tell(await backend.room());
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const tell = ({ unreachable, overflowed }: Lost): void => {
    if (unreachable > 0) onLoss(unreachable, 'unreachable');
    if (overflowed > 0) onLoss(overflowed, 'queue-full');
  };
  const drop = (reason: FeedLoss): void => {
    const count = queue.length;
    queue = [];
    if (count > 0) onLoss(count, reason);
  };
  const wake = (): Promise<void> => {
    feeding ??= feed().finally(() => {
      feeding = undefined;
    });
    return feeding;
  };
  return {
    add(exchange) {
      if (closed !== undefined) return onLoss(1, closed);
      if (queue.length >= QUEUE_EXCHANGES_MAX) return onLoss(1, 'queue-full');
      if (backend !== undefined && feeding === undefined) {
        backend.add(exchange);
        if (!backend.isFull()) return;
      } else queue.push(exchange);
      void wake();
    },
    lost: (count, destination, reason) => backend?.lost(count, destination, reason),
    async shutdown(timeoutMs) {
      closed ??= 'shutdown';
      // Loading the SDK waits for no network; a busy machine must not turn a short-lived process's telemetry into a loss.
      await ready;
      const delivered = await within(
        timeoutMs,
        wake().then(async () => {
          if (backend !== undefined) tell(await backend.shutdown());
        }),
      );
      if (delivered) return;
      const waiting = backend?.waiting() ?? 0;
      if (waiting > 0) onLoss(waiting, 'shutdown');
      drop('shutdown');
    },
  };
}

/** False when the time is over or the work failed. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  return Promise.race([done, timeout]).finally(() => clearTimeout(timer));
}
