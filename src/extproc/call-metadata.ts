import type { IncomingHttpHeaders } from 'node:http2';
import { parseTraceparent } from '../telemetry/trace-context.ts';
import { FramingError, GRPC_STATUS } from './grpc.ts';

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
export function readCallMetadata(headers: IncomingHttpHeaders): CallMetadata {
  const traceparent = parseTraceparent(one(headers['traceparent'])) === undefined ? undefined : one(headers['traceparent']);
  return {
    timeoutMs: timeoutMs(one(headers['grpc-timeout'])),
    traceparent,
    tracestate: traceparent === undefined ? undefined : one(headers['tracestate']),
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

/** Node joins a repeated header with commas, which none of these may hold, or gives a list. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}
