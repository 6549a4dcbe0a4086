import type { Head, WireFormat } from '../format.ts';
import type { JsonDoc } from '../framing/json.ts';
import { a2a } from './a2a.ts';
import { anthropicComplete } from './anthropic-complete.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { bedrockInvoke } from './bedrock-invoke.ts';
import { cohere } from './cohere.ts';
import { cohereV1 } from './cohere-v1.ts';
import { gemini } from './gemini.ts';
import { generic } from './generic.ts';
import { graphql } from './graphql.ts';
import { jsonRpc } from './json-rpc.ts';
import { mcp } from './mcp.ts';
import { ollama } from './ollama.ts';
import { openaiAudio } from './openai-audio.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiImages } from './openai-images.ts';
import { openaiModerations } from './openai-moderations.ts';
import { openaiResponses } from './openai-responses.ts';

/** Every dialect, in the order they are asked; `generic` takes what is left. */
export const FORMATS: readonly WireFormat[] = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  openaiEmbeddings,
  openaiModerations,
  openaiImages,
  openaiAudio,
  anthropicMessages,
  anthropicComplete,
  gemini,
  bedrockConverse,
  bedrockInvoke,
  cohere,
  cohereV1,
  ollama,
  mcp,
  a2a,
  jsonRpc,
  graphql,
  generic,
];

/** The first dialect that recognises a request; `generic` when none does. */
export function recogniseFormat(head: Head): WireFormat {
  return FORMATS.find((format) => format.recognise(head)) ?? generic;
}

/** The first dialect that claims a request body whose head spoke none; undefined when none does. */
export function recogniseBody(doc: JsonDoc): WireFormat | undefined {
  return FORMATS.find((format) => format.recogniseBody?.(doc) === true);
}

/** A dialect by its id, as a route or the command line names it; undefined when there is none. */
export function formatById(id: string): WireFormat | undefined {
  return FORMATS.find((format) => format.id === id);
}

/** Dialects of JSON-RPC: each tells of the calls that the others know. */
export const RPC_DIALECTS: ReadonlySet<string> = new Set([mcp, a2a, jsonRpc].map(({ id }) => id));

/** Protocols between agents and their tools, and what no dialect of a model's provider claims: a header or a field is enough to speak them. */
export const AGENT_PROTOCOLS: ReadonlySet<string> = new Set([mcp, a2a, jsonRpc, graphql, generic].map(({ id }) => id));
