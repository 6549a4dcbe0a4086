/**
 * Field names that providers write into every answer around what it says: counts, times, empty lists. They are constants of the dialects
 * and no text of anybody, so nothing looks for anything in them; what stands under them is read as anything else.
 */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  // OpenAI and those who speak like it
  ...['annotations', 'logprobs', 'prompt_tokens', 'completion_tokens', 'total_tokens', 'prompt_tokens_details'],
  ...[
    'completion_tokens_details',
    'cached_tokens',
    'audio_tokens',
    'reasoning_tokens',
    'accepted_prediction_tokens',
    'rejected_prediction_tokens',
  ],
  ...[
    'text_tokens',
    'input_tokens_details',
    'output_tokens_details',
    'image_tokens',
    'prompt_cache_hit_tokens',
    'prompt_cache_miss_tokens',
  ],
  ...['queue_time', 'prompt_time', 'completion_time', 'total_time', 'num_search_queries', 'obfuscation'],
  // Anthropic
  ...['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'cache_creation', 'server_tool_use'],
  ...['ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens', 'web_search_requests', 'web_fetch_requests'],
  // Gemini
  ...['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount', 'thoughtsTokenCount', 'cachedContentTokenCount'],
  ...['toolUsePromptTokenCount', 'promptTokensDetails', 'candidatesTokensDetails', 'tokenCount', 'avgLogprobs'],
  // Bedrock
  ...['inputTokens', 'outputTokens', 'totalTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens', 'latencyMs'],
  // Ollama
  ...['total_duration', 'load_duration', 'prompt_eval_count', 'prompt_eval_duration', 'eval_count', 'eval_duration'],
]);
