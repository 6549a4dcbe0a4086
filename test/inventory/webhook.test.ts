import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeDraft } from '../../src/inventory/store.ts';
import { createWebhook, type Webhook, type WebhookLoss, type WebhookOptions } from '../../src/inventory/webhook.ts';
import { waitFor } from '../support/processes.ts';

const SECRET = ['webhook', 'test', 'key'].join('-');
const QUICK = { retryMs: 5, retryMaxMs: 20, timeoutMs: 5000, stopMs: 50 };

const change = (name: string): ChangeDraft => ({
  timeMs: 1_790_000_000_000,
  change: 'new',
  subjectKind: 'endpoints',
  subjectId: name,
  subject: `GET shop.example/${name}`,
  reason: 'first seen',
});

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** Answers one status after the other, the last one for ever; 0 never answers. */
async function receiver(statuses: readonly number[], { port = 0, headers = {} }: { port?: number; headers?: Record<string, string> } = {}) {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await request.toArray()).join('');
    const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
    received.push({ headers: request.headers, body });
    if (status !== 0) response.writeHead(status, headers).end();
  };
  const server = createServer((request, response) => void take(request, response));
  const { port: bound } = await listening(server, port);
  closing.push(() => closeServer(server));
  return { url: `http://127.0.0.1:${bound}/hook`, received } satisfies Receiver;
}

async function listening(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server.address() as AddressInfo;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function webhook(options: WebhookOptions): { readonly hook: Webhook; readonly losses: readonly WebhookLoss[] } {
  const losses: WebhookLoss[] = [];
  const hook = createWebhook({ random: () => 0, ...options, limits: { ...QUICK, ...options.limits }, onLoss: (loss) => losses.push(loss) });
  closing.unshift(() => hook.stop());
  return { hook, losses };
}

const arrived = (at: Receiver, count: number) => waitFor(() => (at.received.length >= count ? at.received : undefined));
const subjectsOf = ({ body }: Received) => (JSON.parse(body) as { changes: { subjectId: string }[] }).changes.map((one) => one.subjectId);

describe('a webhook', () => {
  it('carries changes as data, signed over time and body', async () => {
    const at = await receiver([200]);
    const { hook } = webhook({ url: at.url, secret: SECRET });
    hook.send([change('a'), change('b')]);
    const [first] = await arrived(at, 1);
    expect(JSON.parse(first!.body)).toEqual({
      version: 1,
      event: 'sluice.inventory.change',
      changes: ['a', 'b'].map((name) => ({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        time: '2026-09-21T14:13:20.000Z',
        change: 'new',
        subjectKind: 'endpoints',
        subjectId: name,
        subject: `GET shop.example/${name}`,
        reason: 'first seen',
      })),
    });
    const seconds = /^t=(\d+),v1=/.exec(String(first!.headers['x-sluice-signature']))?.[1];
    const expected = createHmac('sha256', SECRET).update(`${seconds}.${first!.body}`).digest('hex');
    expect(first!.headers['x-sluice-signature']).toBe(`t=${seconds},v1=${expected}`);
  });

  it('tells Slack one text in which no name can call a channel or make a link', async () => {
    const at = await receiver([200]);
    const { hook } = webhook({ url: at.url, format: 'slack' });
    hook.send([{ ...change('x'), subject: 'GET <!channel>\n<https://evil.example|click>&`' }]);
    const [first] = await arrived(at, 1);
    expect(JSON.parse(first!.body)).toEqual({
      text: "new · endpoints · GET &lt;!channel&gt; &lt;https://evil.example|click&gt;&amp;': first seen",
      unfurl_links: false,
      unfurl_media: false,
    });
    expect(first!.headers['x-sluice-signature']).toBeUndefined();
  });

  it('is tried again, the same delivery, while the receiver fails, asks for patience and is slow; then everything is there once', async () => {
    const at = await receiver([503, 429, 0, 500, 200], { headers: { 'retry-after': '0' } });
    const { hook, losses } = webhook({ url: at.url, limits: { timeoutMs: 1500 } }); // of the one that is never answered
    hook.send([change('a')]);
    await arrived(at, 1);
    hook.send([change('b')]);
    const received = await arrived(at, 6);
    expect(received.map(subjectsOf)).toEqual([['a'], ['a'], ['a'], ['a'], ['a'], ['b']]);
    expect(new Set(received.map(({ headers }) => headers['x-sluice-delivery'])).size).toBe(2);
    expect(losses).toEqual([]);
  });

  it('waits for a receiver that is down until it is up', async () => {
    const probe = createServer();
    const { port } = await listening(probe, 0);
    await closeServer(probe);
    const { hook, losses } = webhook({ url: `http://127.0.0.1:${port}/hook`, limits: { attempts: 10_000 } });
    hook.send([change('a')]);
    const at = await receiver([200], { port });
    expect((await arrived(at, 1)).map(subjectsOf)).toEqual([['a']]);
    expect(losses).toEqual([]);
  });

  it('says the same change once, however often it is told', async () => {
    const at = await receiver([200]);
    const { hook } = webhook({ url: at.url });
    hook.send([change('a')]);
    await arrived(at, 1);
    hook.send([change('a'), change('b')]);
    hook.send([change('b'), change('c')]);
    // Whether the last two go together depends on whether the first was answered before they came.
    await waitFor(() => at.received.flatMap(subjectsOf).includes('c') || undefined);
    expect(at.received.flatMap(subjectsOf)).toEqual(['a', 'b', 'c']);
  });

  it('sends what waits in deliveries of bounded size, in order', async () => {
    const at = await receiver([200]);
    const { hook } = webhook({ url: at.url, limits: { batchChanges: 2 } });
    hook.send(['a', 'b', 'c', 'd', 'e'].map(change));
    expect((await arrived(at, 3)).map(subjectsOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it.each([400, 401, 404, 410, 301])('is not tried again after status %i, and the loss is told', async (status) => {
    const at = await receiver([status, 200], { headers: { location: '/elsewhere' } });
    const { hook, losses } = webhook({ url: at.url });
    hook.send([change('a')]);
    await waitFor(() => losses[0]);
    hook.send([change('b')]);
    expect((await arrived(at, 2)).map(subjectsOf)).toEqual([['a'], ['b']]);
    expect(losses).toEqual([{ count: 1, reason: 'refused' }]);
  });

  it.each([
    [2, []],
    [3, []],
    [4, [{ count: 1, reason: 'queue-full' }]],
  ] as const)('keeps three waiting of %i and tells of the others', async (count, expected) => {
    const at = await receiver([0]);
    const { hook, losses } = webhook({ url: at.url, limits: { queueChanges: 3 } });
    hook.send(['a', 'b', 'c', 'd'].slice(0, count).map(change));
    expect(losses).toEqual(expected);
  });

  it('gives up after its attempts, and at the end of the process, and tells how much is lost', async () => {
    const failing = await receiver([500]);
    const first = webhook({ url: failing.url, limits: { attempts: 3 } });
    first.hook.send([change('a'), change('b')]);
    expect(await waitFor(() => first.losses[0])).toEqual({ count: 2, reason: 'unreachable' });
    expect(failing.received.length).toBe(3);

    const silent = await receiver([0]);
    const second = webhook({ url: silent.url });
    second.hook.send([change('a')]);
    await arrived(silent, 1);
    await second.hook.stop();
    second.hook.send([change('b')]);
    expect(second.losses).toEqual([
      { count: 1, reason: 'shutdown' },
      { count: 1, reason: 'shutdown' },
    ]);
  });
});
