import type { Label } from './facts.ts';
import type { JsonSchema } from './shape.ts';

/** Version of every shape below and of the API; a change that a reader could trip over raises it. */
export const API_VERSION = 1;

/** What people decide about a row. */
export const REVIEW_STATES = ['new', 'reviewed', 'approved', 'retired'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Words seen with a row, in alphabetical order; an absent one is empty. */
export type Labels = Readonly<Partial<Record<Label, readonly string[]>>>;

/** What every row has. */
export interface Row {
  /** 24 hex digits; stays as long as the row keeps its name. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly owner: string | null;
  readonly state: ReviewState;
  readonly labels: Labels;
}

/** Milliseconds. Percentiles are upper bounds of buckets; null when nobody measured, or beyond the last bucket (30 s). */
export interface Latency {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** `declared`: an OpenAPI file has it. `shadow`: none has. `zombie`: declared deprecated, or an old version, and still used. */
export const ENDPOINT_STATUSES = ['declared', 'shadow', 'zombie'] as const;
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];

export const RISK_BANDS = ['low', 'medium', 'high', 'critical'] as const;
export type RiskBand = (typeof RISK_BANDS)[number];

export interface EndpointRow extends Row {
  readonly method: string;
  readonly host: string;
  /** Template: typed by telemetry, and learned. */
  readonly path: string;
  /** `ai`: a model provider's API or one like it; `agent`: MCP or A2A; `api`: any other. */
  readonly kind: 'ai' | 'agent' | 'api';
  /** By an OpenAPI file; null when none was given. */
  readonly declared: boolean | null;
  readonly status: EndpointStatus | null;
  readonly count: number;
  /** Answers of 500 and above, and exchanges that broke off. */
  readonly errors: number;
  readonly clientErrors: number;
  /** 401, 403, 404 and their like for this method and path. */
  readonly refused: number;
  /** Successes without any credential. */
  readonly open: number;
  readonly findings: number;
  readonly prevented: number;
  readonly flagged: number;
  readonly redacted: number;
  readonly denied: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly latencyMs: Latency;
  /** 0 to 100; the detail says why. */
  readonly risk: number;
  readonly band: RiskBand;
  /** Differences to what is declared. */
  readonly drifts: number;
}

export interface RiskReason {
  readonly factor: 'exposure' | 'authentication' | 'sensitive-data' | 'autonomy' | 'findings' | 'declaration' | 'inspection' | 'approval';
  readonly points: number;
  readonly why: string;
}

/** One difference between what is declared and what was seen. */
export interface Drift {
  readonly kind: 'undeclared-field' | 'missing-field' | 'type' | 'status' | 'content-type' | 'authentication';
  /** Path of the field (`request/amount`), the status, the type. */
  readonly where: string;
  readonly why: string;
}

export interface SightRow {
  readonly value: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export interface EndpointDetail extends EndpointRow {
  readonly reasons: readonly RiskReason[];
  readonly drift: readonly Drift[];
  /** Words with how often and when, the most frequent first. */
  readonly seen: Readonly<Partial<Record<Label, readonly SightRow[]>>>;
  /** Exchanges by duration; `leMs` null: longer. */
  readonly latencyBuckets: readonly { readonly leMs: number | null; readonly count: number }[];
  /** Paths that were merged into the template, the most frequent first. */
  readonly variants: readonly { readonly path: string; readonly count: number; readonly lastSeen: string }[];
  readonly operation: {
    readonly file: string;
    readonly path: string;
    readonly operationId: string | null;
    readonly deprecated: boolean;
  } | null;
  /** Learned from samples; null when there were none. */
  readonly requestSchema: JsonSchema | null;
  readonly responseSchema: JsonSchema | null;
  readonly note: string | null;
}

interface Counted extends Row {
  readonly count: number;
  readonly errors: number;
  readonly findings: number;
  readonly denied: number;
}

export interface ModelRow extends Counted {
  /** Empty when nobody said. */
  readonly provider: string;
  readonly name: string;
  /** By the list of approved models and providers; null when there is none. */
  readonly approved: boolean | null;
  readonly flagged: number;
  readonly redacted: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly latencyMs: Latency;
}

/** Added up over its models. */
export interface ProviderRow extends Counted {
  readonly name: string;
  readonly approved: boolean | null;
  readonly models: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CallerRow extends Counted {
  readonly kind: 'credential' | 'user-agent' | 'service' | 'unknown';
  /** Keyed hash of the credential, user agent, or service name; empty for `unknown`. */
  readonly name: string;
  readonly flagged: number;
  readonly redacted: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface AgentRow extends Counted {
  readonly kind: 'agent' | 'mcp-client';
  readonly name: string;
  readonly toolCalls: number;
}

export interface PersonRow extends Row {
  /** Hash of a pseudonym. */
  readonly name: string;
  readonly count: number;
  readonly findings: number;
  readonly denied: number;
}

export interface ToolRow extends Row {
  /** Host of the MCP server; empty for a tool that a model was told of. */
  readonly server: string;
  readonly name: string;
  readonly approved: boolean | null;
  readonly declared: number;
  readonly called: number;
  readonly errors: number;
  readonly findings: number;
  readonly denied: number;
  /** Different descriptions seen; more than one means that it changed or that several tools have the name. */
  readonly descriptions: number;
}

export interface ServerRow extends Counted {
  readonly protocol: 'mcp' | 'a2a';
  readonly host: string;
  readonly path: string;
  readonly approved: boolean | null;
  readonly latencyMs: Latency;
}

export interface FlowRow extends Row {
  readonly sourceKind: string;
  readonly source: string;
  readonly targetKind: 'api' | 'model' | 'server' | 'tool';
  readonly target: string;
  readonly count: number;
  readonly findings: number;
  readonly denied: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** A name with how often, and when last (ISO 8601, UTC); null: never. */
export interface NameUse {
  readonly name: string;
  readonly count: number;
  readonly last: string | null;
}

/** One list of what an agent is granted, as `tools` or `mcp.methods`. */
export interface GrantedList {
  readonly list: string;
  /** Everything that is not denied: the row has no such list, or one that only denies. */
  readonly everything: boolean;
  /** The entries that allow. One that was never used is a candidate to be removed. */
  readonly entries: readonly NameUse[];
  /** What was used and is allowed by none of them: of a row without a list, or of an earlier policy. */
  readonly unlisted: readonly NameUse[];
  readonly refused: readonly NameUse[];
}

/** What a policy grants one of its agents, against what the agent used. */
export interface GrantRow {
  readonly id: string;
  /** Name in the policy. */
  readonly agent: string;
  /** Only told by what a client says of itself. */
  readonly stated: boolean;
  readonly policyVersion: string;
  /** When a filter took that policy last. */
  readonly loaded: string;
  /** Whether a filter goes by that policy now, or did when one was heard of last. */
  readonly inForce: boolean;
  /** Entries that allow, in all lists; those that were used, and those that never were. */
  readonly granted: number;
  readonly used: number;
  readonly neverUsed: number;
  /** Uses that were refused. */
  readonly refused: number;
  readonly lastUsed: string | null;
  /** Entries that are not told one by one. */
  readonly leftOut: number;
  /** Uses of names that may not be shown. */
  readonly unnamed: number;
  readonly lists: readonly GrantedList[];
}

/** A declared operation that nobody has called. */
export interface OrphanRow {
  readonly id: string;
  readonly method: string;
  /** Empty: any host. */
  readonly host: string;
  readonly path: string;
  readonly file: string;
  readonly operationId: string | null;
  readonly deprecated: boolean;
}

/** Row type of each list; the keys are the paths below `/api/v1/`. */
export interface Rows {
  readonly endpoints: EndpointRow;
  readonly models: ModelRow;
  readonly providers: ProviderRow;
  readonly callers: CallerRow;
  readonly agents: AgentRow;
  readonly people: PersonRow;
  readonly tools: ToolRow;
  readonly servers: ServerRow;
  readonly flows: FlowRow;
  readonly grants: GrantRow;
  readonly orphans: OrphanRow;
}
export type RowKind = keyof Rows;
export const ROW_KINDS = [
  'endpoints',
  'models',
  'providers',
  'callers',
  'agents',
  'people',
  'tools',
  'servers',
  'flows',
  'grants',
  'orphans',
] as const;

/** Rows that can have an owner and a state. */
export const REVIEWED_KINDS = ['endpoints', 'models', 'providers', 'callers', 'agents', 'tools', 'servers'] as const;
export type ReviewedKind = (typeof REVIEWED_KINDS)[number];
export const isReviewed = (kind: RowKind): kind is ReviewedKind => REVIEWED_KINDS.some((one) => one === kind);
