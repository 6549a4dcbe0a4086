import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { http } from './node-http.ts';

/** What an OTLP/HTTP receiver made of a batch. `retry`: no answer, or one that asks for another attempt. */
export type PostResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'retry'; readonly afterMs: number | undefined };

/** One connection to an OTLP/HTTP receiver. */
export interface OtlpPost {
  /** Sends one encoded request. Never rejects; `signal` ends it as if there were no answer. */
  send(body: Buffer, signal: AbortSignal): Promise<PostResult>;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** OTLP/HTTP ("Failures", opentelemetry-proto 1.x): these, and no answer at all, are worth another attempt; every other one is final. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** `token`: visible ASCII, sent as `authorization: Bearer …`; undefined: nothing is. */
export function createOtlpPost(target: URL, token: string | undefined): OtlpPost {
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = target.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
  const { request } = target.protocol === 'https:' ? https : http;
  const fixed = { 'content-type': 'application/x-protobuf', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  return {
    send: (body, signal) =>
      new Promise((resolve) => {
        const headers = { ...fixed, 'content-length': body.length };
        const sent = request(target, { method: 'POST', agent, headers, timeout: REQUEST_TIMEOUT_MS, signal }, (answer) => {
          answer.on('error', () => resolve(NO_ANSWER));
          // The body has to be read for the connection to be used again.
          answer.resume();
          answer.on('close', () => resolve(resultOf(answer)));
        });
        sent.on('timeout', () => sent.destroy());
        sent.on('error', () => resolve(NO_ANSWER));
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

const NO_ANSWER: PostResult = { kind: 'retry', afterMs: undefined };

function resultOf({ statusCode = 0, headers }: IncomingMessage): PostResult {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'ok' };
  if (!RETRYABLE.has(statusCode)) return { kind: 'refused' };
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return { kind: 'retry', afterMs: seconds >= 0 ? seconds * 1000 : undefined };
}
