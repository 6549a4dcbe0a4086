import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import type { Segment } from '../../src/text/segment.ts';
import { createBodyReader } from '../../src/wire/body-reader.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { emptyFacts, type Frame } from '../../src/wire/frame.ts';
import type { ToolEvent } from '../../src/wire/tool-event.ts';
import { isBelow } from '../../src/wire/walk.ts';
import { pieces } from '../wire/pieces.ts';
import { CALLS, HISTORY, ORPHAN, TOOLS, type ToolBody, type ToolTalk } from './tool-talk.ts';
import { TOOL_TALKS } from './tool-talks.ts';

function framesOf({ format }: ToolTalk, { direction, contentType = 'application/json', bytes }: ToolBody, cuts: readonly number[] = []) {
  const reader = createBodyReader({
    format: formatById(format)!,
    direction,
    contentType,
    contentEncoding: undefined,
    limits: DEFAULT_LIMITS,
    facts: { ...emptyFacts(), requestIds: [1, 2, 3, 4] },
    toolTexts: true,
  });
  return [...pieces(bytes, cuts).flatMap((piece) => [...reader.push(piece)]), ...reader.end()];
}

/** The last word on each key, in the order of the first; without ids and keys, which are each dialect's own, and with the texts. */
function told(frames: readonly Frame[]): readonly object[] {
  const events = new Map<string, ToolEvent>();
  for (const event of frames.flatMap(({ tools }) => tools ?? [])) events.set(`${event.kind} ${event.key}`, event);
  return [...events.values()].map((event) => plain(event, textBelow(frames, event.key)));
}

function plain(event: ToolEvent, text: string): object {
  const { kind, name } = event;
  switch (event.kind) {
    case 'declaration':
      return { kind, name, builtIn: event.builtIn, definition: event.definition };
    case 'call':
      return { kind, at: event.at, name, server: event.server, complete: event.complete, input: JSON.parse(event.arguments ?? 'null') };
    case 'result':
      return { kind, isCalled: event.isCalled, server: event.server, failed: event.failed, text };
    default:
      return event satisfies never;
  }
}

const textBelow = (frames: readonly Frame[], key: string): string =>
  frames
    .flatMap(({ segments }) => segments)
    .filter((segment) => segment.source.kind !== 'json-key' && isBelow(segment.key, key))
    .map(({ text }) => text)
    .join('');

const nameOf = ({ format, variant }: ToolTalk): string => (variant === undefined ? format : `${format} ${variant}`);
const row = (talk: ToolTalk, cell: string, body: ToolBody | undefined, expected: readonly object[]) =>
  body === undefined ? [] : [[`${nameOf(talk)}: ${cell}`, { talk, body, expected }] as const];

const declared = ({ schemas = TOOLS.map(({ schema }) => schema) }: ToolTalk) =>
  TOOLS.map(({ name, description }, i) => ({
    kind: 'declaration',
    name,
    builtIn: false,
    definition: sorted({ description, ...(schemas[i] === undefined ? {} : { schema: schemas[i] }) }),
  }));

/** Canonical JSON, by another way than the code's. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const call = (at: string, { name, input }: { readonly name: string; readonly input: object }) => ({
  kind: 'call',
  at,
  name,
  server: false,
  complete: true,
  input,
});
const result = (text: string, isCalled: boolean) => ({ kind: 'result', isCalled, server: false, failed: false, text });
const RESULTS = [...HISTORY.map((turn) => result(turn.result, true)), result(ORPHAN.result, false)];
const TURNS = [...HISTORY.flatMap((turn) => [call('history', turn), result(turn.result, true)]), result(ORPHAN.result, false)];
const called = ({ at }: ToolTalk) => CALLS.map((each) => call(at ?? 'answer', each));

const WHOLE = TOOL_TALKS.flatMap((talk) => [
  ...row(talk, 'declared', talk.declared, declared(talk)),
  ...row(talk, 'called in history, with its results', talk.history, TURNS),
  ...row(talk, 'results without a history', talk.results, RESULTS),
  ...row(talk, 'called in one body', talk.whole, called(talk)),
]);
const STREAMED = TOOL_TALKS.flatMap((talk) => row(talk, 'called in a stream', talk.streamed, called(talk)));

describe('the same tool traffic is the same events in every dialect', () => {
  test('the grid has every dialect with tools, and every cell', () => {
    expect(TOOL_TALKS.map(nameOf)).toEqual(DIALECTS);
    expect({ whole: WHOLE.length, streamed: STREAMED.length }).toEqual({ whole: 46, streamed: 14 });
  });

  test.each(WHOLE)('%s', (_, { talk, body, expected }) => {
    expect(told(framesOf(talk, body))).toEqual(expected);
  });

  test.each(STREAMED)('%s, at every split', (_, { talk, body, expected }) => {
    const whole = framesOf(talk, body);
    expect(told(whole)).toEqual(expected);
    const events = toolsOf(whole);
    for (let cut = 1; cut < body.bytes.length; cut++) expect(toolsOf(framesOf(talk, body, [cut]))).toEqual(events);
    expect(toolsOf(framesOf(talk, body, [...body.bytes.keys()]))).toEqual(events);
  });

  test.each(STREAMED)('%s: a call is known before its arguments leave, and complete only behind them', (_, { talk, body }) => {
    const frames = framesOf(talk, body);
    const calls = frames.flatMap(({ tools }, at) => (tools ?? []).map((event) => ({ at, event })));
    const places = frames.flatMap(({ segments }, at) => segments.filter(isArgument).map(({ key }) => ({ at, key })));
    expect(places.length).toBeGreaterThan(0);
    const outside = places.filter(({ at, key }) => {
      const own = calls.filter(({ event }) => isBelow(key, event.key));
      const first = own.at(0);
      const last = own.findLast(({ event }) => event.kind === 'call' && event.complete);
      return first === undefined || last === undefined || first.at > at || last.at < at;
    });
    expect(outside).toEqual([]);
  });
});

const DIALECTS = [
  ...['openai-chat', 'openai-chat functions', 'openai-responses', 'anthropic-messages', 'gemini', 'gemini array', 'bedrock-converse'],
  ...['bedrock-invoke anthropic', 'bedrock-invoke converse', 'bedrock-invoke openai', 'bedrock-invoke cohere'],
  ...['cohere', 'cohere-v1', 'ollama', 'mcp', 'a2a'],
];

/** Texts of arguments; names of their fields have keys of their own, and some streams say calls once more under other keys. */
const isArgument = ({ lane, key, source }: Segment): boolean =>
  lane === 'tool-arguments' && source.kind !== 'json-key' && !REPEATED.some((prefix) => key.startsWith(prefix));
const REPEATED = ['response~', 'event.tool_calls.', 'event.response.'];

const toolsOf = (frames: readonly Frame[]): readonly object[] => frames.map(({ tools, bytes }) => ({ bytes: bytes.length, tools }));
