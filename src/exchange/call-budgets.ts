import { agentBudgets } from '../agents/behaviour/budgets.ts';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { ConversationState } from '../agents/conversation/conversation.ts';
import type { AgentFinding } from '../agents/finding.ts';
import { FIXED } from '../lib/limits.ts';
import type { Direction } from '../text/lane.ts';
import type { Frame } from '../wire/frame.ts';
import type { ToolCall } from '../wire/tool-event.ts';
import type { ToolGuard } from './tool-guard.ts';

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
  /** Whether turns end by pauses, because nobody sees what people say: over MCP. Asked when a body is read. */
  readonly endsByPause: () => boolean;
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
  const { policy, agent } = options;
  const turn = createTurn(options);
  const perTurn = agentBudgets(policy, agent)?.toolCallsPerTurn ?? Number.POSITIVE_INFINITY;
  const action = policy.rules.budget.action === 'observe' ? 'observe' : 'deny';
  const takeCall = policy.budgets.tool === undefined ? undefined : options.takeCall;
  /** Calls of this exchange, each once: one that goes on after its end is told again. */
  const judged = new Set<string>();

  function judge(call: ToolCall, direction: Direction): readonly AgentFinding[] {
    const key = `${direction} ${call.key}`;
    if (call.at === 'history' || !call.complete || call.target !== 'tool' || judged.has(key)) return [];
    if (judged.size < FIXED.lanes) judged.add(key);
    if (isOfTurn(call)) turn.called();
    const where = { id: 'behaviour.budget', direction, lane: 'tool-arguments', subject: call.name } as const;
    const spent = takeCall?.(call.name ?? '');
    const ofTool = spent === undefined ? [] : [{ ...where, ...spent, rule: 'behaviour.budgets.tool' }];
    if (!isOfTurn(call) || turn.calls <= perTurn) return ofTool;
    const explanation = `${turn.calls} tool calls in one turn, where the policy grants ${perTurn}.`;
    return [...ofTool, { ...where, action, rule: 'budgets.toolCallsPerTurn', explanation }];
  }

  /** A model makes it, or a client over MCP. */
  const isOfTurn = ({ at }: ToolCall): boolean => at === 'answer' || (at === 'request' && options.endsByPause());

  return {
    get keptBytes() {
      return guard.keptBytes;
    },
    get turnCalls() {
      return turn.calls;
    },
    calls: guard.calls,
    wants: (lane, direction) => guard.wants(lane, direction) || (lane === 'user' && direction === 'request'),
    requestRead: () => guard.requestRead(),
    read(frame, direction) {
      if (direction === 'request') turn.read(frame);
      const ruling = guard.read(frame, direction);
      const found = (frame.tools ?? []).flatMap((event) => (event.kind === 'call' ? judge(event, direction) : []));
      return ruling === undefined || found.length === 0 ? ruling : { ...ruling, findings: [...ruling.findings, ...found] };
    },
    learn(conversation) {
      turn.learn(conversation);
      guard.learn(conversation);
    },
    conversation() {
      const state = guard.conversation();
      return state && { ...state, ...turn.told() };
    },
  };
}

interface Turn {
  /** A piece of the request. */
  read(frame: Frame): void;
  called(): void;
  /** What earlier exchanges of the conversation know. */
  learn(earlier: EarlierTurn): void;
  /** Since the last message of a person, or since the last pause. */
  readonly calls: number;
  /** What the conversation's next exchange is to know; calls that have been told are not told again. */
  told(): Pick<ConversationState, 'turnCalls' | 'turnMs' | 'turnMade'>;
}

/**
 * Counts what follows the last message of a person in the history that a request carries. One without such a message goes on with the turn
 * of the exchange before it, which a provider that keeps the history has. Over MCP that is all there is, and a turn ends with a pause.
 */
function createTurn({ earlier: before, nowMs, endsByPause }: CallBudgetsOptions): Turn {
  let earlier = before?.turnCalls ?? 0;
  let earlierMs = before?.turnMs;
  let untold = 0;
  let begins = false;
  let inHistory = 0;
  let made = 0;
  return {
    read(frame) {
      if (endsByPause()) return;
      const answered = new Set<number>();
      const after: number[] = [];
      for (const event of frame.tools ?? []) {
        if (event.kind === 'declaration' || event.target !== 'tool') continue;
        const at = messageOf(event.key);
        if (event.kind === 'result') answered.add(at);
        if (event.kind === 'call' ? event.at === 'history' : !event.isCalled) after.push(at);
      }
      // What stands beside a result is no new question: clients put reminders there.
      const said = frame.segments.filter(({ lane }) => lane === 'user').map(({ key }) => messageOf(key));
      const asked = said.filter((at) => !answered.has(at));
      const last = asked.reduce((most, at) => Math.max(most, at), -1);
      if (asked.length > 0) inHistory = 0;
      begins ||= asked.length > 0;
      inHistory += after.filter((at) => at > last).length;
    },
    called() {
      made++;
      untold++;
    },
    learn({ turnCalls = 0, turnMs }) {
      earlier = Math.max(earlier, turnCalls);
      earlierMs = turnMs ?? earlierMs;
    },
    get calls() {
      return calls();
    },
    told() {
      if (!endsByPause()) return { turnCalls: calls() };
      const turnMade = untold;
      untold = 0;
      return { turnCalls: calls(), turnMade, ...(made > 0 && { turnMs: nowMs }) };
    },
  };

  function calls(): number {
    if (endsByPause()) return made + (earlierMs !== undefined && nowMs - earlierMs <= FIXED.turnPauseMs ? earlier : 0);
    return made + (begins ? inHistory : Math.max(inHistory, earlier));
  }
}

/** Place of a message in its list: the first number of a key such as `messages.3.content.0`; 0 where there is no list. */
function messageOf(key: string): number {
  const place = key.split('.', KEY_PARTS_MAX).find((part) => part !== '' && Number.isInteger(Number(part)));
  return place === undefined ? 0 : Number(place);
}

/** Deep enough for the list of messages in every dialect. */
const KEY_PARTS_MAX = 8;
