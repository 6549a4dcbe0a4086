import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { mostResidentBytes, residentBytes, waitFor } from '../support/processes.ts';

const MIB = 1024 * 1024;
const BODY_BYTES = 32 * MIB;
/** What policy lets the filter hold of one body. */
const LIMIT_BYTES = 40 * MIB;
/** Both bodies of an exchange: what is left of the request goes at the next collection, maybe after the answer has come. */
const HELD_BYTES_MAX = 2 * LIMIT_BYTES;
const POLICY = `version: 1\nlimits: {bodyBytes: ${LIMIT_BYTES}, eventBytes: ${LIMIT_BYTES}}\n`;
/** Bytes as they come, as text, and as they leave: nothing may be there more often. */
const COPIES_MAX = 3;

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const REDACTED = '[REDACTED:pii.card]';
const SENTENCE = 'The branch on Main Street opens at nine and closes at five, except on Fridays. ';
/** Prose with one card in its middle. */
const prose = (bytes: number): string => {
  const half = SENTENCE.repeat(Math.ceil(bytes / 2 / SENTENCE.length));
  return `${half}It is ${CARD}, as you asked. ${half}`;
};
const PARTS = 8;
const long = prose(BODY_BYTES / PARTS);
const message = (role: string) => ({ role, content: long });
const QUESTION = JSON.stringify({ model: 'gpt-5-mini', messages: Array.from({ length: PARTS }, () => message('user')) });
const REPLY = JSON.stringify({
  id: 'c',
  choices: Array.from({ length: PARTS }, (_, index) => ({ index, message: message('assistant'), finish_reason: 'stop' })),
});
const TEXT = prose(BODY_BYTES);

interface Row {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly request: string;
  readonly response: string;
}
const ROWS: readonly Row[] = [
  { name: 'JSON with long strings', path: '/v1/chat/completions', type: 'application/json', request: QUESTION, response: REPLY },
  { name: 'plain text', path: '/anything', type: 'text/plain', request: TEXT, response: TEXT },
];

let next: Row = ROWS[0]!;
let received = Buffer.alloc(0);
const upstream: RequestListener = (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    received = Buffer.concat(chunks);
    outgoing.writeHead(200, { 'content-type': next.type }).end(next.response);
  });
};

const redacted = (body: string): Buffer => Buffer.from(body.replaceAll(CARD, REDACTED));

describe('32 MiB there and 32 MiB back through the profile duplex', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ upstream, profile: 'duplex', policy: POLICY });
  });
  afterAll(() => gateway?.stop());

  test.each(ROWS)('$name: exact bytes but for the cards, in bounded memory', { timeout: 180_000 }, async (row) => {
    const { process: filter } = gateway.filter();
    next = { ...row, type: 'text/plain', response: 'nothing yet' };
    await send(gateway.port, { path: row.path, body: 'hello', headers: { 'content-type': 'text/plain' } });
    const before = residentBytes(filter.pid);
    next = row;
    const answering = send(gateway.port, { path: row.path, body: row.request, headers: { 'content-type': row.type } });
    const most = await mostResidentBytes(filter.pid, answering);
    const { status, complete, body } = await answering;
    expect({ status, complete, length: body.length }).toEqual({ status: 200, complete: true, length: redacted(row.response).length });
    expect(body.equals(redacted(row.response))).toBe(true);
    expect(received.equals(redacted(row.request))).toBe(true);
    expect((most - before) / HELD_BYTES_MAX).toBeLessThan(COPIES_MAX);
  });

  test('everything was inspected, and nothing is held afterwards', async () => {
    const { traffic } = await waitFor(async () => {
      const status = await gateway.filter().status();
      return status.openExchanges === 0 ? status : undefined;
    });
    expect([traffic.uninspected, traffic.outcomes['completed']]).toEqual([{}, 2 * ROWS.length]);
  });
});
