import { readCallValues } from '../agents/conversation/call-values.ts';
import { type ConversationState, readConversation } from '../agents/conversation/conversation.ts';
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
  const { rule, identity, flows, toolClasses } = options;
  const reader = readConversation(options.conversation, options.wordKey);
  const watchesText = flows.length > 0;
  /** Calls whose first frame has come and whose arguments have not all come, by key. */
  const open = new Map<string, Direction>();
  const results = new Map<string, ResultSource>();
  /** Results of the request whose calls are not in it: an earlier exchange of the conversation may have seen them. */
  let unasked: UnaskedResult[] = [];
  const hints = new Map<string, ToolHints>();
  const calls: RecordedCall[] = [];
  let changed = false;
  let declares = false;

  return {
    calls,
    wants: (lane, direction) => watchesText && (lane === 'tool-result' || (direction === 'request' && REQUEST_LANES.has(lane))),
    read(frame, direction) {
      if (watchesText) for (const event of frame.tools ?? []) if (event.kind === 'result') noteResult(event, direction);
      if (watchesText) for (const segment of frame.segments) readText(segment, direction);
      const settled = direction === 'response' ? settle() : [];
      if (frame.tools === undefined && settled.length === 0) return open.size > 0 ? WAITING : undefined;
      const findings: AgentFinding[] = [...settled];
      const removals: ByteSpan[] = [];
      for (const event of frame.tools ?? []) judge(event, { direction, findings, removals });
      return { findings, removals, isOpen: open.size > 0 };
    },
    requestRead() {
      const findings = settle();
      // What an answer calls without any tool on offer is judged by what the conversation holds, and not by what anybody said.
      if (!declares && reader.holds.size === 0 && options.conversation === undefined) reader.forgetTexts();
      return findings;
    },
    get keptBytes() {
      return reader.keptBytes;
    },
    learn(conversation) {
      changed = true;
      reader.learn(conversation);
    },
    conversation: () => (changed || options.conversation !== undefined ? reader.state() : undefined),
  };

  interface Ruled {
    readonly direction: Direction;
    readonly findings: AgentFinding[];
    readonly removals: ByteSpan[];
  }

  function judge(event: ToolEvent, ruled: Ruled): void {
    switch (event.kind) {
      case 'declaration':
        return judgeDeclaration(event, ruled);
      case 'call':
        return event.at === 'history' ? undefined : judgeCall(event, ruled);
      case 'result':
        return noteUnasked(event, ruled.direction);
    }
  }

  function judgeDeclaration(tool: ToolDeclaration, { direction, findings, removals }: Ruled): void {
    declares = true;
    if (tool.annotations !== undefined) noteHints(tool);
    // What stands where nothing can be taken out cannot be withheld either.
    const doubts = (options.integrity?.(tool, direction) ?? []).map((doubt) =>
      doubt.action === 'redact' && tool.span === undefined ? { ...doubt, action: 'deny' as const } : doubt,
    );
    const offered = declaredUse(tool);
    const permission = permit(rule, offered, identity);
    options.onUse?.(offered, permission.allowed);
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

  function noteHints({ name, annotations }: ToolDeclaration): void {
    if (name === undefined || annotations === undefined || hints.size >= FIXED.lanes) return;
    hints.set(name, {
      readOnlyHint: annotations.readOnly,
      destructiveHint: annotations.destructive,
      openWorldHint: annotations.openWorld,
    });
  }

  function judgeCall(call: ToolCall, { direction, findings }: Ruled): void {
    if (!call.complete) {
      open.set(call.key, direction);
      return;
    }
    open.delete(call.key);
    if (call.target === 'tool' && calls.length < FIXED.recordedCalls) calls.push({ name: call.name ?? '', arguments: call.arguments });
    const use = calledUse(call);
    const permission = permit(rule, use, identity);
    options.onUse?.(use, permission.allowed);
    if (!permission.allowed) findings.push(notPermitted(call.name, permission, { direction, lane: 'tool-arguments', action: 'deny' }));
    if (call.target !== 'tool' || call.name === undefined) return;
    if (call.id !== undefined) noteCalled(call.id, call.name);
    findings.push(...flowFindings(call, call.name, direction));
  }

  function noteCalled(id: string, name: string): void {
    changed = true;
    reader.called(id, name);
  }

  function flowFindings(call: ToolCall, name: string, direction: Direction): readonly AgentFinding[] {
    if (!watchesText) return [];
    const { classes } = classifyTool(name, toolClasses, hints.get(name));
    if (!flows.some((flow) => isMet(flow, reader.holds, classes))) return [];
    const args = argumentsOf(call);
    const value = args.ok ? args.value : undefined;
    const values = args.ok ? readCallValues(value) : { named: [call.arguments ?? ''], content: [] };
    return judgeFlows(flows, reader.state(), { name, args: value, values, classes }).map((breach) => flowFinding(breach, name, direction));
  }

  function noteUnasked({ isCalled, id, name, target }: ToolResult, direction: Direction): void {
    if (isCalled || id === undefined || direction === 'response' || target !== 'tool' || unasked.length >= FIXED.lanes) return;
    unasked.push({ id, name });
  }

  /** What came without its call is taken as that of the tool that was called, or as anything where nobody knows of a call. */
  function settle(): readonly AgentFinding[] {
    const waiting = unasked;
    unasked = [];
    const findings: AgentFinding[] = [];
    for (const { id, name } of waiting) {
      if (reader.toolOf(id) === undefined)
        findings.push({ id: 'tool.unasked-result', action: 'observe', direction: 'request', lane: 'tool-result', subject: name });
    }
    for (const [key, { open: waits }] of results) {
      if (waits === undefined) continue;
      const source = sourceOf(reader.toolOf(waits.id));
      results.set(key, source);
      for (const text of waits.texts) bring(text, source);
      if (waits.texts.length === 0) bring('', source);
    }
    return findings;
  }

  function noteResult({ key, target, name, id }: ToolResult, direction: Direction): void {
    if (results.size >= FIXED.lanes) return;
    if (target !== 'tool') {
      results.set(key, { source: target, classes: UNTRUSTED });
      return;
    }
    if (name === undefined && id !== undefined && direction === 'request') {
      results.set(key, { ...sourceOf(undefined), open: { id, texts: [] } });
      return;
    }
    const source = sourceOf(name ?? (id === undefined ? undefined : reader.toolOf(id)));
    results.set(key, source);
    bring('', source); // a picture says no word and brings what it brings
  }

  function sourceOf(tool: string | undefined): ResultSource {
    if (tool === undefined) return { source: 'tool', classes: ANYTHING };
    return { source: tool, classes: classifyTool(tool, toolClasses, hints.get(tool)).classes };
  }

  function bring(text: string, from: ResultSource): void {
    changed ||= from.classes.size > 0;
    reader.result(text, from);
  }

  function readText({ key, lane, text }: Segment, direction: Direction): void {
    if (lane === 'tool-result') {
      const from = resultAt(key) ?? sourceOf(undefined);
      if (from.open === undefined) bring(text, from);
      else from.open.texts.push(text);
    } else if (direction === 'response') return;
    else if (lane === 'document') {
      bring(text, { source: 'document', classes: UNTRUSTED });
    } else if (SAID_LANES.has(lane)) reader.said(text);
  }

  /** The result that a text belongs to: that of its key, or of the nearest key above it. */
  function resultAt(key: string): ResultSource | undefined {
    for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
      const found = results.get(key.slice(0, end));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

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
