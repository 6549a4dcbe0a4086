import type { Direction } from '../../src/text/lane.ts';

/** The same tool traffic as one dialect writes it: what the grid of tool events plays. */
export interface ToolTalk {
  readonly format: string;
  /** What tells it from other talks of the same dialect; undefined where there is one. */
  readonly variant?: string;
  /** Where a call is made that is no history. Default: answer. */
  readonly at?: 'request';
  /** What the dialect has in place of the schemas of `TOOLS`. Default: those. */
  readonly schemas?: readonly object[];
  /** Declares `TOOLS`. */
  readonly declared: ToolBody;
  /** `HISTORY`: both calls, each with its result, and a result that nobody called. Undefined: the dialect has no history of calls. */
  readonly history?: ToolBody;
  /** Both results and the one that nobody called, where there is no history. */
  readonly results?: ToolBody;
  /** `CALLS` in one body. Undefined: the dialect calls no tools. */
  readonly whole?: ToolBody;
  /** `CALLS` in a stream. Undefined: the dialect calls in no stream. */
  readonly streamed?: ToolBody;
}

/** A body and the request it belongs to. */
export interface ToolBody {
  readonly direction: Direction;
  /** Default: application/json. */
  readonly contentType?: string;
  readonly bytes: Buffer;
}

export const TOOLS = [
  {
    name: 'look_up',
    description: 'Looks things up.',
    schema: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] },
  },
  {
    name: 'send_mail',
    description: 'Sends “mail”.',
    schema: { type: 'object', properties: { to: { type: 'string' }, n: { type: 'number' } } },
  },
] as const;

/** What was called and what came of it. */
export const HISTORY = [
  { id: 'call_1', name: 'look_up', input: { q: 'amber' }, result: 'found amber' },
  { id: 'call_2', name: 'send_mail', input: { to: 'basil', n: 2 }, result: 'sent to basil' },
] as const;

/** A result that nobody called. */
export const ORPHAN = { id: 'call_9', name: 'never_called', result: 'made up' } as const;

/** What is called now. */
export const CALLS = [
  { id: 'call_3', name: 'look_up', input: { q: 'cedar "é" 1' } },
  { id: 'call_4', name: 'send_mail', input: { to: 'dahlia', n: 4 } },
] as const;

export const request = (payload: unknown): ToolBody => ({ direction: 'request', bytes: Buffer.from(JSON.stringify(payload)) });
export const answer = (payload: unknown): ToolBody => ({ direction: 'response', bytes: Buffer.from(JSON.stringify(payload)) });

export const sseAnswer = (events: readonly (Buffer | string)[]): ToolBody => ({
  direction: 'response',
  contentType: 'text/event-stream',
  bytes: Buffer.concat(events.map((event) => Buffer.from(event))),
});

/** A call's arguments as they are streamed: in three pieces that cut words. */
export function inputPieces(input: unknown): readonly string[] {
  const text = JSON.stringify(input);
  const third = Math.ceil(text.length / 3);
  return [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)];
}
