import { type ConversationState, mergeConversations, turnAfter } from '../agents/conversation/conversation.ts';
import type { Values } from '../agents/conversation/values.ts';
import { FIXED } from '../lib/limits.ts';

/** Whose conversations they are. */
export interface ConversationOwner {
  /** Tells callers apart: what one of them said counts for no other, though they name the same session. */
  readonly name: string;
  /** With whom it shares what memory there is: what callers choose themselves makes no share of its own. */
  readonly share: string;
}

/**
 * What conversations hold, by owner and session, so that a client that leaves turns out (a response id instead of the history, a summary
 * instead of the turns) is still known. In this process only. Bounded: of the share that has most the least recently used
 * conversation is forgotten first, so that nobody who opens many pushes out those of others.
 */
export interface ConversationStore {
  /** What is known under any of these sessions of an owner, together. */
  find(owner: ConversationOwner, sessions: readonly string[], nowMs: number): ConversationState | undefined;
  /** Adds to what is known, under each of the sessions. */
  keep(owner: ConversationOwner, sessions: readonly string[], state: ConversationState, nowMs: number): void;
  readonly stats: { readonly held: number; readonly forgotten: number; readonly bytes: number };
}

interface Kept {
  readonly state: CompactConversation;
  readonly share: string;
  readonly bytes: number;
  readonly seenMs: number;
}

export interface ConversationStoreOptions {
  /** Bytes of everything that is kept. Default `FIXED.conversationBytes`. */
  readonly bytesMax?: number;
  /** How long a conversation is remembered after it was last seen, in milliseconds. Default `FIXED.conversationMs`. */
  readonly forgetMs?: number;
}

export function createConversationStore({
  bytesMax = FIXED.conversationBytes,
  forgetMs = FIXED.conversationMs,
}: ConversationStoreOptions = {}): ConversationStore {
  const kept = new Map<string, Kept>();
  /** Keys of each share in the order of use, and their bytes. */
  const shares = new Map<string, { readonly keys: Set<string>; bytes: number }>();
  const stats = { held: 0, forgotten: 0, bytes: 0 };

  function drop(key: string): void {
    const found = kept.get(key);
    if (found === undefined) return;
    kept.delete(key);
    stats.bytes -= found.bytes;
    const share = shares.get(found.share)!;
    share.keys.delete(key);
    share.bytes -= found.bytes;
    if (share.keys.size === 0) shares.delete(found.share);
  }

  function look(key: string, nowMs: number): CompactConversation | undefined {
    const found = kept.get(key);
    if (found === undefined) return undefined;
    if (nowMs - found.seenMs <= forgetMs) return found.state;
    drop(key);
    return undefined;
  }

  /** Of the largest share. */
  function dropOldest(): void {
    let [largest] = shares.values();
    for (const share of shares.values()) if (share.bytes > largest!.bytes) largest = share;
    const [oldest] = largest!.keys;
    drop(oldest!);
    stats.forgotten++;
  }

  function put(key: string, state: CompactConversation, { share, nowMs }: { readonly share: string; readonly nowMs: number }): void {
    drop(key);
    const bytes = bytesOf(state) + key.length * 2;
    kept.set(key, { state, share, bytes, seenMs: nowMs });
    const of = shares.get(share) ?? { keys: new Set(), bytes: 0 };
    shares.set(share, of);
    of.keys.add(key);
    of.bytes += bytes;
    stats.bytes += bytes;
    while (stats.bytes > bytesMax && kept.size > 0) dropOldest();
    stats.held = kept.size;
  }

  return {
    stats,
    find({ name }, sessions, nowMs) {
      const found = new Set(sessions.map((session) => look(keyOf(name, session), nowMs)));
      found.delete(undefined);
      const states = [...found].map((state) => expandConversation(state!));
      return states.length === 0 ? undefined : states.reduce(mergeConversations);
    },
    keep({ name, share }, sessions, state, nowMs) {
      const [first] = sessions;
      if (first === undefined) return;
      const keys = [...new Set(sessions.map((session) => keyOf(name, session)))];
      const known = keys.map((key) => look(key, nowMs)).filter((one) => one !== undefined);
      const { turnCalls: _, turnMs: __, turnMade: ___, ...held } = state;
      const before = [...new Set(known)].map(expandConversation).reduce<ConversationState>(mergeConversations, held);
      const merged = compactConversation({ ...before, ...turnAfter(before, state) });
      for (const key of keys) put(key, merged, { share, nowMs });
    },
  };
}

const keyOf = (owner: string, session: string): string => `${owner}\0${session}`;

/** Words as arrays: a set of numbers takes ten times as much. Plain data, fit for another process. */
export type CompactConversation = WithValues<CompactValues>;

type WithValues<V> = Omit<ConversationState, 'said' | 'untrusted'> & { readonly said: V; readonly untrusted: V };

interface CompactValues {
  readonly words: Float64Array;
  readonly identifying: Float64Array;
  readonly overflowed: boolean;
}

export const compactConversation = (state: ConversationState): CompactConversation => withValues(state, compactValues);

export const expandConversation = (state: CompactConversation): ConversationState => withValues(state, expandValues);

const withValues = <From, To>(state: WithValues<From>, convert: (values: From) => To): WithValues<To> => ({
  ...state,
  said: convert(state.said),
  untrusted: convert(state.untrusted),
});

const compactValues = ({ words, identifying, overflowed }: Values): CompactValues => ({
  words: Float64Array.from(words),
  identifying: Float64Array.from(identifying),
  overflowed,
});

const expandValues = ({ words, identifying, overflowed }: CompactValues): Values => ({
  words: new Set(words),
  identifying: new Set(identifying),
  overflowed,
});

/** About: the arrays, the names, and what objects cost. Conversations under several sessions count for each of them. */
function bytesOf({ sources, said, untrusted, called }: CompactConversation): number {
  const words = [said.words, said.identifying, untrusted.words, untrusted.identifying];
  const names = [...Object.values(sources), ...called].flat();
  return OBJECT_BYTES + words.reduce((sum, array) => sum + array.byteLength, 0) + names.reduce((sum, name) => sum + name.length * 2, 0);
}

const OBJECT_BYTES = 1024;
