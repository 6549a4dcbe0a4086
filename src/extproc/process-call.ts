import type { Stop, StopSubject } from '../agents/stops.ts';
import type { Advice, Effect, EnvoyEvent, ExchangeRecord, Question } from '../exchange/events.ts';
import type { GrpcStatus } from './grpc.ts';
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

/** What the calls of a server share. */
export interface CallShell {
  readonly onRecord: (record: ExchangeRecord) => void;
  readonly onError: (error: unknown, where: ErrorPlace) => void;
  /** Where work goes that is too much for one turn of the event loop; shared with the other calls of the process. */
  readonly turns: Turns;
  /** Answers an effect `consult`, once, at once or later; may be left unanswered when the call is over. */
  readonly advise: (question: Question, onAdvice: (advice: Advice) => void) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How many bytes more (less, when negative) a call holds than it said before: unread and undecided ones, and answers not sent yet. */
  readonly onHeld: (bytes: number) => void;
  /** Called once for each call, when it holds nothing any more. */
  readonly onClosed: (call: ProcessCall) => void;
}

/** One open side stream. */
export interface ProcessCall {
  /** Its place among the calls of its server, who gives it. */
  seat: number;
  /** Ends the call with an error now; the exchange is told that it was cancelled. Nothing when it is already over. */
  abort(status: GrpcStatus): void;
  /** Ends the call when an answer has been due for longer than `limitMs`, and one that a denied or aborted peer has not left by then. */
  watch(nowMs: number, limitMs: number): void;
  /** Tells `onHeld` what has changed since the last message: answers leave at their own time. */
  recount(): void;
  /** Ends the exchange when one of these orders covers its caller; true when it did. */
  stop(stops: readonly Stop[]): boolean;
}
