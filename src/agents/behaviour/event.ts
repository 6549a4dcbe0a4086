/** A keyed hash (any text, at best 16 hexadecimal digits): equal values have equal hashes, and only who has the key can try values. */
export type KeyedHash = string;

/** An id that stood in a path, a query or the arguments of a tool. Its value is not here. */
export interface ObservedId {
  readonly hash: KeyedHash;
  /**
   * For a whole number: the number plus a secret offset of the installation (`observedId` makes it), so that order and distance can be
   * seen and the number cannot.
   */
  readonly order?: number;
}

/** One call of a tool that the exchange carried, declared by the model or sent over MCP. */
export interface ToolUse {
  readonly name: string;
  readonly argumentsHash: KeyedHash;
  readonly ids: readonly ObservedId[];
}

/** Values of one kind of sensitive data (a detector id) that an answer handed to the caller. */
export interface SensitiveReturn {
  readonly kind: string;
  readonly count: number;
}

/**
 * One finished exchange, as plain data: what behaviour over time is judged by. Names are as they came and are neither kept nor shown (only
 * fingerprints are kept); whoever shows a finding passes its names through `safeName`. Any value may be wrong: what is no
 * sensible number counts as 0, what is missing as unknown.
 */
export interface BehaviourEvent {
  /** When it ended, Unix milliseconds. */
  readonly unixMs: number;
  /** The agent's name in the policy, or the name its identity gives. Absent: all unidentified callers are one agent. */
  readonly agent?: string | undefined;
  readonly person?: KeyedHash | undefined;
  readonly session?: KeyedHash | undefined;
  /** Tool calls since the last message of a person, those of `tools` included; absent: the exchange is a turn of its own. */
  readonly turnCalls?: number | undefined;
  /** Its tool calls are of a turn that only a pause ends: over MCP. Default: they are not, and without `turnCalls` a turn of their own. */
  readonly endsByPause?: boolean;
  /** Its request and its calls have been counted for budgets when they were let through (`Behaviour.admit`). Default: they count now. */
  readonly admitted?: boolean;
  readonly credential?: KeyedHash | undefined;
  readonly address?: KeyedHash | undefined;
  /** Host and path template, id-like segments typed (`api.example/users/{id}`). */
  readonly endpoint?: string | undefined;
  readonly method?: string | undefined;
  /** HTTP status of the answer; absent: none came. */
  readonly status?: number | undefined;
  readonly model?: string | undefined;
  readonly tokensIn?: number | undefined;
  readonly tokensOut?: number | undefined;
  readonly tools: readonly ToolUse[];
  /** Ids in path and query; those in arguments stand with their tool. */
  readonly ids: readonly ObservedId[];
  readonly sensitive: readonly SensitiveReturn[];
  /** Whether Sluice denied it. */
  readonly denied: boolean;
}
