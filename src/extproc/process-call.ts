import { type Stop, type StopSubject, stopFor } from '../agents/stops.ts';
import type { Advice, Effect, EnvoyEvent, ExchangeRecord, Question } from '../exchange/events.ts';
import { unreachable } from '../lib/assert.ts';
import { createInflate, type Decoded, type Inflate } from '../services/inflate.ts';
import { type AnswerEffect, createEventDecoder, encodeEffect } from './codec.ts';
import { createDueAnswers } from './due.ts';
import { createGrpcCall, createMessageReader, FramingError, GRPC_OK, GRPC_STATUS, type GrpcStatus } from './grpc.ts';
import { ERROR_CODE } from './http2/frames.ts';
import type { Http2Stream } from './http2/stream.ts';
import { ProtocolError } from './protobuf-reader.ts';
import type { Message } from './protobuf-writer.ts';
import type { Turns } from './turns.ts';

/** The state machine of one exchange, as the server sees it. Never awaits; may throw, which ends the exchange with INTERNAL. */
export interface ExchangePort {
  /** While it is busy, only `cancelled` and `stopped` may come. */
  step(event: EnvoyEvent): readonly Effect[];
  /** The last event is more work than one step: `goOn` does the next slice of it. Default: it never is. */
  readonly isBusy?: boolean;
  goOn?(): readonly Effect[];
  /** Body bytes it keeps now. Default: 0. */
  heldBytes?(): number;
  /** Who calls, as far as it is known now. Default: nobody. */
  caller?(): StopSubject | undefined;
}

/**
 * Where an error came from: `step` and `record` are bugs of ours, `protocol` is a peer that does not speak ext_proc, `handshake` one that
 * does not speak TLS or whose certificate is not accepted.
 */
export type ErrorPlace = 'step' | 'record' | 'protocol' | 'watchdog' | 'session' | 'handshake';

export interface ProcessCallOptions {
  readonly exchange: ExchangePort;
  readonly onRecord: (record: ExchangeRecord) => void;
  readonly onError: (error: unknown, where: ErrorPlace) => void;
  /** Where work goes that is too much for one turn of the event loop; shared with the other calls of the process. */
  readonly turns: Turns;
  /** Answers an effect `consult`, once, at once or later; may be left unanswered when the call is over. */
  readonly advise: (question: Question, onAdvice: (advice: Advice) => void) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** After this time, in milliseconds, the call ends with DEADLINE_EXCEEDED; undefined: never. */
  readonly timeoutMs: number | undefined;
  /** How many bytes more (less, when negative) the call holds than it said before: unread and undecided ones, and answers not sent yet. */
  readonly onHeld: (bytes: number) => void;
  /** Called once, when the call holds nothing any more. */
  readonly onClosed: (call: ProcessCall) => void;
}

/** One open side stream. */
export interface ProcessCall {
  /** Ends the call with an error now; the exchange is told that it was cancelled. Nothing when it is already over. */
  abort(status: GrpcStatus): void;
  /** Ends the call when an answer has been due for longer than `limitMs`, and one that a denied or aborted peer has not left by then. */
  watch(nowMs: number, limitMs: number): void;
  /** Tells `onHeld` what has changed since the last message: answers leave at their own time. */
  recount(): void;
  /** Ends the exchange when one of these orders covers its caller; true when it did. */
  stop(stops: readonly Stop[]): boolean;
}

/** Serves `ExternalProcessor/Process` on one stream: bytes → events → exchange → effects → bytes. No promise, no timer unless asked. */
export function serveProcessCall(stream: Http2Stream, options: ProcessCallOptions): ProcessCall {
  const { now, onError, onRecord, onClosed, onHeld, timeoutMs, advise, turns } = options;
  let exchange: ExchangePort = options.exchange;
  const call = createGrpcCall(stream);
  const decoder = createEventDecoder();
  const due = createDueAnswers();
  const reader = createMessageReader({ onMessage: receiveMessage });
  let outgoing: Message[] = [];
  let observability = false;
  /** No further answer may leave: denied or aborted. */
  let silent = false;
  /** The exchange is over for us: recorded, or it threw. It is not stepped again. */
  let over = false;
  let recorded = false;
  let lastEventMs = now();
  let wakeMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let timerMs = 0;
  let heldBytes = 0;
  /** Decoders of compressed bodies, by direction. */
  const inflates = new Map<DecodeEffect['direction'], Inflate>();
  /** Decoders that are at work. */
  let decoding = 0;
  /** Questions that are not answered yet, and answers that wait for the effects in hand. */
  let consulting = 0;
  const atOnce: EnvoyEvent[] = [];
  /** The exchange has more to do with an event, or with those that came meanwhile. */
  let working = false;
  let later: EnvoyEvent[] = [];
  /** What is to be decoded when the peer has read what waits for it. */
  let postponed: DecodeEffect[] = [];
  /** Answers wait for a peer that does not read them. */
  let draining = false;
  /** The peer has half-closed while something was being decoded. */
  let ending = false;
  const deadline = timeoutMs === undefined || timeoutMs > TIMER_MS_MAX ? undefined : setTimeout(onDeadline, timeoutMs);

  function receiveMessage(message: Buffer): void {
    for (const event of decoder.decode(message, lastEventMs)) {
      if (event.kind === 'open') observability = event.observability;
      due.received(event);
      step(event);
    }
  }

  /** Events are taken in their order, each when the one before is worked off. What ends an exchange does not wait. */
  function step(event: EnvoyEvent): void {
    if (over) return;
    if (working && event.kind !== 'cancelled' && event.kind !== 'stopped') later.push(event);
    else act(event);
  }

  /** Undefined: the next slice of the event before. */
  function act(event: EnvoyEvent | undefined): void {
    try {
      for (const effect of event === undefined ? exchange.goOn!() : exchange.step(event)) apply(effect);
      while (atOnce.length > 0 && !over && exchange.isBusy !== true) for (const effect of exchange.step(atOnce.shift()!)) apply(effect);
    } catch (error) {
      stop();
      end({ code: GRPC_STATUS.internal, message: 'the exchange failed' });
      onError(error, 'step');
    }
    if (working || over || exchange.isBusy !== true) return;
    working = true;
    turns.take(slice);
  }

  /** The next slice of an event, or the next event of those that waited; false: that was all. */
  function slice(): boolean {
    if (over) return false;
    if (exchange.isBusy === true) act(undefined);
    else if (later.length > 0) act(later.shift());
    working = !over && (exchange.isBusy === true || later.length > 0);
    if (!working) lastEventMs = now();
    catchUp();
    return working;
  }

  function apply(effect: Effect): void {
    switch (effect.kind) {
      case 'answer-headers':
      case 'answer-body':
      case 'stream-body':
      case 'answer-trailers':
        answer(effect);
        return;
      case 'deny':
        answer(effect);
        silent = true;
        return;
      case 'abort':
        end({ code: effect.grpcStatus === GRPC_STATUS.ok ? GRPC_STATUS.internal : effect.grpcStatus, message: effect.message });
        return;
      case 'decode':
        decode(effect);
        return;
      case 'consult':
        consult(effect.question);
        return;
      case 'wake':
        setWake(effect.unixMs);
        return;
      case 'record':
        record(effect.record);
        return;
      default:
        unreachable(effect);
    }
  }

  function answer(effect: AnswerEffect): void {
    if (silent || observability) return;
    due.sent(effect);
    encodeEffect(effect, outgoing);
  }

  function record(value: ExchangeRecord): void {
    if (recorded) {
      onError(new Error('an exchange left a second record'), 'record');
      return;
    }
    recorded = true;
    stop();
    try {
      onRecord(value);
    } catch (error) {
      onError(error, 'record');
    }
  }

  /** The exchange is over: nothing more is decoded or told to it. */
  function stop(): void {
    over = true;
    for (const inflate of inflates.values()) inflate.close();
    inflates.clear();
    decoding = 0;
    consulting = 0;
    postponed = [];
    working = false;
    later = [];
    keepReading();
  }

  /** An answer that is there at once is taken when the effects in hand are done; nothing is read while another one is awaited. */
  function consult(question: Question): void {
    let isNow = true;
    consulting++;
    advise(question, (advice) => {
      if (over || stream.isClosed) return;
      consulting--;
      if (!isNow) lastEventMs = now();
      const event: EnvoyEvent = { kind: 'advised', advice, unixMs: lastEventMs };
      if (isNow) atOnce.push(event);
      else resume(event);
    });
    isNow = false;
  }

  function resume(event: EnvoyEvent): void {
    step(event);
    catchUp();
  }

  /** After something that the peer did not bring. */
  function catchUp(): void {
    flush();
    keepReading();
    if (ending && !isBusy() && !call.ended) end(closingStatus());
  }

  /** A decoder works as fast as the peer reads what comes of it. */
  function decode(effect: DecodeEffect): void {
    if (draining) {
      postponed.push(effect);
      return;
    }
    const { direction, codings, ratioMax } = effect;
    const inflate = inflates.get(direction) ?? createInflate({ codings, ratioMax });
    inflates.set(direction, inflate);
    decoding++;
    inflate.decode(effect, (decoded) => onDecoded(direction, decoded));
  }

  function onDecoded(direction: DecodeEffect['direction'], decoded: Decoded): void {
    decoding--;
    lastEventMs = now();
    resume({ kind: 'decoded', direction, ...decoded, unixMs: lastEventMs });
  }

  /** Something is being decoded, asked, or worked on. */
  const isBusy = (): boolean => working || decoding + postponed.length + consulting > 0;

  /** Nothing more is read while answers wait to be sent, or bytes to be decoded: what is held for the peer stays bounded. */
  function keepReading(): void {
    const pause = draining || isBusy();
    if (pause === stream.isPaused || stream.isClosed) return;
    if (pause) stream.pause();
    else stream.resume();
  }

  function flush(): void {
    if (outgoing.length > 0) send();
    recount();
  }

  function recount(): void {
    const waiting = later.length === 0 ? 0 : later.reduce((sum, event) => sum + ('bytes' in event ? event.bytes.length : 0), 0);
    countHeld((exchange.heldBytes?.() ?? 0) + waiting + reader.pendingBytes + stream.queuedBytes + stream.waitingBytes);
  }

  function send(): void {
    const messages = outgoing;
    outgoing = [];
    call.write(messages);
    if (stream.queuedBytes <= WRITE_BYTES_MAX || draining) return;
    draining = true;
  }

  function onDrain(): void {
    recount();
    if (!draining) return;
    draining = false;
    for (const effect of postponed.splice(0)) decode(effect);
    flush();
    keepReading();
  }

  function countHeld(bytes: number): void {
    if (bytes === heldBytes) return;
    onHeld(bytes - heldBytes);
    heldBytes = bytes;
  }

  /** Ends the call. In observability mode never with an error: Envoy would break an exchange that is only looked at. */
  function end(status: GrpcStatus): void {
    flush();
    silent = true;
    call.end(observability ? GRPC_OK : status);
  }

  function setWake(unixMs: number | undefined): void {
    wakeMs = unixMs;
    if (unixMs === undefined || (timer !== undefined && timerMs <= unixMs)) return;
    clearTimeout(timer);
    armTimer(unixMs, now());
  }

  function armTimer(unixMs: number, nowMs: number): void {
    timerMs = unixMs;
    timer = setTimeout(onTimer, Math.max(0, unixMs - nowMs));
  }

  /** A timer is left running when its moment moves on or goes away (most exchanges end first); it looks again here. */
  function onTimer(): void {
    timer = undefined;
    const nowMs = now();
    if (wakeMs === undefined || over) return;
    if (wakeMs > nowMs) {
      armTimer(wakeMs, nowMs);
      return;
    }
    wakeMs = undefined;
    step({ kind: 'tick', unixMs: nowMs });
    flush();
  }

  function onData(chunk: Buffer): void {
    if (call.ended) return;
    lastEventMs = now();
    try {
      reader.push(chunk);
    } catch (error) {
      refuse(error);
    }
    flush();
    keepReading();
  }

  function refuse(error: unknown): void {
    if (error instanceof FramingError) abort(error.status);
    else if (error instanceof ProtocolError) abort({ code: GRPC_STATUS.invalidArgument, message: error.message });
    else abort({ code: GRPC_STATUS.internal, message: 'the message could not be handled' });
    onError(error, 'protocol');
  }

  function abort(status: GrpcStatus): void {
    if (call.ended) return;
    end(status);
    step({ kind: 'cancelled', unixMs: now() });
  }

  function onDeadline(): void {
    abort({ code: GRPC_STATUS.deadlineExceeded, message: 'the time the caller gave is over' });
  }

  function onEnd(): void {
    if (call.ended) return;
    if (reader.pendingBytes > 0) {
      refuse(new ProtocolError('the last message is cut off'));
      return;
    }
    step({ kind: 'ended', unixMs: now() });
    flush();
    ending = true;
    if (!isBusy() && !call.ended) end(closingStatus());
  }

  function closingStatus(): GrpcStatus {
    if (!recorded) {
      stop();
      onError(new Error('an exchange left no record when its messages ended'), 'record');
      return { code: GRPC_STATUS.internal, message: 'the exchange did not finish' };
    }
    if (silent || due.isSettled()) return GRPC_OK;
    return { code: GRPC_STATUS.cancelled, message: 'closed before everything was answered' };
  }

  function onClose(): void {
    clearTimeout(timer);
    clearTimeout(deadline);
    timer = undefined;
    step({ kind: 'cancelled', unixMs: now() });
    countHeld(0);
    if (!over) onError(new Error('an exchange left no record when it was cancelled'), 'record');
    stop();
    exchange = CLOSED; // timers and decoders that are still about to come keep this closure, and nothing more
    onClosed(self);
  }

  const self: ProcessCall = {
    abort,
    recount,
    stop(stops) {
      const subject = over ? undefined : exchange.caller?.();
      const unixMs = now();
      const order = subject && stopFor(stops, subject, unixMs);
      if (order === undefined) return false;
      step({ kind: 'stopped', stop: order, unixMs });
      flush();
      return true;
    },
    watch(nowMs, limitMs) {
      // Decoding has a limit of its own, and goes on when the peer reads; work goes on by itself.
      if (nowMs - lastEventMs <= limitMs || working || decoding + postponed.length > 0) return;
      if (call.ended) {
        stream.reset(stream.localEnded ? ERROR_CODE.noError : ERROR_CODE.cancel);
      } else if (silent) {
        end(GRPC_OK);
      } else if (due.isDue()) {
        abort({ code: GRPC_STATUS.deadlineExceeded, message: 'an answer was due for too long' });
        onError(new Error(`an answer was due for more than ${limitMs} ms`), 'watchdog');
      }
    },
  };

  stream.handler = { onData, onWaiting: recount, onEnd, onDrain, onClose };
  return self;
}

type DecodeEffect = Extract<Effect, { readonly kind: 'decode' }>;

/** Answers waiting to be sent on one stream before its messages are no longer read, in bytes. */
const WRITE_BYTES_MAX = 1024 * 1024;

/** Longest time a timer of Node can have, in milliseconds (24 days). */
const TIMER_MS_MAX = 0x7fff_ffff;

const CLOSED: ExchangePort = { step: () => [] };
