import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { calledTool, onlyField, type Place, shortName, structural, toolName } from './fields.ts';

/**
 * A tool as OpenAI's chat declares it, and after it Cohere and Ollama: `{type, function: {name, description, parameters}}`, a custom tool,
 * or (legacy `functions`) what stands under `function` by itself. Any other type is a tool of the provider's.
 */
export function readFunctionTool(tool: JsonNode, place: Place): void {
  declare(tool, place);
  readDefinition(tool, place);
}

function declare(tool: JsonNode, { doc, sink, key }: Place): void {
  const type = shortName(doc, doc.field(tool, 'type'));
  const builtIn = type !== undefined && type !== 'function' && type !== 'custom';
  const own = (builtIn ? undefined : onlyField(doc, tool, type ?? 'function')) ?? tool;
  const named = toolName(doc, own);
  sink.declares({
    key,
    node: tool,
    builtIn,
    ...(builtIn && named.name === undefined ? { name: type } : named),
    description: doc.field(own, 'description'),
    schema: doc.field(own, 'parameters') ?? doc.field(own, 'format'),
  });
}

function readDefinition(tool: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'type':
      case 'name':
        return structural(value, place);
      case 'function':
      case 'custom':
        return readDefinition(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

export interface FunctionCall {
  /** Whether the call is being made here, or is history. */
  readonly called: boolean;
  /** Name and arguments go on in later events. Default: false. */
  readonly streaming?: boolean;
  /** It is complete where it stands, and so is every text in it. Default: false. */
  readonly whole?: boolean;
  /** Reads a field of the call that only one dialect has. True: it was one. */
  readonly readOwn?: (name: string, value: JsonNode, place: Place) => boolean;
}

/** A call, or what an event adds to one: `{id, type, function: {name, arguments}}`. Its arguments are JSON in a string, or an object. */
export function readFunctionCall(call: JsonNode, { doc, sink, key, lane }: Place, options: FunctionCall): void {
  const { whole = false, called, readOwn } = options;
  if (doc.type(call) !== 'object') return whole ? sink.whole(call, { key, lane }) : sink.rest(call, { key, lane });
  sink.calls({ key, at: called ? 'answer' : 'history', id: shortName(doc, doc.field(call, 'id')) });
  walkFields(doc, call, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'index':
      case 'id':
      case 'type':
        return structural(value, place);
      case 'function':
      case 'custom':
        return readCalled(value, { ...place, key: `${key}${again}`, call: key }, options);
      default:
        sink.name(field, lane);
        if (readOwn?.(name, value, place) === true) return;
        return whole ? sink.whole(value, place) : sink.rest(value, place);
    }
  });
  if (whole) sink.ends(key);
}

interface Called extends Place {
  /** Key of the call itself. */
  readonly call: string;
}

/** What is called: the legacy `function_call` has nothing around it. */
export function readCalled(fn: JsonNode, { doc, sink, key, lane, call }: Called, options: FunctionCall): void {
  const { called, streaming = false, whole = false } = options;
  if (doc.type(fn) !== 'object') return whole ? sink.whole(fn, { key, lane }) : sink.rest(fn, { key, lane });
  const { input: piece, ...named } = calledTool(doc, fn, { inputs: ['arguments', 'input'] });
  sink.calls({ key: call, at: called ? 'answer' : 'history', ...named, namePiece: streaming, piece });
  walkFields(doc, fn, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'name':
      case 'index': // Ollama
        return structural(value, place);
      case 'arguments':
        return isText(doc, value) ? sink.nestedJson(value, place) : sink.whole(value, place);
      case 'input': // of a custom tool: free text
        return sink.text(value, place);
      default:
        sink.name(field, lane);
        return whole ? sink.whole(value, place) : sink.rest(value, place);
    }
  });
}

const isText = (doc: JsonDoc, node: JsonNode): boolean => doc.type(node) === 'string';
