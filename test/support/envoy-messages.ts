import type { BodyMode, EnvoyEvent, Header } from '../../src/exchange/events.ts';
import type { EnvoyAnswer } from './envoy-model.ts';
import { decode, encode, header, modes, type Plain, protos } from './ext-proc-client.ts';

const MODE_NAMES = {
  none: 'NONE',
  streamed: 'STREAMED',
  buffered: 'BUFFERED',
  'buffered-partial': 'BUFFERED_PARTIAL',
  'full-duplex': 'FULL_DUPLEX_STREAMED',
} as const satisfies Record<BodyMode, string>;

type PartEvent = Exclude<EnvoyEvent, { kind: 'open' | 'ended' | 'cancelled' | 'tick' | 'decoded' | 'advised' | 'stopped' }>;

/** The ProcessingRequest that says an event, by protobufjs; the first of a stream also says how it is processed. */
export function requestMessage(event: PartEvent, opening: EnvoyEvent | undefined): Buffer {
  const first =
    opening?.kind !== 'open'
      ? {}
      : {
          observability_mode: opening.observability,
          ...(opening.modes && { protocol_config: modes(MODE_NAMES[opening.modes.request], MODE_NAMES[opening.modes.response]) }),
        };
  return encode(protos.ProcessingRequest, { [event.kind.replace('-', '_')]: partOf(event), ...first });
}

function partOf(event: PartEvent): Plain {
  if ('bytes' in event) return { body: event.bytes, end_of_stream: event.endOfStream };
  const headers = { headers: event.headers.map(([name, value]) => header(name, value)) };
  return 'endOfStream' in event ? { headers, end_of_stream: event.endOfStream } : { trailers: headers };
}

/** A ProcessingResponse as Envoy reads it, by protobufjs. Throws for what no filter should send. */
export function answerOfMessage(bytes: Buffer): EnvoyAnswer {
  const message = decode(protos.ProcessingResponse, bytes) as Record<string, Plain> & { readonly response: string };
  if (message.response === 'immediate_response') return immediateOf(message.response, message['immediate_response']!);
  const [direction, part] = message.response.split('_') as ['request' | 'response', 'headers' | 'body' | 'trailers'];
  const common = (message[message.response]?.['response'] ?? {}) as Record<string, Plain>;
  const mutation = mutationOf(common['header_mutation']);
  if (part === 'trailers') return { kind: 'trailers', direction };
  if (part === 'headers') return { kind: 'headers', direction, ...mutation, override: overrideOf(message['mode_override']) };
  const body = common['body_mutation'];
  const streamed = body?.['streamed_response'] as { body?: Buffer; end_of_stream?: boolean } | undefined;
  if (streamed !== undefined)
    return { kind: 'streamed', direction, bytes: streamed.body ?? Buffer.alloc(0), endOfStream: streamed.end_of_stream === true };
  const replace = body?.['clear_body'] === true ? Buffer.alloc(0) : (body?.['body'] as Buffer | undefined);
  return { kind: 'body', direction, replace, ...mutation };
}

function immediateOf(kind: string, message: Plain): EnvoyAnswer {
  const { status, headers, details, grpc_status } = message as Record<string, Plain> & { readonly details: string };
  if (status === undefined) throw new Error(`${kind} without a status`);
  const grpcStatus = grpc_status === undefined ? undefined : Number(grpc_status['status'] ?? 0);
  return { kind: 'immediate', status: statusNumber(status['code']), set: mutationOf(headers).set, details, grpcStatus };
}

/** Enumerations are read as names; a status outside them stays a number. */
function statusNumber(code: unknown): number {
  return typeof code === 'number'
    ? code
    : (protos.ProcessingResponse.root.lookupEnum('envoy.type.v3.StatusCode').values[String(code)] ?? 0);
}

function mutationOf(mutation: Plain | undefined): { set: readonly Header[]; remove: readonly string[] } {
  const set = (mutation?.['set_headers'] ?? []) as readonly { readonly header: { readonly key: string; readonly raw_value?: Buffer } }[];
  return {
    set: set.map(({ header: { key, raw_value } }) => [key, raw_value?.toString() ?? ''] as const),
    remove: (mutation?.['remove_headers'] ?? []) as readonly string[],
  };
}

function overrideOf(override: Plain | undefined): { request: BodyMode; response: BodyMode } | undefined {
  if (override === undefined) return undefined;
  const modeOf = (name: string) =>
    (Object.keys(MODE_NAMES) as BodyMode[]).find((mode) => MODE_NAMES[mode] === (override[name] ?? 'NONE')) ?? 'none';
  return { request: modeOf('request_body_mode'), response: modeOf('response_body_mode') };
}
