import { added, NONE_YET } from '../../lib/growing-list.ts';
import { FIXED } from '../../lib/limits.ts';
import type { ToolClass } from './tool-class.ts';
import { createValueGather, mergeValues, NO_VALUES, type Values } from './values.ts';
import { OPEN_KEY, type WordKey } from './word-hash.ts';

/** What a conversation holds so far. Plain data: a process keeps it per agent and session. No text, only hashes of words and tool names. */
export interface ConversationState {
  /** Classes of what came in: `untrusted-content` and `private-data`. */
  readonly holds: ReadonlySet<ToolClass>;
  /** Names of the tools whose results brought them, at most `SOURCES_MAX` of each; `document` and `web` for what came without a tool. */
  readonly sources: Readonly<Partial<Record<ToolClass, readonly string[]>>>;
  /** Under which its words are hashed: the process's. */
  readonly key: WordKey;
  /** Words of the people in it and of the system: what they named they may have sent. */
  readonly said: Values;
  /** Words of untrusted results. */
  readonly untrusted: Values;
  /** Tools by the id of the call, at most `CALLS_MAX`: the turn with the result may leave out the turn with the call. */
  readonly called: ReadonlyMap<string, string>;
  /** Tool calls since the last message of a person; absent: nobody counts them. */
  readonly turnCalls?: number;
  /** When the last of them was made, Unix milliseconds; only over MCP, where turns end by pauses (`FIXED.turnPauseMs`). */
  readonly turnMs?: number;
  /** Of them, those that whoever keeps this was not told of before; with `turnMs`. */
  readonly turnMade?: number;
}

export const EMPTY_CONVERSATION: ConversationState = {
  holds: new Set(),
  sources: {},
  key: OPEN_KEY,
  said: NO_VALUES,
  untrusted: NO_VALUES,
  called: new Map(),
};

/** Names kept of what brought a class into a conversation. */
const SOURCES_MAX = 8;
/** Calls kept of one conversation whose results may still come; the oldest goes first. */
const CALLS_MAX = 64;
/** Words kept of each side of one conversation. */
export const CONVERSATION_WORDS_MAX = 4096;

/** One conversation, read turn by turn. Starts from what is known of it. */
export interface ConversationReader {
  /** Text of a person or of the system. */
  said(text: string): void;
  /** A piece of a tool's result, or of a document (`source` says which). */
  result(text: string, from: { readonly source: string; readonly classes: ReadonlySet<ToolClass> }): void;
  /** A tool is called; its result may come by the id alone. */
  called(id: string, tool: string): void;
  /** The tool of a call by its id. */
  toolOf(id: string): string | undefined;
  /** No call will ask what has been said: forgets the texts of this exchange whose words nobody has asked for. */
  forgetTexts(): void;
  /** Bytes of texts that are kept for that. */
  readonly keptBytes: number;
  /** What somebody else knows of it. */
  learn(state: ConversationState): void;
  /** Classes of what has come in so far; cheap to ask. */
  readonly holds: ReadonlySet<ToolClass>;
  /** What it holds now; later calls do not change it. */
  state(): ConversationState;
}

/** `key`: of a process that takes texts from others; it is that of `from`, where there is one. */
export function readConversation(from?: ConversationState, key: WordKey = OPEN_KEY): ConversationReader {
  return new Reader(from ?? { ...EMPTY_CONVERSATION, key });
}

class Reader implements ConversationReader {
  /** Another set with each class that comes: what it began with belongs to others. */
  holds: ReadonlySet<ToolClass>;
  readonly #key: WordKey;
  #known: ConversationState;
  #sources: Readonly<Partial<Record<ToolClass, readonly string[]>>>;
  #called: ReadonlyMap<string, string>;
  /** Texts whose words nobody has asked for yet. Most exchanges never ask: then no word of them is read. */
  #said: string[] = NONE_YET;
  #untrusted: string[] = NONE_YET;
  #keptUnits = 0;
  /** Of them, those that are still there. */
  #heldUnits = 0;

  constructor(from: ConversationState) {
    this.#known = from;
    this.#key = from.key;
    this.holds = from.holds;
    this.#sources = from.sources;
    this.#called = from.called;
  }

  said(text: string): void {
    this.#said = this.#keeping(this.#said, text);
  }

  result(text: string, { source, classes }: Parameters<ConversationReader['result']>[1]): void {
    for (const kind of BROUGHT) if (classes.has(kind)) this.#note(kind, source);
    if (classes.has('untrusted-content')) this.#untrusted = this.#keeping(this.#untrusted, text);
  }

  called(id: string, tool: string): void {
    this.#called = newestOf(new Map(this.#called).set(id, tool));
  }

  toolOf(id: string): string | undefined {
    return this.#called.get(id);
  }

  forgetTexts(): void {
    this.#said = NONE_YET;
    this.#untrusted = NONE_YET;
    this.#heldUnits = 0;
  }

  get keptBytes(): number {
    return 2 * Math.min(this.#heldUnits, TEXT_UNITS_MAX);
  }

  learn(state: ConversationState): void {
    this.#known = mergeConversations(this.state(), state);
    this.#called = this.#known.called;
    this.holds = this.holds.union(this.#known.holds);
    this.#sources = { ...this.#sources, ...this.#known.sources };
  }

  state(): ConversationState {
    this.#known = {
      holds: this.holds,
      sources: this.#sources,
      key: this.#key,
      said: withWords(this.#known.said, this.#said, this.#key),
      untrusted: withWords(this.#known.untrusted, this.#untrusted, this.#key),
      called: this.#called,
    };
    this.forgetTexts();
    return this.#known;
  }

  /** The texts with one more, as far as there is room. */
  #keeping(texts: string[], text: string): string[] {
    if (this.#keptUnits >= TEXT_UNITS_MAX) return texts;
    const room = TEXT_UNITS_MAX - this.#keptUnits;
    this.#keptUnits += text.length;
    this.#heldUnits += text.length;
    return added(texts, text.length > room ? text.slice(0, room) : text);
  }

  #note(kind: ToolClass, source: string): void {
    if (!this.holds.has(kind)) this.holds = new Set(this.holds).add(kind);
    const names = this.#sources[kind] ?? [];
    if (names.length < SOURCES_MAX && !names.includes(source)) this.#sources = { ...this.#sources, [kind]: [...names, source] };
  }
}

/** Text of one exchange whose words are read, in UTF-16 units; of what follows only the class counts. */
const TEXT_UNITS_MAX = 1024 * 1024;

function withWords(values: Values, texts: readonly string[], key: WordKey): Values {
  if (texts.length === 0) return values;
  const gather = createValueGather({ max: CONVERSATION_WORDS_MAX, key }, values);
  for (const text of texts) gather.add(text);
  return gather.values;
}

function newestOf(calls: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return calls.size <= CALLS_MAX ? calls : new Map([...calls].slice(-CALLS_MAX));
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
    key: left.key,
    said: mergeValues(left.said, right.said, CONVERSATION_WORDS_MAX),
    untrusted: mergeValues(left.untrusted, right.untrusted, CONVERSATION_WORDS_MAX),
    called: newestOf(new Map([...left.called, ...right.called])),
    ...turnCallsOf(left, right),
  };
}

type TurnState = Pick<ConversationState, 'turnCalls' | 'turnMs'>;

function turnCallsOf(left: TurnState, right: TurnState): TurnState {
  if (left.turnCalls === undefined && right.turnCalls === undefined) return {};
  const turnCalls = Math.max(left.turnCalls ?? 0, right.turnCalls ?? 0);
  const turnMs = Math.max(left.turnMs ?? 0, right.turnMs ?? 0);
  return { turnCalls, ...(turnMs > 0 && { turnMs }) };
}

/** The turn that a conversation is in after a look at it: how far it is, the last one says; calls over MCP, which come side by side, are added. */
export function turnAfter(known: TurnState, { turnCalls, turnMs, turnMade }: ConversationState): TurnState {
  if (turnCalls === undefined) return known;
  if (turnMade === undefined) return { turnCalls };
  if (turnMade === 0 || turnMs === undefined) return known;
  const goesOn = known.turnMs !== undefined && turnMs - known.turnMs <= FIXED.turnPauseMs;
  return { turnCalls: goesOn ? (known.turnCalls ?? 0) + turnMade : turnMade, turnMs: Math.max(turnMs, known.turnMs ?? 0) };
}
