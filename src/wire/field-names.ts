/**
 * Readers that take no notice of letter case (Go's encoding/json, .NET's web defaults, Jackson where it is asked to) read `"Tools"` as
 * `tools`, and of two spellings the last. So fields that lead to what permissions judge are known in any case: models, persons, methods,
 * tools that are declared, called and answered, and the lists and objects that these stand in. Leaves that are only text are not among
 * them: their text is read under any name.
 */
export const FIELD_NAMES: readonly string[] = [
  // who is asked, by whom, and on what
  ...['model', 'models', 'modelId', 'user', 'safety_identifier', 'metadata', 'user_id', 'fallbacks', 'stream'],
  ...['requests', 'request', 'body', 'params', 'config', 'instances', 'generateContentRequest', 'generate_content_request'],
  ...['embedContentRequest', 'inputConfig', 'session', 'response', 'conversation'],
  // messages
  ...['messages', 'message', 'msg', 'contents', 'content', 'parts', 'part', 'role', 'type', 'input', 'inputs', 'prompt', 'system'],
  ...['systemInstruction', 'system_instruction', 'instructions', 'chat_history', 'history', 'items', 'item', 'text', 'query'],
  // tools that are declared
  ...['tools', 'tool', 'functions', 'function', 'custom', 'namespace', 'name', 'description', 'parameters', 'format', 'json'],
  ...[
    'input_schema',
    'inputSchema',
    'parametersJsonSchema',
    'parameters_json_schema',
    'parameter_definitions',
    'toolConfig',
    'tool_config',
  ],
  ...['toolSpec', 'systemTool', 'functionDeclarations', 'function_declarations', 'mcp_servers', 'server_label', 'server_name'],
  ...['annotations', 'readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint', 'prompts', 'resources', 'skills'],
  // tools that are called and answered
  ...['tool_calls', 'tool_call', 'function_call', 'functionCall', 'functionResponse', 'function_response', 'toolUse', 'toolResult'],
  ...['tool_use', 'tool_result', 'tool_results', 'arguments', 'args', 'id', 'call_id', 'tool_call_id', 'tool_use_id', 'toolUseId'],
  ...['tool_name', 'call', 'outputs', 'output', 'executed_tools', 'toolCall', 'toolResponse'],
  // JSON-RPC
  ...['jsonrpc', 'method', 'result', 'error', 'uri', 'ref', 'clientInfo', 'task', 'taskId', 'contextId', 'context_id'],
  // GraphQL
  ...['operationName', 'variables', 'extensions'],
];

/** Letter case aside, and the two letters outside ASCII that fold to one within it (Unicode CaseFolding.txt, simple): `ſ` and `K`. */
const folded = (name: string): string => name.toLowerCase().replaceAll('\u017f', 's'); // U+212A becomes `k` by itself

const BY_FOLDED: ReadonlyMap<string, string> = new Map(FIELD_NAMES.map((name) => [folded(name), name]));

const UNITS_MAX = Math.max(...FIELD_NAMES.map(({ length }) => length));

/** A field's name as dialects have it where it differs from one of theirs in letter case alone; else as it is. */
export function dialectName(name: string): string {
  return name.length > UNITS_MAX ? name : (BY_FOLDED.get(folded(name)) ?? name);
}

/** Whether two names are the same but for letter case. */
export function isSameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && folded(a) === folded(b));
}
