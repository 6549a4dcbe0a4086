import type { BudgetSubject, Budgets } from '../../agents/behaviour/budget.ts';
import { UNKNOWN_AGENT } from '../../agents/behaviour/clean-event.ts';
import type { BehaviourEvent } from '../../agents/behaviour/event.ts';
import type { BehaviourPolicy } from '../../agents/behaviour/settings.ts';
import type { SharedCounters } from '../../agents/behaviour/shared-counters.ts';
import type { WordKey } from '../../agents/conversation/word-hash.ts';
import type { Stop } from '../../agents/stops.ts';
import { mapSoon } from '../../lib/soon.ts';
import type { Conversations } from '../../services/agent-desk.ts';
import { compactConversation, expandConversation } from '../../services/conversation-store.ts';
import type { TokenVault } from '../../services/token-vault.ts';
import { AMPLE, type BehaviourBook, createBehaviourBook } from '../behaviour-book.ts';
import type { CallerState } from '../caller-state.ts';
import { createAmpleRoom } from './ample-room.ts';
import { NOTHING } from './messages.ts';
import type { StateChannel } from './state-channel.ts';

export interface RemoteStateOptions {
  readonly channel: StateChannel;
  readonly policy: BehaviourPolicy;
  /** The installation's. */
  readonly key: Uint8Array;
  /** For calls of tools, which are judged within an exchange and cannot wait. */
  readonly counters: SharedCounters;
  readonly wordKey: WordKey;
  /** Workers of this filter. */
  readonly workers: number;
  /** A budget of a tool whose policy says `stop`. */
  readonly onStop: (stop: Stop) => void;
}

export interface RemoteState extends CallerState {
  readonly book: BehaviourBook & {
    /** Tells what is not told yet. */
    close(): void;
  };
}

/** What is known of callers between exchanges, kept by the supervisor for all of its workers. */
export function createRemoteState(options: RemoteStateOptions): RemoteState {
  const { channel, wordKey } = options;
  return { conversations: remoteConversations(channel), vault: remoteVault(channel), book: remoteBook(options), wordKey };
}

function remoteConversations(channel: StateChannel): Conversations {
  return {
    find(owner, sessions, nowMs) {
      if (sessions.length === 0) return undefined;
      return mapSoon(channel.ask('findConversation', { owner, sessions, nowMs }, undefined), (found) => found && expandConversation(found));
    },
    keep(owner, sessions, state, nowMs) {
      if (sessions.length === 0) return;
      void channel.ask('keepConversation', { owner, sessions, state: compactConversation(state), nowMs }, undefined);
    },
  };
}

function remoteVault(channel: StateChannel): Pick<TokenVault, 'put' | 'get'> {
  return {
    put(scope, values, nowMs) {
      // Nobody waits for it: questions of one worker are answered in their order.
      if (values.size > 0) void channel.ask('keepTokens', { scope, values, nowMs }, undefined);
    },
    get: (scope, nowMs) => channel.ask('recallTokens', { scope, nowMs }, NOTHING.recallTokens),
  };
}

/**
 * Budgets are counted here too, for a supervisor that does not answer: then this worker lets through what the budgets would let through if
 * it were the only one.
 */
function remoteBook({ channel, policy, key, counters, workers, onStop }: RemoteStateOptions): RemoteState['book'] {
  const alone = createBehaviourBook({ policy, key, capacity: BUDGETS_ONLY, onStop });
  const ofCalls = createBehaviourBook({ policy, key, counters, capacity: BUDGETS_ONLY, onStop });
  const room = createAmpleRoom({
    workers,
    tell(request, requests) {
      alone.admitted(request, requests);
      return channel.ask('admitted', { ...request, requests }, NOTHING.admitted);
    },
  });
  let mayDeny = denies(policy);
  let counted = countedBy(policy);
  /** What it shows may refuse the next exchange. */
  const isUrgent = (subject: BudgetSubject): boolean => mayDeny || (counted.counts(subject) && !room.has(counted.only(subject)));
  return {
    admit(request) {
      // Where nothing can refuse an exchange it does not wait for an answer.
      if (!mayDeny && (!counted.counts(request.subject) || room.takes(request))) return [];
      return channel.ask('admit', request, alone.admit(request)).then((said) => {
        room.learn(request, said);
        return said === AMPLE ? [] : said;
      });
    },
    admitCall: ofCalls.admitCall,
    observe: (event) => channel.ask('observe', event, NOTHING.observe, isUrgent(subjectOf(event)) ? 'soon' : 'later'),
    configure(next) {
      // Who was denied under an earlier policy stays so until the time is over.
      mayDeny ||= denies(next);
      counted = countedBy(next);
      room.clear();
      alone.configure(next);
      ofCalls.configure(next);
    },
    close: room.clear,
  };
}

/** What is learned of agents is learned elsewhere. */
const BUDGETS_ONLY = { agents: 1, pairs: 1, places: 1, sessions: 1, usualCalls: 1, credentials: 1 } as const;

/** Whether a finding may refuse later exchanges of those whom it is about. */
function denies({ rules }: BehaviourPolicy): boolean {
  return Object.entries(rules).some(([name, { action }]) => name !== 'budget' && action === 'deny');
}

/** Whom the budgets of a policy, also while they are off, are counted for when an exchange is let through. */
interface Counted {
  counts(subject: BudgetSubject): boolean;
  /** The subject as it is named when it asks to be let through. */
  only(subject: BudgetSubject): BudgetSubject;
}

function countedBy({ agents, budgets }: BehaviourPolicy): Counted {
  const ofAgents = new Set([...agents].filter(([, own]) => spends(own)).map(([name]) => name));
  const ofAll = SUBJECTS.filter((kind) => spends(budgets[kind]));
  return {
    counts: (subject) => ofAll.some((kind) => subject[kind] !== undefined) || (subject.agent !== undefined && ofAgents.has(subject.agent)),
    only: ({ agent, person, endpoint }) => ({ agent, person, endpoint: budgets.endpoint === undefined ? undefined : endpoint }),
  };
}

/** Those who are counted when an exchange is let through. */
const SUBJECTS = ['agent', 'person', 'endpoint'] as const satisfies readonly (keyof BudgetSubject)[];

/** Beside what is counted for each turn. */
function spends(budgets: Budgets | undefined): boolean {
  return budgets !== undefined && Object.keys(budgets).some((name) => name !== 'toolCallsPerTurn');
}

function subjectOf({ agent = UNKNOWN_AGENT, person, endpoint }: BehaviourEvent): BudgetSubject {
  return { agent, person, endpoint };
}
