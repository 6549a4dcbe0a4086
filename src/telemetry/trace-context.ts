/** The parent of an exchange's span, from the request. */
export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/**
 * Reads a `traceparent` header (W3C Trace Context, section 3.2). Undefined for anything the recommendation calls invalid: the exchange
 * then begins a trace of its own. `tracestate` is not continued into exported spans: it is free text of the client.
 */
export function parseTraceparent(header: string | undefined): TraceParent | undefined {
  if (header === undefined || header.length < 55) return undefined;
  const [version, traceId, spanId, flags] = [header.slice(0, 2), header.slice(3, 35), header.slice(36, 52), header.slice(53, 55)];
  if (header[2] !== '-' || header[35] !== '-' || header[52] !== '-') return undefined;
  if (![version, traceId, spanId, flags].every(isLowerHex) || version === 'ff') return undefined;
  if (header.length > 55 && (version === '00' || header[55] !== '-')) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function isLowerHex(text: string): boolean {
  for (const character of text) if (!'0123456789abcdef'.includes(character)) return false;
  return true;
}

const isZero = (hex: string): boolean => hex === '0'.repeat(hex.length);
