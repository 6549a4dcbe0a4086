import { describe, expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { bedrockConverse } from '../../../src/wire/formats/bedrock-converse.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { DEFAULT_MODES, driveExchange, recordIn } from '../../exchange/drive.ts';
import { awsEvent, awsEvents, awsMessage } from '../../support/aws-eventstream.ts';
import { smallPolicy } from '../../support/streams.ts';
import { lanes, read, values } from '../reading.ts';

const body = (direction: 'request' | 'response') => (value: unknown) =>
  read([Buffer.from(JSON.stringify(value))], { format: bedrockConverse, direction });
const request = body('request');
const response = body('response');
const stream = (events: readonly Buffer[]) =>
  read(events, { format: bedrockConverse, direction: 'response', contentType: 'application/vnd.amazon.eventstream' });
const head = (path: string) => ({ method: 'POST', path, host: 'bedrock-runtime.us-east-1.amazonaws.com', header: () => undefined });

const delta = (index: number, content: unknown) => awsEvent('contentBlockDelta', { contentBlockIndex: index, delta: content, p: 'abcdef' });

describe('the path', () => {
  const ARN = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-v1:0';
  test.each([
    ['/model/anthropic.claude-v2%3A1/converse', 'anthropic.claude-v2:1', false],
    ['/model/anthropic.claude-v2:1/converse-stream', 'anthropic.claude-v2:1', true],
    [`/gateway/model/${encodeURIComponent(ARN)}/converse`, ARN, false],
    [`/model/${ARN}/converse-stream`, ARN, true],
    ['/model/bad%zz/converse', 'bad%zz', false],
  ])('%s names the model', (path, model, isStream) => {
    const facts = emptyFacts();
    bedrockConverse.readHead?.(head(path), facts);
    expect(bedrockConverse.recognise(head(path))).toBe(true);
    expect(facts).toMatchObject({ model, stream: isStream });
  });

  test.each(['/model/converse', '/converse', '/model/x/invoke', '/model/x/converse/', '/models/x/converse'])('%s is another', (path) => {
    expect(bedrockConverse.recognise(head(path))).toBe(false);
  });

  test('a model that is longer than any is not taken for one', () => {
    const facts = emptyFacts();
    bedrockConverse.readHead?.(head(`/model/${'m'.repeat(2049)}/converse`), facts);
    expect(facts.model).toBeUndefined();
  });
});

describe('a request', () => {
  test('gives each role its lane, and text blocks side by side are one text', () => {
    const { frames } = request({
      system: [
        { text: 'be kind' },
        { cachePoint: { type: 'default' } },
        { guardContent: { text: { text: 'rules', qualifiers: ['query'] } } },
      ],
      messages: [
        {
          role: 'user',
          content: [{ text: '4111 1111 ' }, { text: '1111 1111' }, { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }],
        },
        { role: 'assistant', content: [{ text: 'hi' }] },
        { content: [{ text: 'after' }], role: 'user' },
      ],
    });
    expect(values({ frames })).toEqual([
      ['system', 'system', 'be kind'],
      ['system', 'system.2.guardContent.text.text', 'rules'],
      ['system', 'system.2.guardContent.text.qualifiers.0', 'query'],
      ['user', 'messages.0.content', '4111 1111 1111 1111'],
      ['assistant-history', 'messages.1.content', 'hi'],
      ['user', 'messages.2.content', 'after'],
    ]);
  });

  test('reads documents, pictures, films and search results', () => {
    const content = [
      { document: { name: 'n', format: 'pdf', context: 'c', source: { bytes: 'JVBERi0=' }, citations: { enabled: true } } },
      { document: { name: 'm', format: 'txt', source: { text: 'whole text' } } },
      { document: { name: 'o', source: { content: [{ text: 'part one' }, { text: ' and two' }] } } },
      { video: { format: 'mp4', source: { s3Location: { uri: 's3://bucket/film', bucketOwner: '123456789012' } } } },
      { image: { format: 'png', source: { bytes: 'no base64!' } } },
      { searchResult: { source: 'https://e.example', title: 't', content: [{ text: 'found' }], citations: { enabled: true } } },
    ];
    expect(values(request({ messages: [{ role: 'user', content }] }))).toEqual([
      ['document', 'messages.0.content.0.document.name', 'n'],
      ['document', 'messages.0.content.0.document.context', 'c'],
      ['document', 'messages.0.content.1.document.name', 'm'],
      ['document', 'messages.0.content.1.document.source.text', 'whole text'],
      ['document', 'messages.0.content.2.document.name', 'o'],
      ['document', 'messages.0.content.2.document.source.content', 'part one and two'],
      ['user', 'messages.0.content.3.video.source.s3Location.uri', 's3://bucket/film'],
      ['user', 'messages.0.content.3.video.source.s3Location.bucketOwner', '123456789012'],
      ['user', 'messages.0.content.4.image.source.bytes', 'no base64!'],
      ['document', 'messages.0.content.5.searchResult.source', 'https://e.example'],
      ['document', 'messages.0.content.5.searchResult.title', 't'],
      ['document', 'messages.0.content.5.searchResult.content', 'found'],
    ]);
  });

  test('reads the bytes of texts as they stand, and skips those of other documents', () => {
    const formats = ['txt', 'csv', 'html', 'md', undefined, 'new', 'pdf', 'docx'];
    const content = formats.map((format, i) => ({ document: { format, source: { bytes: `aGVsbG${i}=` } } }));
    expect(values(request({ messages: [{ role: 'user', content }] })).map(([lane, , text]) => `${lane} ${text}`)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => `document aGVsbG${i}=`),
    );
  });

  test('reads tools, calls and results, and names the tools', () => {
    const { frames, facts } = request({
      toolConfig: {
        tools: [
          { toolSpec: { name: 'send', description: 'sends', inputSchema: { json: { type: 'object' } }, strict: true } },
          { systemTool: { name: 'nova_grounding' } },
          { cachePoint: { type: 'default' } },
        ],
        toolChoice: { tool: { name: 'send' } },
      },
      messages: [
        { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'send', input: { to: 'bob', n: 123456789 } } }] },
        {
          role: 'user',
          content: [
            {
              toolResult: {
                toolUseId: 't1',
                status: 'success',
                content: [{ json: { a: 'b' } }, { text: 'sent' }, { document: { name: 'd', source: { text: 'x' } } }],
              },
            },
          ],
        },
      ],
    });
    expect(values({ frames })).toEqual([
      ['tool-definition', 'toolConfig.tools.0.toolSpec.description', 'sends'],
      ['tool-definition', 'toolConfig.tools.0.toolSpec.inputSchema.json.type', 'object'],
      ['tool-definition', 'toolConfig.toolChoice.tool.name', 'send'],
      ['tool-arguments', 'messages.0.content.0.toolUse.input.to', 'bob'],
      ['tool-arguments', 'messages.0.content.0.toolUse.input.n', '123456789'],
      ['tool-result', 'messages.1.content.0.toolResult.content.0.json.a', 'b'],
      ['tool-result', 'messages.1.content.0.toolResult.content.0', 'sent'],
      ['tool-result', 'messages.1.content.0.toolResult.content.2.document.name', 'd'],
      ['tool-result', 'messages.1.content.0.toolResult.content.2.document.source.text', 'x'],
    ]);
    expect(facts).toMatchObject({ toolsDeclared: ['send', 'nova_grounding'], toolsCalled: [] });
  });

  test('reads reasoning that is sent back, and keeps to its signature', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'hmm', signature: 'U0lH' } } },
      { reasoningContent: { redactedContent: 'AAECAw==' } },
      { citationsContent: { content: [{ text: 'cited' }], citations: [{ title: 't', sourceContent: [{ text: 'source' }] }] } },
    ];
    const { frames } = request({ messages: [{ role: 'assistant', content }] });
    const base = 'messages.0.content';
    expect(values({ frames })).toEqual([
      ['reasoning', `${base}.0.reasoningContent.reasoningText.text`, 'hmm'],
      ['assistant-history', `${base}.2.citationsContent.content`, 'cited'],
      ['assistant-history', `${base}.2.citationsContent.citations.0.title`, 't'],
      ['assistant-history', `${base}.2.citationsContent.citations.0.sourceContent.0.text`, 'source'],
    ]);
    const [signature] = frames[0]!.signatures ?? [];
    expect([signature?.key, frames[0]!.bytes.toString('utf8', signature?.start, signature?.end)]).toEqual([
      `${base}.0.reasoningContent.reasoningText`,
      '"U0lH"',
    ]);
  });

  test('leaves no string unread', () => {
    const found = values(
      request({
        messages: 'not a list',
        system: 'not a list',
        toolConfig: 'odd',
        promptVariables: { topic: { text: 'whales' } },
        additionalModelRequestFields: { system: 'more' },
        additionalModelResponseFieldPaths: ['/stop_sequence'],
        requestMetadata: { team: 'red' },
        guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' },
        inferenceConfig: { stopSequences: ['END'], maxTokens: 5 },
        outputConfig: { textFormat: { structure: { jsonSchema: { schema: '{}' } } } },
        something: ['new'],
      }),
    );
    expect(found.map(([lane, , text]) => [lane, text])).toEqual([
      ['other', 'not a list'],
      ['system', 'not a list'],
      ['tool-definition', 'odd'],
      ['user', 'whales'],
      ['other', 'more'],
      ['other', '/stop_sequence'],
      ['other', 'red'],
      ['other', 'g'],
      ['other', '1'],
      ['other', 'enabled'],
      ['other', 'END'],
      ['other', '{}'],
      ['other', 'new'],
    ]);
  });

  test('unknown blocks and fields are read at every level', () => {
    const content = [
      { hologram: { text: 'a' } },
      { toolUse: { name: 'n', input: {}, extra: 'b' } },
      { toolResult: { content: 'c', extra: 'd' } },
      { reasoningContent: { extra: 'e', reasoningText: 'f' } },
      { document: { extra: 'g', source: 'h' } },
      { toolAddition: { tool: { name: 'i' } } },
      'j',
    ];
    const texts = lanes(request({ messages: [{ role: 'user', content, extra: 'k' }, 'l'] })).map(([, , text]) => text);
    expect(texts).toEqual(expect.arrayContaining([...'abcdefghijkl', 'hologram', 'extra']));
  });
});

describe('an answer', () => {
  test('gives every lane, and the facts', () => {
    const { frames, facts } = response({
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'think', signature: 'U0lH' } } },
            { text: 'say' },
            { text: 'more' },
            { toolUse: { toolUseId: 't', name: 'send', input: { to: 'bob' } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
      metrics: { latencyMs: 12 },
      additionalModelResponseFields: { stop_sequence: 'x' },
      trace: { guardrail: { modelOutput: ['say'] } },
      unknown: 'u',
    });
    expect(values({ frames })).toEqual([
      ['reasoning', 'content.0.reasoningContent.reasoningText.text', 'think'],
      ['output', 'content.1', 'say'],
      ['output', 'content.2', 'more'],
      ['tool-arguments', 'content.3.toolUse.input.to', 'bob'],
      ['output', 'body.additionalModelResponseFields.stop_sequence', 'x'],
      ['output', 'body.trace.guardrail.modelOutput.0', 'say'],
      ['output', 'body.unknown', 'u'],
    ]);
    expect(facts).toMatchObject({ toolsCalled: ['send'], finishReasons: ['tool_use'], inputTokens: 3, outputTokens: 4 });
  });

  test('reads an error', () => {
    expect(values(response({ message: 'no access' }))).toEqual([['output', 'body.message', 'no access']]);
  });
});

describe('a stream', () => {
  const EVENTS = [
    awsEvent('messageStart', { role: 'assistant', p: 'abc' }),
    delta(0, { reasoningContent: { text: 'hm' } }),
    delta(0, { reasoningContent: { text: 'm' } }),
    delta(0, { reasoningContent: { signature: 'U0lH' } }),
    awsEvent('contentBlockStop', { contentBlockIndex: 0 }),
    delta(1, { text: 'he' }),
    delta(1, { text: 'llo' }),
    delta(1, { citation: { title: 't', sourceContent: [{ text: 's' }] } }),
    awsEvent('contentBlockStop', { contentBlockIndex: 1 }),
    awsEvent('contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 't', name: 'send' } } }),
    delta(2, { toolUse: { input: '{"to":"b' } }),
    delta(2, { toolUse: { input: 'ob"}' } }),
    awsEvent('contentBlockStop', { contentBlockIndex: 2 }),
    delta(3, { toolResult: [{ text: 'res' }] }),
    delta(3, { toolResult: [{ text: 'ult' }, { json: { a: 'b' } }] }),
    awsEvent('messageStop', { stopReason: 'tool_use' }),
    awsEvent('metadata', { usage: { inputTokens: 5, outputTokens: 6, totalTokens: 11 }, metrics: { latencyMs: 1 } }),
  ];

  test('gathers texts by content block', () => {
    const { frames, facts } = stream(EVENTS);
    expect(values({ frames }).map(([lane, key, text]) => [lane, key.split('#')[0], text])).toEqual([
      ['reasoning', 'content.0.reasoningContent.text', 'hmm'],
      ['output', 'content.1', 'hello'],
      ['output', 'content.1.citation.title', 't'],
      ['output', 'content.1.citation.sourceContent.0.text', 's'],
      ['tool-arguments', 'content.2.toolUse.input/0', 'to'],
      ['tool-arguments', 'content.2.toolUse.input/1', 'bob'],
      ['tool-result', 'content.3.toolResult.text', 'result'],
      ['tool-result', 'content.3.toolResult.json.a', 'b'],
    ]);
    expect(facts).toMatchObject({ toolsCalled: ['send'], finishReasons: ['tool_use'], inputTokens: 5, outputTokens: 6 });
    expect(frames.map(({ bytes }) => bytes)).toEqual(EVENTS);
    expect(frames[3]!.signatures?.map(({ key }) => key)).toEqual(['content.0.reasoningContent']);
    expect(frames.map(({ laneEnds }) => laneEnds.filter((key) => !key.includes('#')))[8]).toEqual(['content.1']);
    expect(frames[15]!.laneEnds).toEqual(['*']);
  });

  test('padding that says something is text', () => {
    const { frames } = stream([awsEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' }, p: 'secret' })]);
    expect(values({ frames }).map(([, , text]) => text)).toEqual(['a', 'secret']);
  });

  test('reads exceptions and unknown events', () => {
    const exception = awsMessage(
      { ':message-type': 'exception', ':exception-type': 'modelStreamErrorException' },
      '{"message":"it broke","originalMessage":"why"}',
    );
    expect(values(stream([exception, awsEvent('telemetry', { note: 'new' })])).map(([lane, , text]) => [lane, text])).toEqual([
      ['output', 'it broke'],
      ['output', 'why'],
      ['output', 'new'],
    ]);
  });

  test('reads events that are wrapped in their name', () => {
    const { frames } = stream([awsEvent('other', { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'wrapped' } } })]);
    expect(values({ frames })).toEqual([['output', 'content.0', 'wrapped']]);
  });

  test('is ended with a stop for each open block, the reason and the usage', () => {
    const { frames } = stream([...EVENTS.slice(0, 3), delta(1, { text: 'x' })]);
    expect(awsEvents(bedrockConverse.ending(frames.at(-1)!.position, denialFor('content_filter')))).toEqual([
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['messageStop', { stopReason: 'guardrail_intervened' }],
      ['metadata', { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, metrics: { latencyMs: 0 } }],
    ]);
  });

  test('is begun and ended for a client that has seen nothing, and not ended twice', () => {
    const names = (position: unknown) => awsEvents(bedrockConverse.ending(position, denialFor('content_filter'))).map(([name]) => name);
    expect(names(undefined)).toEqual(['messageStart', 'messageStop', 'metadata']);
    const { frames } = stream(EVENTS);
    expect(names(frames[15]!.position)).toEqual(['metadata']);
    expect(names(frames[16]!.position)).toEqual([]);
  });
});

test.each([
  [denialFor('content_filter'), 403, 'AccessDeniedException'],
  [denialFor('content_filter', undefined, { legal: true }), 451, 'AccessDeniedException'],
  [denialFor('request_too_large'), 413, 'ValidationException'],
  [denialFor('unavailable'), 503, 'ServiceUnavailableException'],
])('denies %o with %d as %s', (denial, status, type) => {
  const answer = bedrockConverse.denial(denial);
  expect([answer.status, answer.contentType, JSON.parse(answer.body)]).toEqual([
    status,
    'application/json',
    { __type: type, message: denial.message },
  ]);
});

describe('an exchange', () => {
  const HEADERS = { ':method': 'POST', ':path': '/model/amazon.nova-lite-v1%3A0/converse-stream', 'content-type': 'application/json' };
  const REASONING = [
    awsEvent('messageStart', { role: 'assistant' }),
    delta(0, { reasoningContent: { text: 'anna@example.org asks' } }),
    delta(0, { reasoningContent: { signature: 'U0lH' } }),
    awsEvent('contentBlockStop', { contentBlockIndex: 0 }),
    awsEvent('messageStop', { stopReason: 'end_turn' }),
  ];

  function played(policy: string) {
    const driven = driveExchange(smallPolicy(policy));
    driven.open(DEFAULT_MODES);
    driven.requestHeaders(HEADERS);
    driven.requestBody({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
    driven.responseHeaders({ ':status': '200', 'content-type': 'application/vnd.amazon.eventstream' });
    driven.responseBody(Buffer.concat(REASONING));
    const parts = driven.effects.flatMap((effect) => (effect.kind === 'stream-body' ? effect.parts : []));
    return { record: recordIn(driven.effects), left: Buffer.concat(parts) };
  }

  test('records the model of the path, the dialect and the provider', () => {
    const { record } = played('version: 1\ndetectors: {pii.email: {action: observe}}\n');
    expect(record).toMatchObject({ dialect: 'bedrock-converse', provider: 'aws.bedrock', operation: 'chat', outcome: 'completed' });
    expect(record.facts).toMatchObject({ model: 'amazon.nova-lite-v1:0', stream: true, finishReasons: ['end_turn'] });
  });

  test('leaves no signature on reasoning that was redacted', () => {
    const { record, left } = played('version: 1\nfailMode: {onUninspectable: allow}\ndetectors: {pii.email: {action: redact}}\n');
    const said = awsEvents(left).map(([, event]) => event.delta?.reasoningContent);
    expect(said.slice(1, 3)).toEqual([{ text: '[REDACTED:pii.email] asks' }, { signature: null }]);
    expect(record.uninspected).toEqual([{ direction: 'response', reason: 'signed-text' }]);
  });

  test('is denied where signed reasoning would have to be redacted', () => {
    const { record, left } = played('version: 1\ndetectors: {pii.email: {action: redact}}\n');
    expect([record.outcome, left.includes('U0lH')]).toEqual(['denied', false]);
  });
});
