/** What a backend says of a span, whatever its own words for it are. Ids are hex. */
export interface KnownSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The spans in what each backend answers about one trace; empty while it knows nothing. */
export const SPANS_IN: Readonly<Record<string, (answer: string, traceId: string) => readonly KnownSpan[]>> = {
  phoenix: (answer) =>
    (parsed<{ data: PhoenixSpan[] }>(answer)?.data ?? []).map(({ name, context, parent_id: parent, attributes }) => ({
      name,
      spanId: context.span_id,
      parentId: parent ?? undefined,
      attributes,
    })),
  mlflow: (answer) =>
    (parsed<{ trace?: { spans: MlflowSpan[] } }>(answer)?.trace?.spans ?? []).map((span) => ({
      name: span.name,
      spanId: hexOf(span.span_id),
      parentId: span.parent_span_id ? hexOf(span.parent_span_id) : undefined,
      attributes: attributesOf(span.attributes),
    })),
  jaeger: (answer) =>
    (parsed<{ data: { spans: JaegerSpan[] }[] | null }>(answer)?.data ?? []).flatMap(({ spans }) =>
      spans.map(({ operationName, spanID, references, tags }) => ({
        name: operationName,
        spanId: spanID,
        parentId: references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
        attributes: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      })),
    ),
  collector: (answer, traceId) =>
    requestsIn(answer)
      .flatMap(({ resourceSpans = [] }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
      .filter((span) => span.traceId === traceId)
      .map(({ name, spanId, parentSpanId, attributes }) => ({
        name,
        spanId,
        parentId: parentSpanId || undefined,
        attributes: attributesOf(attributes),
      })),
};

/** A log record about a finding. */
export interface KnownLog {
  /** Hex. */
  readonly spanId: string;
  /** The detector. */
  readonly rule: unknown;
}

const RULE = 'gen_ai.security.policy.rule.id';

/** The log records in what a backend answers about one trace. */
export const LOGS_IN: Readonly<Record<string, (answer: string, traceId: string) => readonly KnownLog[]>> = {
  collector: (answer, traceId) =>
    requestsIn(answer)
      .flatMap(({ resourceLogs = [] }) => resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)))
      .filter((record) => record.traceId === traceId)
      .map(({ spanId, attributes }) => ({ spanId, rule: attributesOf(attributes)[RULE] })),
  loki: (answer) =>
    (parsed<{ data: { result: { stream: Record<string, string> }[] } }>(answer)?.data.result ?? []).map(({ stream }) => ({
      spanId: stream['span_id'] ?? '',
      rule: stream[RULE.replaceAll('.', '_')],
    })),
};

/** The sum of a counter over all its series. */
export function counterIn(answer: string, name: string): number {
  const points = requestsIn(answer).flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.filter((metric) => metric.name === name).map(({ sum }) => sum?.dataPoints ?? [])),
    ),
  );
  return (points.at(-1) ?? []).reduce((total, { asInt, asDouble }) => total + Number(asInt ?? asDouble ?? 0), 0);
}

interface PhoenixSpan {
  readonly name: string;
  readonly context: { readonly span_id: string };
  readonly parent_id: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface MlflowSpan {
  readonly name: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly attributes: readonly OtlpAttribute[] | Readonly<Record<string, unknown>>;
}

interface JaegerSpan {
  readonly operationName: string;
  readonly spanID: string;
  readonly references: readonly { readonly refType: string; readonly spanID: string }[];
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpRecord {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpRequest {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpRecord[] }[] }[];
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly OtlpRecord[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly { readonly asInt?: string; readonly asDouble?: number }[] };
      }[];
    }[];
  }[];
}

function requestsIn(lines: string): readonly OtlpRequest[] {
  return lines.split('\n').flatMap((line) => parsed<OtlpRequest>(line) ?? []);
}

/** Undefined while the answer is no JSON: the backend is busy, or its file is just being written. */
function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

function attributesOf(attributes: readonly OtlpAttribute[] | Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Array.isArray(attributes)) return attributes as Readonly<Record<string, unknown>>;
  return Object.fromEntries((attributes as readonly OtlpAttribute[]).map(({ key, value }) => [key, Object.values(value)[0]]));
}
