import { awsEvent, awsEvents } from '../../support/aws-eventstream.ts';
import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonPiece, one, stringSoFar } from '../writing.ts';

const HEAD = { path: '/model/us.anthropic.claude-sonnet-4-20250514-v1%3A0/converse' };
const STREAM_HEAD = { path: '/model/us.anthropic.claude-sonnet-4-20250514-v1%3A0/converse-stream' };
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

type Texts = Parameters<DialectCase['write']>[0];

/** Amazon Bedrock Converse: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const BEDROCK_CONVERSE: readonly DialectCase[] = [
  {
    format: 'bedrock-converse',
    name: 'request with history, documents and tools',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'guarded', lane: 'user' },
      { name: 'document name', lane: 'document' },
      { name: 'document', lane: 'document' },
      { name: 'document part', lane: 'document', pieces: true },
      { name: 'search result', lane: 'document' },
      { name: 'reasoning', lane: 'reasoning' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'cited', lane: 'assistant-history', pieces: true },
      { name: 'citation', lane: 'assistant-history' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result' },
      { name: 'result json', lane: 'tool-result' },
      { name: 'result document', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'schema', lane: 'tool-definition' },
      { name: 'variable', lane: 'user' },
      { name: 'model field', lane: 'other' },
      { name: 'metadata', lane: 'other' },
      { name: 'unknown', lane: 'other' },
      { name: 'unknown block', lane: 'user' },
    ],
    write: (texts) => Buffer.from(JSON.stringify(requestBody(texts))),
    read(bytes) {
      const body = JSON.parse(bytes.toString());
      const [user, assistant, results] = body.messages;
      const [spec] = body.toolConfig.tools;
      const [json, text, document] = results.content[0].toolResult.content;
      const at = (kind: string, content: readonly Record<string, never>[]) =>
        content.filter((block) => block[kind]).map((block) => block[kind]!);
      const documents: { name: string; source: { text: string; content: { text: string }[] } }[] = at('document', user.content);
      const said: { reasoningText: { text: string } }[] = at('reasoningContent', assistant.content);
      return new Map<string, string>([
        ['system', body.system[0].text],
        ['part', at('text', user.content).join('')],
        ['guarded', user.content.find((block: { guardContent?: object }) => block.guardContent).guardContent.text.text],
        ['document name', documents[0]!.name],
        ['document', documents[0]!.source.text],
        ['document part', documents[1]!.source.content.map((part) => part.text).join('')],
        ['search result', user.content.find((block: { searchResult?: object }) => block.searchResult).searchResult.content[0].text],
        ['reasoning', said[0]!.reasoningText.text],
        ['history', at('text', assistant.content).join('')],
        ['cited', assistant.content[2].citationsContent.content.map((part: { text: string }) => part.text).join('')],
        ['citation', assistant.content[2].citationsContent.citations[0].sourceContent[0].text],
        ['arguments', assistant.content[3].toolUse.input.q],
        ['result', text.text],
        ['result json', json.json.found],
        ['result document', document.document.source.text],
        ['description', spec.toolSpec.description],
        ['schema', spec.toolSpec.inputSchema.json.properties.q.description],
        ['variable', body.promptVariables.topic.text],
        ['model field', body.additionalModelRequestFields.note],
        ['metadata', body.requestMetadata.ticket],
        ['unknown', body.some_new_field.deep[0]],
        ['unknown block', user.content.at(-1).hologram.caption],
      ]);
    },
  },
  {
    format: 'bedrock-converse',
    name: 'answer with reasoning, a tool call and a trace',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'reasoning', lane: 'reasoning' },
      { name: 'output', lane: 'output' },
      { name: 'trace', lane: 'output', repeats: 'output' },
      { name: 'cited', lane: 'output', pieces: true },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'response field', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          output: {
            message: {
              role: 'assistant',
              content: [
                { reasoningContent: { reasoningText: { text: one(texts, 'reasoning') } } },
                { text: one(texts, 'output') },
                { citationsContent: { content: joined(texts, 'cited', (text) => ({ text })), citations: [] } },
                { toolUse: { toolUseId: 'tooluse_1', name: 'look_up', input: { q: one(texts, 'arguments') } } },
              ],
            },
          },
          stopReason: 'tool_use',
          usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12 },
          metrics: { latencyMs: 120 },
          additionalModelResponseFields: { note: one(texts, 'response field') },
          trace: { guardrail: { modelOutput: [one(texts, 'output')] } },
          some_new_field: [one(texts, 'unknown')],
        }),
      ),
    read(bytes) {
      const body = JSON.parse(bytes.toString());
      const [reasoning, text, cited, call] = body.output.message.content;
      return new Map([
        ['reasoning', reasoning.reasoningContent.reasoningText.text],
        ['output', text.text],
        ['trace', body.trace.guardrail.modelOutput[0]],
        ['cited', cited.citationsContent.content.map((part: { text: string }) => part.text).join('')],
        ['arguments', call.toolUse.input.q],
        ['response field', body.additionalModelResponseFields.note],
        ['unknown', body.some_new_field[0]],
      ]);
    },
  },
  {
    format: 'bedrock-converse',
    name: 'streamed answer with reasoning, citations, tool arguments and a trace',
    direction: 'response',
    head: STREAM_HEAD,
    contentType: EVENT_STREAM,
    slots: [
      { name: 'reasoning', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'trace', lane: 'output', repeats: 'output' },
      { name: 'citation', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'result', lane: 'tool-result', pieces: true },
      { name: 'unknown', lane: 'output' },
    ],
    write(texts) {
      const delta = (contentBlockIndex: number, content: object) =>
        awsEvent('contentBlockDelta', { contentBlockIndex, delta: content, p: 'abcdefghijklm' });
      const stop = (contentBlockIndex: number) => awsEvent('contentBlockStop', { contentBlockIndex, p: 'abc' });
      return Buffer.concat([
        awsEvent('messageStart', { role: 'assistant', p: 'abcdef' }),
        ...joined(texts, 'reasoning', (text) => delta(0, { reasoningContent: { text } })),
        stop(0),
        ...joined(texts, 'output', (text) => delta(1, { text })),
        delta(1, { citation: { title: 'a', sourceContent: [{ text: one(texts, 'citation') }] } }),
        stop(1),
        awsEvent('contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 'tooluse_1', name: 'look_up' } } }),
        delta(2, { toolUse: { input: '{"q": "' } }),
        ...joined(texts, 'arguments', (text) => delta(2, { toolUse: { input: jsonPiece(text) } })),
        delta(2, { toolUse: { input: '"}' } }),
        stop(2),
        awsEvent('contentBlockStart', { contentBlockIndex: 3, start: { toolResult: { toolUseId: 'tooluse_1', status: 'success' } } }),
        ...joined(texts, 'result', (text) => delta(3, { toolResult: [{ text }] })),
        stop(3),
        awsEvent('messageStop', { stopReason: 'end_turn', some_new_field: one(texts, 'unknown') }),
        awsEvent('metadata', {
          usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12 },
          metrics: { latencyMs: 120 },
          trace: { guardrail: { modelOutput: [one(texts, 'output')] } },
        }),
      ]);
    },
    read: readStream,
    isEnded: (bytes) => awsEvents(bytes).some(([name]) => name === 'messageStop') && awsEvents(bytes).at(-1)?.[0] === 'metadata',
  },
];

function requestBody(texts: Texts): object {
  return {
    system: [{ text: one(texts, 'system') }, { cachePoint: { type: 'default' } }],
    messages: [
      {
        role: 'user',
        content: [
          ...joined(texts, 'part', (text) => ({ text })),
          { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } },
          { guardContent: { text: { text: one(texts, 'guarded'), qualifiers: ['query'] } } },
          { document: { name: one(texts, 'document name'), format: 'txt', source: { text: one(texts, 'document') } } },
          { document: { name: 'parts', source: { content: joined(texts, 'document part', (text) => ({ text })) } } },
          { searchResult: { source: 'a', title: 'b', content: [{ text: one(texts, 'search result') }], citations: { enabled: true } } },
          { hologram: { caption: one(texts, 'unknown block') } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: one(texts, 'reasoning') } } },
          { text: one(texts, 'history') },
          {
            citationsContent: {
              content: joined(texts, 'cited', (text) => ({ text })),
              citations: [{ title: 't', sourceContent: [{ text: one(texts, 'citation') }] }],
            },
          },
          { toolUse: { toolUseId: 'tooluse_1', name: 'look_up', input: { q: one(texts, 'arguments') } } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 'tooluse_1',
              status: 'success',
              content: [
                { json: { found: one(texts, 'result json') } },
                { text: one(texts, 'result') },
                { document: { name: 'd', source: { text: one(texts, 'result document') } } },
              ],
            },
          },
        ],
      },
    ],
    inferenceConfig: { maxTokens: 512, temperature: 0.5 },
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'look_up',
            description: one(texts, 'description'),
            inputSchema: { json: { type: 'object', properties: { q: { type: 'string', description: one(texts, 'schema') } } } },
          },
        },
      ],
      toolChoice: { auto: {} },
    },
    promptVariables: { topic: { text: one(texts, 'variable') } },
    additionalModelRequestFields: { note: one(texts, 'model field') },
    requestMetadata: { ticket: one(texts, 'metadata') },
    some_new_field: { deep: [one(texts, 'unknown')] },
  };
}

/** What a client has put together of each content block. */
function readStream(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (slot: string, text: string | undefined) => text !== undefined && found.set(slot, (found.get(slot) ?? '') + text);
  let input = '';
  for (const [name, event] of awsEvents(bytes)) {
    add('reasoning', event.delta?.reasoningContent?.text);
    add('output', event.delta?.text);
    add('citation', event.delta?.citation?.sourceContent[0].text);
    add('result', event.delta?.toolResult?.[0].text);
    input += event.delta?.toolUse?.input ?? '';
    if (name === 'messageStop') add('unknown', event.some_new_field);
    add('trace', event.trace?.guardrail.modelOutput[0]);
  }
  if (input !== '') found.set('arguments', stringSoFar(input, '{"q": "'));
  return found;
}
