import { EXPORT } from '../lib/limits.ts';
import { createOtlpPost, type PostResult } from './otlp-post.ts';
import { createRequests, type SpanOrigin } from './otlp-writer.ts';
import { createSpanQueue } from './span-queue.ts';
import { type Batch, openSpool, type Segment, type Spool } from './spool.ts';

/** Sends spans to the inventory's OTLP/HTTP intake in batches. Its failures never reach traffic: they end on disk or in a count. */
export interface InventoryExport {
  /** Takes a span of `encodeSpan` or of `createExchangeEncoder`, to be released once; beyond `EXPORT.queueBytes` waiting in memory it is lost. */
  add(span: Uint8Array): void;
  /** Spans that only this process has: neither delivered nor on disk. */
  readonly inMemory: () => number;
  /**
   * Sends what waits, at most `timeoutMs` long (default 2,000); the rest stays on disk for the next process, or is counted as lost where
   * there is no spool. Later spans are lost.
   */
  shutdown(timeoutMs?: number): Promise<void>;
}

export interface InventoryExportOptions {
  /** Base address of the inventory; `/v1/traces` is added. */
  readonly url: string;
  /** Shown as `authorization: Bearer …`, to what the spool had as well. Default: nothing is. */
  readonly token?: string | undefined;
  readonly origin: SpanOrigin;
  /** A span that it needs no longer: it was copied. */
  readonly release: (span: Uint8Array) => void;
  /** Where batches wait while the inventory is away; undefined: in memory alone. */
  readonly spool?: { readonly folder: string; readonly bytesMax: number } | undefined;
  /** Spans that did not arrive. */
  readonly onLoss: (spans: number, reason: ExportLoss) => void;
}

export type ExportLoss = 'queue-full' | 'spool-full' | 'spool-failed' | 'damaged' | 'refused' | 'unreachable' | 'shutdown';

/** Long enough to batch, short enough that `sluice inventory list` shows what was just sent. */
const FLUSH_MS = 250;
/** Waits between the attempts for one batch, in milliseconds; without a spool it is lost after the last one. */
const RETRY_MS = [250, 500, 1000, 2000, 4000] as const;
/** Segments of the spool that go together when they are small. */
const JOINED_SEGMENTS = 64;

/** What is being sent: `segments` on disk, none when only memory has it. */
interface Parcel {
  readonly batch: Batch;
  readonly takenUnixMs: number;
  segments: readonly Segment[];
  /** Whether its body was made of the queue, and can be used again when it has arrived. */
  readonly isOwn: boolean;
}

/**
 * One sender takes what is oldest: the spool first, the queue when that is empty. While it has trouble, or has its hands full with one slow
 * request, a second hand writes the queue to the spool, so that a process that is killed takes at most the last moments with it. A batch
 * that arrived, but whose answer did not, is sent again: the inventory knows spans by trace and span id.
 */
export function createInventoryExport({ url, token, origin, release, spool: place, onLoss }: InventoryExportOptions): InventoryExport {
  const post = createOtlpPost(new URL('v1/traces', url.endsWith('/') ? url : `${url}/`), token);
  const spool: Spool | undefined =
    place && openSpool({ ...place, onDamaged: (spans) => onLoss(spans, 'damaged'), onFound: () => void sending.run() });
  const requests = createRequests(origin);
  const queue = createSpanQueue();
  const stop = new AbortController();
  const hurry = new AbortController();
  let failures = 0;
  const spilling = createSingle(spillQueue);
  const sending = createSingle(sendAll);
  let closed = false;
  let troubled = false;
  let trouble: 'spool-full' | 'spool-failed' | undefined;
  let inHand = 0;
  let joined = JOINED_SEGMENTS;
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    if (queue.spans() >= EXPORT.batchSpans && !sending.busy()) void sending.run();
    else timer ??= setTimeout(tick, spool === undefined ? FLUSH_MS : spillMs(spool)).unref();
  }
  function tick(): void {
    timer = undefined;
    if (sending.busy()) void spilling.run().then(sendAgain);
    else void sending.run();
    if (queue.spans() > 0) schedule();
  }

  /** The sender may have ended while the last file was being written, or given back: nobody else would tell it of that. */
  function sendAgain(): void {
    if (!closed) void sending.run();
  }

  async function sendAll(): Promise<void> {
    await spool?.opened;
    for (let parcel = await next(); parcel !== undefined; parcel = canWait() ? undefined : await next()) await deliver(parcel);
  }
  /** What is left is no whole batch, and the timer looks at it soon: a request of its own costs more than the spans of it. */
  function canWait(): boolean {
    const isLittle = queue.spans() < EXPORT.batchSpans && (spool?.waiting().segments ?? 0) === 0;
    return isLittle && timer !== undefined && !closed;
  }
  async function next(): Promise<Parcel | undefined> {
    if (stop.signal.aborted) return undefined;
    const kept = await spool?.oldest(joined);
    if (kept !== undefined) return { ...kept, takenUnixMs: 0, isOwn: false };
    const spans = queue.take();
    if (spans.length === 0) return undefined;
    inHand += spans.length;
    const body = requests.make(spans);
    for (const span of spans) release(span);
    return { batch: { body, spans: spans.length }, takenUnixMs: Date.now(), segments: [], isOwn: true };
  }

  /** Ends when the parcel arrived, was refused, lies on disk to be tried again, or was given up. */
  async function deliver(parcel: Parcel): Promise<void> {
    for (;;) {
      const result = await sendOnce(parcel);
      if (result.kind !== 'retry') return settle(parcel, result);
      troubled = true;
      failures += 1;
      await keep(parcel);
      const tries = spool === undefined ? RETRY_MS.length : Number.POSITIVE_INFINITY;
      if (stop.signal.aborted || (closed && spool !== undefined) || failures > tries) return leave(parcel);
      await pause(waitMs(failures, result), hurry.signal);
      if (parcel.segments.length > 0) return; // memory need not hold what the disk has
    }
  }
  async function settle({ batch, segments, isOwn }: Parcel, { kind }: PostResult): Promise<void> {
    // After any other answer the rest of it may still be on its way out.
    if (isOwn && kind === 'ok') requests.release(batch.body);
    troubled = false;
    failures = 0;
    if (kind === 'refused' && segments.length > 1) {
      joined = 1; // one of them is bad: each for itself, so that the others arrive
      return;
    }
    if (kind === 'refused' || segments.length === 0) joined = JOINED_SEGMENTS;
    if (segments.length === 0) inHand -= batch.spans;
    else await spool?.remove(segments);
    if (kind === 'refused') onLoss(batch.spans, 'refused');
  }
  /** The end of the attempts for a parcel: on disk it waits for later, elsewhere it is lost. */
  function leave({ batch, segments }: Parcel): void {
    failures = 0;
    if (closed && spool !== undefined) stop.abort();
    if (segments.length > 0) return;
    inHand -= batch.spans;
    onLoss(batch.spans, stop.signal.aborted ? (trouble ?? 'shutdown') : 'unreachable');
  }

  /** One attempt; a parcel whose answer takes longer than a moment is put on disk meanwhile. */
  async function sendOnce(parcel: Parcel): Promise<PostResult> {
    let keeping: Promise<void> | undefined;
    const slow = setTimeout(() => {
      troubled = true;
      keeping = keep(parcel);
    }, FLUSH_MS).unref();
    const result = await post.send(parcel.batch.body, stop.signal);
    clearTimeout(slow);
    await keeping;
    return result;
  }
  async function keep(parcel: Parcel): Promise<void> {
    if (spool === undefined || parcel.segments.length > 0) return;
    const segment = await put(spool, parcel.batch, parcel.takenUnixMs);
    if (segment === undefined) return;
    parcel.segments = [segment];
    inHand -= parcel.batch.spans;
  }
  async function put(into: Spool, batch: Batch, takenUnixMs: number): Promise<Segment | undefined> {
    const result = await into.put(batch, takenUnixMs);
    trouble = typeof result === 'string' ? (result === 'full' ? 'spool-full' : 'spool-failed') : undefined;
    return typeof result === 'string' ? undefined : result;
  }

  async function spillQueue(): Promise<void> {
    while (spool !== undefined && queue.spans() > 0 && (troubled || closed || spool.waiting().segments > 0)) {
      const spans = queue.take();
      inHand += spans.length;
      const body = requests.make(spans);
      const segment = await put(spool, { body, spans: spans.length }, Date.now());
      requests.release(body);
      inHand -= spans.length;
      if (segment === undefined) return queue.putBack(spans);
      for (const span of spans) release(span);
    }
  }
  return {
    inMemory: () => queue.spans() + inHand,
    add(span) {
      const isTaken = !closed && queue.add(span);
      if (!isTaken) {
        release(span);
        onLoss(1, closed ? 'shutdown' : (trouble ?? 'queue-full'));
      }
      if (!closed) schedule();
    },
    async shutdown(timeoutMs = 2000) {
      closed = true;
      clearTimeout(timer);
      const giveUp = setTimeout(() => {
        stop.abort();
        hurry.abort();
      }, timeoutMs);
      if (spool !== undefined) hurry.abort();
      await spool?.opened;
      if (troubled) await spilling.run();
      await sending.run();
      if (!stop.signal.aborted) await sending.run(); // what came while the one before was ending
      clearTimeout(giveUp);
      await spilling.run();
      if (queue.spans() > 0) onLoss(queue.clear(), trouble ?? 'shutdown');
      await spool?.close();
      post.close();
    },
  };
}

const waitMs = (failures: number, result: PostResult & { readonly kind: 'retry' }): number =>
  Math.min(EXPORT.retryMs, Math.max(RETRY_MS[failures - 1] ?? EXPORT.retryMs, result.afterMs ?? 0));

/** How long the queue may be in memory alone; longer when an outage has lasted, so that files do not run out. */
const spillMs = (spool: Spool): number => (spool.waiting().segments < EXPORT.spoolManySegments ? FLUSH_MS : 4 * FLUSH_MS);

/** Work of which one runs at a time; whoever asks meanwhile waits for that one. */
function createSingle(work: () => Promise<void>): { run(): Promise<void>; busy(): boolean } {
  let running: Promise<void> | undefined;
  return {
    busy: () => running !== undefined,
    run() {
      running ??= work().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds).unref();
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
