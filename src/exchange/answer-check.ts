import { createJsonSchema, type JsonSchema } from '../detect/outputs/json-schema.ts';
import type { Rule } from '../detect/scan.ts';
import { FIXED } from '../lib/limits.ts';
import { utf16Offset } from '../lib/units.ts';
import { findingOf } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { Policy, Profile } from '../policy/policy.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { declaredSchema, isAnswerKey } from '../wire/declared-schema.ts';
import type { Frame, WireFacts } from '../wire/frame.ts';
import type { JsonDoc } from '../wire/framing/json.ts';
import type { ToolCall, ToolDeclaration } from '../wire/tool-event.ts';
import { isBelow } from '../wire/walk.ts';

/** What an answer is found to be. */
export interface AnswerRuling {
  readonly findings: readonly Finding[];
  /** Something that may be denied is not complete: nothing may leave that came since it began. */
  readonly isOpen: boolean;
  /** Something was not checked, because it was over a bound; `denied`: a denial hangs on it. */
  readonly unchecked: 'no' | 'observed' | 'denied';
}

/**
 * Holds the answers of one exchange against what its request declared: a schema for the answer, a schema for the arguments of each tool; and
 * says whether the model refused. Told every frame once, in order. Texts are gathered only where a schema is declared.
 */
export interface AnswerCheck {
  /** Whether frames must say the definitions of tools and the arguments of calls. */
  readonly wantsTools: boolean;
  /** A request that is one JSON document. */
  declares(doc: JsonDoc, dialect: string): void;
  read(frame: Frame, where: { readonly direction: Direction; readonly dialect: string }): AnswerRuling | undefined;
  /** The answer is over. */
  end(answer: {
    readonly facts: WireFacts;
    readonly lanes: ReadonlyMap<Lane, number>;
    readonly findings: readonly Finding[];
  }): AnswerRuling;
}

/** Undefined: no rule of the profile asks for it. */
export function createAnswerCheck(profile: Profile, mode: Policy['mode']): AnswerCheck | undefined {
  const rules = {
    answer: profile.rule('output', 'response', 'output.schema'),
    tools: profile.rule('tool-arguments', 'response', 'output.tool-schema'),
    refusal: profile.rule('output', 'response', 'output.refusal'),
  };
  return Object.values(rules).some((rule) => rule !== undefined) ? openAnswerCheck(rules, mode) : undefined;
}

interface Rules {
  readonly answer: Rule | undefined;
  readonly tools: Rule | undefined;
  readonly refusal: Rule | undefined;
}

/** A schema, or that there is one that is too large. */
type Known = JsonSchema | 'too-large';

function openAnswerCheck(rules: Rules, mode: Policy['mode']): AnswerCheck {
  let answerSchema: Known | undefined;
  const toolSchemas = new Map<string, Known>();
  /** Answers that are being written, by key; undefined: over the bound. */
  const texts = new Map<string, string[] | undefined>();
  let units = 0;
  /** Calls that are being written. */
  const calls = new Set<string>();
  let findings: Finding[] = [];
  let unchecked: AnswerRuling['unchecked'] = 'no';

  return {
    wantsTools: rules.tools !== undefined,
    declares(doc, dialect) {
      if (rules.answer === undefined) return;
      const declared = declaredSchema(doc, dialect);
      if (declared !== undefined) answerSchema = declared.kind === 'schema' ? createJsonSchema(declared.schema) : 'too-large';
    },
    read(frame, { direction, dialect }) {
      if (rules.tools !== undefined) for (const event of frame.tools ?? []) if (event.kind === 'declaration') declareTool(event);
      if (direction === 'request' || (answerSchema === undefined && toolSchemas.size === 0)) return undefined;
      if (answerSchema !== undefined) gather(frame, dialect);
      for (const event of frame.tools ?? []) if (event.kind === 'call' && event.at === 'answer') judgeCall(event);
      return ruling();
    },
    end({ facts, lanes, findings: known }) {
      for (const key of texts.keys()) judgeAnswer(key);
      calls.clear();
      const isRefused = lanes.has('refusal') || facts.finishReasons.some((reason) => REFUSALS.has(reason.toLowerCase()));
      if (isRefused && !known.some(({ detector }) => detector === 'output.refusal')) note(rules.refusal, 'refusal', 0);
      return ruling();
    },
  };

  function ruling(): AnswerRuling {
    const holdsAnswer = rules.answer?.action === 'deny' && [...texts.values()].some((text) => text !== undefined);
    const said = { findings, isOpen: holdsAnswer || (rules.tools?.action === 'deny' && calls.size > 0), unchecked };
    findings = [];
    unchecked = 'no';
    return said;
  }

  function note(rule: Rule | undefined, lane: Lane, length: number): void {
    if (rule === undefined) return;
    const match = { rule, start: utf16Offset(0), end: utf16Offset(length) };
    findings.push(findingOf(match, { lane, direction: 'response', mode }));
  }

  function skipped(rule: Rule | undefined): void {
    if (unchecked !== 'denied') unchecked = rule?.action === 'deny' ? 'denied' : 'observed';
  }

  // ---- the answer

  function gather(frame: Frame, dialect: string): void {
    for (const { key, lane, text } of frame.segments) if (lane === 'output' && isAnswer(key, dialect)) add(key, text);
    for (const ended of frame.laneEnds) for (const key of texts.keys()) if (isBelow(key, ended)) judgeAnswer(key);
  }

  function isAnswer(key: string, dialect: string): boolean {
    return texts.has(key) || isAnswerKey(key, dialect);
  }

  function add(key: string, text: string): void {
    units += text.length;
    const parts = texts.has(key) ? texts.get(key) : [];
    if (parts !== undefined && units <= FIXED.answerUnits && texts.size <= FIXED.schemas) parts.push(text);
    else if (parts !== undefined) skipped(rules.answer);
    texts.set(key, units <= FIXED.answerUnits ? parts : undefined);
  }

  function judgeAnswer(key: string): void {
    const parts = texts.get(key);
    texts.delete(key);
    if (parts !== undefined) judge(answerSchema, parts.join(''), { rule: rules.answer, lane: 'output' });
  }

  // ---- tools

  function declareTool({ name, definition, builtIn }: ToolDeclaration): void {
    if (name === undefined || builtIn) return;
    if (toolSchemas.size >= FIXED.schemas && !toolSchemas.has(name)) return skipped(rules.tools);
    toolSchemas.set(name, definition === undefined ? 'too-large' : createJsonSchema(schemaIn(definition)));
  }

  function judgeCall(call: ToolCall): void {
    const schema = call.name === undefined ? undefined : toolSchemas.get(call.name);
    if (!call.complete) calls.add(call.key);
    else if (calls.delete(call.key) || schema !== undefined) judgeArguments(call, schema);
  }

  function judgeArguments(call: ToolCall, schema: Known | undefined): void {
    if (call.server || call.target !== 'tool') return;
    if (call.isCut && schema !== undefined) return skipped(rules.tools);
    judge(schema, call.arguments ?? '{}', { rule: rules.tools, lane: 'tool-arguments' });
  }

  function judge(schema: Known | undefined, text: string, { rule, lane }: { readonly rule: Rule | undefined; readonly lane: Lane }): void {
    if (schema === undefined) return;
    const value = parsed(text.trim() === '' && lane === 'tool-arguments' ? '{}' : text);
    const verdict = schema === 'too-large' ? 'unchecked' : value === undefined ? 'invalid' : schema.check(value.json);
    if (verdict === 'unchecked') skipped(rule);
    else if (verdict === 'invalid') note(rule, lane, text.length);
  }
}

/** What providers call an answer that the model, or a guard of theirs, did not give. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['refusal', 'content_filter', 'content_filtered', 'guardrail_intervened', 'safety', 'prohibited_content', 'blocklist', 'spii'],
  ...['image_safety', 'error_toxic', 'model_armor'],
]);

/** The schema in the canonical definition of a tool; a tool without one takes anything. */
function schemaIn(definition: string): unknown {
  const value: unknown = parsed(definition)?.json;
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : true;
}

function parsed(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
