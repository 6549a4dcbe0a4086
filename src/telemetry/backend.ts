import type { Context, Logger, Span, SpanKind, TimeInput, Tracer } from '@opentelemetry/api';
import type { BackWriter } from './back-writer.ts';
import { type EncodedDelivery, encodedDelivery } from './encoded-delivery.ts';
import { FLAGS } from './exchange-encoder.ts';
import { createExchangeMetrics } from './exchange-metrics.ts';
import type { RowSources } from './exchange-rows.ts';
import { exchangeSpan, findingSpans, type TracedExchange } from './exchange-span.ts';
import { findingAttributes } from './finding-attributes.ts';
import { watchLogDelivery } from './log-delivery.ts';
import { encodeSpan } from './otlp-writer.ts';
import { delegateOf, isFlushable } from './sdk-parts.ts';
import { FINDING_EVENT, SCHEMA_URL, SCOPE_NAME } from './semconv.ts';
import { namesService } from './service-name.ts';
import type { SpanData } from './span.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Which signals the user's environment asks for. */
export interface Signals {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly logs: boolean;
}

/**
 * Reads the standard `OTEL_*` variables. A signal is on when its exporter variable names one, or an OTLP endpoint is set for it or for
 * all; `none` and `OTEL_SDK_DISABLED=true` turn it off. Without any of them nothing is exported: the SDK's own default, a collector on
 * localhost, would fail on most machines.
 */
export function signalsFrom(env: Env): Signals {
  const on = (signal: 'TRACES' | 'METRICS' | 'LOGS'): boolean => {
    const exporter = env[`OTEL_${signal}_EXPORTER`]?.trim();
    if (exporter) return exporter !== 'none';
    return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
  };
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return { traces: false, metrics: false, logs: false };
  return { traces: on('TRACES'), metrics: on('METRICS'), logs: on('LOGS') };
}

/** The user's own backend, through the OpenTelemetry SDK. */
export interface Backend {
  /** Hands an exchange over; `sampled` false leaves its spans out and keeps metrics and logs. */
  add(exchange: BackendExchange): void;
  /** Counts what did not arrive anywhere, as `sluice.telemetry.lost`. */
  lost(count: number, destination: string, reason: string): void;
  /** Whether `room` is to be waited for before more is handed over. */
  readonly isFull: () => boolean;
  /**
   * Waits until the SDK can take more; resolves to what it failed to deliver. The SDK's own queues drop without a word when full, so they
   * are never filled faster than they empty and losses happen, counted, in ours.
   */
  room(): Promise<Lost>;
  /** Spans and log records that the SDK has and may not have sent yet. */
  readonly waiting: () => number;
  /** Sends what waits; resolves to what could not be sent. */
  shutdown(): Promise<Lost>;
}

/** Spans and log records. */
export interface Lost {
  /** Nobody took them. */
  readonly unreachable: number;
  /** One exchange had more than a whole queue of the SDK holds. */
  readonly overflowed: number;
}

export interface BackendExchange {
  readonly exchange: TracedExchange;
  /** Its span, if somebody else had to have it as well; released by whoever takes it. */
  readonly encoded: Uint8Array | undefined;
  readonly sampled: boolean;
}

/** What makes spans of exchanges. */
export interface SpanMaking {
  readonly out: BackWriter;
  readonly encode: (exchange: TracedExchange) => Uint8Array;
  readonly sources: RowSources;
  /** Random lower-case hex digits. */
  readonly randomHex: (digits: number) => string;
}

export interface BackendOptions {
  readonly signals: Signals;
  readonly serviceVersion: string;
  readonly spans: SpanMaking;
  /** `OTEL_BSP_MAX_QUEUE_SIZE`, default 2048. */
  readonly queueSpans: number;
  /** `OTEL_BLRP_MAX_QUEUE_SIZE`, default 2048. */
  readonly queueLogs: number;
}

/** Loads and starts the SDK (65 MB, and so only when somebody wants it). It reads `process.env`. */
export async function startBackend({ signals, serviceVersion, spans: making, queueSpans, queueLogs }: BackendOptions): Promise<Backend> {
  const api = await import('@opentelemetry/api');
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const ids = createIdHandover();
  const sdk = new NodeSDK({
    sampler: { shouldSample: () => ({ decision: RECORD_AND_SAMPLE }), toString: () => 'decided before the span is built' },
    idGenerator: ids,
    instrumentations: [],
    textMapPropagator: null,
    ...(namesService(process.env) ? {} : { serviceName: SCOPE_NAME }),
    ...(signals.traces ? {} : { spanProcessors: [] }),
    ...(signals.metrics ? {} : { metricReaders: [] }),
    ...(signals.logs ? {} : { logRecordProcessors: [] }),
  });
  sdk.start();
  const metrics = createExchangeMetrics(api.metrics.getMeter(SCOPE_NAME, serviceVersion));
  const scope = { scopeVersion: serviceVersion, schemaUrl: SCHEMA_URL };
  const encoded = encodedDelivery({ provider: api.trace.getTracerProvider(), env: process.env, out: making.out, scope });
  const tracer = api.trace.getTracerProvider().getTracer(SCOPE_NAME, serviceVersion, { schemaUrl: SCHEMA_URL });
  const logger = api.logs.getLogger(SCOPE_NAME, serviceVersion, { schemaUrl: SCHEMA_URL });
  const delivery = watchLogDelivery(api.logs.getLoggerProvider());
  const deliver = encoded === undefined ? sdkSpans({ api, tracer, ids }, making) : encodedSpans(encoded, making);
  const spans = createHandover(queueSpans);
  const logs = createHandover(queueLogs);
  let overflowed = 0;

  async function flushAll(): Promise<Lost> {
    const [spansInHand, logsInHand] = [spans.flushing(), logs.flushing()];
    const [spansArrived] = await Promise.all([flush(api.trace.getTracerProvider()), delivery.flush()]);
    spans.flushed(spansInHand);
    logs.flushed(logsInHand);
    const lost = { unreachable: (spansArrived ? 0 : spansInHand) + delivery.takeFailed(), overflowed };
    overflowed = 0;
    return lost;
  }
  const isFull = (): boolean => spans.isHalfFull() || logs.isHalfFull() || overflowed > 0;
  return {
    add({ exchange, encoded: bytes, sampled }) {
      const { record } = exchange;
      const { findings } = record;
      metrics.count(record);
      const findingsMade = sampled && findings.length > 0 ? findingSpans(exchange, making.randomHex) : NO_SPANS;
      if (signals.traces && sampled) {
        const fits = spans.take(1 + findings.length);
        overflowed += 1 + findings.length - fits;
        if (fits > 0) deliver(exchange, findingsMade.slice(0, fits - 1), bytes);
      }
      if (signals.logs && findings.length > 0) {
        const fits = logs.take(findings.length);
        overflowed += findings.length - fits;
        for (const [index, finding] of findings.slice(0, fits).entries())
          emitFinding({ api, logger, exchange, span: findingsMade[index] ?? exchange, finding });
      }
    },
    lost: metrics.lost,
    isFull,
    room: async () => (isFull() ? flushAll() : NOTHING_LOST),
    waiting: () => spans.waiting() + logs.waiting(),
    async shutdown() {
      const lost = await flushAll();
      metrics.flush();
      await sdk.shutdown();
      for (const each of [api.trace, api.metrics, api.logs, api.context]) each.disable();
      return lost;
    },
  };
}

const NO_SPANS: readonly SpanData[] = [];
const NOTHING_LOST: Lost = { unreachable: 0, overflowed: 0 };

/** What one queue of the SDK was given and may still have. */
interface Handover {
  /** How many of so many more it has room for; those count as given. */
  take(count: number): number;
  isHalfFull(): boolean;
  waiting(): number;
  /** Begins a flush: what it is about. */
  flushing(): number;
  /** It is over. */
  flushed(count: number): void;
}

function createHandover(queueMax: number): Handover {
  let given = 0;
  return {
    take(count) {
      const fits = Math.min(count, queueMax - given);
      given += fits;
      return fits;
    },
    isHalfFull: () => given >= Math.max(1, Math.floor(queueMax / 2)),
    waiting: () => given,
    flushing: () => given,
    flushed(count) {
      given -= count;
    },
  };
}

type Api = typeof import('@opentelemetry/api');

/** `SamplingDecision.RECORD_AND_SAMPLED`. */
const RECORD_AND_SAMPLE = 2;

/** Gives the SDK the ids already chosen, so that a span has the same ids in the user's backend and in the inventory. */
interface IdHandover {
  next: SpanData | undefined;
  generateTraceId(): string;
  generateSpanId(): string;
}

function createIdHandover(): IdHandover {
  const handover: IdHandover = {
    next: undefined,
    generateTraceId: () => handover.next?.traceId ?? '',
    generateSpanId: () => handover.next?.spanId ?? '',
  };
  return handover;
}

interface SpanWriter {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly ids: IdHandover;
}

/** Hands over the spans of an exchange: its own, and those of its findings below it. */
type Deliver = (exchange: TracedExchange, findings: readonly SpanData[], bytes: Uint8Array | undefined) => void;

function encodedSpans(delivery: EncodedDelivery, { out, encode }: SpanMaking): Deliver {
  return (exchange, findings, bytes) => {
    delivery.add(bytes ?? encode(exchange));
    for (const finding of findings) delivery.add(encodeSpan(out, finding, FLAGS.belowLocal));
  };
}

function sdkSpans(writer: SpanWriter, { sources }: SpanMaking): Deliver {
  return (exchange, findings) => {
    const span = exchangeSpan(exchange, sources);
    const context = writeSpan(writer, span, parentContext(writer.api, span));
    for (const finding of findings) writeSpan(writer, finding, context);
  };
}

/** Starts and ends the SDK's span at once; returns the context in which its children stand. */
function writeSpan({ api, tracer, ids }: SpanWriter, span: SpanData, parent: Context): Context {
  ids.next = span;
  const made: Span = tracer.startSpan(
    span.name,
    { kind: kindOf(span), attributes: mutable(span.attributes), startTime: time(span.startUnixMs) },
    parent,
  );
  if (span.error) made.setStatus({ code: api.SpanStatusCode.ERROR });
  made.end(time(span.endUnixMs));
  return api.trace.setSpan(parent, made);
}

function parentContext(api: Api, span: SpanData): Context {
  if (span.parentSpanId === undefined) return api.ROOT_CONTEXT;
  const remote = { traceId: span.traceId, spanId: span.parentSpanId, traceFlags: api.TraceFlags.SAMPLED, isRemote: true };
  return api.trace.setSpanContext(api.ROOT_CONTEXT, remote);
}

/** The API's enum begins with INTERNAL = 0, SERVER = 1. */
const kindOf = (span: SpanData): SpanKind => (span.kind === 'server' ? 1 : 0);

/** A date keeps the SDK from reading a small number as time since the process began. */
const time = (unixMs: number): TimeInput => [Math.floor(unixMs / 1000), Math.round((unixMs % 1000) * 1e6)];

const mutable = (attributes: SpanData['attributes']) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]));

interface FindingLog {
  readonly api: Api;
  readonly logger: Logger;
  readonly exchange: TracedExchange;
  /** The finding's, or else the exchange's. */
  readonly span: Pick<SpanData, 'traceId' | 'spanId'>;
  readonly finding: TracedExchange['record']['findings'][number];
}

/** Severity numbers of the log data model: INFO, INFO2, WARN, ERROR, ERROR4. */
const LOG_SEVERITY = { info: 9, low: 10, medium: 13, high: 17, critical: 20 } as const;

function emitFinding({ api, logger, exchange: { record }, span, finding }: FindingLog): void {
  const spanContext = { traceId: span.traceId, spanId: span.spanId, traceFlags: api.TraceFlags.SAMPLED };
  logger.emit({
    eventName: FINDING_EVENT,
    timestamp: time(record.endUnixMs),
    severityNumber: LOG_SEVERITY[finding.severity],
    severityText: finding.severity,
    attributes: mutable(findingAttributes(record, finding)),
    context: api.trace.setSpanContext(api.ROOT_CONTEXT, spanContext),
  });
}

/** False when the exporter could not deliver. The API's provider is a proxy; the SDK's, behind it, can flush. */
async function flush(provider: unknown): Promise<boolean> {
  const real = delegateOf(provider);
  if (!isFlushable(real)) return true;
  return real.forceFlush().then(
    () => true,
    () => false,
  );
}
