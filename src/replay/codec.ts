import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { STOP_SCOPES } from '../agents/stops.ts';
import type { Advice, CallerRecord, Effect, EnvoyEvent } from '../exchange/events.ts';
import type { ExchangeOptions } from '../exchange/exchange-state.ts';
import { CODINGS } from '../wire/encodings/codings.ts';

/** What an exchange needs, besides its policy, to be the same one again. */
export interface ExchangeIdentity extends Omit<ExchangeOptions, 'policy' | 'hash' | 'learns'> {
  /** First 12 hex digits of the credential's keyed hash: a replay has no key. */
  readonly callerHash?: string | undefined;
}

/** First line of a recorded exchange. */
export interface RecordingHeader extends ExchangeIdentity {
  /** Of the file's form. */
  readonly version: 1;
  /** Sluice that wrote it. */
  readonly sluice: string;
  readonly startUnixMs: number;
  readonly policy: { readonly version: string; readonly mode: 'observe' | 'enforce' };
  /** Whether sensitive text was replaced; the effects are then those that the replaced events have. */
  readonly redacted: boolean;
  /** How the exchange really ended; absent when it left no record. */
  readonly live?: { readonly verdict: string; readonly outcome: string } | undefined;
}

/** What one event led to: effects, or a bug that threw. */
export type Outcome = { readonly effects: readonly Effect[] } | { readonly threw: true };

/** One line of a recording, read. */
export type Line =
  | { readonly kind: 'header'; readonly header: RecordingHeader }
  | { readonly kind: 'event'; readonly event: EnvoyEvent }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

/** Why a line is none; never its text. */
export type LineResult = { readonly ok: true; readonly line: Line } | { readonly ok: false; readonly reason: string };

export function headerLine(header: RecordingHeader): string {
  return `${JSON.stringify(header)}\n`;
}

export function eventLine(event: EnvoyEvent): string {
  return `${JSON.stringify({ event: plainEvent(event) })}\n`;
}

export function outcomeLine(outcome: Outcome): string {
  return `${JSON.stringify('threw' in outcome ? outcome : { effects: outcome.effects.map(plainEffect) })}\n`;
}

/** Reads one line. Values that may be `undefined` are left out of a line and of what is read. */
export function readLine(text: string): LineResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  if (typeof json !== 'object' || json === null) return { ok: false, reason: 'not a line of a recording' };
  if ('version' in json && json.version !== 1) return { ok: false, reason: 'a recording of a later form than this Sluice knows' };
  const schema = 'version' in json ? HEADER_LINE : 'event' in json ? EVENT_LINE : OUTCOME_LINE;
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, line: result.data };
  const [issue] = result.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'line'}: ${issue?.code ?? 'invalid'}` };
}

function plainEvent(event: EnvoyEvent): object {
  if (event.kind === 'advised') return { ...event, advice: plainAdvice(event.advice) };
  if (event.kind === 'decoded') return { ...event, parts: event.parts.map(plainBytes) };
  if ('bytes' in event) return { ...event, bytes: plainBytes(event.bytes) };
  if (event.kind !== 'open') return event;
  const { kind, modes, observability, attributes } = event; // its metadata are claims of a token, and a replay asks nobody
  return { kind, modes, observability, attributes: [...attributes] };
}

function plainEffect(effect: Effect): object {
  switch (effect.kind) {
    case 'answer-body':
      return { ...effect, replace: effect.replace === undefined ? undefined : plainBytes(effect.replace) };
    case 'stream-body':
      return { ...effect, parts: effect.parts.map(plainBytes) };
    case 'decode':
      return { ...effect, bytes: plainBytes(effect.bytes) };
    case 'consult':
      return { kind: 'consult', question: { about: effect.question.about } };
    case 'record':
      return { ...effect, record: { ...effect.record, caller: plainCaller(effect.record.caller), learned: undefined } };
    default:
      return effect;
  }
}

/** What proves a caller is a credential, and what its conversation holds is not needed: a replay goes by the agent's name. */
const plainAdvice = ({ about, agent, identity, stop, findings }: Advice): object => ({
  about,
  agent,
  identity: { persons: identity.persons, sessions: identity.sessions, refusals: identity.refusals },
  stop,
  findings,
});

const plainCaller = (caller: CallerRecord | undefined): object | undefined => caller && { agent: caller.agent, standing: caller.standing };

/** Shortest run of one byte that is written as such. */
const FILL_BYTES_MIN = 64;

/** Text where it is text; what was withheld (see `redaction.ts`) is a run of one byte and takes a few characters. */
function plainBytes(bytes: Buffer): object {
  const [first] = bytes;
  const mayBeFill = bytes.length >= FILL_BYTES_MIN && first === bytes.at(-1) && first === bytes[bytes.length >> 1];
  if (mayBeFill && bytes.equals(Buffer.alloc(bytes.length, first))) return { fill: first, length: bytes.length };
  return isUtf8(bytes) ? { utf8: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

/** Longest run that is read back, in bytes: a short line must not ask for all memory. */
const FILL_BYTES_MAX = 64 * 1024 * 1024;

const BYTES = z.union([
  z.object({ utf8: z.string() }).transform(({ utf8 }) => Buffer.from(utf8, 'utf8')),
  z.object({ base64: z.base64() }).transform(({ base64 }) => Buffer.from(base64, 'base64')),
  z
    .object({ fill: z.int().min(0).max(255), length: z.int().min(0).max(FILL_BYTES_MAX) })
    .transform(({ fill, length }) => Buffer.alloc(length, fill)),
]);
const PAIR = z.tuple([z.string(), z.string()]).readonly();
const HEADERS = z.array(PAIR).readonly();
const UNIX_MS = z.number();
const BODY_MODE = z.enum(['none', 'buffered', 'buffered-partial', 'streamed', 'full-duplex']);
const MODES = z.object({ request: BODY_MODE, response: BODY_MODE });
const DIRECTION = z.enum(['request', 'response']);

const headersEvent = <K extends string>(kind: K) =>
  z.object({ kind: z.literal(kind), headers: HEADERS, endOfStream: z.boolean(), unixMs: UNIX_MS });
const bodyEvent = <K extends string>(kind: K) =>
  z.object({ kind: z.literal(kind), bytes: BYTES, endOfStream: z.boolean(), unixMs: UNIX_MS });
const trailersEvent = <K extends string>(kind: K) => z.object({ kind: z.literal(kind), headers: HEADERS, unixMs: UNIX_MS });
const timeEvent = <K extends string>(kind: K) => z.object({ kind: z.literal(kind), unixMs: UNIX_MS });

const EVENTS = {
  open: z
    .object({ kind: z.literal('open'), modes: MODES.optional(), observability: z.boolean(), attributes: z.array(PAIR) })
    .transform((event) => ({ ...event, modes: event.modes, attributes: new Map(event.attributes) })),
  'request-headers': headersEvent('request-headers'),
  'response-headers': headersEvent('response-headers'),
  'request-body': bodyEvent('request-body'),
  'response-body': bodyEvent('response-body'),
  'request-trailers': trailersEvent('request-trailers'),
  'response-trailers': trailersEvent('response-trailers'),
  decoded: z
    .object({
      kind: z.literal('decoded'),
      direction: DIRECTION,
      parts: z.array(BYTES),
      more: z.boolean(),
      failure: z.enum(['content-encoding', 'truncated', 'decoded-limit']).optional(),
      unixMs: UNIX_MS,
    })
    .transform((event) => ({ ...event, failure: event.failure })),
  advised: z
    .object({ kind: z.literal('advised'), advice: z.lazy(() => ADVICE), unixMs: UNIX_MS })
    // The lists were written by a Sluice: their words are of closed lists that may be longer in a later one.
    .transform((event) => event as unknown as Extract<EnvoyEvent, { kind: 'advised' }>),
  stopped: z.object({ kind: z.literal('stopped'), stop: z.lazy(() => STOP), unixMs: UNIX_MS }),
  ended: timeEvent('ended'),
  cancelled: timeEvent('cancelled'),
  tick: timeEvent('tick'),
} satisfies Record<EnvoyEvent['kind'], z.ZodType>;

const STOP = z
  .object({
    id: z.string(),
    scope: z.enum(STOP_SCOPES),
    name: z.string(),
    reason: z.string(),
    by: z.string(),
    atUnixMs: UNIX_MS,
    untilUnixMs: UNIX_MS.optional(),
  })
  .transform((stop) => ({ ...stop, untilUnixMs: stop.untilUnixMs }));

const ADVICE = z
  .object({
    about: z.enum(['caller', 'conversation']),
    agent: z.string(),
    identity: z.object({
      persons: z.array(z.object({ hash: z.string(), from: z.string(), proven: z.boolean() })),
      sessions: z.array(z.object({ id: z.string(), from: z.string() })),
      refusals: z.array(z.object({ source: z.string(), reason: z.string() })),
    }),
    stop: STOP.optional(),
    findings: z.array(z.looseObject({ detector: z.string() })),
  })
  .transform((advice) => ({
    ...advice,
    identity: { proofs: [], hints: [], ...advice.identity },
    conversation: undefined,
    stop: advice.stop,
  }));

const MUTATION = z.object({ set: HEADERS, remove: z.array(z.string()) }).optional();

/** Only what the comparison reads is required of it: a record of an older Sluice may have fewer fields. */
const RECORD = z.looseObject({
  exchangeId: z.string(),
  verdict: z.string(),
  outcome: z.string(),
  findings: z.array(
    z.looseObject({ detector: z.string(), lane: z.string(), direction: DIRECTION, start: z.number(), end: z.number(), taken: z.string() }),
  ),
});

const EFFECTS = {
  'answer-headers': z.looseObject({ kind: z.literal('answer-headers'), direction: DIRECTION, mutation: MUTATION }),
  'answer-body': z.looseObject({
    kind: z.literal('answer-body'),
    direction: DIRECTION,
    replace: BYTES.optional(),
    mutation: MUTATION,
  }),
  'stream-body': z.looseObject({
    kind: z.literal('stream-body'),
    direction: DIRECTION,
    parts: z.array(BYTES),
    endOfStream: z.boolean(),
  }),
  'answer-trailers': z.looseObject({ kind: z.literal('answer-trailers'), direction: DIRECTION }),
  deny: z.looseObject({
    kind: z.literal('deny'),
    status: z.int(),
    headers: HEADERS,
    body: z.string(),
    details: z.string(),
    grpcStatus: z.int().optional(),
  }),
  abort: z.looseObject({ kind: z.literal('abort'), grpcStatus: z.int(), message: z.string() }),
  decode: z.looseObject({
    kind: z.literal('decode'),
    direction: DIRECTION,
    codings: z.array(z.enum(CODINGS)),
    bytes: BYTES,
    endOfStream: z.boolean(),
    ratioMax: z.number(),
  }),
  consult: z.looseObject({ kind: z.literal('consult'), question: z.looseObject({ about: z.enum(['caller', 'conversation']) }) }),
  wake: z.looseObject({ kind: z.literal('wake'), unixMs: z.number().optional() }),
  record: z.looseObject({ kind: z.literal('record'), record: RECORD }),
} satisfies Record<Effect['kind'], z.ZodType>;

const EFFECT = z.discriminatedUnion('kind', [
  EFFECTS['answer-headers'],
  EFFECTS['answer-body'],
  EFFECTS['stream-body'],
  EFFECTS['answer-trailers'],
  EFFECTS.deny,
  EFFECTS.abort,
  EFFECTS.decode,
  EFFECTS.consult,
  EFFECTS.wake,
  EFFECTS.record,
]);

const HEADER_LINE = z
  .object({
    version: z.literal(1),
    sluice: z.string(),
    exchangeId: z.string(),
    startUnixMs: UNIX_MS,
    policy: z.object({ version: z.string(), mode: z.enum(['observe', 'enforce']) }),
    fallbackModes: MODES,
    traceparent: z.string().optional(),
    tracestate: z.string().optional(),
    overloaded: z.boolean().default(false),
    consults: z.boolean().default(false),
    callerHash: z.string().optional(),
    redacted: z.boolean(),
    live: z.object({ verdict: z.string(), outcome: z.string() }).optional(),
  })
  .transform((header): Line => ({ kind: 'header', header }));

const EVENT_LINE = z.object({ event: z.union(Object.values(EVENTS)) }).transform(({ event }): Line => ({ kind: 'event', event }));

const OUTCOME_LINE = z
  .union([z.object({ threw: z.literal(true) }), z.object({ effects: z.array(EFFECT) })])
  // Loose objects carry fields that their types do not name; each kind's own fields were checked above.
  .transform((outcome): Line => ({ kind: 'outcome', outcome: outcome as Outcome }));
