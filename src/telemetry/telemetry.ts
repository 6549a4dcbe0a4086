import { randomBytes } from 'node:crypto';
import type { ExchangeRecord } from '../exchange/events.ts';
import { createHmacSha256 } from '../lib/hmac.ts';
import { createBackWriter } from './back-writer.ts';
import { signalsFrom, startBackend } from './backend.ts';
import { type BackendFeed, createBackendFeed } from './backend-feed.ts';
import { createExchangeEncoder } from './exchange-encoder.ts';
import type { RowSources } from './exchange-rows.ts';
import { traced } from './exchange-span.ts';
import { createInventoryExport } from './inventory-export.ts';
import { createLearningSample, type LearningSample } from './learning.ts';
import { logQueueOf } from './log-delivery.ts';
import { encodeSpan } from './otlp-writer.ts';
import type { Redact } from './path-template.ts';
import { type PolicyInForce, policySpans } from './policy-span.ts';
import { samplerFrom } from './sampling.ts';
import { RESOURCE, SCHEMA_URL, SCOPE_NAME } from './semconv.ts';

/** Where exchange records go after the last byte of an exchange. Nothing here throws into traffic or waits for a network. */
export interface Telemetry {
  /** Queues a record; spans are built later, a few at a time. Over `QUEUE_RECORDS_MAX` waiting ones it is lost and counted. */
  record(record: ExchangeRecord): void;
  /** Whether what the bodies of an exchange look like is wanted; counts it. Undefined: of none, for there is nobody to tell. */
  readonly learns: LearningSample['wants'] | undefined;
  /**
   * Tells the inventory which policy holds from now on and what its agents are granted, and every `HEARTBEAT_MS` that it still does: whoever
   * hears nothing knows that this filter is gone. Without an inventory nothing is told.
   */
  inForce(policy: PolicyInForce['policy']): void;
  /** Records, spans and log records lost so far, by where they were going. */
  readonly lost: Readonly<Record<Destination, number>>;
  /** Records and spans for the inventory that only this process has: neither delivered nor in the spool. A kill takes them along. */
  readonly inMemory: () => number;
  /** Sends what waits, bounded to a few seconds; the spool keeps the rest for the next process. Records that come later are lost. */
  shutdown(): Promise<void>;
}

/** `queue`: lost before anything was built of them. */
export type Destination = 'queue' | 'inventory' | 'backend';

export interface Loss {
  readonly destination: Destination;
  readonly count: number;
  /** A fixed word; `docs/telemetry.md` lists them under `sluice.reason`. */
  readonly reason: string;
}

export interface TelemetryOptions {
  /** The environment with the standard `OTEL_*` variables; the SDK itself reads `process.env`, so give that one. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Base address of the inventory (`http://127.0.0.1:4318`); undefined: none. */
  readonly inventoryUrl: string | undefined;
  /** Shown to the inventory as `authorization: Bearer …`. Default: nothing is. */
  readonly inventoryToken?: string | undefined;
  /** Where spans for the inventory wait on disk while it is away, and how many bytes of them. Default: they wait in memory alone. */
  readonly spool?: { readonly folder: string; readonly bytesMax: number } | undefined;
  readonly serviceVersion: string;
  /** Key under which ids from traffic (conversation, response) are hashed; undefined leaves them out. */
  readonly installationKey: Uint8Array | undefined;
  /** What the detectors make of a free-text name. Default: unchanged. */
  readonly redact?: Redact;
  /** Told of losses, for the log and the admin address: at most once a second for each destination and reason. Default: nobody. */
  readonly onLoss?: (loss: Loss) => void;
}

/** Records waiting to become spans. Some 2 KB each. */
const QUEUE_RECORDS_MAX = 8192;
/** Records turned into spans before traffic gets its turn again: about 2 ms. */
const DRAIN_RECORDS_MAX = 64;
/** How often the inventory hears which policy holds, and after how many times again what its agents are granted, should it have lost that. */
const HEARTBEAT_MS = 60_000;
const GRANTS_EVERY = 60;
/** Longest time `shutdown` waits for each destination. */
const SHUTDOWN_MS = 3000;
/** Default of `OTEL_BSP_MAX_QUEUE_SIZE`. */
const BACKEND_QUEUE_SPANS = 2048;

/**
 * Starts both exports: every exchange as one compact span to the inventory, whatever the client's sampling flag says, and to the user's
 * backend (when the `OTEL_*` variables name one) what its sampling asks for and every exchange with a finding.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { env, inventoryUrl, inventoryToken, spool, serviceVersion, installationKey, redact = (text) => text } = options;
  const lost: Record<Destination, number> = { queue: 0, inventory: 0, backend: 0 };
  const signals = signalsFrom(env);
  const sample = samplerFrom(env);
  const learning = createLearningSample(redact);
  const sources: RowSources = { redact, hashId: idHash(installationKey) };
  const randomHex = createRandomHex();
  const out = createBackWriter();
  const encode = createExchangeEncoder(out, sources);
  const losses = createLossReport(options.onLoss ?? (() => {}));
  const lose = (destination: Destination, count: number, reason: string): void => {
    lost[destination] += count;
    backend?.lost(count, destination, reason);
    losses.add({ destination, count, reason });
  };
  const backend: BackendFeed | undefined =
    signals.traces || signals.metrics || signals.logs
      ? createBackendFeed(
          startBackend({
            signals,
            serviceVersion,
            spans: { out, encode, sources, randomHex },
            queueSpans: queueSpans(env),
            queueLogs: logQueueOf(env),
          }),
          (count, reason) => lose('backend', count, reason),
        )
      : undefined;
  const inventory =
    inventoryUrl === undefined
      ? undefined
      : createInventoryExport({
          url: inventoryUrl,
          token: inventoryToken,
          spool,
          release: out.release,
          origin: { resource: resourceOf(serviceVersion), scopeVersion: serviceVersion, schemaUrl: SCHEMA_URL },
          onLoss: (count, reason) => lose('inventory', count, reason),
        });
  const send = (record: ExchangeRecord): void => {
    const exchange = traced(record, randomHex, learning.news(record));
    const encoded = inventory && encode(exchange);
    const sampled = backend !== undefined && (record.findings.length > 0 || sample(exchange.traceId, exchange.parentSampled));
    if (encoded !== undefined && sampled && signals.traces) out.keep(encoded); // for the backend as well
    if (encoded !== undefined) inventory?.add(encoded);
    backend?.add({ exchange, encoded, sampled });
  };

  let heartbeat: NodeJS.Timeout | undefined;
  const tellPolicy = (inForce: PolicyInForce, withGrants: boolean): void => {
    const spans = policySpans(inForce, { nowUnixMs: Date.now(), randomHex, withGrants });
    for (const span of spans) inventory?.add(encodeSpan(out, span));
  };

  const queue: ExchangeRecord[] = [];
  let draining: Promise<void> | undefined;
  let closed = false;
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      await nextTurn();
      for (const record of queue.splice(0, DRAIN_RECORDS_MAX))
        attempt(
          () => send(record),
          () => lose('queue', 1, 'build-failed'),
        );
    }
  };
  const wake = (): Promise<void> => {
    draining ??= drain().finally(() => {
      draining = undefined;
    });
    return draining;
  };
  return {
    lost,
    learns: inventory !== undefined || signals.traces ? learning.wants : undefined,
    inMemory: () => queue.length + (inventory?.inMemory() ?? 0),
    record(record) {
      if (inventory === undefined && backend === undefined) return;
      if (closed) return lose('queue', 1, 'shutdown');
      if (queue.length >= QUEUE_RECORDS_MAX) return lose('queue', 1, 'queue-full');
      queue.push(record);
      void wake();
    },
    inForce(policy) {
      clearInterval(heartbeat);
      if (inventory === undefined || closed) return;
      const since = { policy, sinceUnixMs: Date.now() };
      tellPolicy(since, true);
      let beats = 0;
      heartbeat = setInterval(() => tellPolicy(since, ++beats % GRANTS_EVERY === 0), HEARTBEAT_MS).unref();
    },
    async shutdown() {
      closed = true;
      clearInterval(heartbeat);
      await wake();
      await Promise.all([inventory?.shutdown(SHUTDOWN_MS), backend?.shutdown(SHUTDOWN_MS)]);
      losses.flush();
    },
  };
}

interface LossReport {
  add(loss: Loss): void;
  flush(): void;
}

const LOSS_REPORT_MS = 1000;

/** Adds losses up before they are told: a full queue loses thousands of records a second, and each must not become a line of the log. */
function createLossReport(tell: (loss: Loss) => void): LossReport {
  let waiting = new Map<string, Loss>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const told = waiting;
    waiting = new Map();
    for (const loss of told.values()) tell(loss);
  };
  return {
    flush,
    add(loss) {
      const key = `${loss.destination} ${loss.reason}`;
      waiting.set(key, { ...loss, count: loss.count + (waiting.get(key)?.count ?? 0) });
      timer ??= setTimeout(flush, LOSS_REPORT_MS).unref();
    },
  };
}

function idHash(key: Uint8Array | undefined): ((id: string) => string) | undefined {
  if (key === undefined) return undefined;
  const hmac = createHmacSha256(key);
  return (id) => hmac(`id\0${id}`).slice(0, 16);
}

const resourceOf = (serviceVersion: string) => ({ [RESOURCE.serviceName]: SCOPE_NAME, [RESOURCE.serviceVersion]: serviceVersion });

function queueSpans(env: TelemetryOptions['env']): number {
  const given = Number(env['OTEL_BSP_MAX_QUEUE_SIZE']);
  return Number.isSafeInteger(given) && given > 0 ? given : BACKEND_QUEUE_SPANS;
}

/** Random hex digits from a pool: one call for a thousand ids costs what one id does. */
function createRandomHex(): (digits: number) => string {
  let pool = '';
  return (digits) => {
    if (pool.length < digits) pool = randomBytes(8192).toString('hex');
    const taken = pool.slice(0, digits);
    pool = pool.slice(digits);
    return taken;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Our own bug in one record must cost that record only. */
function attempt(action: () => void, failed: () => void): void {
  try {
    action();
  } catch {
    failed();
  }
}
