import { createHash } from 'node:crypto';
import { FIXED } from '../lib/limits.ts';
import { byteOffset } from '../lib/units.ts';
import type { WireFacts } from './frame.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import { LEARNED_TOOLS_MAX } from './learning.ts';
import type { ToolAnnotations, ToolCall, ToolDeclaration, ToolEvent, ToolResult, ToolTarget } from './tool-event.ts';
import { isBelow, walkFields } from './walk.ts';

/** A name as a dialect finds it. `isUnclear`: there is one, and nobody can say which: too long, no string, or twice in one object. */
export interface ToolName {
  readonly name?: string | undefined;
  readonly isUnclear?: boolean;
}

/** What a dialect says of a declaration; the rest of `ToolDeclaration` is made of it. */
export interface DeclaredTool extends ToolName {
  readonly key: string;
  /** Default: tool. */
  readonly target?: ToolTarget;
  /** The value that declares it. */
  readonly node: JsonNode;
  /** Whether that is an element of an array. Default: true. */
  readonly isElement?: boolean;
  readonly description?: JsonNode | undefined;
  readonly schema?: JsonNode | undefined;
  /** Default: false. */
  readonly builtIn?: boolean;
  readonly annotations?: ToolAnnotations | undefined;
}

/** What a dialect says of a call, or of a part of one: what is left out is not said here. */
export interface CalledTool extends ToolName, Pick<ToolCall, 'key' | 'at'> {
  /** Default: tool. */
  readonly target?: ToolTarget;
  readonly id?: string | undefined;
  /** Default: false. */
  readonly server?: boolean;
  /** Whether the name is a piece that goes on where the last one ended. Default: false, and another name makes it unclear. */
  readonly namePiece?: boolean;
  /** All arguments, as far as they are known: later ones count. */
  readonly input?: JsonNode | undefined;
  /** It has arguments that are no text, so that nobody can say them all. Default: false. */
  readonly isPartial?: boolean;
  /** The next piece of the arguments. Where all of them come beside it they must be the same, or nobody can say what is called. */
  readonly piece?: JsonNode | undefined;
}

/** What a dialect says of a result. */
export interface AnsweredTool extends ToolName, Pick<ToolResult, 'key'> {
  /** Default: tool. */
  readonly target?: ToolTarget;
  readonly id?: string | undefined;
  /** That its call stands somewhere else. Default: looked up in this body. */
  readonly isCalled?: boolean;
  /** Default: false. */
  readonly server?: boolean;
  /** Default: false. */
  readonly failed?: boolean;
}

/** Makes tool events of what dialects say; keeps the calls of one body, so that a result finds its call and a piece its beginning. */
export interface ToolLog {
  declares(tool: DeclaredTool, at: Place): void;
  calls(call: CalledTool, at: Place): void;
  answers(result: AnsweredTool): void;
  /** Calls at or below a key are complete; `'*'` for all. */
  ends(key: string): void;
  /** Events since the last take; undefined: none. */
  take(): readonly ToolEvent[] | undefined;
  /** More than `FIXED.toolEvents`: the rest was not told. */
  readonly isOver: boolean;
}

/** Where nodes belong. */
interface Place {
  readonly doc: JsonDoc;
  /** Where the document's bytes begin in the frame. */
  readonly base: number;
  /** Number of the event, the same for all of one document. */
  readonly event: number;
}

/** A call as far as it has come. */
interface OpenCall {
  readonly call: Pick<CalledTool, 'key' | 'at' | 'target' | 'server'>;
  id: string | undefined;
  name: string | undefined;
  /** The event in which its name was said last: in one event there is one. */
  namedIn: number;
  isUnclear: boolean;
  whole: string | undefined;
  readonly pieces: string[];
  isCut: boolean;
  complete: boolean;
  /** Place among the events in hand; undefined: none of them tells of it. */
  told: number | undefined;
  /** Its name was not in the facts before it. */
  noted: boolean;
}

export interface ToolLogOptions {
  readonly facts: WireFacts;
  /** Whether definitions and arguments are wanted. */
  readonly texts: boolean;
  /** Where fingerprints of definitions go. Undefined: nowhere. */
  readonly fingerprints: Map<string, string> | undefined;
}

export function createToolLog({ facts, texts, fingerprints }: ToolLogOptions): ToolLog {
  let events: ToolEvent[] = [];
  let count = 0;
  let keptUnits = 0;
  const calls = new Map<string, OpenCall>();
  const open = new Set<OpenCall>();
  const inHand: OpenCall[] = [];
  const namesById = new Map<string, string | undefined>();

  const self = {
    isOver: false,
    declares(tool: DeclaredTool, at: Place): void {
      if (tool.target === undefined || tool.target === 'agent') noteName(facts.toolsDeclared, tool.name);
      const declared = declarationOf(tool, at, texts || fingerprints !== undefined);
      if (fingerprints !== undefined) noteFingerprint(fingerprints, declared);
      tell(texts ? declared : { ...declared, definition: undefined });
    },
    calls(call: CalledTool, { doc, event }: Place): void {
      const before = calls.get(call.key);
      const known = before ?? begin(call);
      if (known === undefined) return;
      const isNews = grow(known, call, event) || before === undefined;
      const goesOn = keep(known, call, doc);
      if (known.complete && !isNews && !goesOn) return; // said again
      if (known.complete || isNews) {
        reopen(known);
        tellCall(known);
      }
    },
    answers(result: AnsweredTool): void {
      tell(resultOf(result));
    },
    ends(key: string): void {
      for (const call of open) {
        if (!isBelow(call.call.key, key)) continue;
        open.delete(call);
        call.complete = true;
        if (isContradictory(call)) spoil(call);
        tellCall(call);
      }
    },
    take(): readonly ToolEvent[] | undefined {
      if (events.length === 0) return undefined;
      const taken = events;
      events = [];
      for (const call of inHand) call.told = undefined;
      inHand.length = 0;
      return taken;
    },
  };
  return self;

  function tell(event: ToolEvent): boolean {
    self.isOver ||= count >= FIXED.toolEvents;
    if (self.isOver) return false;
    count++;
    events.push(event);
    return true;
  }

  function begin(call: CalledTool): OpenCall | undefined {
    self.isOver ||= calls.size >= FIXED.toolEvents;
    if (self.isOver) return undefined;
    const { key, at, target, server } = call;
    const made: OpenCall = {
      call: { key, at, ...(target !== undefined && { target }), ...(server !== undefined && { server }) },
      id: undefined,
      name: undefined,
      namedIn: -1,
      isUnclear: false,
      whole: undefined,
      pieces: [],
      isCut: false,
      complete: false,
      told: undefined,
      noted: false,
    };
    calls.set(key, made);
    return made;
  }

  function reopen(call: OpenCall): void {
    call.complete = false;
    open.add(call);
  }

  /** Adds what a piece says to name and id. True: it said something new. */
  function grow(known: OpenCall, { id, name, isUnclear = false, namePiece = false }: CalledTool, event: number): boolean {
    const { name: before, isUnclear: wasUnclear, id: idBefore } = known;
    known.id ??= id;
    known.isUnclear ||= isUnclear;
    if (name !== undefined && name !== '' && name !== before) {
      known.isUnclear ||= before !== undefined && (!namePiece || known.namedIn === event);
      known.namedIn = event;
      known.name = (before ?? '') + name;
      known.isUnclear ||= known.name.length > NAME_UNITS_MAX;
    }
    if (known.isUnclear) known.name = undefined;
    if (known.id !== undefined && namesById.size < FIXED.toolEvents) namesById.set(known.id, known.name);
    if (known.name !== before) noteCalled(known, before);
    return known.name !== before || known.isUnclear !== wasUnclear || known.id !== idBefore;
  }

  function spoil(known: OpenCall): void {
    const before = known.name;
    known.isUnclear = true;
    known.name = undefined;
    if (known.id !== undefined) namesById.set(known.id, undefined);
    noteCalled(known, before);
  }

  /** A name that grows is one name. */
  function noteCalled({ call, ...known }: OpenCall, before: string | undefined): void {
    if (call.at === 'history' || call.target !== undefined) return;
    const list = facts.toolsCalled;
    if (before !== undefined && known.noted) list.splice(list.indexOf(before), 1);
    calls.get(call.key)!.noted = known.name !== undefined && !list.includes(known.name);
    noteName(list, known.name);
  }

  /** Takes arguments over. True: a complete call goes on, or is another one now. */
  function keep(known: OpenCall, { input, piece, isPartial = false }: CalledTool, doc: JsonDoc): boolean {
    known.isCut ||= isPartial;
    const node = piece ?? input;
    if (node === undefined || doc.type(node) === 'null' || doc.size(node) === 0) return false;
    if (!texts || known.isCut) return piece !== undefined;
    keptUnits += doc.size(node);
    known.isCut = keptUnits > FIXED.toolCallUnits;
    if (known.isCut) return true;
    const text = doc.text(node);
    const before = known.whole ?? known.pieces.join('');
    if (piece !== undefined) known.pieces.push(text);
    else known.whole = text;
    return piece !== undefined || text !== before;
  }

  function tellCall(call: OpenCall): void {
    const event = callOf(call);
    if (call.told !== undefined) {
      events[call.told] = event;
      return;
    }
    if (!tell(event)) return;
    call.told = events.length - 1;
    inHand.push(call);
  }

  function resultOf({ key, id, name, target = 'tool', isCalled, server = false, failed = false }: AnsweredTool): ToolResult {
    const byId = id === undefined ? undefined : namesById.get(id);
    const known = id === undefined ? [...calls.values()].some((call) => name !== undefined && call.name === name) : namesById.has(id);
    return { kind: 'result', target, key, id, name: byId ?? name, isCalled: isCalled ?? known, server, failed };
  }
}

/** Names of tools have at most 64 characters with every provider; longer than any that a dialect gives at once is none. */
const NAME_UNITS_MAX = 128;
/** Names kept per list of facts. */
const NAMES_MAX = 1024;

function noteName(list: string[], name: string | undefined): void {
  if (name !== undefined && name !== '' && list.length < NAMES_MAX && !list.includes(name)) list.push(name);
}

/** Hashed here, so that no definition is kept for it. */
function noteFingerprint(fingerprints: Map<string, string>, { target, name, definition }: ToolDeclaration): void {
  if (target !== 'tool' || name === undefined || definition === undefined || fingerprints.size >= LEARNED_TOOLS_MAX) return;
  fingerprints.set(name, createHash('sha256').update(definition).digest('hex'));
}

function callOf({ call, id, name, complete, pieces, whole, isCut }: OpenCall): ToolCall {
  const { key, at, target = 'tool', server = false } = call;
  const text = pieces.length > 0 ? pieces.join('') : whole;
  return { kind: 'call', target, at, key, id, name, server, complete, arguments: complete && !isCut ? text : undefined, isCut };
}

/** Pieces that are not what is said to be all of them. The empty object that some calls begin with says nothing. */
function isContradictory({ pieces, whole, isCut }: OpenCall): boolean {
  if (pieces.length === 0 || whole === undefined || whole === '{}' || isCut) return false;
  const joined = pieces.join('');
  return joined !== whole && !isSameJson(joined, whole);
}

function isSameJson(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false; // no JSON: the texts themselves differ
  }
}

function declarationOf(tool: DeclaredTool, { doc, base }: Place, texts: boolean): ToolDeclaration {
  const { key, name, target = 'tool', node, isElement = true, builtIn = false, annotations } = tool;
  const span = isElement ? { start: byteOffset(base + doc.start(node)), end: byteOffset(base + doc.end(node)) } : undefined;
  const isDouble = saysTwice(doc, tool);
  const isUnclear = tool.isUnclear === true || isDouble;
  const definition = texts ? definitionOf(tool, { doc, isDouble }) : undefined;
  return { kind: 'declaration', target, key, name: isUnclear ? undefined : name, span, definition, builtIn, annotations };
}

/**
 * Whether a declaration has a field twice, in the same letter case or another, so that readers differ in what it declares. A schema may:
 * it is part of the definition whole.
 */
function saysTwice(doc: JsonDoc, { node, schema, description }: DeclaredTool): boolean {
  let twice = false;
  walkFields(doc, node, (_, value, again) => {
    twice ||= again !== '';
    if (value === schema || value === description) return;
    walkFields(doc, value, (__, ___, innerAgain) => {
      twice ||= innerAgain !== '';
    });
  });
  return twice;
}

function definitionOf(
  { node, builtIn = false, description, schema }: DeclaredTool,
  { doc, isDouble }: { readonly doc: JsonDoc; readonly isDouble: boolean },
): string | undefined {
  if (builtIn || isDouble) return doc.size(node) > FIXED.toolTextUnits ? undefined : canonical(doc, node);
  const parts = { description, schema };
  const units = Object.values(parts).reduce((sum: number, part) => sum + (part === undefined ? 0 : doc.size(part)), 0);
  if (units > FIXED.toolTextUnits) return undefined;
  const fields = Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : [`"${name}":${canonical(doc, part)}`]));
  return `{${fields.join(',')}}`;
}

/** JSON with its keys sorted and no white space; of a key that comes twice both values stay. Numbers are as they are written. */
function canonical(doc: JsonDoc, node: JsonNode): string {
  const parts: (readonly [name: string, text: string])[] = [];
  switch (doc.type(node)) {
    case 'string':
      return JSON.stringify(doc.text(node));
    case 'array':
      doc.items(node, (item) => parts.push(['', canonical(doc, item)]));
      return `[${parts.map(([, text]) => text).join(',')}]`;
    case 'object':
      doc.fields(node, (key, value) => {
        const name = JSON.stringify(doc.text(key));
        parts.push([name, `${name}:${canonical(doc, value)}`]);
      });
      parts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return `{${parts.map(([, text]) => text).join(',')}}`;
    default:
      return doc.text(node);
  }
}
