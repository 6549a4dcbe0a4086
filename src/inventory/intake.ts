import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Context, Hono } from 'hono';
import type { BodyBudget } from './body-budget.ts';
import { type Decoded, INTAKE, type IncomingSpan } from './incoming.ts';
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
 * what cannot be read, 413 over `INTAKE`'s bounds, 415 for other encodings; 429 when too many spans wait and 503 when the store fails, both
 * with `retry-after`, so that the sender tries again; `onStoreError` hears of it. `/v1/logs` and `/v1/metrics` are answered 200 and not kept: an SDK that sends all three signals to one
 * endpoint would otherwise complain for ever about the two that the inventory has no use for.
 */
export function createIntake({ add, budget, onStoreError }: IntakeOptions): Hono {
  const app = new Hono();
  app.post('/v1/traces', async (context) => {
    const decode = decoderOf(context.req.header('content-type'));
    if (decode === undefined) return failure(context, 415, 'content type is neither application/x-protobuf nor application/json');
    const body = await readBody(context, budget);
    if (!body.ok) return failure(context, body.status, body.error);
    const decoded = decode(body.bytes);
    if (!decoded.ok) return failure(context, 400, decoded.error);
    try {
      await add(decoded.spans);
    } catch (error) {
      context.header('retry-after', '1');
      if (error instanceof LedgerBusy) return failure(context, 429, 'too many spans wait');
      onStoreError(error);
      return failure(context, 503, 'the store cannot take spans now');
    }
    return success(context);
  });
  for (const signal of ['/v1/logs', '/v1/metrics']) {
    app.post(signal, async (context) => {
      const body = await readBody(context, budget);
      return body.ok ? success(context) : failure(context, body.status, body.error);
    });
  }
  return app;
}

function decoderOf(contentType: string | undefined): ((body: Buffer) => Decoded) | undefined {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase();
  if (essence === 'application/x-protobuf') return decodeProtobuf;
  return essence === 'application/json' ? decodeJson : undefined;
}

type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly status: 400 | 413 | 415 | 429; readonly error: string };

async function readBody(context: Context, budget: BodyBudget): Promise<Body> {
  const sent = await collect(context.req.raw.body, budget);
  if (sent === 'too-long') return { ok: false, status: 413, error: `the body is over ${INTAKE.bodyBytes} bytes` };
  if (sent === 'no-room') return { ok: false, status: 429, error: 'too many bytes wait' };
  const encoding = context.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return { ok: true, bytes: sent };
  if (encoding !== 'gzip') return { ok: false, status: 415, error: 'content encoding is neither gzip nor identity' };
  return inflate(sent);
}

/** Reads no further than it may. */
async function collect(stream: ReadableStream<Uint8Array> | null, budget: BodyBudget): Promise<Buffer | 'too-long' | 'no-room'> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream ?? []) {
      if (length + chunk.length > INTAKE.bodyBytes) return 'too-long';
      if (!budget.take(chunk.length)) return 'no-room';
      length += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  } finally {
    budget.give(length);
  }
}

async function inflate(bytes: Buffer): Promise<Body> {
  try {
    return { ok: true, bytes: await gunzipped(bytes, { maxOutputLength: INTAKE.inflatedBytes }) };
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge) return { ok: false, status: 413, error: `the body is over ${INTAKE.inflatedBytes} bytes after gzip` };
    return { ok: false, status: 400, error: 'the body is not gzip' };
  }
}

const gunzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

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
