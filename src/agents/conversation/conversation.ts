import type { ToolClass } from './tool-class.ts';
import { createValueGather, mergeValues, NO_VALUES, type ValueGather, type Values } from './values.ts';

/** What a conversation holds so far. Plain data: a process keeps it per agent and session. No text, only hashes of words and tool names. */
export interface ConversationState {
  /** Classes of what came in: `untrusted-content` and `private-data`. */
  readonly holds: ReadonlySet<ToolClass>;
  /** Names of the tools whose results brought them, at most `SOURCES_MAX` of each; `document` and `web` for what came without a tool. */
  readonly sources: Readonly<Partial<Record<ToolClass, readonly string[]>>>;
  /** Words of the people in it and of the system: what they named they may have sent. */
  readonly said: Values;
  /** Words of untrusted results. */
  readonly untrusted: Values;
}

export const EMPTY_CONVERSATION: ConversationState = { holds: new Set(), sources: {}, said: NO_VALUES, untrusted: NO_VALUES };

/** Names kept of what brought a class into a conversation. */
const SOURCES_MAX = 8;
/** Words kept of each side of one conversation. */
export const CONVERSATION_WORDS_MAX = 4096;

/** One conversation, read turn by turn. Starts from what is known of it. */
export interface ConversationReader {
  /** Text of a person or of the system. */
  said(text: string): void;
  /** A piece of a tool's result, or of a document (`source` says which). */
  result(text: string, from: { readonly source: string; readonly classes: ReadonlySet<ToolClass> }): void;
  /** What somebody else knows of it. */
  learn(state: ConversationState): void;
  /** What it holds now; later calls do not change it. */
  state(): ConversationState;
}

export function readConversation(from: ConversationState = EMPTY_CONVERSATION): ConversationReader {
  let known = from;
  const holds = new Set(from.holds);
  const sources: Partial<Record<ToolClass, readonly string[]>> = { ...from.sources };
  let said: ValueGather | undefined;
  let untrusted: ValueGather | undefined;

  const stateNow = (): ConversationState => ({
    holds: new Set(holds),
    sources: { ...sources },
    said: said?.values ?? known.said,
    untrusted: untrusted?.values ?? known.untrusted,
  });

  function note(kind: ToolClass, source: string): void {
    holds.add(kind);
    const names = sources[kind] ?? [];
    if (names.length < SOURCES_MAX && !names.includes(source)) sources[kind] = [...names, source];
  }

  return {
    said(text) {
      said ??= createValueGather(CONVERSATION_WORDS_MAX, known.said);
      said.add(text);
    },
    result(text, { source, classes }) {
      for (const kind of BROUGHT) if (classes.has(kind)) note(kind, source);
      if (!classes.has('untrusted-content')) return;
      untrusted ??= createValueGather(CONVERSATION_WORDS_MAX, known.untrusted);
      untrusted.add(text);
    },
    learn(state) {
      known = mergeConversations(stateNow(), state);
      said = undefined;
      untrusted = undefined;
      for (const kind of known.holds) holds.add(kind);
      Object.assign(sources, known.sources);
    },
    state: stateNow,
  };
}

const BROUGHT = ['untrusted-content', 'private-data'] as const satisfies readonly ToolClass[];

/** What two looks at one conversation know together: nothing is forgotten when a client leaves turns out. */
export function mergeConversations(left: ConversationState, right: ConversationState): ConversationState {
  const sources: Partial<Record<ToolClass, readonly string[]>> = {};
  for (const kind of BROUGHT) {
    const names = [...new Set([...(left.sources[kind] ?? []), ...(right.sources[kind] ?? [])])].slice(0, SOURCES_MAX);
    if (names.length > 0) sources[kind] = names;
  }
  return {
    holds: left.holds.union(right.holds),
    sources,
    said: mergeValues(left.said, right.said, CONVERSATION_WORDS_MAX),
    untrusted: mergeValues(left.untrusted, right.untrusted, CONVERSATION_WORDS_MAX),
  };
}
