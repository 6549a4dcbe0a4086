import type { BackWriter } from './back-writer.ts';
import { createRequests, type Requests, type SpanOrigin } from './otlp-writer.ts';
import { delegateOf, fieldOf, hasMethod, spanProcessorsOf } from './sdk-parts.ts';
import { type Attributes, isAttributeValue } from './span.ts';

/** Encoded spans to the SDK's batch processors and exporters, which do everything else: batches, retries, TLS, compression. */
export interface EncodedDelivery {
  /** Takes a span of `encodeSpan` or of `createExchangeEncoder`, which it releases. */
  add(span: Uint8Array): void;
}

/** What the SDK would do with spans of its own, and not with bytes. */
const NEEDS_SDK_SPANS: readonly string[] = [
  'OTEL_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_NODE_EXPERIMENTAL_SDK_METRICS',
];

export interface EncodedDeliveryOptions {
  /** That `api.trace` gives after the SDK has started. */
  readonly provider: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Pick<BackWriter, 'keep' | 'release'>;
  readonly scope: Pick<SpanOrigin, 'scopeVersion' | 'schemaUrl'>;
}

/**
 * Undefined where the SDK has to be given spans of its own: an exporter speaks something else than OTLP in protobuf, an attribute limit is
 * set, or the SDK's parts are not in the place we know. A span of the SDK is cleaned, copied and measured several times before it is bytes.
 */
export function encodedDelivery({ provider, env, out, scope }: EncodedDeliveryOptions): EncodedDelivery | undefined {
  const resource = fieldOf(delegateOf(provider), '_resource');
  const processors = spanProcessorsOf(provider);
  const exporters = processors.map((processor) => fieldOf(processor, '_exporter'));
  const fits = exporters.every(isProtobufExporter) && processors.every(isProcessor) && typeof resource === 'object' && resource !== null;
  if (!fits || processors.length === 0 || NEEDS_SDK_SPANS.some((name) => Boolean(env[name]))) return undefined;
  let requests: Requests | undefined;
  for (const exporter of exporters)
    sendEncoded(exporter, {
      make(spans) {
        // Not before the first batch: only then the SDK knows everything that it finds out about its surroundings.
        requests ??= createRequests({ ...scope, resource: attributesOf(resource), resourceSchemaUrl: schemaOf(resource) });
        const request = requests.make(spans);
        for (const span of spans) out.release(span);
        return request;
      },
      release: (request) => requests?.release(request),
    });
  return {
    add(bytes) {
      for (const processor of processors) {
        out.keep(bytes);
        processor.onEnd({ bytes, resource, spanContext });
      }
      out.release(bytes);
    },
  };
}

/** Has an exporter send the bytes of its spans; what has arrived is released. */
function sendEncoded(exporter: Exporter, { make, release }: Requests): void {
  const { _delegate: delegate } = exporter;
  const { _serializer: own } = delegate;
  const send = exporter.export.bind(exporter);
  const underWay = new WeakMap<readonly EncodedSpan[], Uint8Array>();
  delegate._serializer = {
    serializeRequest(spans) {
      const request = make(spans.map(({ bytes }) => bytes));
      underWay.set(spans, request);
      return request;
    },
    deserializeResponse: (data) => own.deserializeResponse(data),
  };
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      const request = underWay.get(spans);
      underWay.delete(spans);
      if (request !== undefined && result.code === SUCCESS) release(request);
      done(result);
    });
}

/** `ExportResultCode.SUCCESS`. */
const SUCCESS = 0;

/** As much of a `ReadableSpan` as a batch processor reads. */
interface EncodedSpan {
  readonly bytes: Uint8Array;
  readonly resource: object;
  readonly spanContext: () => { readonly traceFlags: number };
}

const SAMPLED = { traceFlags: 1 } as const;
const spanContext = (): typeof SAMPLED => SAMPLED;

interface Processor {
  onEnd(span: EncodedSpan): void;
}

interface Serializer {
  serializeRequest(spans: readonly EncodedSpan[]): Uint8Array;
  deserializeResponse(data: unknown): unknown;
}

interface Exporter {
  export(spans: readonly EncodedSpan[], done: (result: { readonly code: number }) => void): void;
  readonly _delegate: { _serializer: Serializer };
}

const isProcessor = (value: unknown): value is Processor => hasMethod(value, 'onEnd');

function isProtobufExporter(value: unknown): value is Exporter {
  const serializer = fieldOf(fieldOf(value, '_delegate'), '_serializer');
  if (!hasMethod(value, 'export')) return false;
  return isSerializer(serializer) && serializer.serializeRequest([]).length === 0; // no spans are no bytes in protobuf, and some in JSON
}

const isSerializer = (value: unknown): value is Serializer =>
  hasMethod(value, 'serializeRequest') && hasMethod(value, 'deserializeResponse');

function attributesOf(resource: object): Attributes {
  const given: unknown = fieldOf(resource, 'attributes');
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, Attributes[string]] => isAttributeValue(entry[1])));
}

function schemaOf(resource: object): string | undefined {
  const url = fieldOf(resource, 'schemaUrl');
  return typeof url === 'string' ? url : undefined;
}
