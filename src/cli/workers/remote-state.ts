import type { Budgets } from '../../agents/behaviour/budget.ts';
import type { BehaviourPolicy } from '../../agents/behaviour/settings.ts';
import type { SharedCounters } from '../../agents/behaviour/shared-counters.ts';
import type { WordKey } from '../../agents/conversation/word-hash.ts';
import type { Stop } from '../../agents/stops.ts';
import { mapSoon } from '../../lib/soon.ts';
import type { Conversations } from '../../services/agent-desk.ts';
import { compactConversation, expandConversation } from '../../services/conversation-store.ts';
import type { TokenVault } from '../../services/token-vault.ts';
import { type BehaviourBook, createBehaviourBook } from '../behaviour-book.ts';
import type { CallerState } from '../caller-state.ts';
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
  /** A budget of a tool whose policy says `stop`. */
  readonly onStop: (stop: Stop) => void;
}

/** What is known of callers between exchanges, kept by the supervisor for all of its workers. */
export function createRemoteState(options: RemoteStateOptions): CallerState {
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
function remoteBook({ channel, policy, key, counters, onStop }: RemoteStateOptions): BehaviourBook {
  const alone = createBehaviourBook({ policy, key, capacity: BUDGETS_ONLY, onStop });
  const ofCalls = createBehaviourBook({ policy, key, counters, capacity: BUDGETS_ONLY, onStop });
  let mayRefuse = refuses(policy);
  return {
    // Where nothing can refuse an exchange none has to wait for an answer.
    admit: (request) => (mayRefuse ? channel.ask('admit', request, alone.admit(request)) : []),
    admitCall: ofCalls.admitCall,
    // What it shows may refuse the next exchange.
    observe: (event) => channel.ask('observe', event, NOTHING.observe, mayRefuse ? 'soon' : 'later'),
    configure(next) {
      // What was refused under an earlier policy stays so until its time is over.
      mayRefuse ||= refuses(next);
      alone.configure(next);
      ofCalls.configure(next);
    },
  };
}

/** What is learned of agents is learned elsewhere. */
const BUDGETS_ONLY = { agents: 1, pairs: 1, places: 1, sessions: 1, usualCalls: 1, credentials: 1 } as const;

/** Whether an exchange may be refused for what its caller did before: a budget beside those of a turn, or a finding that denies. */
function refuses({ agents, budgets, rules }: BehaviourPolicy): boolean {
  const spends = (one: Budgets | undefined): boolean => one !== undefined && Object.keys(one).some((name) => name !== 'toolCallsPerTurn');
  if (rules.budget.action !== 'off' && [...agents.values(), budgets.agent, budgets.person, budgets.endpoint].some(spends)) return true;
  return Object.entries(rules).some(([name, { action }]) => name !== 'budget' && action === 'deny');
}
