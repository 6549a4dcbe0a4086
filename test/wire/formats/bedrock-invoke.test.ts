import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf16Offset } from '../../../src/lib/units.ts';
import { denialFor } from '../../../src/respond/denial.ts';
import { spliceFrame } from '../../../src/respond/splice.ts';
import { bedrockInvoke } from '../../../src/wire/formats/bedrock-invoke.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { awsChunk, awsEvent, awsEvents, awsMessage } from '../../support/aws-eventstream.ts';
import { cutPlaces, pieces, runs } from '../pieces.ts';
import { read, values } from '../reading.ts';

const body = (direction: 'request' | 'response') => (value: unknown) =>
  read([Buffer.from(JSON.stringify(value))], { format: bedrockInvoke, direction });
const request = body('request');
const response = body('response');
const messages = (parts: readonly Buffer[]) =>
  read(parts, { format: bedrockInvoke, direction: 'response', contentType: 'application/vnd.amazon.eventstream' });
const stream = (events: readonly unknown[]) => messages(events.map(awsChunk));
const texts = (reading: ReturnType<typeof read>) => values(reading).map(([lane, , text]) => [lane, text]);
const METRICS = { inputTokenCount: 7, outputTokenCount: 9, invocationLatency: 100, firstByteLatency: 10 };

test('the path names the model and says whether the answer is a stream', () => {
  const head = (path: string) => ({ method: 'POST', path, host: '', header: () => undefined });
  const facts = emptyFacts();
  bedrockInvoke.readHead?.(head('/model/meta.llama3-8b-instruct-v1%3A0/invoke-with-response-stream'), facts);
  expect(facts).toMatchObject({ model: 'meta.llama3-8b-instruct-v1:0', stream: true });
  const paths = [
    '/model/x/invoke',
    '/model/x/invoke-with-response-stream',
    '/model/x/converse',
    '/invoke',
    '/model/x/invoke-with-bidirectional-stream',
  ];
  expect(paths.map((path) => bedrockInvoke.recognise(head(path)))).toEqual([true, true, false, false, false]);
});

describe('a request', () => {
  const BODIES: readonly (readonly [string, object, readonly (readonly [string, string])[]])[] = [
    [
      'Claude',
      {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 9,
        system: 's',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }] }],
      },
      [
        ['system', 's'],
        ['user', 'q'],
      ],
    ],
    [
      'Nova',
      { schemaVersion: 'messages-v1', system: [{ text: 's' }], messages: [{ role: 'assistant', content: [{ text: 'a' }] }] },
      [
        ['system', 's'],
        ['assistant-history', 'a'],
      ],
    ],
    [
      'Titan',
      { inputText: 'q', textGenerationConfig: { stopSequences: ['END'] } },
      [
        ['user', 'q'],
        ['other', 'END'],
      ],
    ],
    ['Llama', { prompt: 'q', max_gen_len: 512, images: ['iVBORw0KGgo='] }, [['user', 'q']]],
    [
      'Mistral',
      { prompt: '<s>[INST] q [/INST]', stop: ['</s>'] },
      [
        ['user', '<s>[INST] q [/INST]'],
        ['other', '</s>'],
      ],
    ],
    ['Mistral chat', { messages: [{ role: 'tool', content: 'r' }] }, [['tool-result', 'r']]],
    [
      'Command R',
      { message: 'q', preamble: 's', chat_history: [{ role: 'CHATBOT', message: 'a' }], documents: [{ title: 'd' }] },
      [
        ['user', 'q'],
        ['system', 's'],
        ['assistant-history', 'a'],
        ['document', 'd'],
      ],
    ],
    [
      'embeddings',
      { texts: ['a', 'b'], input_type: 'search_document' },
      [
        ['user', 'a'],
        ['user', 'b'],
      ],
    ],
    ['Stable Diffusion', { text_prompts: [{ text: 'a cat', weight: 1 }], init_image: 'iVBORw0KGgo=' }, [['user', 'a cat']]],
    [
      'a picture of Titan',
      { taskType: 'TEXT_IMAGE', textToImageParams: { text: 'a dog' } },
      [
        ['other', 'TEXT_IMAGE'],
        ['user', 'a dog'],
      ],
    ],
    ['something new', { whatever: { deep: ['x'] } }, [['other', 'x']]],
  ];

  test('the table of bodies has all its rows', () => expect(BODIES).toHaveLength(11));

  test.each(BODIES)('of %s gives its lanes', (_, value, wanted) => {
    expect(texts(request(value))).toEqual(wanted);
  });

  test('the model in the path decides where the body does not', () => {
    const lanesOf = (model: string, value: object) => {
      const readBody: typeof bedrockInvoke.readBody = (doc, sink, direction) => {
        sink.facts.model = model;
        bedrockInvoke.readBody(doc, sink, direction);
      };
      const { frames } = read([Buffer.from(JSON.stringify(value))], { format: { ...bedrockInvoke, readBody }, direction: 'request' });
      return frames[0]!.segments.map(({ lane }) => lane);
    };
    const content = [{ type: 'tool_result', tool_use_id: 't', content: 'r' }];
    expect(lanesOf('us.anthropic.claude-3', { messages: [{ role: 'user', content }] })).toEqual(['tool-result']);
    expect(lanesOf('amazon.nova-lite', { messages: [{ role: 'user', content: [{ document: { source: { text: 'd' } } }] }] })).toEqual([
      'document',
    ]);
    expect(lanesOf('cohere.command-text-v14', { prompt: 'q', return_likelihoods: 'NONE' })).toEqual(['user']);
  });
});

describe('an answer', () => {
  const ANSWERS: readonly (readonly [string, object, readonly (readonly [string, string])[], object])[] = [
    [
      'Claude',
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: 'a' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 2 },
      },
      [['output', 'a']],
      { finishReasons: ['end_turn'], inputTokens: 1, outputTokens: 2 },
    ],
    [
      'Nova',
      {
        output: { message: { role: 'assistant', content: [{ text: 'a' }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 1, outputTokens: 2 },
      },
      [['output', 'a']],
      { finishReasons: ['end_turn'], inputTokens: 1, outputTokens: 2 },
    ],
    [
      'Titan',
      { inputTextTokenCount: 5, results: [{ tokenCount: 3, outputText: 'a', completionReason: 'FINISH' }] },
      [['output', 'a']],
      { finishReasons: ['FINISH'], inputTokens: 5 },
    ],
    [
      'Llama',
      { generation: 'a', prompt_token_count: 3, generation_token_count: 4, stop_reason: 'stop' },
      [['output', 'a']],
      { finishReasons: ['stop'], inputTokens: 3, outputTokens: 4 },
    ],
    ['Mistral', { outputs: [{ text: 'a', stop_reason: 'stop' }] }, [['output', 'a']], { finishReasons: ['stop'] }],
    [
      'Mistral chat and DeepSeek',
      { choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }] },
      [['output', 'a']],
      { finishReasons: ['stop'] },
    ],
    [
      'Command',
      { generations: [{ id: 'g', text: 'a', finish_reason: 'COMPLETE' }], id: 'i', prompt: 'q' },
      [
        ['output', 'a'],
        ['output', 'q'],
      ],
      { finishReasons: ['COMPLETE'] },
    ],
    [
      'Jurassic',
      {
        id: 1234,
        prompt: { text: 'q' },
        completions: [{ data: { text: 'a', tokens: [{ generatedToken: { token: 'a' } }] }, finishReason: { reason: 'endoftext' } }],
      },
      [
        ['output', 'q'],
        ['output', 'a'],
        ['output', 'a'],
        ['output', 'endoftext'],
      ],
      {},
    ],
    ['an embedding', { embedding: [0.123_456_789_012, -0.5], inputTextTokenCount: 3 }, [], { inputTokens: 3 }],
    ['a picture', { images: ['iVBORw0KGgo='], error: 'blocked' }, [['output', 'blocked']], {}],
    ['artifacts', { artifacts: [{ base64: 'iVBORw0KGgo=', seed: 1 }], result: 'success' }, [['output', 'success']], {}],
    ['an error', { message: 'no access' }, [['output', 'no access']], {}],
  ];

  test('the table of answers has all its rows', () => expect(ANSWERS).toHaveLength(12));

  test.each(ANSWERS)('of %s gives its texts and facts', (_, value, wanted, facts) => {
    const reading = response(value);
    expect(texts(reading)).toEqual(wanted);
    expect(reading.facts).toMatchObject(facts);
  });

  test('token by token repetitions are dropped where the text is rewritten', () => {
    const { frames } = response({ completions: [{ data: { text: 'a', tokens: ['a'] } }] });
    const [echo] = frames[0]!.echoes;
    expect(frames[0]!.bytes.toString('utf8', echo!.start, echo!.end)).toBe('["a"]');
  });
});

describe('a stream', () => {
  const CLAUDE = [
    {
      type: 'message_start',
      message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], usage: { input_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'he' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'llo' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const NOVA = [
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'he' } } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'llo' } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: { usage: { inputTokens: 1, outputTokens: 2 } }, 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const TITAN = [
    { outputText: 'he', index: 0, totalOutputTextTokenCount: null, completionReason: null, inputTextTokenCount: 3 },
    { outputText: 'llo', index: 0, totalOutputTextTokenCount: 9, completionReason: 'FINISH', 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const LLAMA = [
    { generation: 'he', prompt_token_count: 3, generation_token_count: 1, stop_reason: null },
    {
      generation: 'llo',
      prompt_token_count: null,
      generation_token_count: 2,
      stop_reason: 'stop',
      'amazon-bedrock-invocationMetrics': METRICS,
    },
  ];
  const MISTRAL = [
    { outputs: [{ text: 'he', stop_reason: null }] },
    { outputs: [{ text: 'llo', stop_reason: 'stop' }], 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const CHAT = [
    { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: 'he' }, finish_reason: null }] },
    { id: 'c', choices: [{ index: 0, delta: { content: 'llo' }, finish_reason: 'stop' }], 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const COMMAND = [
    { event_type: 'text-generation', text: 'he', is_finished: false },
    { event_type: 'text-generation', text: 'llo', is_finished: false, 'amazon-bedrock-invocationMetrics': METRICS },
  ];
  const UNKNOWN = [{ piece: 'he' }, { piece: 'llo', 'amazon-bedrock-invocationMetrics': METRICS }];
  const STREAMS = { CLAUDE, NOVA, TITAN, LLAMA, MISTRAL, CHAT, COMMAND, UNKNOWN } as const;

  test.each(Object.keys(STREAMS) as (keyof typeof STREAMS)[])('of %s is one text, and its last event has the counts', (name) => {
    const { frames, facts } = stream(STREAMS[name]);
    expect(texts({ frames, facts }).filter(([, text]) => text === 'hello')).toHaveLength(1);
    expect(facts).toMatchObject({ inputTokens: 7, outputTokens: 9 });
    expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(Buffer.concat(STREAMS[name].map(awsChunk)));
  });

  /** The events a client gets when the stream is ended after this many of them. */
  const endedAfter = (events: readonly unknown[], count: number) =>
    awsEvents(bedrockInvoke.ending(stream(events.slice(0, count)).frames.at(-1)?.position, denialFor('content_filter')));

  test('ends as its model ends one', () => {
    expect(endedAfter(CLAUDE, 3)).toEqual([
      ['chunk', { type: 'content_block_stop', index: 0 }],
      ['chunk', { type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 0 } }],
      ['chunk', { type: 'message_stop' }],
    ]);
    expect(endedAfter(NOVA, 2).map(([, event]) => Object.keys(event)[0])).toEqual(['contentBlockStop', 'messageStop', 'metadata']);
    expect(endedAfter(TITAN, 1)).toMatchObject([['chunk', { outputText: '', completionReason: 'CONTENT_FILTERED' }]]);
    expect(endedAfter(LLAMA, 1)).toMatchObject([['chunk', { generation: '', stop_reason: 'content_filter' }]]);
    expect(endedAfter(CHAT, 1)).toMatchObject([['chunk', { choices: [{ index: 0, finish_reason: 'content_filter' }] }]]);
    expect(endedAfter(COMMAND, 1)).toMatchObject([['chunk', { is_finished: true, finish_reason: 'ERROR_TOXIC' }]]);
  });

  test('is not ended where no end is known, nothing has come, or all has come', () => {
    expect(endedAfter(MISTRAL, 1)).toEqual([]);
    expect(endedAfter(UNKNOWN, 1)).toEqual([]);
    expect(endedAfter(TITAN, 0)).toEqual([]);
    expect(endedAfter(TITAN, 2)).toEqual([]);
    expect(endedAfter(CLAUDE, 7)).toEqual([]);
  });

  test('reads what stands beside the bytes, and bytes that are no JSON object', () => {
    const parts = [
      awsEvent('chunk', { bytes: Buffer.from('plain').toString('base64'), p: 'leak', extra: 'more' }),
      awsEvent('chunk', { bytes: Buffer.from('["listed"]').toString('base64') }),
      awsEvent('chunk', ['no object']),
    ];
    expect(texts(messages(parts)).map(([, text]) => text)).toEqual(['plain', 'leak', 'more', 'listed', 'no object']);
  });

  test('reads exceptions', () => {
    const exception = awsMessage({ ':message-type': 'exception', ':exception-type': 'modelTimeoutException' }, '{"message":"too slow"}');
    expect(texts(messages([exception]))).toEqual([['output', 'too slow']]);
  });
});

test('denies as AWS does', () => {
  expect(JSON.parse(bedrockInvoke.denial(denialFor('content_filter')).body)).toEqual({
    __type: 'AccessDeniedException',
    message: 'Blocked by policy: the content of this exchange is not allowed.',
  });
});

test('no mutation of a stream makes it throw or lose a byte', () => {
  const whole = Buffer.concat([
    awsChunk({ type: 'message_start', message: { id: 'm', content: [] } }),
    awsChunk({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"a":"\\u00' } }),
    awsChunk({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '41"}' } }),
  ]);
  const inner = fc.string({ unit: 'binary', maxLength: 60 });
  const json = fc.json({ maxDepth: 3 });
  const payload = fc.oneof(json, inner, fc.constant('{"type":"content_block_delta","index":0,"delta":{"text":"x"}}'));
  const chunk = payload.map((text) => awsEvent('chunk', { bytes: Buffer.from(text).toString('base64'), p: 'abc' }));
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 4 }), fc.array(change, { maxLength: 2 }), cutPlaces, (chunks, changes, cuts) => {
      const bytes = Buffer.concat([whole, ...chunks]);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const { frames } = messages(pieces(bytes, cuts));
      expect(Buffer.concat(frames.map((frame) => frame.bytes))).toEqual(bytes);
    }),
    { numRuns: runs(300) },
  );
});

test('every text of a chunk can be cut out of it and leaves a chunk that a client reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (text, which) => {
      const bytes = awsEvent('chunk', { bytes: Buffer.from(text).toString('base64'), p: 'abc' });
      const { frames } = messages([bytes]);
      const writable = frames[0]!.segments.flatMap(({ source, text: said }, segment) =>
        source.kind === 'json-key' ? [] : [{ segment, said }],
      );
      const chosen = writable.slice(which % (writable.length + 1)).slice(0, 1);
      const cuts = chosen.map(({ segment, said }) => ({
        segment,
        start: utf16Offset(0),
        end: utf16Offset(said.length),
        replacement: '[R]',
      }));
      const left = awsEvents(spliceFrame(frames[0]!, cuts));
      expect(JSON.stringify(left).split('[R]').length - 1 - text.split('[R]').length + 1).toBe(cuts.length);
    }),
    { numRuns: runs(300) },
  );
});
