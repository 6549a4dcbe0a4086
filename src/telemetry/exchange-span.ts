import type { ExchangeRecord } from '../exchange/events.ts';
import type { Finding } from '../policy/finding.ts';
import { EXCHANGE_NAME, exchangeAttributes, isError, type RowSources } from './exchange-rows.ts';
import { findingAttributes } from './finding-attributes.ts';
import { type Redact, safeName } from './path-template.ts';
import { ATTR, GUARDRAIL_OPERATION } from './semconv.ts';
import type { Attributes, SpanData } from './span.ts';
import { parseTraceparent } from './trace-context.ts';

/** An exchange with its place in a trace. */
export interface TracedExchange extends Pick<SpanData, 'traceId' | 'spanId' | 'parentSpanId'> {
  readonly record: ExchangeRecord;
  /** What the client's flag says; undefined without a `traceparent`. */
  readonly parentSampled: boolean | undefined;
  /** What is said of its fields and tools. */
  readonly news: Attributes;
}

/** Continues the trace of the request's `traceparent`, or begins one. `randomHex`: random lower-case hex digits. */
export function traced(record: ExchangeRecord, randomHex: (digits: number) => string, news: Attributes = NO_NEWS): TracedExchange {
  const parent = parseTraceparent(record.traceparent);
  return {
    record,
    traceId: parent?.traceId ?? randomHex(32),
    spanId: randomHex(16),
    parentSpanId: parent?.spanId,
    parentSampled: parent?.sampled,
    news,
  };
}

const NO_NEWS: Attributes = {};

/**
 * One exchange as one SERVER span, with its findings as attributes. Named `<operation> <model>` (`chat gpt-4o`) when it is a GenAI
 * operation, otherwise `<METHOD> <templated path>`. Status ERROR for answers of 500 and above and for exchanges the filter broke off; a
 * denial is no error. As plain data, for whoever does not take the bytes of `createExchangeEncoder`.
 */
export function exchangeSpan({ record, traceId, spanId, parentSpanId, news }: TracedExchange, sources: RowSources): SpanData {
  return {
    traceId,
    spanId,
    parentSpanId,
    name: EXCHANGE_NAME.value(record, sources),
    kind: 'server',
    startUnixMs: record.startUnixMs,
    endUnixMs: Math.max(record.startUnixMs, record.endUnixMs),
    attributes: exchangeAttributes(record, sources, news),
    error: isError(record),
  };
}

/** One `run_guardrail <detector>` child per finding. Detectors do not time themselves: the spans have no length, at the exchange's end. */
export function findingSpans({ record, traceId, spanId }: TracedExchange, randomHex: (digits: number) => string): readonly SpanData[] {
  const endUnixMs = Math.max(record.startUnixMs, record.endUnixMs);
  return record.findings.map((finding) => ({
    traceId,
    spanId: randomHex(16),
    parentSpanId: spanId,
    name: `${GUARDRAIL_OPERATION} ${finding.detector}`,
    kind: 'internal',
    startUnixMs: endUnixMs,
    endUnixMs,
    attributes: { [ATTR.operation]: GUARDRAIL_OPERATION, ...findingAttributes(record, finding) },
    error: false,
  }));
}

/** A record whose findings name nothing but what may be seen: the names in them come from traffic. */
export function withSafeSubjects(record: ExchangeRecord, redact: Redact | undefined): ExchangeRecord {
  if (record.findings.every(({ subject }) => subject === undefined)) return record;
  const safe = (finding: Finding): Finding =>
    finding.subject === undefined ? finding : { ...finding, subject: safeName(finding.subject, redact) };
  return { ...record, findings: record.findings.map(safe) };
}
