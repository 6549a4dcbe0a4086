import { type Context, Hono } from 'hono';
import type { BodyBudget, Reservation } from './body-budget.ts';
import { type Decoded, INTAKE, type IncomingSpan } from './incoming.ts';
import { inflate } from './inflate.ts';
import { LedgerBusy } from './ledger.ts';
import { decodeJson } from './otlp-json.ts';
import { decodeProtobuf } from './otlp-protobuf.ts';

export interface IntakeOptions {
  readonly add: AddSpans;
  readonly budget: BodyBudget;
  /** Hears of the store's failures. */
  readonly onStoreError: (error: unknown) => void;
}

/** Takes spans for good: resolves once they are committed. */
export type AddSpans = (spans: readonly IncomingSpan[]) => Promise<number>;

/**
 * The OTLP/HTTP receiver: `POST /v1/traces` in protobuf or JSON, gzip or not. 200 when stored (again for a batch that came before), 400 for
 * what cannot be read, 413 over `INTAKE`'s bounds, 415 for other encodings; 429 when too much waits and 503 when the store fails, both
 * with `retry-after`, so that the sender tries again; `onStoreError` hears of it. `/v1/logs` and `/v1/metrics` are answered 200, neither
 * inflated nor kept: an SDK that sends all three signals to one endpoint would otherwise complain for ever about the two that the
 * inventory has no use for.
 */
export function createIntake({ add, budget, onStoreError }: IntakeOptions): Hono {
  const app = new Hono();
  app.post('/v1/traces', async (context) => {
    const decode = decoderOf(context.req.header('content-type'));
    if (decode === undefined) return failure(context, 415, 'content type is neither application/x-protobuf nor application/json');
    const reservation = budget.reserve();
    try {
      const body = await readBody(context, reservation);
      if (!body.ok) return failure(context, body.status, body.error);
      const decoded = decode(body.bytes);
      if (!decoded.ok) return failure(context, 400, decoded.error);
      return await stored(context, decoded.spans, { add, onStoreError });
    } finally {
      reservation.release();
    }
  });
  for (const signal of ['/v1/logs', '/v1/metrics']) {
    app.post(signal, async (context) => {
      const read = await readChunks(context.req.raw.body, () => true);
      return read.ok ? success(context) : failure(context, read.status, read.error);
    });
  }
  return app;
}

async function stored(
  context: Context,
  spans: readonly IncomingSpan[],
  { add, onStoreError }: Pick<IntakeOptions, 'add' | 'onStoreError'>,
): Promise<Response> {
  try {
    await add(spans);
    return success(context);
  } catch (error) {
    context.header('retry-after', '1');
    if (error instanceof LedgerBusy) return failure(context, 429, 'too many spans wait');
    onStoreError(error);
    return failure(context, 503, 'the store cannot take spans now');
  }
}

function decoderOf(contentType: string | undefined): ((body: Buffer) => Decoded) | undefined {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase();
  if (essence === 'application/x-protobuf') return decodeProtobuf;
  return essence === 'application/json' ? decodeJson : undefined;
}

type Body<T> =
  | { readonly ok: true; readonly bytes: T }
  | { readonly ok: false; readonly status: 400 | 413 | 415 | 429; readonly error: string };

const refused = <S extends number>(status: S, error: string) => ({ ok: false, status, error }) as const;

async function readBody(context: Context, reservation: Reservation): Promise<Body<Buffer>> {
  const chunks: Uint8Array[] = [];
  const read = await readChunks(context.req.raw.body, (chunk) => reservation.take(chunk.length) && chunks.push(chunk) > 0);
  if (!read.ok) return read;
  const sent = Buffer.concat(chunks, read.bytes);
  const encoding = context.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return { ok: true, bytes: sent };
  if (encoding !== 'gzip') return refused(415, 'content encoding is neither gzip nor identity');
  const inflated = await inflate(sent, reservation);
  return inflated.ok ? inflated : NOT_INFLATED[inflated.reason];
}

const NO_ROOM = refused(429, 'too many bytes wait');
const NOT_INFLATED = {
  'not-gzip': refused(400, 'the body is not gzip'),
  'too-long': refused(413, `the body is over ${INTAKE.inflatedBytes} bytes after gzip`),
  'no-room': NO_ROOM,
} as const;

/** Hands on the body chunk by chunk and gives its length; reads no further than it may. `keep` says false when there is no room. */
async function readChunks(stream: ReadableStream<Uint8Array> | null, keep: (chunk: Uint8Array) => boolean): Promise<Body<number>> {
  let length = 0;
  try {
    for await (const chunk of stream ?? []) {
      length += chunk.length;
      if (length > INTAKE.bodyBytes) return refused(413, `the body is over ${INTAKE.bodyBytes} bytes`);
      if (!keep(chunk)) return NO_ROOM;
    }
    return { ok: true, bytes: length };
  } catch {
    return refused(400, 'the sender broke off'); // nobody is there to read it
  }
}

const isJson = (context: Context): boolean => context.req.header('content-type')?.includes('json') ?? false;

/** An empty `Export…ServiceResponse`, in the encoding of the request as OTLP asks. */
function success(context: Context): Response {
  return isJson(context) ? context.json({}) : context.body(null, 200, { 'content-type': 'application/x-protobuf' });
}

/** A `google.rpc.Status`. `message` is a fixed sentence. */
function failure(context: Context, status: 400 | 413 | 415 | 429 | 503, message: string): Response {
  const code = status === 503 || status === 429 ? GRPC_UNAVAILABLE : GRPC_INVALID_ARGUMENT;
  if (status === 429) context.header('retry-after', '1');
  if (isJson(context)) return context.json({ code, message }, status);
  const text = Buffer.from(message.slice(0, 127), 'latin1');
  const body = Uint8Array.from([0x08, code, 0x12, text.length, ...text]);
  return context.body(body, status, { 'content-type': 'application/x-protobuf' });
}

const [GRPC_INVALID_ARGUMENT, GRPC_UNAVAILABLE] = [3, 14];
