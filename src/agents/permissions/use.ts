/**
 * One thing an agent does, as permissions judge it. Names are as the client or the model wrote them: untrusted text that only globs and
 * conditions see. Host and path of an endpoint are normalised (`normaliseHost`, `normalisePath`).
 */
export type Use =
  | { readonly kind: 'model'; readonly name: string }
  /** `openai`, `anthropic`, …: the provider of the route's dialect. */
  | { readonly kind: 'provider'; readonly name: string }
  | { readonly kind: 'endpoint'; readonly method: string; readonly host: string; readonly path: string }
  /** A tool that a request declares, or that a `tools/list` answer offers. */
  | { readonly kind: 'tool-declared'; readonly name: string }
  /** A call, by the model in any dialect or by an MCP client. */
  | { readonly kind: 'tool-called'; readonly name: string; readonly args: ToolArguments }
  | { readonly kind: 'mcp-method'; readonly name: string }
  | { readonly kind: 'mcp-resource'; readonly uri: string }
  | { readonly kind: 'mcp-prompt'; readonly name: string }
  | { readonly kind: 'a2a-skill'; readonly name: string }
  /** A declared API of `apis:`, by its name; `AgentPolicy.apiOf` finds it. */
  | { readonly kind: 'api'; readonly name: string };

export type UseKind = Use['kind'];

/** A call's arguments as parsed JSON; unreadable ones (cut off, not JSON, too large) make a condition that needs them deny. */
export type ToolArguments = { readonly ok: true; readonly value: unknown } | { readonly ok: false };
