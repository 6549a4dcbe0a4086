import { Agent, type RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Gateway, send, startGateway } from '../support/gateway.ts';
import { waitFor } from '../support/processes.ts';
import { STREAM_DIALECTS } from '../support/streams.ts';

const REQUESTS = process.env['SLUICE_TEST_LONG'] ? 20_000 : 4_000;
const PARALLEL = 64;
/** Every so many answers carry a card: of whole and of streamed ones alike. */
const CARD_EVERY = 7;

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const PROSE = 'I would like to come by after work to talk about my account and its fees. ';
const openai = STREAM_DIALECTS[0]!;

interface Case {
  readonly stream: boolean;
  readonly card: boolean;
  readonly index: number;
}

const caseOf = (index: number): Case => ({ index, stream: index % 2 === 1, card: index % CARD_EVERY === 0 });

const questionOf = ({ index, stream, card }: Case): string =>
  JSON.stringify({
    model: 'gpt-5-mini',
    stream,
    messages: [{ role: 'user', content: `${card ? 'Which card' : 'What'} is number ${index}? ${PROSE.repeat(12)}` }],
  });

/** What the provider says to a question; the number in it shows which question was answered. */
const saysOf = ({ index, card }: Pick<Case, 'index' | 'card'>): string =>
  `This is answer ${index}, as you asked. ${card ? `The card is ${CARD}, valid for long.` : 'There is nothing on file.'}`;

const upstream: RequestListener = (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as { stream: boolean; messages: [{ content: string }] };
    const { content } = asked.messages[0];
    const says = saysOf({ index: Number(/number (\d+)/.exec(content)![1]), card: content.startsWith('Which card') });
    outgoing.setHeader('content-type', asked.stream ? 'text/event-stream' : 'application/json');
    outgoing.end(asked.stream ? streamBody(says) : wholeBody(says));
  });
};

const wholeBody = (content: string): Buffer =>
  Buffer.from(
    JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] }),
  );

/** Pieces of seven units: a card is spread over three events. */
const streamBody = (content: string): Buffer => openai.write(content.match(/.{1,7}/gs)!);

function textOf(answer: Answer, { stream }: Case): string {
  if (stream) return openai.readText(answer.body);
  const { choices } = JSON.parse(answer.body.toString()) as { choices: [{ message: { content: string } }] };
  return choices[0].message.content;
}

/** Right: complete, the answer to this question, the card redacted, and byte for byte the provider's where there was none. */
function isRight(answer: Answer, one: Case): boolean {
  if (answer.status !== 200 || !answer.complete) return false;
  const says = saysOf(one);
  if (one.card) return textOf(answer, one) === says.replace(CARD, '[REDACTED:pii.card]');
  return answer.body.equals(one.stream ? streamBody(says) : wholeBody(says));
}

describe('a real Envoy at full speed', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ upstream, profile: 'default' });
  });
  afterAll(() => gateway?.stop());

  test(`answers ${REQUESTS} requests, ${PARALLEL} at a time and half of them streamed, without one failure`, {
    timeout: 300_000,
  }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
    const wrong: object[] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      for (let index = next++; index < REQUESTS; index = next++) {
        const one = caseOf(index);
        const answer = await send(gateway.port, { body: questionOf(one), agent });
        if (!isRight(answer, one)) wrong.push({ ...one, status: answer.status, body: answer.body.toString() });
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, client));
    agent.destroy();
    expect(wrong).toEqual([]);

    const status = await waitFor(async () => {
      const now = await gateway.filter().status();
      return now.openExchanges === 0 ? now : undefined;
    });
    const cards = Math.ceil(REQUESTS / CARD_EVERY);
    expect(status.traffic).toMatchObject({
      exchanges: REQUESTS,
      verdicts: { allow: REQUESTS - cards, flag: 0, redact: cards, deny: 0 },
      outcomes: { completed: REQUESTS, denied: 0, aborted: 0, cancelled: 0 },
      findings: { 'pii.card redact': cards },
      uninspected: {},
    });
    expect(gateway.filter().process.stderr.filter((line) => line.includes('exchange-error'))).toEqual([]);
  });
});
