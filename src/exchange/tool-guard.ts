import { readCallValues } from '../agents/conversation/call-values.ts';
import { type ConversationReader, type ConversationState, readConversation } from '../agents/conversation/conversation.ts';
import { type FlowBreach, type FlowRule, isMet, judgeFlows } from '../agents/conversation/flows.ts';
import { classifyTool, type ToolClass, type ToolClassRow, type ToolHints } from '../agents/conversation/tool-class.ts';
import type { WordKey } from '../agents/conversation/word-hash.ts';
import type { AgentFinding } from '../agents/finding.ts';
import type { Identity } from '../agents/identity/identity.ts';
import { type AgentRule, type Permission, permit } from '../agents/permissions/agent-policy.ts';
import type { ToolArguments, Use } from '../agents/permissions/use.ts';
import { FIXED } from '../lib/limits.ts';
import type { ByteSpan } from '../lib/units.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';
import type { Frame } from '../wire/frame.ts';
import type { ToolCall, ToolDeclaration, ToolEvent, ToolResult } from '../wire/tool-event.ts';

/** A call as it was made: text from traffic, for hashing and never for showing. */
export interface RecordedCall {
  readonly name: string;
  /** JSON, or free text; undefined: none, or too long. */
  readonly arguments: string | undefined;
}

export interface ToolGuardOptions {
  readonly rule: AgentRule;
  readonly identity: Identity;
  readonly flows: readonly FlowRule[];
  readonly toolClasses: readonly ToolClassRow[];
  /** What is known of the conversation before this exchange. */
  readonly conversation: ConversationState | undefined;
  /** Under which words are hashed. Default: one that everybody knows. */
  readonly wordKey?: WordKey | undefined;
  /** Whether a definition may be shown to who asks: the findings that speak against it. Default: nothing does. */
  readonly integrity?: ((tool: ToolDeclaration, direction: Direction) => readonly AgentFinding[]) | undefined;
  /** Told of everything that permissions judge. */
  readonly onUse?: ((use: Use, permitted: boolean) => void) | undefined;
}

/** What is to be done about a frame. */
export interface GuardRuling {
  readonly findings: readonly AgentFinding[];
  /** Declarations that must not leave. */
  readonly removals: readonly ByteSpan[];
  /** A call that is judged before anything of this frame leaves; undefined: nothing is open. */
  readonly isOpen: boolean;
}

/**
 * Watches what one exchange does with tools, in both directions: permissions of what is declared and called, and what the conversation
 * combines. Pure; told every frame once, in order.
 */
export interface ToolGuard {
  /** Whether it reads the texts of a lane. */
  wants(lane: Lane, direction: Direction): boolean;
  /** The request has been read to its end, and who knows of its conversation has been asked: what its results show. */
  requestRead(): readonly AgentFinding[];
  /** Bytes of texts kept for what may still be asked about them. */
  readonly keptBytes: number;
  /** Undefined: nothing in it is about tools, nothing is open. */
  read(frame: Frame, direction: Direction): GuardRuling | undefined;
  /** What others know of the conversation. */
  learn(conversation: ConversationState): void;
  /** What the conversation holds now; undefined: no text of it mattered. */
  conversation(): ConversationState | undefined;
  /** Calls that were judged, in order, at most `FIXED.recordedCalls`. */
  readonly calls: readonly RecordedCall[];
}

/** Where the text of a result comes from. */
interface ResultSource {
  readonly source: string;
  readonly classes: ReadonlySet<ToolClass>;
  /** Until somebody can say by the id of the call which tool it is, its texts wait. */
  readonly open?: { readonly id: string; readonly texts: string[] };
}

interface UnaskedResult {
  readonly id: string;
  readonly name: string | undefined;
}

export function createToolGuard(options: ToolGuardOptions): ToolGuard {
  return new ExchangeGuard(options);
}

interface Ruled {
  readonly direction: Direction;
  readonly findings: AgentFinding[];
  readonly removals: ByteSpan[];
}

/** There is one for each exchange: its fields are all that it takes. */
class ExchangeGuard implements ToolGuard {
  readonly calls: RecordedCall[] = [];
  readonly #options: ToolGuardOptions;
  readonly #reader: ConversationReader;
  readonly #watchesText: boolean;
  /** Keys of calls whose first frame has come and whose arguments have not all come. */
  #open: Set<string> | undefined;
  #results: Map<string, ResultSource> | undefined;
  /** Results of the request whose calls are not in it: an earlier exchange of the conversation may have seen them. */
  #unasked: UnaskedResult[] | undefined;
  #hints: Map<string, ToolHints> | undefined;
  #changed = false;
  #declares = false;

  constructor(options: ToolGuardOptions) {
    this.#options = options;
    this.#reader = readConversation(options.conversation, options.wordKey);
    this.#watchesText = options.flows.length > 0;
  }

  wants(lane: Lane, direction: Direction): boolean {
    return this.#watchesText && (lane === 'tool-result' || (direction === 'request' && REQUEST_LANES.has(lane)));
  }

  read(frame: Frame, direction: Direction): GuardRuling | undefined {
    if (this.#watchesText) {
      for (const event of frame.tools ?? []) if (event.kind === 'result') this.#noteResult(event, direction);
      for (const segment of frame.segments) this.#readText(segment, direction);
    }
    const settled = direction === 'response' ? this.#settle() : NO_FINDINGS;
    if (frame.tools === undefined && settled.length === 0) return this.#isOpen() ? WAITING : undefined;
    const findings: AgentFinding[] = [...settled];
    const removals: ByteSpan[] = [];
    for (const event of frame.tools ?? []) this.#judge(event, { direction, findings, removals });
    return { findings, removals, isOpen: this.#isOpen() };
  }

  requestRead(): readonly AgentFinding[] {
    const findings = this.#settle();
    // What an answer calls without any tool on offer is judged by what the conversation holds, and not by what anybody said.
    if (!this.#declares && this.#reader.holds.size === 0 && this.#options.conversation === undefined) this.#reader.forgetTexts();
    return findings;
  }

  get keptBytes(): number {
    return this.#reader.keptBytes;
  }

  learn(conversation: ConversationState): void {
    this.#changed = true;
    this.#reader.learn(conversation);
  }

  conversation(): ConversationState | undefined {
    return this.#changed || this.#options.conversation !== undefined ? this.#reader.state() : undefined;
  }

  #isOpen(): boolean {
    return this.#open !== undefined && this.#open.size > 0;
  }

  #judge(event: ToolEvent, ruled: Ruled): void {
    switch (event.kind) {
      case 'declaration':
        return this.#judgeDeclaration(event, ruled);
      case 'call':
        return event.at === 'history' ? undefined : this.#judgeCall(event, ruled);
      case 'result':
        return this.#noteUnasked(event, ruled.direction);
    }
  }

  #judgeDeclaration(tool: ToolDeclaration, { direction, findings, removals }: Ruled): void {
    const { rule, integrity } = this.#options;
    this.#declares = true;
    if (tool.annotations !== undefined) this.#noteHints(tool);
    // What stands where nothing can be taken out cannot be withheld either.
    const doubts = (integrity?.(tool, direction) ?? []).map((doubt) =>
      doubt.action === 'redact' && tool.span === undefined ? { ...doubt, action: 'deny' as const } : doubt,
    );
    const permission = this.#permit(declaredUse(tool));
    findings.push(...doubts);
    let action = doubts.some((doubt) => doubt.action !== 'observe') ? ('redact' as const) : undefined;
    if (!permission.allowed) {
      // What a server offers is only taken from view: the rest of its list is not its fault.
      const isDenied = direction === 'request' && rule.forbiddenTools.declared === 'deny';
      action = tool.span === undefined || isDenied ? undefined : 'redact';
      findings.push(notPermitted(tool.name, permission, { direction, lane: 'tool-definition', action: action ?? 'deny' }));
    }
    if (action === 'redact' && tool.span !== undefined) removals.push(tool.span);
  }

  #permit(use: Use): Permission {
    const { rule, identity, onUse } = this.#options;
    const permission = permit(rule, use, identity);
    onUse?.(use, permission.allowed);
    return permission;
  }

  #noteHints({ name, annotations }: ToolDeclaration): void {
    this.#hints ??= new Map();
    if (name === undefined || annotations === undefined || this.#hints.size >= FIXED.lanes) return;
    this.#hints.set(name, {
      readOnlyHint: annotations.readOnly,
      destructiveHint: annotations.destructive,
      openWorldHint: annotations.openWorld,
    });
  }

  #judgeCall(call: ToolCall, { direction, findings }: Ruled): void {
    if (!call.complete) {
      this.#open ??= new Set();
      this.#open.add(call.key);
      return;
    }
    this.#open?.delete(call.key);
    if (call.target === 'tool' && this.calls.length < FIXED.recordedCalls)
      this.calls.push({ name: call.name ?? '', arguments: call.arguments });
    const permission = this.#permit(calledUse(call));
    if (!permission.allowed) findings.push(notPermitted(call.name, permission, { direction, lane: 'tool-arguments', action: 'deny' }));
    if (call.target !== 'tool' || call.name === undefined) return;
    if (call.id !== undefined) this.#noteCalled(call.id, call.name);
    findings.push(...this.#flowFindings(call, call.name, direction));
  }

  #noteCalled(id: string, name: string): void {
    this.#changed = true;
    this.#reader.called(id, name);
  }

  #classesOf(tool: string): ReadonlySet<ToolClass> {
    return classifyTool(tool, this.#options.toolClasses, this.#hints?.get(tool)).classes;
  }

  #flowFindings(call: ToolCall, name: string, direction: Direction): readonly AgentFinding[] {
    const { flows } = this.#options;
    if (!this.#watchesText) return [];
    const classes = this.#classesOf(name);
    if (!flows.some((flow) => isMet(flow, this.#reader.holds, classes))) return [];
    const args = argumentsOf(call);
    const value = args.ok ? args.value : undefined;
    const values = args.ok ? readCallValues(value) : { named: [call.arguments ?? ''], content: [] };
    const breaches = judgeFlows(flows, this.#reader.state(), { name, args: value, values, classes });
    return breaches.map((breach) => flowFinding(breach, name, direction));
  }

  #noteUnasked({ isCalled, id, name, target }: ToolResult, direction: Direction): void {
    if (isCalled || id === undefined || direction === 'response' || target !== 'tool') return;
    this.#unasked ??= [];
    if (this.#unasked.length < FIXED.lanes) this.#unasked.push({ id, name });
  }

  /** What came without its call is taken as that of the tool that was called, or as anything where nobody knows of a call. */
  #settle(): readonly AgentFinding[] {
    if (this.#unasked === undefined && this.#results === undefined) return NO_FINDINGS;
    const waiting = this.#unasked ?? [];
    this.#unasked = undefined;
    const findings: AgentFinding[] = [];
    for (const { id, name } of waiting) {
      if (this.#reader.toolOf(id) === undefined)
        findings.push({ id: 'tool.unasked-result', action: 'observe', direction: 'request', lane: 'tool-result', subject: name });
    }
    for (const [key, { open: waits }] of this.#results ?? []) {
      if (waits === undefined) continue;
      const source = this.#sourceOf(this.#reader.toolOf(waits.id));
      this.#results!.set(key, source);
      for (const text of waits.texts) this.#bring(text, source);
      if (waits.texts.length === 0) this.#bring('', source);
    }
    return findings;
  }

  #noteResult({ key, target, name, id }: ToolResult, direction: Direction): void {
    this.#results ??= new Map();
    if (this.#results.size >= FIXED.lanes) return;
    if (target !== 'tool') {
      this.#results.set(key, { source: target, classes: UNTRUSTED });
      return;
    }
    if (name === undefined && id !== undefined && direction === 'request') {
      this.#results.set(key, { ...this.#sourceOf(undefined), open: { id, texts: [] } });
      return;
    }
    const source = this.#sourceOf(name ?? (id === undefined ? undefined : this.#reader.toolOf(id)));
    this.#results.set(key, source);
    this.#bring('', source); // a picture says no word and brings what it brings
  }

  #sourceOf(tool: string | undefined): ResultSource {
    return tool === undefined ? { source: 'tool', classes: ANYTHING } : { source: tool, classes: this.#classesOf(tool) };
  }

  #bring(text: string, from: ResultSource): void {
    this.#changed ||= from.classes.size > 0;
    this.#reader.result(text, from);
  }

  #readText({ key, lane, text }: Segment, direction: Direction): void {
    if (lane === 'tool-result') {
      const from = this.#resultAt(key) ?? this.#sourceOf(undefined);
      if (from.open === undefined) this.#bring(text, from);
      else from.open.texts.push(text);
    } else if (direction === 'response') return;
    else if (lane === 'document') this.#bring(text, { source: 'document', classes: UNTRUSTED });
    else if (SAID_LANES.has(lane)) this.#reader.said(text);
  }

  /** The result that a text belongs to: that of its key, or of the nearest key above it. */
  #resultAt(key: string): ResultSource | undefined {
    if (this.#results === undefined) return undefined;
    for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
      const found = this.#results.get(key.slice(0, end));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const NO_FINDINGS: readonly AgentFinding[] = [];
const WAITING: GuardRuling = { findings: [], removals: [], isOpen: true };
const UNTRUSTED: ReadonlySet<ToolClass> = new Set(['untrusted-content']);
/** Of a tool that nobody can name. */
const ANYTHING: ReadonlySet<ToolClass> = new Set(['untrusted-content', 'private-data']);
const REQUEST_LANES: ReadonlySet<Lane> = new Set(['user', 'system', 'query', 'document']);
const SAID_LANES: ReadonlySet<Segment['lane']> = new Set(['user', 'system', 'query']);

function declaredUse({ target, name = '' }: ToolDeclaration): Use {
  switch (target) {
    case 'tool':
      return { kind: 'tool-declared', name };
    case 'resource':
      return { kind: 'mcp-resource', uri: name };
    case 'prompt':
      return { kind: 'mcp-prompt', name };
    case 'agent':
      return { kind: 'a2a-skill', name };
  }
}

function calledUse(call: ToolCall): Use {
  const name = call.name ?? '';
  return call.target === 'tool'
    ? { kind: 'tool-called', name, args: argumentsOf(call) }
    : declaredUse({ ...NO_DECLARATION, target: call.target, name });
}

const NO_DECLARATION: ToolDeclaration = {
  kind: 'declaration',
  target: 'tool',
  key: '',
  name: undefined,
  span: undefined,
  definition: undefined,
  builtIn: false,
  annotations: undefined,
};

function argumentsOf(call: ToolCall): ToolArguments {
  if (call.isCut) return { ok: false };
  if (call.arguments === undefined || call.arguments === '') return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(call.arguments) as unknown };
  } catch {
    return { ok: false };
  }
}

function notPermitted(
  subject: string | undefined,
  { reason, rule }: Extract<Permission, { readonly allowed: false }>,
  where: Pick<AgentFinding, 'direction' | 'lane' | 'action'>,
): AgentFinding {
  const id = reason === 'agent-unknown' ? 'agent.unknown' : 'tool.not-permitted';
  return { id, ...where, subject, rule, reason };
}

function flowFinding({ rule, index, sources, followed }: FlowBreach, subject: string, direction: Direction): AgentFinding {
  const isOut = rule.to.includes('sends-data');
  const ending = followed ? ' What it is given stands there, and nobody else said it.' : '';
  return {
    id: isOut ? 'exfil.flow' : 'tool.harmful-flow',
    action: rule.action,
    direction,
    lane: 'tool-arguments',
    subject,
    rule: `flows[${index}]`,
    explanation: `${sentence(rule.all.map((kind) => HOLDS[kind]))} came into this conversation from ${count(sources.length)}; the call ${rule.to.map((kind) => DOES[kind]).join(' or ')}.${ending}`,
  };
}

const HOLDS = {
  'untrusted-content': 'untrusted content',
  'private-data': 'private data',
  'sends-data': 'data that is sent',
  'harmful-action': 'an action that cannot be taken back',
} as const satisfies Record<ToolClass, string>;

const DOES = {
  'untrusted-content': 'brings untrusted content in',
  'private-data': 'reads private data',
  'sends-data': 'sends data away',
  'harmful-action': 'cannot be taken back',
} as const satisfies Record<ToolClass, string>;

function sentence(parts: readonly string[]): string {
  const joined = parts.join(' and ');
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}

const count = (tools: number): string => (tools === 1 ? 'one source' : `${tools} sources`);
