import type { DialectCase } from './dialect-case.ts';
import { A2A } from './dialects/a2a.ts';
import { ANTHROPIC_COMPLETE } from './dialects/anthropic-complete.ts';
import { ANTHROPIC_MESSAGES } from './dialects/anthropic-messages.ts';
import { BEDROCK_CONVERSE } from './dialects/bedrock-converse.ts';
import { BEDROCK_INVOKE } from './dialects/bedrock-invoke.ts';
import { COHERE } from './dialects/cohere.ts';
import { COHERE_V1 } from './dialects/cohere-v1.ts';
import { GEMINI } from './dialects/gemini.ts';
import { GENERIC } from './dialects/generic.ts';
import { GRAPHQL } from './dialects/graphql.ts';
import { JSON_RPC } from './dialects/json-rpc.ts';
import { MCP } from './dialects/mcp.ts';
import { OLLAMA } from './dialects/ollama.ts';
import { OPENAI_AUDIO } from './dialects/openai-audio.ts';
import { OPENAI_CHAT } from './dialects/openai-chat.ts';
import { OPENAI_COMPLETIONS } from './dialects/openai-completions.ts';
import { OPENAI_EMBEDDINGS } from './dialects/openai-embeddings.ts';
import { OPENAI_IMAGES } from './dialects/openai-images.ts';
import { OPENAI_MODERATIONS } from './dialects/openai-moderations.ts';
import { OPENAI_RESPONSES } from './dialects/openai-responses.ts';

/** Every dialect's cases; a test compares the list with the formats and the folder. */
export const CASES: readonly DialectCase[] = [
  ...BEDROCK_CONVERSE,
  ...BEDROCK_INVOKE,
  ...OPENAI_CHAT,
  ...OPENAI_RESPONSES,
  ...OPENAI_COMPLETIONS,
  ...OPENAI_EMBEDDINGS,
  ...OPENAI_MODERATIONS,
  ...OPENAI_IMAGES,
  ...OPENAI_AUDIO,
  ...MCP,
  ...A2A,
  ...JSON_RPC,
  ...GRAPHQL,
  ...GEMINI,
  ...ANTHROPIC_MESSAGES,
  ...ANTHROPIC_COMPLETE,
  ...COHERE,
  ...COHERE_V1,
  ...OLLAMA,
  ...GENERIC,
];
