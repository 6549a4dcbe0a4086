import { describe, expect, it } from 'vitest';
import { ANSWERS } from '../../src/detect/answers/index.ts';
import { createAnswerCheck } from '../../src/exchange/answer-check.ts';
import { createInspection, type Inspection } from '../../src/exchange/inspection.ts';
import { FIXED } from '../../src/lib/limits.ts';
import type { Finding } from '../../src/policy/finding.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { loaded } from '../policy/compiled.ts';

const policyWith = (action: 'observe' | 'deny', mode = 'enforce'): Policy =>
  loaded(
    `version: 1\nextends: none\nmode: ${mode}\ndetectors:\n  output.schema: {action: ${action}}\n  output.tool-schema: {action: ${action}}\n`,
    { catalogue: ANSWERS },
  );
const OBSERVING = policyWith('observe');
const DENYING = policyWith('deny');

interface Played {
  readonly released: string;
  readonly denied: string | undefined;
  readonly findings: readonly string[];
  readonly uninspected: readonly string[];
}

interface Talk {
  readonly dialect: string;
  readonly request: object;
  /** An object is a JSON body, a list the events of a stream. */
  readonly answer: object | readonly object[];
}

/** A request and its answer in pieces of this size, through the inspections of one exchange. */
function play({ dialect, request, answer }: Talk, policy: Policy, size = Number.MAX_SAFE_INTEGER): Played {
  const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
  const findings: Finding[] = [];
  const answers = createAnswerCheck(profile, policy.mode);
  const facts = emptyFacts();
  const open = (direction: 'request' | 'response', contentType: string): Inspection =>
    createInspection({
      direction,
      format: formatById(dialect)!,
      contentType,
      contentEncoding: undefined,
      profile,
      mode: policy.mode,
      failMode: policy.failMode,
      limits: policy.limits,
      facts,
      findings,
      countAll: false,
      answers,
    });
  feed(open('request', 'application/json'), JSON.stringify(request), size);
  const isStream = Array.isArray(answer);
  const body = isStream ? answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') : JSON.stringify(answer);
  const response = open('response', isStream ? 'text/event-stream' : 'application/json');
  feed(response, body, size);
  const released = Buffer.concat(response.take()).toString();
  return {
    released: released === body ? 'all' : released,
    denied: response.denial?.detector ?? response.denial?.code,
    findings: findings.map(({ detector, lane, taken }) => `${detector} ${lane} ${taken}`),
    uninspected: [...response.uninspected],
  };
}

function feed(inspection: Inspection, body: string, size: number): void {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) inspection.push(bytes.subarray(at, Math.min(bytes.length, at + size)));
  inspection.end();
}

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const GOOD = '{"city":"Oslo"}';
const BAD = '{"city":7}';

const chat = (format: object): object => ({ model: 'm', messages: [{ role: 'user', content: 'where?' }], response_format: format });
const chatAnswer = (content: string): object => ({
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
});
const chatStream = (content: string): readonly object[] => [
  { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
  ...[...content].map((piece) => ({ id: 'c', choices: [{ index: 0, delta: { content: piece } }] })),
  { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
];
const messages = [{ role: 'user', content: 'where?' }];

interface Row {
  readonly name: string;
  readonly dialect: string;
  readonly request: object;
  readonly answer: (text: string) => object | readonly object[];
}

const ROWS: readonly Row[] = [
  {
    name: 'OpenAI chat',
    dialect: 'openai-chat',
    request: chat({ type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } }),
    answer: chatAnswer,
  },
  {
    name: 'OpenAI chat, streamed',
    dialect: 'openai-chat',
    request: chat({ type: 'json_schema', json_schema: { schema: SCHEMA } }),
    answer: chatStream,
  },
  {
    name: 'OpenAI Responses',
    dialect: 'openai-responses',
    request: { model: 'm', input: 'where?', text: { format: { type: 'json_schema', name: 'a', schema: SCHEMA } } },
    answer: (text) => ({ output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }] }),
  },
  {
    name: 'Anthropic',
    dialect: 'anthropic-messages',
    request: { model: 'm', max_tokens: 9, messages, output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
    answer: (text) => ({ content: [{ type: 'text', text }], stop_reason: 'end_turn' }),
  },
  {
    name: 'Gemini, with the type names of OpenAPI',
    dialect: 'gemini',
    request: {
      contents: [{ parts: [{ text: 'where?' }] }],
      generationConfig: {
        responseMimeType: 'application/json',
        responseSchema: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
      },
    },
    answer: (text) => ({ candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] }),
  },
  {
    name: 'Ollama',
    dialect: 'ollama',
    request: { model: 'm', messages, format: SCHEMA },
    answer: (content) => ({ message: { role: 'assistant', content }, done: true }),
  },
  {
    name: 'Cohere',
    dialect: 'cohere',
    request: { model: 'm', messages, response_format: { type: 'json_object', json_schema: SCHEMA } },
    answer: (text) => ({ message: { role: 'assistant', content: [{ type: 'text', text }] }, finish_reason: 'COMPLETE' }),
  },
];

const NOTHING = { released: 'all', denied: undefined, findings: [], uninspected: [] };

describe('an answer with a declared schema', () => {
  it('has a row for each way to declare one', () => expect(ROWS).toHaveLength(7));

  it.each(ROWS)('leaves as it came when it is as declared: $name', ({ dialect, request, answer }) => {
    const talk = { dialect, request, answer: answer(GOOD) };
    expect([1, 7, 1e9].map((size) => play(talk, DENYING, size))).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  it.each(ROWS)('is reported when it is not: $name', ({ dialect, request, answer }) => {
    const observed = { ...NOTHING, findings: ['output.schema output observe'] };
    const talk = (text: string) => ({ dialect, request, answer: answer(text) });
    expect([play(talk(BAD), OBSERVING), play(talk('Oslo'), OBSERVING), play(talk(BAD), policyWith('deny', 'observe'))]).toEqual([
      observed,
      observed,
      observed,
    ]);
  });

  it.each(ROWS)('is denied before any of it leaves, where policy denies: $name', ({ dialect, request, answer }) => {
    const talk = { dialect, request, answer: answer(BAD) };
    const said = [1, 7, 1e9].map((size) => play(talk, DENYING, size));
    expect(said.map(({ denied }) => denied)).toEqual(['output.schema', 'output.schema', 'output.schema']);
    expect(said.map(({ findings }) => findings)).toEqual(said.map(() => ['output.schema output deny']));
    expect(said.map(({ released }) => released.includes('city'))).toEqual([false, false, false]);
  });

  it('is any JSON object where the request says no more', () => {
    const talk = (content: string) => ({ dialect: 'openai-chat', request: chat({ type: 'json_object' }), answer: chatAnswer(content) });
    expect(play(talk('{"any":1}'), DENYING)).toEqual(NOTHING);
    expect(play(talk('[1]'), DENYING).denied).toBe('output.schema');
  });

  it('is not looked at without one', () => {
    expect(play({ dialect: 'openai-chat', request: { model: 'm', messages }, answer: chatStream('plain text') }, DENYING)).toEqual(NOTHING);
    expect(play({ dialect: 'openai-chat', request: chat({ type: 'text' }), answer: chatStream('plain') }, DENYING)).toEqual(NOTHING);
  });

  it('counts as not inspected when it is too long to be gathered, and is denied only where the rule denies', () => {
    const long = `"${'a'.repeat(FIXED.answerUnits)}"`;
    const talk = { dialect: 'openai-chat', request: chat({ type: 'json_object' }), answer: chatAnswer(long) };
    expect(play(talk, OBSERVING)).toEqual({ ...NOTHING, uninspected: ['schema-limit'] });
    expect(play(talk, DENYING)).toMatchObject({ denied: 'uninspectable', uninspected: ['schema-limit'] });
  });

  it('counts as not inspected when the schema is too large', () => {
    const schema = { enum: ['a'.repeat(FIXED.schemaBytes)] };
    const talk = {
      dialect: 'ollama',
      request: { model: 'm', messages, format: schema },
      answer: { message: { content: '"b"' }, done: true },
    };
    expect(play(talk, OBSERVING)).toEqual({ ...NOTHING, uninspected: ['schema-limit'] });
  });
});

const TOOLS = [{ type: 'function', function: { name: 'weather', description: 'of a city', parameters: SCHEMA } }];
const asked = { model: 'm', messages, tools: TOOLS };
const call = (args: string, name = 'weather'): object => ({
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name, arguments: args } }] },
    },
  ],
});
const callStream = (args: string): readonly object[] => {
  const part = (fields: object): object => ({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] } }] });
  return [
    part({ id: 'c1', type: 'function', function: { name: 'weather', arguments: '' } }),
    ...[...args].map((piece) => part({ function: { arguments: piece } })),
    { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
  ];
};

describe('a call of a tool with a declared schema', () => {
  it.each([
    ['whole', call],
    ['streamed', callStream],
  ] as const)('leaves when its arguments are as declared, and is denied when they are not: %s', (_, write) => {
    const talk = (args: string) => ({ dialect: 'openai-chat', request: asked, answer: write(args) });
    expect([play(talk(GOOD), DENYING, 5), play(talk(GOOD), DENYING)]).toEqual([NOTHING, NOTHING]);
    expect(play(talk(BAD), OBSERVING, 5)).toEqual({ ...NOTHING, findings: ['output.tool-schema tool-arguments observe'] });
    const denied = play(talk(BAD), DENYING, 5);
    expect(denied).toMatchObject({ denied: 'output.tool-schema', findings: ['output.tool-schema tool-arguments deny'] });
    expect(denied.released).not.toContain('city');
  });

  it('is found wrong when its arguments are no JSON, or are missing', () => {
    const said = ['{"city":', '', '[]'].map((args) => play({ dialect: 'openai-chat', request: asked, answer: call(args) }, DENYING).denied);
    expect(said).toEqual(['output.tool-schema', 'output.tool-schema', 'output.tool-schema']);
  });

  it('may have any arguments when nobody declared the tool', () => {
    expect(play({ dialect: 'openai-chat', request: asked, answer: call(BAD, 'other') }, DENYING)).toEqual(NOTHING);
  });

  it('is checked in a dialect whose arguments are no text', () => {
    const request = { model: 'm', max_tokens: 9, messages, tools: [{ name: 'weather', input_schema: SCHEMA }] };
    const answer = (input: object) => ({ content: [{ type: 'tool_use', id: 't1', name: 'weather', input }], stop_reason: 'tool_use' });
    const said = [{ city: 'Oslo' }, { city: 7 }].map(
      (input) => play({ dialect: 'anthropic-messages', request, answer: answer(input) }, DENYING).denied,
    );
    expect(said).toEqual([undefined, 'output.tool-schema']);
  });
});

const REFUSED: readonly (Talk & { readonly name: string; readonly found: readonly string[] })[] = [
  {
    name: 'a field of its own',
    dialect: 'openai-chat',
    request: { model: 'm', messages },
    answer: { choices: [{ index: 0, message: { role: 'assistant', content: null, refusal: 'No.' }, finish_reason: 'stop' }] },
    found: ['output.refusal refusal observe'],
  },
  {
    name: 'a reason to stop',
    dialect: 'anthropic-messages',
    request: { model: 'm', max_tokens: 9, messages },
    answer: { content: [], stop_reason: 'refusal' },
    found: ['output.refusal refusal observe'],
  },
  {
    name: 'a filter of the provider',
    dialect: 'gemini',
    request: { contents: [{ parts: [{ text: 'where?' }] }] },
    answer: { candidates: [{ finishReason: 'SAFETY' }] },
    found: ['output.refusal refusal observe'],
  },
  {
    name: 'words, and a reason beside them',
    dialect: 'openai-chat',
    request: { model: 'm', messages },
    answer: { choices: [{ index: 0, message: { content: "I'm sorry, but I can't help with that." }, finish_reason: 'content_filter' }] },
    found: ['output.refusal output observe'],
  },
  {
    name: 'words in another language',
    dialect: 'ollama',
    request: { model: 'm', messages },
    answer: { message: { content: '抱歉，我无法帮助您完成这个请求。' }, done: true },
    found: ['output.refusal-cjk output observe'],
  },
  {
    name: 'nothing: the answer is one',
    dialect: 'openai-chat',
    request: { model: 'm', messages },
    answer: chatAnswer('Oslo.'),
    found: [],
  },
];

describe('a refusal of the model', () => {
  it('has a row for each way to say it', () => expect(REFUSED).toHaveLength(6));

  it.each(REFUSED)('is one finding that changes nothing: $name', ({ found, ...talk }) => {
    expect(play(talk, DENYING)).toEqual({ ...NOTHING, findings: found });
  });
});
