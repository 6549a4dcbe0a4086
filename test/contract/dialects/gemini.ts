import type { DialectCase } from '../dialect-case.ts';
import { inTurn, joined, jsonEvents, one, sse } from '../writing.ts';

const MODEL = '/v1beta/models/gemini-3-flash';
const VERTEX = '/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-3-flash';
const HEAD = { path: `${MODEL}:generateContent` };

// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
type Json = any;

/** As clients give it: all text parts of a candidate, thoughts apart. */
const textOf = (parts: readonly Json[], thought: boolean): string =>
  parts.map((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');

const partsOf = (chunks: readonly Json[], index: number): readonly Json[] =>
  chunks
    .flatMap(({ candidates = [] }) => candidates.filter((each: Json) => (each.index ?? 0) === index))
    .flatMap(({ content }) => content?.parts ?? []);

/** The values of an array that are complete; it may stop anywhere. */
function elements(bytes: Buffer): readonly Json[] {
  const text = bytes.toString();
  const found: Json[] = [];
  let from = text.indexOf('{');
  for (let to = text.indexOf('}', from); from >= 0 && to >= 0; to = text.indexOf('}', to + 1)) {
    const value = parsed(text.slice(from, to + 1));
    if (value === undefined) continue;
    found.push(value);
    from = text.indexOf('{', to);
  }
  return found;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Events of a stream that thinks, talks, calls a tool with its arguments at once, and says where it has that from. */
function chunks(texts: ReadonlyMap<string, readonly string[]>): readonly object[] {
  const chunk = (part: object, rest: object = {}) => ({
    candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...rest }],
    modelVersion: 'gemini-3-flash',
    responseId: 'r1',
    usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
  });
  return [
    ...joined(texts, 'thought', (text) => chunk({ text, thought: true })),
    ...inTurn(
      joined(texts, 'output', (text) => chunk({ text })),
      joined(texts, 'second', (text) => ({ candidates: [{ index: 1, content: { parts: [{ text }] } }] })),
    ),
    chunk({ functionCall: { name: 'look_up', args: { q: [one(texts, 'arguments')] } } }),
    chunk(
      { text: '', thoughtSignature: 'CiQB+/==' },
      {
        finishReason: 'STOP',
        safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' }],
        groundingMetadata: {
          webSearchQueries: [one(texts, 'search')],
          groundingSupports: [{ segment: { startIndex: 0, endIndex: 5, text: one(texts, 'quoted') }, groundingChunkIndices: [0] }],
        },
        newField: one(texts, 'unknown'),
      },
    ),
  ];
}

function readChunks(all: readonly Json[]): ReadonlyMap<string, string> {
  const last = all.flatMap(({ candidates }) => candidates).find(({ groundingMetadata }) => groundingMetadata !== undefined);
  const call = partsOf(all, 0).find(({ functionCall }) => functionCall !== undefined);
  return new Map([
    ['thought', textOf(partsOf(all, 0), true)],
    ['output', textOf(partsOf(all, 0), false)],
    ['second', textOf(partsOf(all, 1), false)],
    ['arguments', call?.functionCall.args.q[0] ?? ''],
    ['search', last?.groundingMetadata.webSearchQueries[0] ?? ''],
    ['quoted', last?.groundingMetadata.groundingSupports[0].segment.text ?? ''],
    ['unknown', last?.newField ?? ''],
  ]);
}

const STREAM_SLOTS = [
  { name: 'thought', lane: 'reasoning', pieces: true },
  { name: 'output', lane: 'output', pieces: true },
  { name: 'second', lane: 'output', pieces: true },
  { name: 'arguments', lane: 'tool-arguments' },
  { name: 'search', lane: 'output' },
  { name: 'quoted', lane: 'output' },
  { name: 'unknown', lane: 'output' },
] as const;

const isFinished = (all: readonly Json[]): boolean =>
  all.some(({ candidates = [] }) => candidates.some(({ finishReason }: Json) => finishReason !== undefined));

/** Google Gemini: https://ai.google.dev/api/generate-content */
export const GEMINI: readonly DialectCase[] = [
  {
    format: 'gemini',
    name: 'request with history, tools and files',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'file', lane: 'document' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'thought', lane: 'reasoning' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'code', lane: 'tool-arguments' },
      { name: 'printed', lane: 'tool-result' },
      { name: 'result', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'schema', lane: 'tool-definition' },
      { name: 'label', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          systemInstruction: { parts: [{ text: one(texts, 'system') }] },
          contents: [
            {
              role: 'user',
              parts: [
                ...joined(texts, 'part', (text) => ({ text })),
                { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
                { fileData: { mimeType: 'text/plain', fileUri: one(texts, 'file') } },
              ],
            },
            {
              role: 'model',
              parts: [
                { text: one(texts, 'thought'), thought: true },
                { text: one(texts, 'history') },
                { functionCall: { id: 'c1', name: 'look_up', args: { q: one(texts, 'arguments') } } },
                { executableCode: { language: 'PYTHON', code: one(texts, 'code') } },
                { codeExecutionResult: { outcome: 'OUTCOME_OK', output: one(texts, 'printed') } },
              ],
            },
            { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'look_up', response: { found: [one(texts, 'result')] } } }] },
          ],
          tools: [
            {
              functionDeclarations: [
                {
                  name: 'look_up',
                  description: one(texts, 'description'),
                  parameters: { type: 'OBJECT', properties: { q: { type: 'STRING', description: one(texts, 'schema') } } },
                },
              ],
            },
            { googleSearch: {} },
          ],
          generationConfig: { temperature: 0.5, responseMimeType: 'text/plain' },
          labels: { team: one(texts, 'label') },
          someNewField: { deep: [one(texts, 'unknown')] },
        }),
      ),
    read(bytes) {
      const { systemInstruction, contents, tools, labels, someNewField } = JSON.parse(bytes.toString());
      const [user, model, answered] = contents.map(({ parts }: Json) => parts);
      const [declaration] = tools[0].functionDeclarations;
      return new Map([
        ['system', systemInstruction.parts[0].text],
        ['part', textOf(user, false)],
        ['file', user.at(-1).fileData.fileUri],
        ['thought', model[0].text],
        ['history', model[1].text],
        ['arguments', model[2].functionCall.args.q],
        ['code', model[3].executableCode.code],
        ['printed', model[4].codeExecutionResult.output],
        ['result', answered[0].functionResponse.response.found[0]],
        ['description', declaration.description],
        ['schema', declaration.parameters.properties.q.description],
        ['label', labels.team],
        ['unknown', someNewField.deep[0]],
      ]);
    },
  },
  {
    format: 'gemini',
    name: 'request in the other spelling, to Vertex',
    direction: 'request',
    media: true,
    head: { path: `${VERTEX}:streamGenerateContent` },
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'user', lane: 'user' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          system_instruction: { parts: [{ text: one(texts, 'system') }] },
          contents: [
            { role: 'user', parts: [{ text: one(texts, 'user') }, { inline_data: { mime_type: 'image/png', data: 'iVBORw0KGgo=' } }] },
            {
              role: 'model',
              parts: [{ text: one(texts, 'history') }, { function_call: { name: 'look_up', args: { q: one(texts, 'arguments') } } }],
            },
            { role: 'function', parts: [{ function_response: { name: 'look_up', response: one(texts, 'result') } }] },
          ],
          tools: [{ function_declarations: [{ name: 'look_up', description: one(texts, 'description') }] }],
          safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
        }),
      ),
    read(bytes) {
      const { system_instruction: system, contents, tools } = JSON.parse(bytes.toString());
      return new Map([
        ['system', system.parts[0].text],
        ['user', contents[0].parts[0].text],
        ['history', contents[1].parts[0].text],
        ['arguments', contents[1].parts[1].function_call.args.q],
        ['result', contents[2].parts[0].function_response.response],
        ['description', tools[0].function_declarations[0].description],
      ]);
    },
  },
  {
    format: 'gemini',
    name: 'texts to embed, in a batch',
    direction: 'request',
    head: { path: '/v1beta/models/gemini-embedding-001:batchEmbedContents' },
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'user', pieces: true },
      { name: 'title', lane: 'document' },
      { name: 'second', lane: 'user' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          requests: [
            {
              model: 'models/gemini-embedding-001',
              content: { parts: joined(texts, 'first', (text) => ({ text })) },
              taskType: 'RETRIEVAL_DOCUMENT',
              title: one(texts, 'title'),
            },
            { model: 'models/gemini-embedding-001', content: { parts: [{ text: one(texts, 'second') }] } },
          ],
        }),
      ),
    read(bytes) {
      const { requests } = JSON.parse(bytes.toString());
      return new Map([
        ['first', textOf(requests[0].content.parts, false)],
        ['title', requests[0].title],
        ['second', requests[1].content.parts[0].text],
      ]);
    },
  },
  {
    format: 'gemini',
    name: 'whole answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json; charset=UTF-8',
    slots: [
      { name: 'thought', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'code', lane: 'tool-arguments' },
      { name: 'printed', lane: 'tool-result' },
      { name: 'second', lane: 'output' },
      { name: 'cited', lane: 'output' },
      { name: 'why', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          candidates: [
            {
              content: {
                role: 'model',
                parts: [
                  ...joined(texts, 'thought', (text) => ({ text, thought: true })),
                  ...joined(texts, 'output', (text) => ({ text })),
                  { functionCall: { name: 'look_up', args: { q: one(texts, 'arguments') } } },
                  { executableCode: { language: 'PYTHON', code: one(texts, 'code') } },
                  { codeExecutionResult: { outcome: 'OUTCOME_OK', output: one(texts, 'printed') } },
                ],
              },
              finishReason: 'STOP',
              citationMetadata: { citations: [{ startIndex: 1, endIndex: 4, title: one(texts, 'cited') }] },
            },
            { content: { parts: [{ text: one(texts, 'second') }] }, finishReason: 'OTHER', finishMessage: one(texts, 'why'), index: 1 },
          ],
          usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
          modelVersion: 'gemini-3-flash',
          responseId: 'r1',
        }),
      ),
    read(bytes) {
      const { candidates } = JSON.parse(bytes.toString());
      const [first, second] = candidates;
      const [call, code, printed] = first.content.parts.slice(-3);
      return new Map([
        ['thought', textOf(first.content.parts, true)],
        ['output', textOf(first.content.parts, false)],
        ['arguments', call.functionCall.args.q],
        ['code', code.executableCode.code],
        ['printed', printed.codeExecutionResult.output],
        ['second', second.content.parts[0].text],
        ['cited', first.citationMetadata.citations[0].title],
        ['why', second.finishMessage],
      ]);
    },
  },
  {
    format: 'gemini',
    name: 'answer as events',
    direction: 'response',
    head: { path: `${MODEL}:streamGenerateContent` },
    contentType: 'text/event-stream',
    slots: STREAM_SLOTS,
    write: (texts) => Buffer.concat(chunks(texts).map((chunk) => sse(chunk))),
    read: (bytes) => readChunks(jsonEvents(bytes)),
    isEnded: (bytes) => isFinished(jsonEvents(bytes)),
  },
  {
    format: 'gemini',
    name: 'answer as one array',
    direction: 'response',
    head: { path: `${VERTEX}:streamGenerateContent` },
    contentType: 'application/json; charset=UTF-8',
    slots: STREAM_SLOTS,
    write: (texts) =>
      Buffer.from(
        `[${chunks(texts)
          .map((chunk) => JSON.stringify(chunk))
          .join('\n,\r\n')}\n]\n`,
      ),
    read: (bytes) => readChunks(elements(bytes)),
    isEnded: (bytes) => Array.isArray(parsed(bytes.toString())) && isFinished(elements(bytes)),
  },
  {
    format: 'gemini',
    name: 'tool arguments in pieces',
    direction: 'response',
    head: { path: `${VERTEX}:streamGenerateContent` },
    contentType: 'text/event-stream',
    slots: [
      { name: 'first', lane: 'tool-arguments', pieces: true },
      { name: 'other', lane: 'tool-arguments', pieces: true },
      { name: 'again', lane: 'tool-arguments', pieces: true },
    ],
    write(texts) {
      const call = (functionCall: object) => sse({ candidates: [{ content: { role: 'model', parts: [{ functionCall }] } }] });
      const pieces = (slot: string, jsonPath: string) =>
        joined(texts, slot, (stringValue) => call({ partialArgs: [{ jsonPath, stringValue, willContinue: true }], willContinue: true }));
      return Buffer.concat([
        call({ name: 'look_up', willContinue: true }),
        ...pieces('first', '$.q'),
        ...pieces('other', '$.place.name'),
        call({}),
        call({ name: 'look_up', willContinue: true }),
        ...pieces('again', '$.q'),
        call({}),
        sse({ candidates: [{ finishReason: 'STOP' }] }),
      ]);
    },
    read(bytes) {
      const calls: Map<string, string>[] = [];
      for (const { functionCall } of partsOf(jsonEvents(bytes), 0)) {
        if (functionCall.name !== undefined) calls.push(new Map());
        const values = calls.at(-1)!;
        for (const { jsonPath, stringValue } of functionCall.partialArgs ?? [])
          values.set(jsonPath, (values.get(jsonPath) ?? '') + stringValue);
      }
      return new Map([
        ['first', calls[0]?.get('$.q') ?? ''],
        ['other', calls[0]?.get('$.place.name') ?? ''],
        ['again', calls[1]?.get('$.q') ?? ''],
      ]);
    },
    isEnded: (bytes) => isFinished(jsonEvents(bytes)),
  },
  {
    format: 'gemini',
    name: 'error',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [{ name: 'message', lane: 'output' }],
    write: (texts) => Buffer.from(JSON.stringify({ error: { code: 400, message: one(texts, 'message'), status: 'INVALID_ARGUMENT' } })),
    read: (bytes) => new Map([['message', JSON.parse(bytes.toString()).error.message]]),
  },
];
