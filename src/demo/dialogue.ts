import { assistantReply, mailOrderIn } from './bank.ts';

/** What the stand-in understood of a request, in either dialect. */
export interface Dialogue {
  readonly model: string;
  readonly stream: boolean;
  /** Text of the last user message. */
  readonly question: string;
  readonly system: string | undefined;
  readonly tools: readonly Tool[];
  /** Text of a tool result in the last message; undefined when it is not one. */
  readonly toolResult: string | undefined;
  /** Texts of all tool results so far, in order. */
  readonly toolResults: readonly string[];
  /** OpenAI `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** OpenAI `n`; 1 to 8. */
  readonly choices: number;
}

export interface Tool {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
}

export type Reply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/**
 * What the assistant does: calls the declared tools that the question names, or one when it asks to look something up, one after the other;
 * then it does what it has read in their results, or answers in text.
 */
export function replyTo(dialogue: Dialogue): Reply {
  const asked = dialogue.question.toLowerCase();
  const named = dialogue.tools.filter(({ name }) => asked.includes(name.toLowerCase()));
  const next = named[dialogue.toolResults.length];
  if (dialogue.toolResult !== undefined && next === undefined)
    return orderedMail(dialogue) ?? { kind: 'text', text: `The tool answered: ${dialogue.toolResult}` };
  const tool = next ?? (asked.includes('look up') ? dialogue.tools[0] : undefined);
  if (tool !== undefined) return { kind: 'tool', name: tool.name, input: argumentsFor(tool, dialogue.question) };
  return { kind: 'text', text: assistantReply(dialogue) };
}

/** The carelessness of the fourth act: what a result says is done, with what the other results say. */
function orderedMail({ tools, toolResults }: Dialogue): Reply | undefined {
  const order = toolResults.map(mailOrderIn);
  const to = order.find((address) => address !== undefined);
  if (to === undefined || !tools.some(({ name }) => name === 'send_mail')) return undefined;
  return { kind: 'tool', name: 'send_mail', input: { to, body: toolResults.filter((_, i) => order[i] === undefined).join(' ') } };
}

/** Values of the right types for a tool's declared arguments; strings get the question. */
function argumentsFor({ parameters }: Tool, question: string): Record<string, unknown> {
  const properties = field(parameters, 'properties');
  if (!isRecord(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueFor(schema, question)]));
}

function valueFor(schema: unknown, question: string): unknown {
  const allowed = field(schema, 'enum');
  if (Array.isArray(allowed)) return allowed[0];
  switch (field(schema, 'type')) {
    case 'number':
    case 'integer':
      return 4711;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return question;
  }
}

/** Reads an OpenAI chat completions request. */
export function readOpenAi(body: unknown): Dialogue {
  const messages = list(field(body, 'messages'));
  const last = messages.at(-1);
  return {
    ...common(body),
    question: textOf(
      field(
        messages.findLast((message) => field(message, 'role') === 'user'),
        'content',
      ),
    ),
    system:
      messages
        .filter((message) => field(message, 'role') === 'system' || field(message, 'role') === 'developer')
        .map((message) => textOf(field(message, 'content')))
        .join('\n') || undefined,
    tools: list(field(body, 'tools')).map((tool) => toolOf(field(tool, 'function'), 'parameters')),
    toolResult: field(last, 'role') === 'tool' ? textOf(field(last, 'content')) : undefined,
    toolResults: messages.filter((message) => field(message, 'role') === 'tool').map((message) => textOf(field(message, 'content'))),
  };
}

/** Reads an Anthropic messages request. */
export function readAnthropic(body: unknown): Dialogue {
  const messages = list(field(body, 'messages'));
  const lastContent = field(messages.at(-1), 'content');
  const results = messages.flatMap((message) => list(field(message, 'content'))).filter((block) => field(block, 'type') === 'tool_result');
  const result = list(lastContent).find((block) => field(block, 'type') === 'tool_result');
  return {
    ...common(body),
    question: textOf(lastContent),
    system: textOf(field(body, 'system')) || undefined,
    tools: list(field(body, 'tools')).map((tool) => toolOf(tool, 'input_schema')),
    toolResult: result === undefined ? undefined : textOf(field(result, 'content')),
    toolResults: results.map((block) => textOf(field(block, 'content'))),
  };
}

function common(body: unknown) {
  const model = field(body, 'model');
  const choices = field(body, 'n');
  return {
    model: typeof model === 'string' ? model : 'penny-1',
    stream: field(body, 'stream') === true,
    includeUsage: field(field(body, 'stream_options'), 'include_usage') === true,
    choices: typeof choices === 'number' ? Math.min(8, Math.max(1, Math.trunc(choices))) : 1,
  };
}

function toolOf(tool: unknown, parametersKey: string): Tool {
  const name = field(tool, 'name');
  return { name: typeof name === 'string' ? name : 'unnamed', parameters: field(tool, parametersKey) };
}

/** Text of a message's content: a string, or the text parts of a list. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => field(part, 'text'))
    .filter((text) => typeof text === 'string')
    .join('');
}

/** A rough token count for usage figures: one per four characters. */
export const tokenCount = (text: string): number => Math.ceil(text.length / 4);

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
