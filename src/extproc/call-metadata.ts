import { parseTraceparent } from '../telemetry/trace-context.ts';
import { FramingError, GRPC_STATUS } from './grpc.ts';
import type { RequestHeaders } from './http2/request-headers.ts';

/** What the metadata of a call says besides its method. */
export interface CallMetadata {
  /** Time the caller gives the whole call (`grpc-timeout`), in milliseconds; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Envoy's own span, which is the parent of the exchange's; undefined when Envoy does not trace or the header is invalid. */
  readonly traceparent: string | undefined;
  /** Belongs to `traceparent`; undefined without one. */
  readonly tracestate: string | undefined;
}

/** Reads the metadata of a call. Throws FramingError (INTERNAL, as other gRPC servers answer) for a `grpc-timeout` that is none. */
export function readCallMetadata(headers: RequestHeaders): CallMetadata {
  const traceparent = parseTraceparent(headers.get('traceparent')) === undefined ? undefined : headers.get('traceparent');
  return {
    timeoutMs: timeoutMs(headers.get('grpc-timeout')),
    traceparent,
    tracestate: traceparent === undefined ? undefined : headers.get('tracestate'),
  };
}

/** Milliseconds in the units of `grpc-timeout` (gRPC over HTTP/2, "Timeout"). */
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1 / 1_000, n: 1 / 1_000_000 };
const DIGITS_MAX = 8;

function timeoutMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = text.slice(0, -1);
  const unitMs = UNIT_MS[text.slice(-1)];
  const isNumber = digits !== '' && digits.length <= DIGITS_MAX && Array.from(digits).every((digit) => digit >= '0' && digit <= '9');
  if (unitMs === undefined || !isNumber) throw new FramingError({ code: GRPC_STATUS.internal, message: 'the grpc-timeout is not valid' });
  return Number(digits) * unitMs;
}
