import { text as textOf } from 'node:stream/consumers';
import type { Provider } from './gateway.ts';
import { CONTACT, createPause, EMAIL, KEY, type Pause, PLAIN } from './model-talk.ts';

/** A stand-in for the Gemini API and Vertex AI. */
export interface GeminiProvider {
  readonly listener: Provider;
  /** Bodies it was asked with, in order. */
  readonly asked: readonly string[];
  readonly pause: Pause;
}

/** What it says is named by the last word of the question: `plainly`, `contact`, `thoughtfully`, `call`, `signed`, `wrong`. */
export function createGeminiProvider(): GeminiProvider {
  const asked: string[] = [];
  const pause = createPause();
  return {
    asked,
    pause,
    async listener(incoming, outgoing) {
      const body = await textOf(incoming);
      asked.push(body);
      const [target = '', query = ''] = (incoming.url ?? '').split('?');
      const method = target.slice(target.lastIndexOf(':') + 1);
      const events = EVENTS[wishOf(body)] ?? EVENTS['plainly']!;
      const json = { 'content-type': 'application/json; charset=UTF-8' };
      if (method !== 'streamGenerateContent')
        return void outgoing.writeHead(200, json).end(JSON.stringify(WHOLE[method] ?? joined(events)));
      const isSse = query.includes('alt=sse');
      outgoing.writeHead(200, isSse ? { 'content-type': 'text/event-stream' } : json);
      for (const [i, event] of events.entries()) {
        const text = JSON.stringify(event);
        outgoing.write(isSse ? `data: ${text}\r\n\r\n` : `${i === 0 ? '[' : ',\r\n'}${text}`);
        if (i === 0 && wishOf(body) === 'wrong') await pause.wait();
      }
      outgoing.end(isSse ? '' : '\n]');
    },
  };
}

interface Event {
  readonly candidates: readonly {
    readonly content: { readonly role: string; readonly parts: readonly object[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata: object;
  readonly modelVersion: string;
  readonly responseId: string;
}

function wishOf(body: string): string {
  const { contents = [] } = JSON.parse(body) as { contents?: readonly { parts: readonly { text?: string }[] }[] };
  return contents.at(-1)?.parts.at(-1)?.text?.split(' ').at(-1) ?? '';
}

const event = (parts: readonly object[], last: object = {}): Event => ({
  candidates: [{ content: { role: 'model', parts }, ...last }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 5, totalTokenCount: 8 },
  modelVersion: 'gemini-3-flash',
  responseId: 'r1',
});
const said = (pieces: readonly string[]): readonly Event[] => [
  ...pieces.map((text) => event([{ text }])),
  event([{ text: '', thoughtSignature: 'CiQB+/==' }], { finishReason: 'STOP' }),
];
const called = (part: object): readonly Event[] => [
  event([{ functionCall: { name: 'send', args: { to: EMAIL } }, ...part }], { finishReason: 'STOP' }),
];

const EVENTS: Readonly<Record<string, readonly Event[]>> = {
  plainly: said(PLAIN.split(/(?<= )/)),
  contact: said(CONTACT),
  thoughtfully: [...['I think of an', 'na@example', '.org.'].map((text) => event([{ text, thought: true }])), ...said([PLAIN])],
  call: called({}),
  signed: called({ thoughtSignature: 'CiQB+/==' }),
  wrong: said(['Here it is. ', `The key is ${KEY}. `, 'Never seen.']),
};

/** The whole answer that these events are the pieces of. */
function joined(events: readonly Event[]): object {
  const parts = events.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts));
  return event(parts, { finishReason: 'STOP' });
}

const WHOLE: Readonly<Record<string, object>> = {
  countTokens: { totalTokens: 31 },
  embedContent: { embedding: { values: [0.0123456789, -0.5] } },
  batchEmbedContents: { embeddings: [{ values: [0.0123456789, -0.5] }] },
};
