import { addClaims } from '../agents/identity/assemble.ts';
import { ANONYMOUS, type Identity } from '../agents/identity/identity.ts';
import type { AgentPolicy } from '../agents/permissions/agent-policy.ts';
import { type Stop, stopFor } from '../agents/stops.ts';
import type { Advice, ExchangeRecord, Question } from '../exchange/events.ts';
import type { Finding } from '../policy/finding.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { Identifier } from './identity.ts';
import type { ToolRegistry } from './tool-registry.ts';
import type { UsageStore } from './usage-store.ts';

/** Answers what exchanges ask about their callers, and remembers what they leave behind. One for a process. */
export interface AgentDesk {
  /** Answers once: at once when nothing has to be fetched. Never throws. */
  advise(question: Question, onAdvice: (advice: Advice) => void): void;
  /** Takes a finished exchange into account; what is found about its caller's behaviour by it. */
  finished(record: ExchangeRecord): readonly Finding[];
}

/** What is known of callers over time. */
export interface CallerWatch {
  /** What speaks against one more exchange now. */
  check(caller: { readonly agent: string; readonly identity: Identity }, nowMs: number): readonly Finding[];
  observe(record: ExchangeRecord): readonly Finding[];
}

export interface AgentDeskOptions {
  readonly identifier: Identifier;
  readonly conversations: ConversationStore;
  /** The orders of the kill switch that stand. */
  readonly stops: () => readonly Stop[];
  /** The tools that are remembered; default: none is. */
  readonly tools?: Pick<ToolRegistry, 'known' | 'note'> | undefined;
  /** Where it is counted what agents use; default: nowhere. */
  readonly usage?: Pick<UsageStore, 'note'> | undefined;
  /** Default: nobody watches. */
  readonly watch?: CallerWatch | undefined;
  /** Keyed hash, hex, as claims have it. */
  readonly hash: (text: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function createAgentDesk({ identifier, conversations, stops, tools, usage, watch, hash, now }: AgentDeskOptions): AgentDesk {
  function adviceOf(question: Question, agents: AgentPolicy, identity: Identity): Advice {
    const nowMs = now();
    const agent = agents.agentOf(identity).name;
    const isFirst = question.about === 'caller';
    return {
      about: question.about,
      identity,
      agent,
      conversation: conversations.find(agent, sessionsOf(identity), nowMs),
      tools: tools?.known(),
      stop: stopFor(stops(), { agent, identity }, nowMs),
      findings: isFirst ? (watch?.check({ agent, identity }, nowMs) ?? []) : [],
    };
  }

  return {
    advise(question, onAdvice) {
      const { agents, claims, identity } = question;
      const known = identity === undefined ? identifier.identify(claims, agents.identity) : addClaims(identity, claims);
      if (!(known instanceof Promise)) return onAdvice(adviceOf(question, agents, known));
      known.then(
        (found) => onAdvice(adviceOf(question, agents, found)),
        () => onAdvice(adviceOf(question, agents, ANONYMOUS)),
      );
    },
    finished(record) {
      const { caller, facts } = record;
      if (caller === undefined) return [];
      tools?.note(caller.tools);
      usage?.note(caller.agent, caller.uses, record.endUnixMs);
      if (caller.conversation !== undefined) {
        const answered = facts.responseId === undefined ? [] : [hash(facts.responseId)];
        conversations.keep(caller.agent, [...sessionsOf(caller.identity), ...answered], caller.conversation, record.endUnixMs);
      }
      return watch?.observe(record) ?? [];
    },
  };
}

const sessionsOf = ({ sessions }: Identity): readonly string[] => sessions.map(({ id }) => id);
