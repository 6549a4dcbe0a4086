import type { BehaviourEvent } from '../../agents/behaviour/event.ts';
import type { BehaviourFinding } from '../../agents/behaviour/finding.ts';
import type { WordKey } from '../../agents/conversation/word-hash.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import type { CompactConversation, ConversationOwner } from '../../services/conversation-store.ts';
import type { CounterRow } from '../../services/merged-counters.ts';
import type { ListenAddress } from '../address.ts';
import type { FilterStatus } from '../admin.ts';
import type { AdmissionRequest, Admitted } from '../behaviour-book.ts';
import type { CounterSnapshot } from '../counters.ts';
import type { RecordFlags } from '../record.ts';
import type { Settings } from '../settings.ts';
import type { PackedAnswers, PackedAsks } from './packed.ts';

/** What workers ask their supervisor, which keeps what they have in common, and what they get. Plain data; on its way `packed.ts`. */
export interface StateCalls {
  /** `LocalBehaviourBook.admitFor`. */
  readonly admit: { readonly ask: AdmissionRequest; readonly answer: Admitted };
  /** `LocalBehaviourBook.admitted`. */
  readonly admitted: { readonly ask: AdmissionRequest & { readonly requests: number }; readonly answer: Admitted };
  /** `BehaviourBook.observe`. */
  readonly observe: { readonly ask: BehaviourEvent; readonly answer: readonly BehaviourFinding[] };
  /** `Conversations.find`. */
  readonly findConversation: {
    readonly ask: { readonly owner: ConversationOwner; readonly sessions: readonly string[]; readonly nowMs: number };
    readonly answer: CompactConversation | undefined;
  };
  /** `Conversations.keep`. */
  readonly keepConversation: {
    readonly ask: StateCalls['findConversation']['ask'] & { readonly state: CompactConversation };
    readonly answer: undefined;
  };
  /** `TokenVault.get`. */
  readonly recallTokens: { readonly ask: { readonly scope: string; readonly nowMs: number }; readonly answer: ReadonlyMap<string, string> };
  /** `TokenVault.put`. */
  readonly keepTokens: {
    readonly ask: { readonly scope: string; readonly values: ReadonlyMap<string, string>; readonly nowMs: number };
    readonly answer: undefined;
  };
  /** Counts of a worker in; in each row the sum of what the others have counted out. */
  readonly count: { readonly ask: readonly CounterRow[]; readonly answer: readonly number[] };
}

export type StateCall = keyof StateCalls;

/** One question. */
export type Ask = {
  readonly [Call in StateCall]: { readonly id: number; readonly call: Call; readonly body: StateCalls[Call]['ask'] };
}[StateCall];

/** The answer to the question of this id. Each question gets one, unless the supervisor failed at it. */
export interface Answer {
  readonly id: number;
  /** Undefined: `NOTHING` of its call. */
  readonly value: StateCalls[StateCall]['answer'];
}

/** Where nothing is known and nothing is found. */
export const NOTHING = {
  admit: [],
  admitted: [],
  observe: [],
  findConversation: undefined,
  keepConversation: undefined,
  recallTokens: new Map(),
  keepTokens: undefined,
  count: [],
} as const satisfies { readonly [Call in StateCall]: StateCalls[Call]['answer'] };

/** What a worker says about itself. */
export interface WorkerReport {
  readonly counters: CounterSnapshot;
  readonly status: FilterStatus;
}

export interface WorkerStart {
  readonly kind: 'start';
  readonly settings: Settings;
  readonly recording: RecordFlags;
  readonly listen: ListenAddress;
  /** Under which all workers hash the words of conversations. */
  readonly wordKey: WordKey;
}

/** From the supervisor. `reload`: policy and certificate; `stops`: the list has changed; `report`: how are you? */
export type ToWorker =
  | WorkerStart
  | { readonly kind: 'answers'; readonly answers: PackedAnswers }
  | { readonly kind: 'reload' }
  | { readonly kind: 'stops' }
  | { readonly kind: 'report' };

/** From a worker. `refused`: it cannot start, and why; it ends by itself. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly listen: ListenAddress; readonly report: WorkerReport }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly next: string }
  | { readonly kind: 'asks'; readonly asks: PackedAsks }
  | { readonly kind: 'report'; readonly report: WorkerReport };
