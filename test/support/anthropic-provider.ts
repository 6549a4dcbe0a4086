import { text as textOf } from 'node:stream/consumers';
import type { Provider } from './gateway.ts';
import { CONTACT, createPause, EMAIL, KEY, type Pause, PLAIN } from './model-talk.ts';

/** A stand-in for the Messages API and for text completions. */
export interface AnthropicProvider {
  readonly listener: Provider;
  /** Bodies it was asked with, in order. */
  readonly asked: readonly string[];
  readonly pause: Pause;
}

/** What it says is named by the last word of the question: `plainly`, `contact`, `cited`, `thoughtfully`, `signed`, `call`, `search`, `wrong`. */
export function createAnthropicProvider(): AnthropicProvider {
  const asked: string[] = [];
  const pause = createPause();
  return {
    asked,
    pause,
    async listener(incoming, outgoing) {
      const body = await textOf(incoming);
      if (body !== '') asked.push(body);
      const wish = body === '' ? 'plainly' : wishOf(body);
      const path = (incoming.url ?? '').split('?')[0]!;
      const blocks = BLOCKS[wish] ?? BLOCKS['plainly']!;
      const json = (answer: object) => void outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      if (path.endsWith('/count_tokens')) return json({ input_tokens: 31 });
      if (path.endsWith('/results')) {
        const lines = ['plainly', 'contact', 'thoughtfully'].map((custom_id) => ({
          custom_id,
          result: { type: 'succeeded', message: messageOf(BLOCKS[custom_id]!) },
        }));
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
        return void outgoing.writeHead(200, { 'content-type': 'application/x-jsonl' }).end(text);
      }
      if (path.includes('/batches')) return json(BATCH);
      const isLegacy = path.endsWith('/v1/complete');
      if (JSON.parse(body).stream !== true)
        return json(isLegacy ? completion(textsOf(blocks).join(''), 'stop_sequence') : messageOf(blocks));
      outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      const events = isLegacy
        ? [...textsOf(blocks).map((text) => completion(text, null)), completion('', 'stop_sequence')]
        : eventsOf(blocks);
      for (const event of events) {
        outgoing.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        if (wish === 'wrong' && JSON.stringify(event).includes(WRONG[0])) await pause.wait();
      }
      outgoing.end();
    },
  };
}

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A content block: how it begins, its deltas, and as it is whole. */
interface Block {
  readonly begin: object;
  readonly deltas: readonly { readonly type: string; readonly [field: string]: unknown }[];
  readonly whole: object;
}

function wishOf(body: string): string {
  const { messages, prompt } = JSON.parse(body) as { messages?: readonly { content: unknown }[]; prompt?: string };
  const content = messages?.at(-1)?.content ?? prompt?.replace('\n\nAssistant:', '');
  const text = typeof content === 'string' ? content : (content as readonly { text?: string }[] | undefined)?.at(-1)?.text;
  return text?.split(' ').at(-1) ?? '';
}

const text = (pieces: readonly string[], citations: readonly object[] = []): Block => ({
  begin: { type: 'text', text: '' },
  deltas: [
    ...pieces.map((piece) => ({ type: 'text_delta', text: piece })),
    ...citations.map((citation) => ({ type: 'citations_delta', citation })),
  ],
  whole: { type: 'text', text: pieces.join(''), ...(citations.length > 0 && { citations }) },
});
const thinking = (pieces: readonly string[], signature: string): Block => ({
  begin: { type: 'thinking', thinking: '', signature: '' },
  deltas: [
    ...pieces.map((piece) => ({ type: 'thinking_delta', thinking: piece })),
    ...(signature === '' ? [] : [{ type: 'signature_delta', signature }]),
  ],
  whole: { type: 'thinking', thinking: pieces.join(''), signature },
});
const use = (type: string, name: string, pieces: readonly string[]): Block => ({
  begin: { type, id: 'toolu_1', name, input: {} },
  deltas: ['', ...pieces].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  whole: { type, id: 'toolu_1', name, input: JSON.parse(pieces.join('')) },
});
const at = (whole: object): Block => ({ begin: whole, deltas: [], whole });

const FOUND = {
  type: 'web_search_tool_result',
  tool_use_id: 'toolu_1',
  content: [
    { type: 'web_search_result', url: 'https://example.org', title: `The page of ${EMAIL}`, encrypted_content: 'EqgfCioI', page_age: null },
  ],
};
const CITATION = {
  type: 'web_search_result_location',
  cited_text: `It is ${EMAIL}.`,
  url: 'https://example.org',
  title: 'Contact',
  encrypted_index: 'EpEBCioI',
};
const THOUGHT = ['I think of an', 'na@example', '.org.'];
const WRONG = ['Here it is. ', `The key is ${KEY}. `, 'Never seen.'] as const;

const BLOCKS: Readonly<Record<string, readonly Block[]>> = {
  plainly: [text(PLAIN.split(/(?<= )/))],
  contact: [text(CONTACT)],
  cited: CONTACT.map((piece, i) => text([piece], i === 1 ? [CITATION] : [])),
  thoughtfully: [thinking(['I think of Paris.'], 'EqQB+/=='), text([PLAIN])],
  signed: [thinking(THOUGHT, 'EqQB+/=='), text([PLAIN])],
  unsigned: [thinking(THOUGHT, ''), text([PLAIN])],
  call: [text(['I send it.']), use('tool_use', 'send', ['{"to"', ': "anna@exa', 'mple.o', 'rg"}'])],
  search: [use('server_tool_use', 'web_search', ['{"query": "anna@exa', 'mple.org"}']), at(FOUND), text([PLAIN])],
  wrong: [text(WRONG)],
};

const textsOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap(({ deltas }) => deltas.flatMap(({ type, text: piece }) => (type === 'text_delta' ? [String(piece)] : [])));

const messageOf = (blocks: readonly Block[]) => ({ ...MESSAGE, content: blocks.map(({ whole }) => whole), stop_reason: 'end_turn' });

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [] as readonly object[],
  stop_reason: null as string | null,
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 5 },
};

function eventsOf(blocks: readonly Block[]): readonly Event[] {
  return [
    { type: 'message_start', message: MESSAGE },
    { type: 'ping' },
    ...blocks.flatMap(({ begin, deltas }, index): Event[] => [
      { type: 'content_block_start', index, content_block: begin },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}

const completion = (piece: string, stop_reason: string | null): Event => ({
  type: 'completion',
  id: 'compl_1',
  completion: piece,
  stop_reason,
  model: 'claude-2.1',
});

const BATCH = {
  id: 'msgbatch_1',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
  results_url: '/v1/messages/batches/msgbatch_1/results',
};
