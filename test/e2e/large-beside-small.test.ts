import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { waitFor } from '../support/processes.ts';

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const LARGE_BYTES = 6 * 1024 * 1024;
const SENTENCE = 'The branch on Main Street opens at nine and closes at five, except on Fridays. ';
const chat = (content: string): string => JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });
/** Texts that nobody has seen before, and a card at the very end. */
const large = (name: string): string => chat(`${`${name}: ${SENTENCE}`.repeat(LARGE_BYTES / (SENTENCE.length + name.length + 2))} ${CARD}`);

describe.each(['default', 'duplex'] as const)('while a large request is judged (profile %s)', (profile) => {
  let gateway: Gateway;
  const received: string[] = [];
  beforeAll(async () => {
    gateway = await startGateway({
      profile,
      changes: { 'message_timeout: 5s': 'message_timeout: 60s' },
      upstream: (incoming, outgoing) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          received.push(Buffer.concat(chunks).toString());
          outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}');
        });
      },
    });
  });
  afterAll(() => gateway?.stop());

  const whenHeld = () => waitFor(async () => ((await gateway.filter().status()).heldBytes > LARGE_BYTES * 0.9 ? true : undefined));

  test('small ones of others are answered, and the admin address', async () => {
    const order: string[] = [];
    const body = large('first');
    const answering = send(gateway.port, { body }).then(({ status }) => order.push(`large ${status}`));
    await whenHeld();
    for (let count = 0; count < 3; count++) order.push(`small ${(await send(gateway.port, { body: chat('Good morning.') })).status}`);
    await answering;
    expect(order).toEqual(['small 200', 'small 200', 'small 200', 'large 200']);
    expect(received.at(-1) === body.replace(CARD, '[REDACTED:pii.card]')).toBe(true);
  });

  test('its client may leave: nothing is held, and the next one is served', async () => {
    const leaving = new AbortController();
    const answering = send(gateway.port, { body: large('second'), signal: leaving.signal });
    await whenHeld();
    leaving.abort();
    expect(await answering).toMatchObject({ complete: false });
    await waitFor(async () => ((await gateway.filter().status()).heldBytes === 0 ? true : undefined));
    expect(await send(gateway.port, { body: chat('Good morning.') })).toMatchObject({ status: 200, complete: true });
    const { traffic } = await gateway.filter().status();
    expect(traffic.outcomes).toMatchObject({ cancelled: 1 });
  });
});
