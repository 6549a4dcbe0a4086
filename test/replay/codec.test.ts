import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent } from '../../src/exchange/events.ts';
import { eventLine, headerLine, outcomeLine, type RecordingHeader, readLine } from '../../src/replay/codec.ts';

const text = fc.string({ unit: 'binary' });
const unixMs = fc.nat();
const headers = fc.array(fc.tuple(text, text), { maxLength: 4 });
const bytes = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array().map((value) => Buffer.from(value)),
  fc.tuple(fc.nat(255), fc.nat(300)).map(([fill, length]) => Buffer.alloc(length, fill)),
);
const mode = fc.constantFrom('none', 'buffered', 'buffered-partial', 'streamed', 'full-duplex');
const modes = fc.record({ request: mode, response: mode });
const direction = fc.constantFrom('request', 'response');
const kind = <K extends string>(value: K) => fc.constant(value);
const headersEvent = <K extends string>(of: K) => fc.record({ kind: kind(of), headers, endOfStream: fc.boolean(), unixMs });
const bodyEvent = <K extends string>(of: K) => fc.record({ kind: kind(of), bytes, endOfStream: fc.boolean(), unixMs });

const finding = fc.record({
  detector: text,
  family: kind('pii'),
  severity: kind('high'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  lane: kind('user'),
  direction,
  start: fc.nat(),
  end: fc.nat(),
  action: fc.constantFrom('observe', 'redact', 'deny'),
  taken: fc.constantFrom('observe', 'redact', 'deny'),
  references: fc.array(text),
});
const stop = fc.record({
  id: text,
  scope: fc.constantFrom('agent', 'session', 'person', 'all'),
  name: text,
  reason: text,
  by: text,
  atUnixMs: unixMs,
  untilUnixMs: fc.option(unixMs, { nil: undefined }),
});

const EVENTS = {
  open: fc.record({
    kind: kind('open'),
    modes: fc.option(modes, { nil: undefined }),
    observability: fc.boolean(),
    attributes: fc.array(fc.tuple(text, text), { maxLength: 3 }).map((entries) => new Map(entries)),
  }),
  'request-headers': headersEvent('request-headers'),
  'response-headers': headersEvent('response-headers'),
  'request-body': bodyEvent('request-body'),
  'response-body': bodyEvent('response-body'),
  'request-trailers': fc.record({ kind: kind('request-trailers'), headers, unixMs }),
  'response-trailers': fc.record({ kind: kind('response-trailers'), headers, unixMs }),
  decoded: fc.record({
    kind: kind('decoded'),
    direction,
    parts: fc.array(bytes, { maxLength: 3 }),
    more: fc.boolean(),
    failure: fc.constantFrom('content-encoding', 'truncated', 'decoded-limit', undefined),
    unixMs,
  }),
  advised: fc.record({
    kind: kind('advised'),
    advice: fc.record({
      about: fc.constantFrom('caller', 'conversation'),
      agent: text,
      identity: fc.record({
        proofs: fc.constant([]),
        hints: fc.constant([]),
        persons: fc.array(fc.record({ hash: text, from: kind('jwt-sub'), proven: fc.boolean() })),
        sessions: fc.array(fc.record({ id: text, from: kind('trace') })),
        refusals: fc.array(fc.record({ source: kind('jwt'), reason: kind('token-expired') })),
      }),
      conversation: fc.constant(undefined),
      stop: fc.option(stop, { nil: undefined }),
      findings: fc.array(finding, { maxLength: 3 }),
    }),
    unixMs,
  }),
  stopped: fc.record({ kind: kind('stopped'), stop, unixMs }),
  ended: fc.record({ kind: kind('ended'), unixMs }),
  cancelled: fc.record({ kind: kind('cancelled'), unixMs }),
  tick: fc.record({ kind: kind('tick'), unixMs }),
} satisfies { [K in EnvoyEvent['kind']]: fc.Arbitrary<Extract<EnvoyEvent, { kind: K }>> | fc.Arbitrary<EnvoyEvent> };

const mutation = fc.option(fc.record({ set: headers, remove: fc.array(text) }), { nil: undefined });
const record = fc.record({
  exchangeId: text,
  startUnixMs: unixMs,
  path: text,
  status: fc.option(fc.nat(), { nil: undefined }),
  facts: fc.record({ toolsDeclared: fc.array(text), toolsCalled: fc.array(text), finishReasons: fc.array(text) }),
  verdict: fc.constantFrom('allow', 'flag', 'redact', 'deny'),
  outcome: fc.constantFrom('completed', 'denied', 'aborted', 'cancelled'),
  findings: fc.array(finding, { maxLength: 3 }),
});

const EFFECTS = {
  'answer-headers': fc.record({
    kind: kind('answer-headers'),
    direction,
    mutation,
    modeOverride: fc.option(modes, { nil: undefined }),
  }),
  'answer-body': fc.record({ kind: kind('answer-body'), direction, replace: fc.option(bytes, { nil: undefined }), mutation }),
  'stream-body': fc.record({
    kind: kind('stream-body'),
    direction,
    parts: fc.array(bytes, { maxLength: 3 }),
    endOfStream: fc.boolean(),
  }),
  'answer-trailers': fc.record({ kind: kind('answer-trailers'), direction }),
  deny: fc.record({
    kind: kind('deny'),
    status: fc.nat(599),
    headers,
    body: text,
    details: text,
    grpcStatus: fc.option(fc.nat(16), { nil: undefined }),
  }),
  abort: fc.record({ kind: kind('abort'), grpcStatus: fc.nat(16), message: text }),
  decode: fc.record({
    kind: kind('decode'),
    direction,
    codings: fc.array(fc.constantFrom('gzip', 'deflate', 'br', 'zstd'), { maxLength: 3 }),
    bytes,
    endOfStream: fc.boolean(),
    ratioMax: fc.nat(),
  }),
  consult: fc.record({ kind: kind('consult'), question: fc.record({ about: fc.constantFrom('caller', 'conversation') }) }),
  wake: fc.record({ kind: kind('wake'), unixMs: fc.option(unixMs, { nil: undefined }) }),
  record: fc.record({ kind: kind('record'), record }),
} satisfies Record<Effect['kind'], fc.Arbitrary<unknown>>;

describe('a recording reads back what was written', () => {
  test.each(Object.entries(EVENTS))('event %s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<EnvoyEvent>, (event) => {
        expect(readLine(eventLine(event))).toEqual({ ok: true, line: { kind: 'event', event } });
      }),
    );
  });

  test.each(Object.entries(EFFECTS))('effect %s', (_, arbitrary) => {
    fc.assert(
      fc.property(fc.array(arbitrary as fc.Arbitrary<Effect>, { maxLength: 3 }), (effects) => {
        expect(readLine(outcomeLine({ effects }))).toEqual({ ok: true, line: { kind: 'outcome', outcome: { effects } } });
      }),
    );
  });

  test('a failure', () => {
    expect(readLine(outcomeLine({ threw: true }))).toEqual({ ok: true, line: { kind: 'outcome', outcome: { threw: true } } });
  });

  test('the header', () => {
    const header: RecordingHeader = {
      version: 1,
      sluice: '1.2.3',
      exchangeId: 'e',
      startUnixMs: 5,
      policy: { version: 'abc', mode: 'observe' },
      fallbackModes: { request: 'buffered', response: 'none' },
      traceparent: '00-a-b-01',
      tracestate: undefined,
      consults: true,
      overloaded: true,
      callerHash: undefined,
      redacted: true,
      live: { verdict: 'deny', outcome: 'denied' },
    };
    expect(readLine(headerLine(header))).toEqual({ ok: true, line: { kind: 'header', header } });
  });
});

test('writes text as text, other bytes as Base64 and runs of one byte as their length', () => {
  const written = (bytes: Buffer) =>
    (JSON.parse(eventLine({ kind: 'request-body', bytes, endOfStream: true, unixMs: 1 })) as Row).event.bytes;
  expect(written(Buffer.from('grüße'))).toEqual({ utf8: 'grüße' });
  expect(written(Buffer.from([0xff, 0x00]))).toEqual({ base64: '/wA=' });
  expect(written(Buffer.alloc(1_000_000, 'x'))).toEqual({ fill: 0x78, length: 1_000_000 });
});

interface Row {
  readonly event: { readonly bytes: unknown };
}

test.each([
  ['what is not JSON', '{"event":', 'not JSON'],
  ['what is no object', '7', 'not a line of a recording'],
  ['a later form', '{"version":2}', 'a recording of a later form than this Sluice knows'],
  ['an event of no known kind', '{"event":{"kind":"hello"}}', 'event: invalid_union'],
  ['a header without its fields', '{"version":1}', 'sluice: invalid_type'],
  [
    'a run that would take all memory',
    '{"event":{"kind":"request-body","bytes":{"fill":0,"length":1e15},"endOfStream":true,"unixMs":1}}',
    'event: invalid_union',
  ],
])('refuses %s and says why without its text', (_, line, reason) => {
  expect(readLine(line)).toEqual({ ok: false, reason });
});
