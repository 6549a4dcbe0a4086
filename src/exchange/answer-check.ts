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
  const answer = profile.rule('output', 'response', 'output.schema');
  const tools = profile.rule('tool-arguments', 'response', 'output.tool-schema');
  const refusal = profile.rule('output', 'response', 'output.refusal');
  if (answer === undefined && tools === undefined && refusal === undefined) return undefined;
  return new SchemaCheck({ answer, tools, refusal }, mode);
}

interface Rules {
  readonly answer: Rule | undefined;
  readonly tools: Rule | undefined;
  readonly refusal: Rule | undefined;
}

/** A schema, or that there is one that is too large. */
type Known = JsonSchema | 'too-large';

/** There is one for each exchange: its fields are all that it takes. */
class SchemaCheck implements AnswerCheck {
  readonly wantsTools: boolean;
  readonly #rules: Rules;
  readonly #mode: Policy['mode'];
  #answerSchema: Known | undefined;
  /** Of tools that are declared, by name. Most requests declare no schema. */
  #toolSchemas: Map<string, Known> | undefined;
  /** Answers that are being written, by key; undefined in it: over the bound. */
  #texts: Map<string, string[] | undefined> | undefined;
  #units = 0;
  /** Calls that are being written. */
  #calls: Set<string> | undefined;
  #findings: Finding[] = [];
  #unchecked: AnswerRuling['unchecked'] = 'no';

  constructor(rules: Rules, mode: Policy['mode']) {
    this.#rules = rules;
    this.#mode = mode;
    this.wantsTools = rules.tools !== undefined;
  }

  declares(doc: JsonDoc, dialect: string): void {
    if (this.#rules.answer === undefined) return;
    const declared = declaredSchema(doc, dialect);
    if (declared !== undefined) this.#answerSchema = declared.kind === 'schema' ? createJsonSchema(declared.schema) : 'too-large';
  }

  read({ segments, laneEnds, tools = [] }: Frame, { direction, dialect }: Parameters<AnswerCheck['read']>[1]): AnswerRuling | undefined {
    if (this.#rules.tools !== undefined) for (const event of tools) if (event.kind === 'declaration') this.#declareTool(event);
    if (direction === 'request' || (this.#answerSchema === undefined && this.#toolSchemas === undefined)) return undefined;
    if (this.#answerSchema !== undefined) this.#gather({ segments, laneEnds }, dialect);
    for (const event of tools) if (event.kind === 'call' && event.at === 'answer') this.#judgeCall(event);
    return this.#ruling();
  }

  end({ facts, lanes, findings: known }: Parameters<AnswerCheck['end']>[0]): AnswerRuling {
    for (const key of this.#texts?.keys() ?? []) this.#judgeAnswer(key);
    this.#calls?.clear();
    const isRefused = lanes.has('refusal') || facts.finishReasons.some((reason) => REFUSALS.has(reason.toLowerCase()));
    if (isRefused && !known.some(({ detector }) => detector === 'output.refusal')) this.#note(this.#rules.refusal, 'refusal', 0);
    return this.#ruling();
  }

  #ruling(): AnswerRuling {
    const { answer, tools } = this.#rules;
    const holdsAnswer = answer?.action === 'deny' && this.#texts?.values().some((text) => text !== undefined) === true;
    const holdsCall = tools?.action === 'deny' && this.#calls !== undefined && this.#calls.size > 0;
    const said = { findings: this.#findings, isOpen: holdsAnswer || holdsCall, unchecked: this.#unchecked };
    this.#findings = [];
    this.#unchecked = 'no';
    return said;
  }

  #note(rule: Rule | undefined, lane: Lane, length: number): void {
    if (rule === undefined) return;
    const match = { rule, start: utf16Offset(0), end: utf16Offset(length) };
    this.#findings.push(findingOf(match, { lane, direction: 'response', mode: this.#mode }));
  }

  #skipped(rule: Rule | undefined): void {
    if (this.#unchecked !== 'denied') this.#unchecked = rule?.action === 'deny' ? 'denied' : 'observed';
  }

  // ---- the answer

  #gather({ segments, laneEnds }: Pick<Frame, 'segments' | 'laneEnds'>, dialect: string): void {
    const texts = this.#texts ?? new Map<string, string[] | undefined>();
    this.#texts = texts;
    for (const { key, lane, text } of segments)
      if (lane === 'output' && (texts.has(key) || isAnswerKey(key, dialect))) this.#add(texts, key, text);
    for (const ended of laneEnds) for (const key of texts.keys()) if (isBelow(key, ended)) this.#judgeAnswer(key);
  }

  #add(texts: Map<string, string[] | undefined>, key: string, text: string): void {
    this.#units += text.length;
    const parts = texts.has(key) ? texts.get(key) : [];
    if (parts !== undefined && this.#units <= FIXED.answerUnits && texts.size <= FIXED.schemas) parts.push(text);
    else if (parts !== undefined) this.#skipped(this.#rules.answer);
    texts.set(key, this.#units <= FIXED.answerUnits ? parts : undefined);
  }

  #judgeAnswer(key: string): void {
    const parts = this.#texts?.get(key);
    this.#texts?.delete(key);
    if (parts !== undefined) this.#judge(this.#answerSchema, parts.join(''), { rule: this.#rules.answer, lane: 'output' });
  }

  // ---- tools

  #declareTool({ name, definition, builtIn }: ToolDeclaration): void {
    if (name === undefined || builtIn) return;
    this.#toolSchemas ??= new Map();
    if (this.#toolSchemas.size >= FIXED.schemas && !this.#toolSchemas.has(name)) return this.#skipped(this.#rules.tools);
    this.#toolSchemas.set(name, definition === undefined ? 'too-large' : createJsonSchema(schemaIn(definition)));
  }

  #judgeCall(call: ToolCall): void {
    const schema = call.name === undefined ? undefined : this.#toolSchemas?.get(call.name);
    this.#calls ??= new Set();
    if (!call.complete) this.#calls.add(call.key);
    else if (this.#calls.delete(call.key) || schema !== undefined) this.#judgeArguments(call, schema);
  }

  #judgeArguments(call: ToolCall, schema: Known | undefined): void {
    if (call.server || call.target !== 'tool') return;
    if (call.isCut && schema !== undefined) return this.#skipped(this.#rules.tools);
    this.#judge(schema, call.arguments ?? '{}', { rule: this.#rules.tools, lane: 'tool-arguments' });
  }

  #judge(schema: Known | undefined, text: string, { rule, lane }: { readonly rule: Rule | undefined; readonly lane: Lane }): void {
    if (schema === undefined) return;
    const value = parsed(text.trim() === '' && lane === 'tool-arguments' ? '{}' : text);
    const verdict = schema === 'too-large' ? 'unchecked' : value === undefined ? 'invalid' : schema.check(value.json);
    if (verdict === 'unchecked') this.#skipped(rule);
    else if (verdict === 'invalid') this.#note(rule, lane, text.length);
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
