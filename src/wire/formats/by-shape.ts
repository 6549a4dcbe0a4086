import type { WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { cohereV1 } from './cohere-v1.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiResponses } from './openai-responses.ts';

/**
 * The dialect of a model's provider that a request body looks like, whatever its path: gateways and self-hosted models answer on paths of
 * their own. It has to name a model or declare tools beside what is asked; undefined: it looks like none.
 */
export function formatByShape(doc: JsonDoc): WireFormat | undefined {
  const { root } = doc;
  if (doc.type(root) !== 'object') return undefined;
  if (gemini.recogniseBody?.(doc) === true) return gemini;
  const has = (name: string): boolean => doc.field(root, name) !== undefined;
  if (has('toolConfig') && has('messages')) return bedrockConverse;
  if (!MARKS.some(has)) return undefined;
  if (has('messages')) return isAnthropic(doc) ? anthropicMessages : openaiChat;
  if (has('input')) return openaiResponses;
  if (has('prompt')) return openaiCompletions;
  return has('message') ? cohereV1 : undefined;
}

const MARKS: readonly string[] = ['model', 'models', 'tools', 'functions'];

/** What only Anthropic's messages have: tools whose schema stands beside their name, a version, a text for the system outside the messages. */
function isAnthropic(doc: JsonDoc): boolean {
  const { root } = doc;
  if (doc.field(root, 'anthropic_version') !== undefined || doc.field(root, 'system') !== undefined) return true;
  return someItem(doc, doc.field(root, 'tools'), (tool) => doc.field(tool, 'input_schema') !== undefined);
}

function someItem(doc: JsonDoc, list: JsonNode | undefined, is: (item: JsonNode) => boolean): boolean {
  let found = false;
  if (list !== undefined) doc.items(list, (item) => (found ||= is(item)));
  return found;
}
