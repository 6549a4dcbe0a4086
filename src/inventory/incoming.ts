import type { SpanData } from '../telemetry/span.ts';

/** A span as the intake hands it on: what OTLP said of it, no matter in which encoding. */
export interface IncomingSpan extends SpanData {
  /** `service.name` of the resource; undefined when it has none. */
  readonly service: string | undefined;
  /** Name of the instrumentation scope. */
  readonly scope: string;
}

/** What a reader gives: every span, or a fixed sentence about what is wrong with the body. */
export type Decoded = { readonly ok: true; readonly spans: readonly IncomingSpan[] } | { readonly ok: false; readonly error: string };

/** Bounds on one request; over them it is refused, whole, so that nothing is half counted. */
export const INTAKE = {
  /** Bytes as sent. */
  bodyBytes: 8 * 1024 * 1024,
  /** Bytes after gzip. */
  inflatedBytes: 32 * 1024 * 1024,
  spans: 50_000,
  attributesPerSpan: 1024,
  /** Of a message that holds a list, which for a scope is all its spans. Fields that nobody reads do not count. */
  fieldsPerMessage: 65_536,
  /** Of an array attribute; further ones are left out. */
  arrayValues: 256,
} as const;

/** Thrown inside a reader and turned into `Decoded` at its edge. The message is a fixed sentence. */
export class MalformedOtlp extends Error {
  override readonly name = 'MalformedOtlp';
}

/** Runs a reader that throws `MalformedOtlp` on bad input. */
export function decodedBy(read: () => readonly IncomingSpan[]): Decoded {
  try {
    return { ok: true, spans: read() };
  } catch (error) {
    if (error instanceof MalformedOtlp) return { ok: false, error: error.message };
    throw error;
  }
}
