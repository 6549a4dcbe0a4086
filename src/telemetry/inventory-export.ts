import http from 'node:http';
import https from 'node:https';
import { encodeSpans, type SpanOrigin } from './otlp-writer.ts';
import type { SpanData } from './span.ts';

/** Sends spans to the inventory's OTLP/HTTP intake in batches. Its failures never reach traffic: they end in a count. */
export interface InventoryExport {
  /** Takes a span; beyond `QUEUE_SPANS_MAX` waiting ones it is lost. */
  add(span: SpanData): void;
  /** Sends what waits, at most `timeoutMs` long (default 2,000), then counts the rest as lost. Later spans are lost. */
  shutdown(timeoutMs?: number): Promise<void>;
}

export interface InventoryExportOptions {
  /** Base address of the inventory; `/v1/traces` is added. */
  readonly url: string;
  readonly origin: SpanOrigin;
  /** Spans that did not arrive. */
  readonly onLoss: (spans: number, reason: ExportLoss) => void;
}

export type ExportLoss = 'queue-full' | 'refused' | 'unreachable' | 'shutdown';

/** About 8 MB of spans at most. */
const QUEUE_SPANS_MAX = 8192;
const BATCH_SPANS_MAX = 512;
/** Long enough to batch, short enough that `sluice inventory list` shows what was just sent. */
const FLUSH_MS = 250;
const REQUEST_TIMEOUT_MS = 10_000;
/** Waits between the attempts for one batch, in milliseconds; after the last one it is lost. */
const RETRY_MS = [250, 500, 1000, 2000, 4000] as const;
/** OTLP/HTTP: these, and no answer at all, are worth another attempt. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function createInventoryExport({ url, origin, onLoss }: InventoryExportOptions): InventoryExport {
  const target = new URL('v1/traces', url.endsWith('/') ? url : `${url}/`);
  const agent =
    target.protocol === 'https:' ? new https.Agent({ keepAlive: true, maxSockets: 1 }) : new http.Agent({ keepAlive: true, maxSockets: 1 });
  const stop = new AbortController();
  let queue: SpanData[] = [];
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  const schedule = (): void => {
    if (sending !== undefined || queue.length === 0) return;
    if (queue.length >= BATCH_SPANS_MAX) void flush();
    else timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendAll().finally(() => {
      sending = undefined;
      schedule();
    });
    return sending;
  };
  const sendAll = async (): Promise<void> => {
    while (queue.length > 0 && !stop.signal.aborted) {
      const batch = queue.slice(0, BATCH_SPANS_MAX);
      queue = queue.slice(BATCH_SPANS_MAX);
      const result = await deliver(encodeSpans(batch, origin));
      if (result !== 'ok') onLoss(batch.length, result);
    }
  };
  const deliver = async (body: Buffer): Promise<'ok' | ExportLoss> => {
    for (const wait of [...RETRY_MS, undefined]) {
      const status = await post({ target, agent, body, signal: stop.signal });
      if (status !== undefined && status >= 200 && status < 300) return 'ok';
      if (status !== undefined && !RETRYABLE.has(status)) return 'refused';
      if (wait === undefined || stop.signal.aborted) break;
      await pause(wait, stop.signal);
    }
    return stop.signal.aborted ? 'shutdown' : 'unreachable';
  };
  return {
    add(span) {
      if (closed) onLoss(1, 'shutdown');
      else if (queue.length >= QUEUE_SPANS_MAX) onLoss(1, 'queue-full');
      else queue.push(span);
      schedule();
    },
    async shutdown(timeoutMs = 2000) {
      closed = true;
      const giveUp = setTimeout(() => stop.abort(), timeoutMs);
      await flush();
      clearTimeout(giveUp);
      if (queue.length > 0) onLoss(queue.length, 'shutdown');
      queue = [];
      agent.destroy();
    },
  };
}

interface Post {
  readonly target: URL;
  readonly agent: http.Agent;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** The answer's status; undefined without an answer. */
function post({ target, agent, body, signal }: Post): Promise<number | undefined> {
  const { request } = target.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const sent = request(target, { method: 'POST', agent, headers, timeout: REQUEST_TIMEOUT_MS, signal }, (answer) => {
      // The body has to be read for the connection to be used again.
      answer.resume();
      answer.on('close', () => resolve(answer.statusCode));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
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
  });
}
