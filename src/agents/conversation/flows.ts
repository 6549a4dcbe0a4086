import type { CallValues } from './call-values.ts';
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
   * Whether a call passes that names nothing but what a person or the system named in this conversation. What it only carries to where
   * they wanted it may be new; an action that cannot be taken back is judged by everything it is given. Default of policy: true.
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
  readonly values: CallValues;
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
  const { named, content } = call.values;
  const everything = [...named, ...content];
  return broken
    .filter(({ rule }) => !(rule.allowAsked && isAsked(call.values, carriesOnly(rule, call) ? named : everything, conversation)))
    .filter(({ rule }) => rule.unless?.(call) !== true)
    .map(({ rule, index }) => ({
      rule,
      index,
      sources: [...new Set(rule.all.flatMap((kind) => conversation.sources[kind] ?? []))],
      followed: isFollowed(everything, conversation),
    }));
}

/** A call that only sends: where to is what matters, what is sent is seldom what somebody has said word by word. */
function carriesOnly({ to }: FlowRule, { classes, values: { named } }: FlowCall): boolean {
  return named.length > 0 && !(to.includes('harmful-action') && classes.has('harmful-action'));
}

/** Whether a conversation that holds this and a tool of these classes are what a rule is about. */
export function isMet({ all, to }: FlowRule, holds: ReadonlySet<ToolClass>, classes: ReadonlySet<ToolClass>): boolean {
  return all.every((kind) => holds.has(kind)) && to.some((kind) => classes.has(kind));
}

/** An identifying word of the values stands in untrusted content, and nobody else said it. */
function isFollowed(values: readonly string[], { said, untrusted, key }: ConversationState): boolean {
  let found = false;
  for (const value of values) {
    readWords(value, key, ({ hash, isIdentifying }) => {
      found ||= isIdentifying && untrusted.identifying.has(hash) && !said.words.has(hash);
    });
  }
  return found;
}

/**
 * People said what is named here: where it goes in any case, and of the values every word that names one thing, or with nothing of that kind
 * nearly every word. Of arguments that were not all read nobody knows what was said.
 */
function isAsked({ places = [], lines = [], isCut }: CallValues, values: readonly string[], conversation: ConversationState): boolean {
  if (isCut === true) return false;
  return (
    places.every((place) => isSaidPlace(place, conversation)) &&
    lines.every((line) => hasOnlySaidAddresses(line, conversation)) &&
    areSaidValues(values, conversation)
  );
}

/** A place is said when its address is (the name beside an address is anybody's), and one without an address word by word. */
function isSaidPlace(place: string, conversation: ConversationState): boolean {
  const words = { all: 0, said: 0, addresses: 0, addressesSaid: 0 };
  readWords(place, conversation.key, ({ hash, isAddress }) => {
    const isSaid = Number(conversation.said.words.has(hash));
    words.all++;
    words.said += isSaid;
    words.addresses += Number(isAddress);
    words.addressesSaid += Number(isAddress) * isSaid;
  });
  return words.addresses > 0 ? words.addressesSaid === words.addresses : words.said === words.all;
}

function hasOnlySaidAddresses(text: string, { said, key }: ConversationState): boolean {
  let isSaid = true;
  readWords(text, key, (word) => {
    isSaid &&= !word.isAddress || said.words.has(word.hash);
  });
  return isSaid;
}

function areSaidValues(values: readonly string[], { said, key }: ConversationState): boolean {
  const counts = { identifying: 0, identifyingSaid: 0, words: 0, wordsSaid: 0, short: 0, shortSaid: 0 };
  for (const value of values) {
    readWords(value, key, ({ hash, isIdentifying, start, end }) => {
      const isSaid = said.words.has(hash);
      const kind = end - start < WORD_UNITS_MIN ? 'short' : 'words';
      counts[kind]++;
      if (isSaid) counts[`${kind}Said`]++;
      if (!isIdentifying) return;
      counts.identifying++;
      if (isSaid) counts.identifyingSaid++;
    });
  }
  const { identifying, identifyingSaid, words, wordsSaid, short, shortSaid } = counts;
  if (identifying > 0) return identifyingSaid === identifying;
  return words > 0 ? wordsSaid >= words * SAID_SHARE : short > 0 && shortSaid === short;
}

/** Share of a call's words that a person must have said when nothing in it names one thing: small words differ. */
const SAID_SHARE = 0.8;
/** UTF-16 units of a word that counts there; shorter ones count where there are no others, and all of them. */
const WORD_UNITS_MIN = 3;
