import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/exchange/events.ts';
import { type AnswerEffect, createEventDecoder, encodeEffect } from '../../src/extproc/codec.ts';
import type { Message } from '../../src/extproc/protobuf-writer.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { attributes, decode, encode, header, modes, type Plain, protos } from '../support/ext-proc-client.ts';
import { seeded } from './seeded.ts';

const request = (message: Plain) => encode(protos.ProcessingRequest, message);

describe('decoding events', () => {
  test('the first message opens the exchange and then says its own event', () => {
    const decoder = createEventDecoder();
    const first = request({
      request_headers: { headers: { headers: [header(':method', 'POST')] } },
      protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
      attributes: attributes({ 'xds.route_name': 'chat' }),
    });
    expect(decoder.decode(first, 5)).toEqual([
      {
        kind: 'open',
        modes: { request: 'buffered', response: 'full-duplex' },
        observability: false,
        attributes: new Map([['xds.route_name', 'chat']]),
      },
      { kind: 'request-headers', headers: [[':method', 'POST']], cut: false, endOfStream: false, unixMs: 5 },
    ]);
    expect(decoder.decode(request({ request_body: { body: Buffer.from('a'), end_of_stream: true } }), 6)).toEqual([
      { kind: 'request-body', bytes: Buffer.from('a'), endOfStream: true, unixMs: 6 },
    ]);
  });

  test('modes are unknown without protocol_config, and with a mode from the future', () => {
    const open = (message: Plain) => createEventDecoder().decode(request(message), 0)[0];
    expect(open({})).toEqual({ kind: 'open', modes: undefined, observability: false, attributes: new Map() });
    expect(open({ protocol_config: { request_body_mode: 5, response_body_mode: 0 } })).toMatchObject({ modes: undefined });
    expect(open({ protocol_config: {} })).toMatchObject({ modes: { request: 'none', response: 'none' } });
    expect(open({ protocol_config: modes('STREAMED', 'BUFFERED_PARTIAL') })).toMatchObject({
      modes: { request: 'streamed', response: 'buffered-partial' },
    });
  });

  test('a later message without a part is no event', () => {
    const decoder = createEventDecoder();
    expect(decoder.decode(request({ observability_mode: true }), 0)).toMatchObject([{ kind: 'open', observability: true }]);
    expect(decoder.decode(Buffer.alloc(0), 0)).toEqual([]);
  });
});

const nameArb = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const headersArb = fc.array(fc.tuple(nameArb, fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 120, maxLength: 200 }))), {
  maxLength: 6,
});
const mutationArb = fc.option(fc.record({ set: headersArb, remove: fc.array(nameArb, { maxLength: 3 }) }), { nil: undefined });
const directionArb = fc.constantFrom('request' as const, 'response' as const);
const bytesArb = fc
  .tuple(fc.oneof(fc.nat(300), fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 65_535, 65_536, 65_537, 200_000)), fc.nat(255))
  .map(([length, value]) => Buffer.alloc(length, value));
const BODY_MODES = {
  none: 'NONE',
  streamed: 'STREAMED',
  buffered: 'BUFFERED',
  'buffered-partial': 'BUFFERED_PARTIAL',
  'full-duplex': 'FULL_DUPLEX_STREAMED',
} as const;
const modeArb = fc.constantFrom(...(Object.keys(BODY_MODES) as (keyof typeof BODY_MODES)[]));
const overrideArb = fc.record({ request: modeArb, response: modeArb });
const effectArb: fc.Arbitrary<AnswerEffect> = fc.oneof(
  fc.record(
    { kind: fc.constant('answer-headers' as const), direction: directionArb, mutation: mutationArb, modeOverride: overrideArb },
    { requiredKeys: ['kind', 'direction', 'mutation'] },
  ),
  fc.record({
    kind: fc.constant('answer-body' as const),
    direction: directionArb,
    replace: fc.option(bytesArb, { nil: undefined }),
    mutation: mutationArb,
  }),
  fc.record({
    kind: fc.constant('stream-body' as const),
    direction: directionArb,
    parts: fc.array(bytesArb, { maxLength: 8 }),
    endOfStream: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('answer-trailers' as const), direction: directionArb }),
  fc.record({
    kind: fc.constant('deny' as const),
    status: fc.integer({ min: 400, max: 599 }),
    headers: headersArb,
    body: fc.string({ unit: 'grapheme', maxLength: 300 }),
    details: nameArb,
    grpcStatus: fc.option(fc.integer({ min: 0, max: 16 }), { nil: undefined }),
  }),
);

function messagesOf(effect: AnswerEffect): readonly Plain[] {
  const messages: Message[] = [];
  encodeEffect(effect, messages);
  return messages.map((parts) => decode(protos.ProcessingResponse, Buffer.concat(parts)));
}

/** A mutation as protobufjs would read it back; absent when nothing changes. */
function plainMutation(mutation: { set: readonly (readonly [string, string])[]; remove: readonly string[] } | undefined): Plain {
  const set = (mutation?.set ?? []).map(([key, value]) => ({
    header: { key, raw_value: Buffer.from(value) },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  }));
  const remove = mutation?.remove ?? [];
  return { ...(set.length > 0 && { set_headers: set }), ...(remove.length > 0 && { remove_headers: remove }) };
}

/** The same message with every object that holds nothing taken away, so that "absent" and "empty" compare equal. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, pruned(inner)] as const);
  const kept = entries.filter(([, inner]) => !(typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0));
  return Object.fromEntries(kept.filter(([, inner]) => inner !== ''));
}

/** All six modes, as Envoy needs them: what an override leaves out is NONE. */
function overrideOf({ request: asked, response }: { request: keyof typeof BODY_MODES; response: keyof typeof BODY_MODES }): Plain {
  const all = {
    request_header_mode: 'SEND',
    response_header_mode: asked === 'none' && response === 'none' ? 'SKIP' : 'SEND',
    request_body_mode: BODY_MODES[asked],
    response_body_mode: BODY_MODES[response],
    request_trailer_mode: asked === 'full-duplex' ? 'SEND' : 'SKIP',
    response_trailer_mode: response === 'none' ? 'SKIP' : 'SEND',
  };
  return Object.fromEntries(Object.entries(all).filter(([, mode]) => mode !== 'NONE')); // the number 0: read back as absent
}

const expectations: { readonly [K in AnswerEffect['kind']]: (effect: Extract<Effect, { kind: K }>) => void } = {
  'answer-headers': (effect) => {
    const part = `${effect.direction}_headers`;
    const override = effect.modeOverride === undefined ? {} : { mode_override: overrideOf(effect.modeOverride) };
    expect(messagesOf(effect).map(pruned)).toEqual([
      pruned({ response: part, [part]: { response: { header_mutation: plainMutation(effect.mutation) } }, ...override }),
    ]);
  },
  'answer-body': (effect) => {
    const part = `${effect.direction}_body`;
    const replace = effect.replace;
    const change = replace?.length === 0 ? { mutation: 'clear_body', clear_body: true } : { mutation: 'body', body: replace };
    const response = { header_mutation: plainMutation(effect.mutation), body_mutation: replace === undefined ? {} : change };
    expect(messagesOf(effect).map(pruned)).toEqual([pruned({ response: part, [part]: { response } })]);
  },
  'stream-body': (effect) => {
    const part = `${effect.direction}_body`;
    const pieces = messagesOf(effect).map((message) => {
      expect(message['response']).toBe(part);
      // biome-ignore lint/suspicious/noExplicitAny: a decoded message
      return (message[part] as any).response.body_mutation.streamed_response as { body?: Buffer; end_of_stream?: boolean };
    });
    expect(Buffer.concat(pieces.map((piece) => piece.body ?? Buffer.alloc(0))).equals(Buffer.concat(effect.parts))).toBe(true);
    expect(pieces.filter((piece) => (piece.body?.length ?? 0) > FIXED.answerBytes)).toEqual([]);
    expect(pieces.filter((piece) => piece.end_of_stream === true)).toHaveLength(effect.endOfStream ? 1 : 0);
    expect(pieces.at(-1)?.end_of_stream ?? false).toBe(effect.endOfStream);
    expect(pieces.filter((piece) => piece.body === undefined && piece.end_of_stream !== true)).toEqual([]);
  },
  'answer-trailers': (effect) => {
    const part = `${effect.direction}_trailers`;
    expect(messagesOf(effect)).toEqual([{ response: part, [part]: {} }]);
  },
  deny: (effect) => {
    expect(messagesOf(effect).map(pruned)).toEqual([
      pruned({
        response: 'immediate_response',
        immediate_response: {
          status: { code: effect.status },
          headers: plainMutation({ set: effect.headers, remove: [] }),
          body: Buffer.from(effect.body),
          grpc_status: effect.grpcStatus === undefined || effect.grpcStatus === 0 ? {} : { status: effect.grpcStatus },
          details: effect.details,
        },
      }),
    ]);
  },
};

describe('encoding answers', () => {
  test('protobufjs reads what was meant, for generated effects', () => {
    fc.assert(
      fc.property(effectArb, (effect) => expectations[effect.kind](effect as never)),
      seeded(3_000),
    );
  });

  test('a denial with grpc-status 0 still says so', () => {
    expect(messagesOf({ kind: 'deny', status: 403, headers: [], body: '', details: 'd', grpcStatus: 0 })).toMatchObject([
      { immediate_response: { grpc_status: {} } },
    ]);
  });

  test('large bodies are shared, not copied', () => {
    const body = Buffer.alloc(5_000, 1);
    const kinds: readonly AnswerEffect[] = [
      { kind: 'stream-body', direction: 'response', parts: [body], endOfStream: false },
      { kind: 'stream-body', direction: 'response', parts: [body], endOfStream: true },
      { kind: 'answer-body', direction: 'request', replace: body, mutation: undefined },
      { kind: 'answer-body', direction: 'request', replace: body, mutation: { set: [['content-length', '5000']], remove: [] } },
    ];
    const last = kinds.map((effect) => {
      const messages: Message[] = [];
      encodeEffect(effect, messages);
      return messages.at(-1)?.at(-1)?.buffer === body.buffer;
    });
    expect(last).toEqual([true, true, true, true]);
  });

  test('small neighbouring parts leave in one message', () => {
    const parts = Array.from({ length: 50 }, (_, index) => Buffer.from(`data: ${index}\n\n`));
    expect(messagesOf({ kind: 'stream-body', direction: 'response', parts, endOfStream: true })).toHaveLength(1);
  });

  test('nothing to stream and no end is no message; an end alone is one', () => {
    expect(messagesOf({ kind: 'stream-body', direction: 'response', parts: [], endOfStream: false })).toEqual([]);
    expect(messagesOf({ kind: 'stream-body', direction: 'response', parts: [Buffer.alloc(0)], endOfStream: false })).toEqual([]);
    expect(messagesOf({ kind: 'stream-body', direction: 'response', parts: [Buffer.alloc(0)], endOfStream: true })).toMatchObject([
      { response_body: { response: { body_mutation: { streamed_response: { end_of_stream: true } } } } },
    ]);
  });
});
