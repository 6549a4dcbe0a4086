import { agentBudgets } from '../agents/behaviour/budgets.ts';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { ConversationState } from '../agents/conversation/conversation.ts';
import type { AgentFinding } from '../agents/finding.ts';
import { isLetter } from '../lib/id-like.ts';
import { FIXED } from '../lib/limits.ts';
import { unitAt } from '../lib/unit-at.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { WireFormat } from '../wire/format.ts';
import { mcp } from '../wire/formats/mcp.ts';
import type { Frame } from '../wire/frame.ts';
import type { ToolCall } from '../wire/tool-event.ts';
import type { GuardRuling, ToolGuard } from './tool-guard.ts';

/** What speaks against one more call of a tool, in a sentence of fixed words, numbers and safe names. */
export interface CallRefusal {
  readonly action: 'observe' | 'deny';
  readonly explanation: string;
}

/** Takes one call out of the tool's budget, which all exchanges share; undefined: it has room. */
export type TakeCall = (tool: string) => CallRefusal | undefined;

export interface CallBudgetsOptions {
  readonly policy: BehaviourPolicy;
  /** The agent's name in the policy. */
  readonly agent: string;
  /** Undefined: nobody counts calls of tools over exchanges. */
  readonly takeCall: TakeCall | undefined;
  /** What earlier exchanges saw of the running turn. */
  readonly earlier: EarlierTurn | undefined;
  /** When the exchange began, Unix milliseconds. */
  readonly nowMs: number;
  /** Looked at when a body is read. */
  readonly speaking: Speaking;
}

/** Whoever has the format of the bodies, as far as it is known by now. */
export interface Speaking {
  readonly format: WireFormat;
}

type EarlierTurn = Pick<ConversationState, 'turnCalls' | 'turnMs'>;

/** Whether the policy has a budget that is judged call by call. */
export function budgetsCalls({ budgets, agents, rules }: BehaviourPolicy): boolean {
  if (rules.budget.action === 'off') return false;
  const perAgent = [budgets.agent, ...agents.values()];
  return budgets.tool !== undefined || perAgent.some((one) => one?.toolCallsPerTurn !== undefined);
}

/** A guard that judges calls by budgets too. What it hands on has the calls of the turn with it. */
export function guardCalls(guard: ToolGuard, options: CallBudgetsOptions): ToolGuard & { readonly turnCalls: number } {
  return new BudgetGuard(guard, options);
}

class BudgetGuard implements ToolGuard {
  readonly #guard: ToolGuard;
  readonly #options: CallBudgetsOptions;
  readonly #turn: Turn;
  readonly #perTurn: number;
  /** Calls of this exchange, each once: one that goes on after its end is told again. */
  #judged: Set<string> | undefined;

  constructor(guard: ToolGuard, options: CallBudgetsOptions) {
    this.#guard = guard;
    this.#options = options;
    this.#turn = new Turn(options);
    this.#perTurn = agentBudgets(options.policy, options.agent)?.toolCallsPerTurn ?? Number.POSITIVE_INFINITY;
  }

  get keptBytes(): number {
    return this.#guard.keptBytes;
  }

  get turnCalls(): number {
    return this.#turn.calls;
  }

  get calls(): ToolGuard['calls'] {
    return this.#guard.calls;
  }

  wants(lane: Lane, direction: Direction): boolean {
    return this.#guard.wants(lane, direction) || (lane === 'user' && direction === 'request');
  }

  requestRead(): readonly AgentFinding[] {
    return this.#guard.requestRead();
  }

  read(frame: Frame, direction: Direction): GuardRuling | undefined {
    if (direction === 'request') this.#turn.read(frame);
    const ruling = this.#guard.read(frame, direction);
    if (ruling === undefined || frame.tools === undefined) return ruling;
    const found = frame.tools.flatMap((event) => (event.kind === 'call' ? this.#judge(event, direction) : []));
    return found.length === 0 ? ruling : { ...ruling, findings: [...ruling.findings, ...found] };
  }

  learn(conversation: ConversationState): void {
    this.#turn.learn(conversation);
    this.#guard.learn(conversation);
  }

  conversation(): ConversationState | undefined {
    const state = this.#guard.conversation();
    return state && { ...state, ...this.#turn.told() };
  }

  #judge(call: ToolCall, direction: Direction): readonly AgentFinding[] {
    const key = `${direction} ${call.key}`;
    this.#judged ??= new Set();
    if (call.at === 'history' || !call.complete || call.target !== 'tool' || this.#judged.has(key)) return [];
    if (this.#judged.size < FIXED.lanes) this.#judged.add(key);
    const isOfTurn = this.#isOfTurn(call);
    if (isOfTurn) this.#turn.called();
    const where = { id: 'behaviour.budget', direction, lane: 'tool-arguments', subject: call.name } as const;
    const { policy, takeCall } = this.#options;
    const spent = policy.budgets.tool === undefined ? undefined : takeCall?.(call.name ?? '');
    const ofTool = spent === undefined ? [] : [{ ...where, ...spent, rule: 'behaviour.budgets.tool' }];
    const { calls } = this.#turn;
    if (!isOfTurn || calls <= this.#perTurn) return ofTool;
    const explanation = `${calls} tool calls in one turn, where the policy grants ${this.#perTurn}.`;
    const action = policy.rules.budget.action === 'observe' ? 'observe' : 'deny';
    return [...ofTool, { ...where, action, rule: 'budgets.toolCallsPerTurn', explanation }];
  }

  /** A model makes it, or a client over MCP. */
  #isOfTurn({ at }: ToolCall): boolean {
    return at === 'answer' || (at === 'request' && endsByPause(this.#options));
  }
}

/** Whether turns end by pauses, because nobody sees what people say: over MCP. */
function endsByPause({ speaking }: Pick<CallBudgetsOptions, 'speaking'>): boolean {
  return speaking.format.id === mcp.id;
}

/**
 * Counts what follows the last message of a person in the history that a request carries. One without such a message goes on with the turn
 * of the exchange before it, which a provider that keeps the history has. Over MCP that is all there is, and a turn ends with a pause.
 */
class Turn {
  readonly #options: CallBudgetsOptions;
  #earlier: number;
  #earlierMs: number | undefined;
  #untold = 0;
  #begins = false;
  #inHistory = 0;
  #made = 0;

  constructor(options: CallBudgetsOptions) {
    this.#options = options;
    this.#earlier = options.earlier?.turnCalls ?? 0;
    this.#earlierMs = options.earlier?.turnMs;
  }

  /** A piece of the request. */
  read(frame: Frame): void {
    if (endsByPause(this.#options)) return;
    const { answered, after } = toolMessages(frame.tools);
    // What stands beside a result is no new question: clients put reminders there.
    let [asks, last] = [false, -1];
    for (const { key, lane } of frame.segments) {
      const at = lane === 'user' ? messageOf(key) : undefined;
      if (at === undefined || answered.has(at)) continue;
      asks = true;
      last = Math.max(last, at);
    }
    if (asks) this.#inHistory = 0;
    this.#begins ||= asks;
    this.#inHistory += after.filter((at) => at > last).length;
  }

  called(): void {
    this.#made++;
    this.#untold++;
  }

  /** What earlier exchanges of the conversation know. */
  learn({ turnCalls = 0, turnMs }: EarlierTurn): void {
    this.#earlier = Math.max(this.#earlier, turnCalls);
    this.#earlierMs = turnMs ?? this.#earlierMs;
  }

  /** Since the last message of a person, or since the last pause. */
  get calls(): number {
    const { nowMs } = this.#options;
    if (endsByPause(this.#options))
      return this.#made + (this.#earlierMs !== undefined && nowMs - this.#earlierMs <= FIXED.turnPauseMs ? this.#earlier : 0);
    return this.#made + (this.#begins ? this.#inHistory : Math.max(this.#inHistory, this.#earlier));
  }

  /** What the conversation's next exchange is to know; calls that have been told are not told again. */
  told(): Pick<ConversationState, 'turnCalls' | 'turnMs' | 'turnMade'> {
    const { nowMs } = this.#options;
    if (!endsByPause(this.#options)) return { turnCalls: this.calls };
    const turnMade = this.#untold;
    this.#untold = 0;
    return { turnCalls: this.calls, turnMade, ...(this.#made > 0 && { turnMs: nowMs }) };
  }
}

/** Messages in which tools answer, and those that calls stand in, once for each call. */
interface ToolMessages {
  readonly answered: ReadonlySet<number>;
  readonly after: readonly number[];
}

function toolMessages(events: Frame['tools']): ToolMessages {
  if (events === undefined) return NO_TOOL_MESSAGES;
  const answered = new Set<number>();
  const after: number[] = [];
  for (const event of events) {
    if (event.kind === 'declaration' || event.target !== 'tool') continue;
    const at = messageOf(event.key);
    if (event.kind === 'result') answered.add(at);
    if (event.kind === 'call' ? event.at === 'history' : !event.isCalled) after.push(at);
  }
  return { answered, after };
}

const NO_TOOL_MESSAGES: ToolMessages = { answered: new Set(), after: [] };

/** Place of a message in its list: the first number of a key such as `messages.3.content.0`; 0 where there is no list. */
function messageOf(key: string): number {
  let start = 0;
  for (let parts = 0; parts < KEY_PARTS_MAX && start <= key.length; parts++) {
    const dot = key.indexOf('.', start);
    const end = dot < 0 ? key.length : dot;
    // Names begin with a letter and are no numbers; most parts need not be cut out to know.
    const place = end === start || isLetter(unitAt(key, start)) ? Number.NaN : Number(key.slice(start, end));
    if (Number.isInteger(place)) return place;
    start = end + 1;
  }
  return 0;
}

/** Deep enough for the list of messages in every dialect. */
const KEY_PARTS_MAX = 8;
