import type { FlowRule } from '../agents/conversation/flows.ts';
import type { AgentFinding } from '../agents/finding.ts';
import { type BodyFacts, readBodyClaims } from '../agents/identity/body-claims.ts';
import type { Claim } from '../agents/identity/claim.ts';
import type { Identity } from '../agents/identity/identity.ts';
import { createToolIntegrity, type ToolIntegrity } from '../agents/integrity/integrity.ts';
import { type AgentRule, permit } from '../agents/permissions/agent-policy.ts';
import { listed, type RecordedUse } from '../agents/permissions/usage.ts';
import type { Use } from '../agents/permissions/use.ts';
import type { Stop } from '../agents/stops.ts';
import { added, NONE_YET } from '../lib/growing-list.ts';
import { FIXED } from '../lib/limits.ts';
import { normaliseHost, normalisePath } from '../lib/normalise-path.ts';
import type { Policy } from '../policy/policy.ts';
import type { Head, WireFormat } from '../wire/format.ts';
import type { WireFacts } from '../wire/frame.ts';
import { budgetsCalls, guardCalls, type Speaking } from './call-budgets.ts';
import type { Advice, CallerRecord } from './events.ts';
import { createToolGuard, type ToolGuard } from './tool-guard.ts';

/** Who calls, and what that means for this exchange. */
export interface Caller {
  readonly identity: Identity;
  readonly rule: AgentRule;
  /** Its rules refuse something that a body can ask for: a model, a tool, a method, a resource, a prompt or a skill that nobody can name. */
  readonly isBound: boolean;
  /** What the body named is known now: never another agent. */
  learn(advice: Advice): void;
  /** Undefined: the policy says nothing about what it could find. */
  readonly guard: ToolGuard | undefined;
  /**
   * Whether the policy says something of callers that only bodies show. Flow rules that observe, which every policy has, are no reason to
   * ask for the bodies of traffic that nothing else looks at.
   */
  readonly needsBodies: boolean;
  /** What the head of the request breaks. */
  headFindings(head: Head, format: WireFormat): readonly AgentFinding[];
  /** What the request's body breaks beside its tools: the model, methods of MCP. Once, when the body is read. */
  bodyFindings(facts: WireFacts): readonly AgentFinding[];
  /** The request is judged and goes on: from now on other exchanges of its conversation know what it brought, however long its answer takes. */
  keepRequest(): void;
  /** What the body says of the person and the conversation that the head did not say. */
  newClaims(facts: WireFacts, hash: (text: string) => string): readonly Claim[];
  record(addressHash: string | undefined, facts: WireFacts): CallerRecord;
}

/** What it stands in. */
export interface CallerSetting {
  readonly head: Head;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** Has the format of the bodies, as far as it is known by now. */
  readonly speaking: Speaking;
}

export function createCaller(advice: Advice, policy: Policy, setting: CallerSetting): Caller {
  return new ExchangeCaller(advice, policy, setting);
}

/** There is one for each exchange: its fields are all that it takes. */
class ExchangeCaller implements Caller {
  identity: Identity;
  readonly rule: AgentRule;
  readonly guard: ToolGuard | undefined;
  readonly #policy: Policy;
  readonly #calls: ReturnType<typeof budgeted> | undefined;
  readonly #integrity: ToolIntegrity | undefined;
  #uses: RecordedUse[] = NONE_YET;
  #keep: Advice['keep'];
  /** Asked for by bodies alone: a rule's `when` may be long. */
  #isBound: boolean | undefined;

  constructor(advice: Advice, policy: Policy, setting: CallerSetting) {
    this.#policy = policy;
    this.identity = advice.identity;
    this.#keep = advice.keep;
    this.rule = policy.agents.ruleOf(advice.agent);
    this.#integrity = integrityOf(advice, policy, setting.head);
    const guard = needsGuard(policy) ? this.#guardFor(advice) : undefined;
    this.#calls = guard && budgetsCalls(policy.behaviour) ? budgeted(guard, advice, policy, setting) : undefined;
    this.guard = this.#calls ?? guard;
  }

  get needsBodies(): boolean {
    const { toolIntegrity, behaviour, flows } = this.#policy;
    return !this.#isOpen() || toolIntegrity !== undefined || budgetsCalls(behaviour) || flows.some(mayDeny);
  }

  get isBound(): boolean {
    this.#isBound ??= !this.#isOpen() && BODY_USES.some((use) => !permit(this.rule, use, this.identity).allowed);
    return this.#isBound;
  }

  learn({ identity, keep, conversation }: Advice): void {
    this.identity = identity;
    this.#keep = keep;
    if (conversation !== undefined) this.guard?.learn(conversation);
  }

  headFindings(head: Head, format: WireFormat): readonly AgentFinding[] {
    const doubted = this.identity.refusals.map(({ reason }) => claimRefused(reason));
    return this.#isOpen() ? doubted : [...doubted, ...this.#refused(headUses(head, format, this.#policy), 'header')];
  }

  bodyFindings(facts: WireFacts): readonly AgentFinding[] {
    return this.#isOpen() ? [] : this.#refused(bodyUses(facts), 'other');
  }

  keepRequest(): void {
    const conversation = this.#keep && this.guard?.conversation();
    if (conversation !== undefined) this.#keep?.(conversation);
  }

  newClaims(facts: WireFacts, hash: (text: string) => string): readonly Claim[] {
    return readBodyClaims(bodyFactsOf(facts), hash).filter((claim) => !isKnown(claim, this.identity));
  }

  record(addressHash: string | undefined, { resumeId }: WireFacts): CallerRecord {
    const isFoundAgain = this.#keep !== undefined || resumeId !== undefined;
    return {
      agent: this.rule.name,
      standing: this.rule.standing,
      identity: this.identity,
      addressHash,
      conversation: isFoundAgain ? this.guard?.conversation() : undefined,
      calls: this.guard?.calls ?? [],
      turnCalls: this.#calls?.turnCalls,
      uses: this.#uses,
      tools: this.#integrity?.seen ?? [],
    };
  }

  /** The policy names nobody and asks nobody. */
  #isOpen(): boolean {
    const { agents, unknown } = this.#policy.agents;
    return agents.length === 0 && unknown === 'observe';
  }

  #guardFor({ conversation, wordKey }: Advice): ToolGuard {
    const { flows, toolClasses } = this.#policy;
    const { rule, identity } = this;
    const onUse = this.#policy.agents.agents.length === 0 ? undefined : (use: Use, permitted: boolean) => this.#noteUse(use, permitted);
    return createToolGuard({ rule, identity, flows, toolClasses, conversation, wordKey, integrity: this.#integrity?.judge, onUse });
  }

  #noteUse(use: Use, permitted: boolean): void {
    if (this.#uses.length >= FIXED.recordedUses) return;
    const { list, name } = listed(use);
    this.#uses = added(this.#uses, { list, name, permitted });
  }

  /** Everything of these that the policy does not grant, each once. */
  #refused(uses: readonly Use[], lane: AgentFinding['lane']): readonly AgentFinding[] {
    const findings: AgentFinding[] = [];
    const isCounted = this.#policy.agents.agents.length > 0;
    for (const use of uses) {
      const permission = permit(this.rule, use, this.identity);
      if (isCounted) this.#noteUse(use, permission.allowed);
      if (permission.allowed) continue;
      const { reason, rule } = permission;
      const id = reason === 'agent-unknown' ? 'agent.unknown' : 'agent.not-permitted';
      findings.push({ id, action: 'deny', direction: 'request', lane, subject: nameOf(use), reason, rule });
    }
    return findings;
  }
}

/** A use of each kind that bodies ask for, of a name that nobody can say: whatever a list has, it refuses that. */
const BODY_USES: readonly Use[] = [
  { kind: 'model', name: '' },
  { kind: 'tool-declared', name: '' },
  { kind: 'tool-called', name: '', args: { ok: false } },
  { kind: 'mcp-method', name: '' },
  { kind: 'mcp-resource', uri: '' },
  { kind: 'mcp-prompt', name: '' },
  { kind: 'a2a-skill', name: '' },
];

const mayDeny = ({ action }: FlowRule): boolean => action === 'deny';

function budgeted(guard: ToolGuard, { agent, takeCall, conversation }: Advice, { behaviour }: Policy, { nowMs, speaking }: CallerSetting) {
  return guardCalls(guard, { policy: behaviour, agent, takeCall, earlier: conversation, nowMs, speaking });
}

function integrityOf({ agent, tools }: Advice, { toolIntegrity: policy }: Policy, head: Head): ToolIntegrity | undefined {
  if (policy === undefined || tools === undefined) return undefined;
  return createToolIntegrity({ policy, known: tools, host: normaliseHost(head.host), path: normalisePath(head.path), agent });
}

function needsGuard({ agents, flows, toolIntegrity, behaviour }: Policy): boolean {
  const isRuled = agents.agents.length > 0 || agents.unknown === 'deny' || flows.length > 0;
  return isRuled || toolIntegrity !== undefined || budgetsCalls(behaviour);
}

function headUses(head: Head, format: WireFormat, policy: Policy): readonly Use[] {
  const host = normaliseHost(head.host);
  const path = normalisePath(head.path);
  const api = policy.agents.apiOf({ host, path });
  const provider = format.provider(head);
  return [
    { kind: 'endpoint', method: head.method, host, path },
    ...(api === undefined ? [] : [{ kind: 'api', name: api } as const]),
    ...(provider === undefined ? [] : [{ kind: 'provider', name: provider } as const]),
  ];
}

function bodyUses({ model, otherModels = [], methods }: WireFacts): readonly Use[] {
  const models = model === undefined ? otherModels : [model, ...otherModels];
  return [...models.map((name) => ({ kind: 'model', name }) as const), ...methods.map((name) => ({ kind: 'mcp-method', name }) as const)];
}

function nameOf(use: Use): string | undefined {
  if ('name' in use) return use.name;
  return undefined;
}

function bodyFactsOf({ clientName, conversationId, userId, safetyIdentifier, metadataUserId }: WireFacts): BodyFacts {
  return { mcpClient: clientName, user: userId, safetyIdentifier, metadataUserId, conversationId };
}

function isKnown(claim: Claim, { sessions, persons }: Identity): boolean {
  if (claim.kind === 'session') return sessions.some(({ id }) => id === claim.id);
  return claim.kind === 'person' && persons.some(({ hash }) => hash === claim.hash);
}

function claimRefused(reason: AgentFinding['reason']): AgentFinding {
  return { id: 'agent.claim-refused', action: 'observe', direction: 'request', lane: 'header', reason };
}

/** The finding of an order to stop. */
export function stoppedBy({ scope, id }: Stop): AgentFinding {
  return {
    id: 'agent.stopped',
    action: 'deny',
    direction: 'request',
    lane: 'header',
    rule: `stop ${id}`,
    explanation: `Stopped: ${scope}.`,
  };
}
