import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { SharedCounters } from '../agents/behaviour/shared-counters.ts';
import type { WordKey } from '../agents/conversation/word-hash.ts';
import type { Stop } from '../agents/stops.ts';
import type { Conversations } from '../services/agent-desk.ts';
import { createConversationStore } from '../services/conversation-store.ts';
import { createTokenVault, type TokenVault } from '../services/token-vault.ts';
import { type BehaviourBook, createBehaviourBook } from './behaviour-book.ts';

/** What is known of callers between exchanges and stands in no file: in this process, or in the one that its workers have in common. */
export interface CallerState {
  readonly conversations: Conversations;
  readonly vault: Pick<TokenVault, 'put' | 'get'>;
  readonly book: BehaviourBook;
  /** Under which words of conversations are hashed. Default: one of the process's own. */
  readonly wordKey?: WordKey | undefined;
}

export interface CallerStateOptions {
  readonly policy: BehaviourPolicy;
  /** The installation's. */
  readonly key: Uint8Array;
  /** Where budgets are counted. Default: here. */
  readonly counters: SharedCounters | undefined;
  /** A finding whose policy says `stop`. */
  readonly onStop: (stop: Stop) => void;
}

/** All of it in this process. */
export function createCallerState(options: CallerStateOptions) {
  return {
    conversations: createConversationStore(),
    vault: createTokenVault(),
    book: createBehaviourBook(options),
  } as const satisfies CallerState;
}

/** Of `createCallerState`: everything answers at once. */
export type LocalCallerState = ReturnType<typeof createCallerState>;
