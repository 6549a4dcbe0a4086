import type { Context, Counter, Histogram, Logger, Span, SpanKind, TimeInput, Tracer } from '@opentelemetry/api';
import type { ExchangeRecord } from '../exchange/events.ts';
import { METRICS } from './contract.ts';
import { findingAttributes, isPrevented } from './exchange-span.ts';
import { ATTR, FINDING_EVENT, METRIC, SCHEMA_URL, SCOPE_NAME } from './semconv.ts';
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
  /**
   * Waits until the SDK can take more; resolves to the number of spans it failed to deliver. The SDK's own queue drops without a word
   * when full, so it is never filled faster than it empties and losses happen, counted, in ours.
   */
  room(): Promise<number>;
  shutdown(): Promise<void>;
}

export interface BackendExchange {
  readonly record: ExchangeRecord;
  readonly span: SpanData;
  readonly findings: readonly SpanData[];
  readonly sampled: boolean;
}

export interface BackendOptions {
  readonly signals: Signals;
  readonly serviceVersion: string;
  /** `OTEL_BSP_MAX_QUEUE_SIZE`, default 2048. */
  readonly queueSpans: number;
}

/** Loads and starts the SDK (65 MB, and so only when somebody wants it). It reads `process.env`. */
export async function startBackend({ signals, serviceVersion, queueSpans }: BackendOptions): Promise<Backend> {
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
  const instruments = createInstruments(api.metrics.getMeter(SCOPE_NAME, serviceVersion));
  const tracer = api.trace.getTracerProvider().getTracer(SCOPE_NAME, serviceVersion, { schemaUrl: SCHEMA_URL });
  const logger = api.logs.getLogger(SCOPE_NAME, serviceVersion, { schemaUrl: SCHEMA_URL });
  const writer: SpanWriter = { api, tracer, ids };
  const spansMax = Math.max(1, Math.floor(queueSpans / 2));
  let spansSinceFlush = 0;
  return {
    add({ record, span, findings, sampled }) {
      count(instruments, record);
      if (signals.traces && sampled) {
        const context = writeSpan(writer, span, parentContext(api, span));
        for (const finding of findings) writeSpan(writer, finding, context);
        spansSinceFlush += 1 + findings.length;
      }
      if (signals.logs)
        for (const [index, finding] of record.findings.entries())
          emitFinding({ api, logger, record, span: findings[index] ?? span, finding });
    },
    lost: (amount, destination, reason) => instruments.lost.add(amount, { [ATTR.destination]: destination, [ATTR.reason]: reason }),
    async room() {
      if (spansSinceFlush < spansMax) return 0;
      const handed = spansSinceFlush;
      spansSinceFlush = 0;
      return (await flush(api.trace.getTracerProvider())) ? 0 : handed;
    },
    async shutdown() {
      await sdk.shutdown();
      for (const each of [api.trace, api.metrics, api.logs, api.context]) each.disable();
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
  readonly record: ExchangeRecord;
  readonly span: SpanData;
  readonly finding: ExchangeRecord['findings'][number];
}

/** Severity numbers of the log data model: INFO, INFO2, WARN, ERROR, ERROR4. */
const LOG_SEVERITY = { info: 9, low: 10, medium: 13, high: 17, critical: 20 } as const;

function emitFinding({ api, logger, record, span, finding }: FindingLog): void {
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

interface Instruments {
  readonly exchangeCount: Counter;
  readonly exchangeDuration: Histogram;
  readonly findingCount: Counter;
  readonly findingDetected: Counter;
  readonly findingPrevented: Counter;
  readonly uninspected: Counter;
  readonly unfit: Counter;
  readonly lost: Counter;
}

/** Seconds; a streamed answer may take minutes. */
const DURATION_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

function createInstruments(meter: ReturnType<Api['metrics']['getMeter']>): Instruments {
  const counter = (name: keyof typeof METRICS) => meter.createCounter(name, { unit: METRICS[name].unit, description: METRICS[name].what });
  const { unit, what } = METRICS[METRIC.exchangeDuration];
  return {
    exchangeCount: counter(METRIC.exchangeCount),
    exchangeDuration: meter.createHistogram(METRIC.exchangeDuration, {
      unit,
      description: what,
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    }),
    findingCount: counter(METRIC.findingCount),
    findingDetected: counter(METRIC.findingDetected),
    findingPrevented: counter(METRIC.findingPrevented),
    uninspected: counter(METRIC.uninspected),
    unfit: counter(METRIC.unfit),
    lost: counter(METRIC.lost),
  };
}

function count(instruments: Instruments, record: ExchangeRecord): void {
  const labels = { [ATTR.verdict]: record.verdict, [ATTR.mode]: record.mode, [ATTR.dialect]: record.dialect };
  instruments.exchangeCount.add(1, labels);
  instruments.exchangeDuration.record(Math.max(0, record.endUnixMs - record.startUnixMs) / 1000, labels);
  for (const finding of record.findings) {
    const kind = { [ATTR.detector]: finding.detector, [ATTR.direction]: finding.direction };
    instruments.findingCount.add(1, { ...kind, [ATTR.action]: finding.taken });
    instruments.findingDetected.add(1, kind);
    if (isPrevented(finding)) instruments.findingPrevented.add(1, kind);
  }
  for (const { direction, reason } of record.uninspected)
    instruments.uninspected.add(1, { [ATTR.direction]: direction, [ATTR.reason]: reason });
  if (record.facts.unfit === true) instruments.unfit.add(1, { [ATTR.dialect]: record.dialect });
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

const delegateOf = (provider: unknown): unknown =>
  typeof provider === 'object' && provider !== null && 'getDelegate' in provider && typeof provider.getDelegate === 'function'
    ? provider.getDelegate()
    : provider;

const isFlushable = (provider: unknown): provider is { forceFlush(): Promise<void> } =>
  typeof provider === 'object' && provider !== null && 'forceFlush' in provider && typeof provider.forceFlush === 'function';
