import { type Stop, stopFor } from '../agents/stops.ts';
import type { Effect, EnvoyEvent, ExchangeRecord, Question } from '../exchange/events.ts';
import { unreachable } from '../lib/assert.ts';
import { added, NONE_YET } from '../lib/growing-list.ts';
import type { Decoded } from '../services/inflate.ts';
import { CallDecoders, type DecodeEffect } from './call-decoders.ts';
import { type AnswerEffect, createEventDecoder, encodeEffect } from './codec.ts';
import { createDueAnswers } from './due.ts';
import { createGrpcCall, createMessageReader, FramingError, GRPC_OK, GRPC_STATUS, type GrpcStatus } from './grpc.ts';
import { ERROR_CODE } from './http2/frames.ts';
import type { Http2Stream, StreamHandler } from './http2/stream.ts';
import type { CallShell, ExchangePort, ProcessCall } from './process-call.ts';
import { ProtocolError } from './protobuf-reader.ts';
import type { Message } from './protobuf-writer.ts';
import { type Sleeper, WakeTimer } from './wake-timer.ts';

export interface ProcessCallOptions {
  readonly exchange: ExchangePort;
  /** After this time, in milliseconds, the call ends with DEADLINE_EXCEEDED; undefined: never. */
  readonly timeoutMs: number | undefined;
}

/** Serves `ExternalProcessor/Process` on one stream: bytes → events → exchange → effects → bytes. No promise, no timer unless asked. */
export function serveProcessCall(stream: Http2Stream, shell: CallShell, options: ProcessCallOptions): ProcessCall {
  const call = new StreamedCall(stream, shell, options);
  stream.handler = call;
  return call;
}

/** There is one for each exchange: its fields are all that it takes. */
class StreamedCall implements ProcessCall, StreamHandler, Sleeper {
  seat = -1;
  readonly #stream: Http2Stream;
  readonly #shell: CallShell;
  #exchange: ExchangePort;
  readonly #call;
  readonly #decoder = createEventDecoder();
  readonly #due = createDueAnswers();
  readonly #reader = createMessageReader(this);
  #outgoing: Message[] = [];
  #observability = false;
  /** No further answer may leave: denied or aborted. */
  #silent = false;
  /** The exchange is over for us: recorded, or it threw. It is not stepped again. */
  #over = false;
  #recorded = false;
  #lastEventMs: number;
  #heldBytes = 0;
  /** When the exchange wants to be woken. */
  #wakeMs: number | undefined;
  #wake: WakeTimer | undefined;
  #decoders: CallDecoders | undefined;
  /** Questions that are not answered yet, and answers that wait for the effects in hand. */
  #consulting = 0;
  #atOnce: EnvoyEvent[] = NONE_YET;
  /** The exchange has more to do with an event, or with those that came meanwhile. */
  #working = false;
  #later: EnvoyEvent[] = NONE_YET;
  /** Answers wait for a peer that does not read them. */
  #draining = false;
  /** The peer has half-closed while something was being decoded. */
  #ending = false;
  readonly #deadline: NodeJS.Timeout | undefined;

  constructor(stream: Http2Stream, shell: CallShell, { exchange, timeoutMs }: ProcessCallOptions) {
    this.#stream = stream;
    this.#shell = shell;
    this.#exchange = exchange;
    this.#call = createGrpcCall(stream);
    this.#lastEventMs = shell.now();
    if (timeoutMs !== undefined && timeoutMs <= TIMER_MS_MAX) this.#deadline = setTimeout(() => this.abort(DEADLINE_EXCEEDED), timeoutMs);
  }

  // ---- what the stream tells

  onData(chunk: Buffer): void {
    if (this.#call.ended) return;
    this.#lastEventMs = this.#shell.now();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#refuse(error);
    }
    this.#flush();
    this.#keepReading();
  }

  onWaiting(): void {
    this.recount();
  }

  onEnd(): void {
    if (this.#call.ended) return;
    if (this.#reader.pendingBytes > 0) {
      this.#refuse(new ProtocolError('the last message is cut off'));
      return;
    }
    this.#step({ kind: 'ended', unixMs: this.#shell.now() });
    this.#flush();
    this.#ending = true;
    this.#endWhenIdle();
  }

  onDrain(): void {
    this.recount();
    if (!this.#draining) return;
    this.#draining = false;
    this.#decoders?.goOn();
    this.#flush();
    this.#keepReading();
  }

  onClose(): void {
    const { now, onError, onClosed } = this.#shell;
    this.#wake?.close();
    clearTimeout(this.#deadline);
    this.#step({ kind: 'cancelled', unixMs: now() });
    this.#countHeld(0);
    if (!this.#over) onError(new Error('an exchange left no record when it was cancelled'), 'record');
    this.#leave();
    this.#exchange = CLOSED; // decoders that are still about to come keep this call, and nothing more
    onClosed(this);
  }

  // ---- messages, and what comes of them

  onMessage(message: Buffer): void {
    for (const event of this.#decoder.decode(message, this.#lastEventMs)) {
      if (event.kind === 'open') this.#observability = event.observability;
      this.#due.received(event);
      this.#step(event);
    }
  }

  /** Events are taken in their order, each when the one before is worked off. What ends an exchange does not wait. */
  #step(event: EnvoyEvent): void {
    if (this.#over) return;
    if (event.kind !== 'cancelled' && event.kind !== 'stopped' && (this.#working || this.#isTooMuch(event))) this.#postpone(event);
    else this.#act(event);
  }

  /** One turn of the loop may bring the bodies of many calls, each so small that it is judged at once. */
  #isTooMuch(event: EnvoyEvent): boolean {
    return 'bytes' in event && this.#shell.turns.isSpent(event.bytes.length);
  }

  #postpone(event: EnvoyEvent): void {
    this.#later = added(this.#later, event);
    this.#beginWork();
  }

  #beginWork(): void {
    if (this.#working) return;
    this.#working = true;
    this.#shell.turns.take(() => this.#slice());
  }

  /** Undefined: the next slice of the event before. */
  #act(event: EnvoyEvent | undefined): void {
    const exchange = this.#exchange;
    try {
      this.#apply(event === undefined ? exchange.goOn!() : exchange.step(event));
      while (this.#atOnce.length > 0 && !this.#over && exchange.isBusy !== true) this.#apply(exchange.step(this.#takeAtOnce()));
    } catch (error) {
      this.#leave();
      this.#end({ code: GRPC_STATUS.internal, message: 'the exchange failed' });
      this.#shell.onError(error, 'step');
    }
    if (!this.#over && exchange.isBusy === true) this.#beginWork();
  }

  /** The next slice of an event, or the next event of those that waited; false: that was all. */
  #slice(): boolean {
    if (this.#over) return false;
    if (this.#exchange.isBusy === true) this.#act(undefined);
    else if (this.#later.length > 0) this.#act(this.#takeLater());
    this.#working = !this.#over && (this.#exchange.isBusy === true || this.#later.length > 0);
    if (!this.#working) this.#lastEventMs = this.#shell.now();
    this.#catchUp();
    return this.#working;
  }

  /** The first of those that wait; the list of an idle call has no room that it does not need. */
  #takeLater(): EnvoyEvent {
    const event = this.#later.shift()!;
    if (this.#later.length === 0) this.#later = NONE_YET;
    return event;
  }

  #takeAtOnce(): EnvoyEvent {
    const event = this.#atOnce.shift()!;
    if (this.#atOnce.length === 0) this.#atOnce = NONE_YET;
    return event;
  }

  #apply(effects: readonly Effect[]): void {
    for (const effect of effects) this.#applyOne(effect);
  }

  #applyOne(effect: Effect): void {
    switch (effect.kind) {
      case 'answer-headers':
      case 'answer-body':
      case 'stream-body':
      case 'answer-trailers':
        this.#answer(effect);
        return;
      case 'deny':
        this.#answer(effect);
        this.#silent = true;
        return;
      case 'abort':
        this.#end({ code: effect.grpcStatus === GRPC_STATUS.ok ? GRPC_STATUS.internal : effect.grpcStatus, message: effect.message });
        return;
      case 'decode':
        this.#decode(effect);
        return;
      case 'consult':
        this.#consult(effect.question);
        return;
      case 'wake':
        this.#wakeMs = effect.unixMs;
        return;
      case 'record':
        this.#record(effect.record);
        return;
      default:
        unreachable(effect);
    }
  }

  #answer(effect: AnswerEffect): void {
    if (this.#silent || this.#observability) return;
    this.#due.sent(effect);
    encodeEffect(effect, this.#outgoing);
  }

  #record(value: ExchangeRecord): void {
    const { onRecord, onError } = this.#shell;
    if (this.#recorded) {
      onError(new Error('an exchange left a second record'), 'record');
      return;
    }
    this.#recorded = true;
    this.#leave();
    try {
      onRecord(value);
    } catch (error) {
      onError(error, 'record');
    }
  }

  /** The exchange is over: nothing more is decoded or told to it. */
  #leave(): void {
    this.#over = true;
    this.#wakeMs = undefined;
    this.#wake?.set(undefined);
    this.#decoders?.close();
    this.#consulting = 0;
    this.#working = false;
    this.#later = NONE_YET;
    this.#keepReading();
  }

  // ---- what an exchange asks of others

  /** An answer that is there at once is taken when the effects in hand are done; nothing is read while another one is awaited. */
  #consult(question: Question): void {
    const { advise, now } = this.#shell;
    let isNow = true;
    this.#consulting++;
    advise(question, (advice) => {
      if (this.#over || this.#stream.isClosed) return;
      this.#consulting--;
      if (!isNow) this.#lastEventMs = now();
      const event: EnvoyEvent = { kind: 'advised', advice, unixMs: this.#lastEventMs };
      if (isNow) this.#atOnce = added(this.#atOnce, event);
      else this.#resume(event);
    });
    isNow = false;
  }

  #decode(effect: DecodeEffect): void {
    this.#decoders ??= new CallDecoders((direction, decoded) => this.#onDecoded(direction, decoded));
    if (this.#draining) this.#decoders.postpone(effect);
    else this.#decoders.decode(effect);
  }

  #onDecoded(direction: DecodeEffect['direction'], decoded: Decoded): void {
    this.#lastEventMs = this.#shell.now();
    this.#resume({ kind: 'decoded', direction, ...decoded, unixMs: this.#lastEventMs });
  }

  /** No timer for what the next message of the same piece makes needless: most answers that are no streams come whole. */
  #armWake(): void {
    if (this.#wakeMs !== undefined) this.#wake ??= new WakeTimer(this);
    this.#wake?.set(this.#wakeMs);
  }

  now(): number {
    return this.#shell.now();
  }

  onWake(nowMs: number): void {
    this.#wakeMs = undefined;
    this.#step({ kind: 'tick', unixMs: nowMs });
    this.#flush();
  }

  #resume(event: EnvoyEvent): void {
    this.#step(event);
    this.#catchUp();
  }

  /** After something that the peer did not bring. */
  #catchUp(): void {
    this.#flush();
    this.#keepReading();
    if (this.#ending) this.#endWhenIdle();
  }

  /** Something is being decoded, asked, or worked on. */
  #isBusy(): boolean {
    return this.#working || this.#consulting > 0 || this.#isDecoding();
  }

  #isDecoding(): boolean {
    return this.#decoders !== undefined && this.#decoders.pending > 0;
  }

  // ---- bytes in and out

  /** Nothing more is read while answers wait to be sent, or bytes to be decoded: what is held for the peer stays bounded. */
  #keepReading(): void {
    const stream = this.#stream;
    const pause = this.#draining || this.#isBusy();
    if (pause === stream.isPaused || stream.isClosed) return;
    if (pause) stream.pause();
    else stream.resume();
  }

  #flush(): void {
    if (this.#outgoing.length > 0) this.#send();
    this.#armWake();
    this.recount();
  }

  #send(): void {
    const messages = this.#outgoing;
    this.#outgoing = [];
    this.#call.write(messages);
    if (this.#stream.queuedBytes > WRITE_BYTES_MAX) this.#draining = true;
  }

  recount(): void {
    const stream = this.#stream;
    const unread = this.#reader.pendingBytes + stream.waitingBytes + bytesOf(this.#later);
    this.#countHeld((this.#exchange.heldBytes?.() ?? 0) + unread + stream.queuedBytes);
  }

  #countHeld(bytes: number): void {
    if (bytes === this.#heldBytes) return;
    this.#shell.onHeld(bytes - this.#heldBytes);
    this.#heldBytes = bytes;
  }

  // ---- the end

  /** Ends the call. In observability mode never with an error: Envoy would break an exchange that is only looked at. */
  #end(status: GrpcStatus): void {
    this.#flush();
    this.#silent = true;
    this.#call.end(this.#observability ? GRPC_OK : status);
  }

  #refuse(error: unknown): void {
    if (error instanceof FramingError) this.abort(error.status);
    else if (error instanceof ProtocolError) this.abort({ code: GRPC_STATUS.invalidArgument, message: error.message });
    else this.abort({ code: GRPC_STATUS.internal, message: 'the message could not be handled' });
    this.#shell.onError(error, 'protocol');
  }

  abort(status: GrpcStatus): void {
    if (this.#call.ended) return;
    this.#end(status);
    this.#step({ kind: 'cancelled', unixMs: this.#shell.now() });
  }

  stop(stops: readonly Stop[]): boolean {
    const subject = this.#over ? undefined : this.#exchange.caller?.();
    const unixMs = this.#shell.now();
    const order = subject && stopFor(stops, subject, unixMs);
    if (order === undefined) return false;
    this.#step({ kind: 'stopped', stop: order, unixMs });
    this.#flush();
    return true;
  }

  watch(nowMs: number, limitMs: number): void {
    // Decoding has a limit of its own, and goes on when the peer reads; work goes on by itself.
    if (nowMs - this.#lastEventMs <= limitMs || this.#working || this.#isDecoding()) return;
    if (this.#call.ended) {
      this.#stream.reset(this.#stream.localEnded ? ERROR_CODE.noError : ERROR_CODE.cancel);
    } else if (this.#silent) {
      this.#end(GRPC_OK);
    } else if (this.#due.isDue()) {
      this.abort({ code: GRPC_STATUS.deadlineExceeded, message: 'an answer was due for too long' });
      this.#shell.onError(new Error(`an answer was due for more than ${limitMs} ms`), 'watchdog');
    }
  }

  #endWhenIdle(): void {
    if (!this.#isBusy() && !this.#call.ended) this.#end(this.#closingStatus());
  }

  #closingStatus(): GrpcStatus {
    if (!this.#recorded) {
      this.#leave();
      this.#shell.onError(new Error('an exchange left no record when its messages ended'), 'record');
      return { code: GRPC_STATUS.internal, message: 'the exchange did not finish' };
    }
    if (this.#silent || this.#due.isSettled()) return GRPC_OK;
    return { code: GRPC_STATUS.cancelled, message: 'closed before everything was answered' };
  }
}

/** Of the bodies that these events bring. */
function bytesOf(events: readonly EnvoyEvent[]): number {
  let bytes = 0;
  for (const event of events) if ('bytes' in event) bytes += event.bytes.length;
  return bytes;
}

const DEADLINE_EXCEEDED: GrpcStatus = { code: GRPC_STATUS.deadlineExceeded, message: 'the time the caller gave is over' };

/** Answers waiting to be sent on one stream before its messages are no longer read, in bytes. */
const WRITE_BYTES_MAX = 1024 * 1024;

/** Longest time a timer of Node can have, in milliseconds (24 days). */
const TIMER_MS_MAX = 0x7fff_ffff;

const CLOSED: ExchangePort = { step: () => [] };
