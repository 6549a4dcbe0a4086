import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Header } from '../src/exchange/events.ts';

/** One recorded answer, with the head of the request that a client sends for such a one. */
export interface Recording {
  /** Where it comes from: `vercel-ai/groq`. */
  readonly source: string;
  readonly file: string;
  readonly requestHeaders: readonly Header[];
  readonly contentType: string;
  readonly body: Buffer;
  /** Made by its authors to be unreadable: it must not throw, and is not expected to be read. */
  readonly broken: boolean;
}

/** A line of `stream_fixtures/data-*.jsonl`; see SOURCE.md there. */
interface Row {
  readonly kind: string;
  readonly source: string;
  readonly file: string;
  readonly response_text?: string;
  readonly response_b64?: string;
}

/** Every recording of a data folder; undefined when it has none. */
export function readRecordings(folder: string): readonly Recording[] | undefined {
  const file = path.join(folder, 'stream_fixtures', 'data-0.jsonl');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => recordingOf(JSON.parse(line) as Row));
}

function recordingOf(row: Row): Recording {
  const { source, file } = row;
  const broken = BROKEN.some((name) => file.endsWith(name));
  const common = { source, file, broken, requestHeaders: headersFor(row) };
  if (row.kind === 'event_json_lines') return { ...common, ...rebuilt(row) };
  const body = row.response_b64 === undefined ? Buffer.from(row.response_text ?? '') : Buffer.from(row.response_b64, 'base64');
  return { ...common, body, contentType: wholeType(file, body) };
}

const BROKEN = ['detect/bedrock-broken.bin', 'detect/broken-sse', 'detect/non-json'];

function wholeType(file: string, body: Buffer): string {
  if (file.endsWith('.bin')) return 'application/vnd.amazon.eventstream';
  const start = body.toString('utf8', 0, 6);
  return start.startsWith('data:') || start.startsWith('event:') ? 'text/event-stream' : 'application/json';
}

// ---- heads: what is in a file says which API answered

/** Path and host by what a file is named, first match; the rest by the provider. */
const HEADS: readonly (readonly [part: string, path: string, host: string])[] = [
  ['bedrock-cohere/', '/model/cohere.embed-english-v3/invoke', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['bedrock-nova/', '/model/amazon.nova-2-multimodal-embeddings-v1%3A0/invoke', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['bedrock-titan/', '/model/amazon.titan-embed-text-v2%3A0/invoke', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['bedrock/rerank', '/rerank', 'bedrock-agent-runtime.us-east-1.amazonaws.com'],
  ['bedrock-invoke.bin', '/model/anthropic.claude-sonnet-4-5/invoke-with-response-stream', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['.bin', '/model/amazon.nova-lite-v1%3A0/converse-stream', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['response/bedrock/', '/model/amazon.nova-lite-v1%3A0/converse', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['amazon-bedrock', '/model/amazon.nova-lite-v1%3A0/converse-stream', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['count_tokens', '/v1/messages/count_tokens', 'api.anthropic.com'],
  ['anthropic', '/v1/messages', 'api.anthropic.com'],
  ['cohere/rerank', '/v2/rerank', 'api.cohere.com'],
  ['cohere', '/v2/chat', 'api.cohere.com'],
  ['completions/', '/v1/chat/completions', 'api.openai.com'],
  ['openai/embeddings', '/v1/embeddings', 'api.openai.com'],
  ['openai/gemini-embeddings', '/v1beta/openai/embeddings', 'generativelanguage.googleapis.com'],
  ['response/responses/', '/v1/responses', 'api.openai.com'],
  ['stream-image-generation', '/v1/images/generations', 'api.openai.com'],
  [
    'vertex/embeddings',
    '/v1/projects/p/locations/us-central1/publishers/google/models/text-embedding-005:predict',
    'us-central1-aiplatform.googleapis.com',
  ],
  ['vertex/rerank', '/v1/projects/p/locations/global/rankingConfigs/default_ranking_config:rank', 'discoveryengine.googleapis.com'],
  [
    'vertex-gemini/stream',
    '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:streamGenerateContent',
    'aiplatform.googleapis.com',
  ],
  [
    'vertex-gemini/',
    '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent',
    'aiplatform.googleapis.com',
  ],
  ['google/src/interactions', '/v1beta/interactions', 'generativelanguage.googleapis.com'],
  ['speech-translation', '/v1/realtime', 'api.openai.com'],
  [
    'google-vertex',
    '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:streamGenerateContent',
    'aiplatform.googleapis.com',
  ],
  ['packages/google', '/v1beta/models/gemini-2.5-flash:streamGenerateContent', 'generativelanguage.googleapis.com'],
  ['packages/mistral', '/v1/chat/completions', 'api.mistral.ai'],
  ['packages/groq', '/openai/v1/chat/completions', 'api.groq.com'],
  ['packages/deepseek', '/chat/completions', 'api.deepseek.com'],
  ['packages/perplexity', '/chat/completions', 'api.perplexity.ai'],
  ['packages/alibaba', '/compatible-mode/v1/chat/completions', 'dashscope-intl.aliyuncs.com'],
  ['packages/moonshotai', '/v1/chat/completions', 'api.moonshot.ai'],
];

/** Packages that speak both of OpenAI's: the text says which. */
const OPENAI_HOSTS: Readonly<Record<string, readonly [host: string, prefix: string]>> = {
  azure: ['res.openai.azure.com', '/openai/v1'],
  xai: ['api.x.ai', '/v1'],
};

function headersFor({ source, file, response_text: text = '' }: Row): readonly Header[] {
  const named = HEADS.find(([part]) => `${source}/${file}`.includes(part));
  const [host, prefix] = OPENAI_HOSTS[source.split('/')[1] ?? ''] ?? ['api.openai.com', '/v1'];
  const spoken = text.includes('"type":"response.') ? 'responses' : text.includes('"text_completion"') ? 'completions' : 'chat/completions';
  return [
    [':method', 'POST'],
    [':path', named?.[1] ?? `${prefix}/${spoken}`],
    [':authority', named?.[2] ?? host],
    ['content-type', 'application/json'],
  ];
}

// ---- streams of which only the events' JSON was kept, one a line

function rebuilt({ file, response_text: text = '' }: Row): Pick<Recording, 'body' | 'contentType'> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (file.includes('amazon-bedrock')) {
    return { contentType: 'application/vnd.amazon.eventstream', body: Buffer.concat(lines.map(awsMessage)) };
  }
  const done = lines.some((line) => line.includes('"chat.completion.chunk"')) ? 'data: [DONE]\n\n' : '';
  return { contentType: 'text/event-stream', body: Buffer.from(lines.map(sseEvent).join('') + done) };
}

/** Anthropic, OpenAI Responses and Cohere name their events as `type` says. One recorded line is no JSON: it comes as it is. */
function sseEvent(line: string): string {
  const type = /(?:^\{|,)"type":"([a-z_.-]+)"/.exec(line)?.[1];
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${line}\n\n`;
}

/** A line `{"contentBlockDelta":{…}}` as a message of an AWS event stream: https://smithy.io/2.0/aws/amazon-eventstream.html */
function awsMessage(line: string): Buffer {
  const [[type, payload] = ['', {}]] = Object.entries(JSON.parse(line) as Readonly<Record<string, unknown>>);
  const headers = Buffer.concat([
    awsHeader(':event-type', type),
    awsHeader(':content-type', 'application/json'),
    awsHeader(':message-type', 'event'),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([checked, checksum(checked)]);
}

function awsHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
