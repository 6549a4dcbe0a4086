/** A value of a span attribute. Whole numbers travel as integers. */
export type AttributeValue = string | number | boolean | readonly string[];

export const isAttributeValue = (value: unknown): value is AttributeValue =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.every((one) => typeof one === 'string'));

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** OTLP's span kinds in the order of their numbers. */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** A finished span as plain data: what the filter sends and what the inventory reads. */
export interface SpanData {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Unix milliseconds; fractions are kept to the microsecond. */
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly attributes: Attributes;
  /** Whether the span's status is ERROR. */
  readonly error: boolean;
}
