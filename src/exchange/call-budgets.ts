import { agentBudgets } from '../agents/behaviour/budgets.ts';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
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
  /** Calls of the running turn that earlier exchanges saw. */
  readonly earlier: number | undefined;
}

/** Whether the policy has a budget that is judged call by call. */
export function budgetsCalls({ budgets, agents, rules }: BehaviourPolicy): boolean {
  if (rules.budget.action === 'off') return false;
  const perAgent = [budgets.agent, ...agents.values()];
  return budgets.tool !== undefined || perAgent.some((one) => one?.toolCallsPerTurn !== undefined);
}

/** A guard that judges calls by budgets too. What it hands on has the calls of the turn with it. */
export function guardCalls(guard: ToolGuard, options: CallBudgetsOptions): ToolGuard & { readonly turnCalls: number } {
  const { policy, agent, earlier } = options;
  const turn = createTurn(earlier ?? 0);
  const perTurn = agentBudgets(policy, agent)?.toolCallsPerTurn ?? Number.POSITIVE_INFINITY;
  const action = policy.rules.budget.action === 'observe' ? 'observe' : 'deny';
  const takeCall = policy.budgets.tool === undefined ? undefined : options.takeCall;
  /** Calls of this exchange, each once: one that goes on after its end is told again. */
  const judged = new Set<string>();

  function judge(call: ToolCall, direction: Direction): readonly AgentFinding[] {
    const key = `${direction} ${call.key}`;
    if (call.at === 'history' || !call.complete || call.target !== 'tool' || judged.has(key)) return [];
    if (judged.size < FIXED.lanes) judged.add(key);
    if (call.at === 'answer') turn.called();
    const where = { id: 'behaviour.budget', direction, lane: 'tool-arguments', subject: call.name } as const;
    const spent = takeCall?.(call.name ?? '');
    const ofTool = spent === undefined ? [] : [{ ...where, ...spent, rule: 'behaviour.budgets.tool' }];
    if (call.at !== 'answer' || turn.calls <= perTurn) return ofTool;
    const explanation = `${turn.calls} tool calls in one turn, where the policy grants ${perTurn}.`;
    return [...ofTool, { ...where, action, rule: 'budgets.toolCallsPerTurn', explanation }];
  }

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
      turn.learn(conversation.turnCalls ?? 0);
      guard.learn(conversation);
    },
    conversation() {
      const state = guard.conversation();
      return state && { ...state, turnCalls: turn.calls };
    },
  };
}

interface Turn {
  /** A piece of the request. */
  read(frame: Frame): void;
  called(): void;
  /** What earlier exchanges of the conversation know. */
  learn(earlier: number): void;
  /** Since the last message of a person. */
  readonly calls: number;
}

/**
 * Counts what follows the last message of a person in the history that a request carries. One without such a message goes on with the turn
 * of the exchange before it, which a provider that keeps the history has.
 */
function createTurn(before: number): Turn {
  let earlier = before;
  let begins = false;
  let inHistory = 0;
  let made = 0;
  return {
    read(frame) {
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
    called: () => void made++,
    learn(more) {
      earlier = Math.max(earlier, more);
    },
    get calls() {
      return made + (begins ? inHistory : Math.max(inHistory, earlier));
    },
  };
}

/** Place of a message in its list: the first number of a key such as `messages.3.content.0`; 0 where there is no list. */
function messageOf(key: string): number {
  const place = key.split('.', KEY_PARTS_MAX).find((part) => part !== '' && Number.isInteger(Number(part)));
  return place === undefined ? 0 : Number(place);
}

/** Deep enough for the list of messages in every dialect. */
const KEY_PARTS_MAX = 8;
