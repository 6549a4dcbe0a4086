import type { ConversationState } from './conversation.ts';
import type { ToolClass } from './tool-class.ts';
import { readWords } from './values.ts';

/** What one conversation may not combine. */
export interface FlowRule {
  /** What it holds already: all of these. */
  readonly all: readonly ToolClass[];
  /** What a call then does. */
  readonly to: readonly ToolClass[];
  readonly action: 'observe' | 'deny';
  /**
   * Whether a call passes that says nothing but what a person or the system said in this conversation. Default of policy: true.
   */
  readonly allowAsked: boolean;
  /** An exemption in CEL, already compiled; one that fails exempts nothing. */
  readonly unless?: ((call: FlowCall) => boolean) | undefined;
}

/** A tool call, whole. */
export interface FlowCall {
  readonly name: string;
  /** Parsed arguments; undefined when they are no JSON. */
  readonly args: unknown;
  /** The arguments' strings and numbers, as text. */
  readonly values: readonly string[];
  readonly classes: ReadonlySet<ToolClass>;
}

/** A rule that a call breaks, and what of the conversation makes it so. */
export interface FlowBreach {
  readonly rule: FlowRule;
  /** Place of the rule in the policy's list, from 0. */
  readonly index: number;
  /** Tools (or `document`, `web`) that brought what the rule names. */
  readonly sources: readonly string[];
  /** An address, number or name in the arguments stands in untrusted content and was said by nobody else. */
  readonly followed: boolean;
}

/** The rules a call breaks in this conversation, in the policy's order. Never throws. */
export function judgeFlows(rules: readonly FlowRule[], conversation: ConversationState, call: FlowCall): readonly FlowBreach[] {
  const broken = rules.map((rule, index) => ({ rule, index })).filter(({ rule }) => isMet(rule, conversation.holds, call.classes));
  if (broken.length === 0) return [];
  const origin = originOf(call.values, conversation);
  return broken
    .filter(({ rule }) => !(rule.allowAsked && origin === 'said') && rule.unless?.(call) !== true)
    .map(({ rule, index }) => ({
      rule,
      index,
      sources: [...new Set(rule.all.flatMap((kind) => conversation.sources[kind] ?? []))],
      followed: origin === 'untrusted',
    }));
}

/** Whether a conversation that holds this and a tool of these classes are what a rule is about. */
export function isMet({ all, to }: FlowRule, holds: ReadonlySet<ToolClass>, classes: ReadonlySet<ToolClass>): boolean {
  return all.every((kind) => holds.has(kind)) && to.some((kind) => classes.has(kind));
}

/** Where the values of a call come from. `said`: what names one thing in them, or with nothing of that kind nearly every word. */
function originOf(values: readonly string[], { said, untrusted }: ConversationState): 'said' | 'untrusted' | 'unknown' {
  const counts = { identifying: 0, identifyingSaid: 0, words: 0, wordsSaid: 0 };
  let isFollowed = false;
  for (const value of values) {
    readWords(value, (hash, isIdentifying) => {
      const isSaid = said.words.has(hash);
      counts.words++;
      if (isSaid) counts.wordsSaid++;
      if (!isIdentifying) return;
      counts.identifying++;
      if (isSaid) counts.identifyingSaid++;
      else if (untrusted.identifying.has(hash)) isFollowed = true;
    });
  }
  if (isFollowed) return 'untrusted';
  return wasAsked(counts) ? 'said' : 'unknown';
}

interface Counts {
  readonly identifying: number;
  readonly identifyingSaid: number;
  readonly words: number;
  readonly wordsSaid: number;
}

function wasAsked({ identifying, identifyingSaid, words, wordsSaid }: Counts): boolean {
  if (identifying > 0) return identifyingSaid === identifying;
  return words > 0 && wordsSaid >= words * SAID_SHARE;
}

/** Share of a call's words that a person must have said when nothing in it names one thing: small words differ. */
const SAID_SHARE = 0.8;
