import { randomInt } from 'node:crypto';
import type { ConversationState } from '../agents/conversation/conversation.ts';
import type { WordKey } from '../agents/conversation/word-hash.ts';
import { addClaims } from '../agents/identity/assemble.ts';
import { ANONYMOUS, type Identity } from '../agents/identity/identity.ts';
import type { KnownTools } from '../agents/integrity/known-tools.ts';
import { type Stop, stopFor } from '../agents/stops.ts';
import type { CallRefusal } from '../exchange/call-budgets.ts';
import type { Advice, ExchangeRecord, Question, Target } from '../exchange/events.ts';
import { provenCaller, type TokenCaller } from '../exchange/token-scope.ts';
import { type Soon, whenKnown } from '../lib/soon.ts';
import type { Finding } from '../policy/finding.ts';
import type { ConversationOwner, ConversationStore } from './conversation-store.ts';
import type { Identifier } from './identity.ts';
import type { TokenVault } from './token-vault.ts';
import type { ToolRegistry } from './tool-registry.ts';
import type { UsageStore } from './usage-store.ts';

/** Answers what exchanges ask about their callers, and remembers what they leave behind. One for a process. */
export interface AgentDesk {
  /** Answers once: at once when nothing has to be fetched. Never throws. */
  advise(question: Question, onAdvice: (advice: Advice) => void): void;
  /**
   * Takes a finished exchange into account. Gives on the record as it goes on: with what is found about its caller's behaviour, which is
   * seen and stops nothing, and without the arguments of its calls and what the conversation holds, which nobody else asks for. Once, and
   * at once when behaviour is watched in this process.
   */
  finished(record: ExchangeRecord, onKept: (kept: ExchangeRecord) => void): void;
}

/** What is known of callers over time. */
export interface CallerWatch {
  /** What speaks against one more exchange now; when nothing refuses it, it is counted at once. Never rejects. */
  admit(caller: { readonly agent: string; readonly subject: WatchedSubject }, nowMs: number): Soon<readonly Finding[]>;
  /** The same for one call of a tool by an agent. */
  admitCall(agent: string, tool: string, nowMs: number): CallRefusal | undefined;
  /** Never rejects. */
  observe(record: ExchangeRecord): Soon<readonly Finding[]>;
}

/** What conversations hold: `ConversationStore`, here or in another process. */
export interface Conversations extends Pick<ConversationStore, 'keep'> {
  /** Never rejects. */
  find(...asked: Parameters<ConversationStore['find']>): Soon<ConversationState | undefined>;
}

/** Of an exchange, what is known of it now and was not asked about before. */
export interface WatchedSubject {
  readonly agent?: string | undefined;
  /** Keyed hashes. */
  readonly person?: string | undefined;
  readonly session?: string | undefined;
  readonly target?: Target | undefined;
}

export interface AgentDeskOptions {
  readonly identifier: Identifier;
  readonly conversations: Conversations;
  /** Default: tokens live as long as their exchange. */
  readonly vault?: Pick<TokenVault, 'put' | 'get'> | undefined;
  /** The orders of the kill switch that stand. */
  readonly stops: () => readonly Stop[];
  /** The tools that are remembered; default: none is. */
  readonly tools?: Pick<ToolRegistry, 'known' | 'note'> | undefined;
  /** Where it is counted what agents use; default: nowhere. */
  readonly usage?: Pick<UsageStore, 'note'> | undefined;
  /** Default: nobody watches. */
  readonly watch?: CallerWatch | undefined;
  /** Under which words of conversations are hashed: one for all who share them. Default: one of this desk's own. */
  readonly wordKey?: WordKey | undefined;
  /** Keyed hash, hex, as claims have it. */
  readonly hash: (text: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function createAgentDesk(options: AgentDeskOptions): AgentDesk {
  const { identifier, conversations, vault, stops, usage, watch, wordKey = randomWordKey(), hash, now } = options;
  const tools = options.tools && toolsNow(options.tools);

  // Functions of their own: an exchange keeps them to its end, and with them all that stands around where they are made.
  const takeCallOf = (agent: string): Advice['takeCall'] => watch && ((tool) => watch.admitCall(agent, tool, now()));
  const keepOf =
    (owner: ConversationOwner, sessions: readonly string[]): Advice['keep'] =>
    (state) =>
      conversations.keep(owner, sessions, state, now());

  function adviceOf(question: Question, identity: Identity, tokens: Advice['tokens']): Soon<Advice> {
    const nowMs = now();
    const { target, agents } = question;
    const agent = agents.agentOf(identity).name;
    const stopNow = (): Stop | undefined => stopFor(stops(), { agent, identity }, now());
    const stop = stopNow();
    const subject = subjectOf(question, agent, identity);
    const sessions = sessionsOf(identity);
    const owner = sessions.length === 0 ? undefined : ownerOf({ agent, identity, credentialHash: target?.callerHash });
    const adviceWith = (known: Pick<Advice, 'stop' | 'conversation' | 'findings'>): Advice => ({
      about: question.about,
      identity,
      agent,
      conversation: known.conversation,
      wordKey,
      tools,
      stop: known.stop,
      findings: known.findings,
      takeCall: takeCallOf(agent),
      keep: owner && keepOf(owner, sessions),
      tokens,
    });
    const conversation = owner && conversations.find(owner, sessions, nowMs);
    // Who is stopped takes nothing out of any budget.
    const findings = stop === undefined && subject !== undefined ? (watch?.admit({ agent, subject }, nowMs) ?? []) : [];
    if (conversation instanceof Promise || findings instanceof Promise)
      // A stop that came meanwhile has not ended this exchange, whose caller nobody knew.
      return Promise.all([conversation, findings]).then(([known, found]) =>
        adviceWith({ stop: stopNow(), conversation: known, findings: found }),
      );
    return adviceWith({ stop, conversation, findings });
  }

  /** Keeps what the question brings, and looks up what it asks for. */
  function tokensOf({ tokens }: Question): ReturnType<TokenVault['get']> | undefined {
    if (tokens === undefined || vault === undefined) return undefined;
    const nowMs = now();
    const kept = vault.put(tokens.scope, tokens.minted, nowMs);
    const get = () => vault.get(tokens.scope, nowMs);
    if (kept instanceof Promise) return kept.then(() => (tokens.recalls ? get() : NO_TOKENS));
    return tokens.recalls ? get() : undefined;
  }

  return {
    advise(question, onAdvice) {
      const { agents, claims, identity } = question;
      const known = identity === undefined ? identifier.identify(claims, agents.identity) : addClaims(identity, claims);
      const values = tokensOf(question);
      const answer = (who: Identity, tokens: Advice['tokens']): void => whenKnown(adviceOf(question, who, tokens), onAdvice);
      if (!(known instanceof Promise) && !(values instanceof Promise)) return answer(known, values);
      const identified = Promise.resolve(known).catch(() => ANONYMOUS);
      const recalled = Promise.resolve(values).catch(() => undefined);
      void Promise.all([identified, recalled]).then(([found, tokens]) => answer(found, tokens));
    },
    finished(record, onKept) {
      const { caller, facts } = record;
      if (caller === undefined) return onKept(record);
      if (caller.tools.length > 0) options.tools?.note(caller.tools);
      usage?.note(caller.agent, caller.uses, record.endUnixMs);
      if (caller.conversation !== undefined) {
        const answered = facts.resumeId === undefined ? [] : [hash(facts.resumeId)];
        const owner = ownerOf({ agent: caller.agent, identity: caller.identity, credentialHash: record.callerHash });
        conversations.keep(owner, [...sessionsOf(caller.identity), ...answered], caller.conversation, record.endUnixMs);
      }
      const isPlain = caller.calls.length === 0 && caller.conversation === undefined;
      const kept = isPlain ? record : { ...record, caller: { ...caller, calls: [], conversation: undefined } };
      whenKnown(watch?.observe(record) ?? [], (found) => onKept(found.length === 0 ? kept : withFound(kept, found)));
    },
  };
}

function withFound(record: ExchangeRecord, found: readonly Finding[]): ExchangeRecord {
  return { ...record, findings: [...record.findings, ...found], verdict: record.verdict === 'allow' ? 'flag' : record.verdict };
}

/** Everything of a first question; of one after the body was read the person and the session that it named first; undefined: neither. */
function subjectOf({ about, identity: before, target }: Question, agent: string, now: Identity): WatchedSubject | undefined {
  const [person, session] = [now.persons[0]?.hash, now.sessions[0]?.id];
  if (about === 'caller') return { agent, person, session, target };
  const news = {
    ...(person !== before?.persons[0]?.hash && { person }),
    ...(session !== before?.sessions[0]?.id && { session }),
  };
  return Object.keys(news).length === 0 ? undefined : news;
}

/** As for tokens: by what is proven, else by the credential, which anybody can make up and which has no share of its own for that. */
function ownerOf(caller: TokenCaller): ConversationOwner {
  const proof = provenCaller(caller);
  return {
    name: JSON.stringify([caller.agent, proof ?? caller.credentialHash]),
    share: JSON.stringify([caller.agent, proof]),
  };
}

/** Asked anew each time: an exchange may last longer than what is known at its beginning. */
function toolsNow(tools: Pick<ToolRegistry, 'known'>): KnownTools {
  return {
    find: (source, name) => tools.known().find(source, name),
    shadowed: (source, name) => tools.known().shadowed(source, name),
  };
}

/** One that nobody else knows. */
export function randomWordKey(): WordKey {
  return { low: randomInt(WORD_KEY_END), high: randomInt(WORD_KEY_END) };
}

const WORD_KEY_END = 2 ** 32;

const NO_TOKENS: ReadonlyMap<string, string> = new Map();

const sessionsOf = ({ sessions }: Identity): readonly string[] => sessions.map(({ id }) => id);
