import { Agent, type RequestListener, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, send } from './gateway.ts';
import { STREAM_DIALECTS } from './streams.ts';

/** What went through a gateway under load. */
export interface Load {
  /** Requests answered so far. */
  count(): number;
  /** Resolves after so many more answers. */
  after(more: number): Promise<void>;
  /** No new requests; resolves, when the last one is answered, to what was not as it should be. */
  stop(): Promise<readonly object[]>;
}

const openai = STREAM_DIALECTS[0]!;
const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const QUESTION = JSON.stringify({ model: 'gpt-5-mini', stream: true, messages: [{ role: 'user', content: 'Which card?' }] });
const PIECES = ['The card ', 'is 4111 1111', ' 1111 1111, ', 'valid ', 'for long.'];
const EXPECTED = `The card is ${CARD}, valid for long.`.replace(CARD, '[REDACTED:pii.card]');

/** A provider that streams an answer with a card in it, a few milliseconds long. */
export const loadProvider: RequestListener = (incoming, outgoing) => {
  incoming.resume().on('end', () => void streamAnswer(outgoing));
};

async function streamAnswer(outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const events = openai
    .write(PIECES)
    .toString()
    .split(/(?<=\n\n)/);
  for (const event of events) {
    outgoing.write(event);
    await delay(2);
  }
  outgoing.end();
}

/** Right: complete, and the card redacted. */
const isRight = ({ status, complete, body }: Answer) => status === 200 && complete && openai.readText(body) === EXPECTED;

/** Keeps so many requests under way to a gateway whose provider is `loadProvider`. */
export function startLoad(port: number, parallel: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const wrong: object[] = [];
  let count = 0;
  let stopped = false;
  const client = async () => {
    while (!stopped) {
      const answer = await send(port, { body: QUESTION, agent });
      count++;
      if (!isRight(answer)) wrong.push({ count, status: answer.status, complete: answer.complete, body: answer.body.toString() });
    }
  };
  const clients = Array.from({ length: parallel }, client);
  return {
    count: () => count,
    async after(more) {
      const until = count + more;
      while (count < until) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async stop() {
      stopped = true;
      await Promise.all(clients);
      agent.destroy();
      return wrong;
    },
  };
}
