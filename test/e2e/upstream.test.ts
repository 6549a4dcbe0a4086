import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { send } from '../support/gateway.ts';
import { startSluice } from '../support/processes.ts';

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const reply = (content: string) =>
  JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });
const QUESTION = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Which card?' }] });

let folder: string;
let caFile: string;
let port: number;
const hosts: (string | undefined)[] = [];
const { ca, cert, key } = makeCertificate();
const provider = createServer({ cert, key }, (incoming, outgoing) => {
  hosts.push(incoming.headers.host);
  incoming.resume().on('end', () => {
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(reply(`It is ${CARD}.`));
  });
});

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-upstream-'));
  caFile = path.join(folder, 'ca.pem');
  writeFileSync(caFile, ca);
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  port = (provider.address() as AddressInfo).port;
});
afterAll(() => {
  provider.close();
  provider.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `sluice up --upstream` for one exchange; resolves to what the client got. */
async function throughUp(upstream: string, environment: NodeJS.ProcessEnv = {}) {
  const args = ['up', '--json', '--port', '0', '--upstream', upstream];
  const run = startSluice(args, { environment: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, ...environment } });
  try {
    const { gateway } = JSON.parse(await run.line('stdout', () => true)) as { gateway: string };
    const { status, body } = await send(Number(new URL(gateway).port), { body: QUESTION });
    return { status, body: body.toString() };
  } finally {
    run.kill('SIGINT');
    await run.ended;
  }
}

describe('sluice up --upstream', () => {
  test.each(['localhost', '127.0.0.1'])(
    'https://%s is reached with the authority in SSL_CERT_FILE, and its answers are judged',
    async (host) => {
      const got = await throughUp(`https://${host}:${port}`, { SSL_CERT_FILE: caFile });
      expect(got).toEqual({ status: 200, body: reply('It is [REDACTED:pii.card].') });
      expect(hosts.at(-1)).toBe(`${host}:${port}`);
    },
  );

  test('an https provider whose authority nobody trusts is not spoken to', async () => {
    const before = hosts.length;
    const { status, body } = await throughUp(`https://localhost:${port}`, { SSL_CERT_FILE: '' });
    expect(status).toBe(503);
    expect(body).toContain('upstream connect error');
    expect(hosts).toHaveLength(before);
  });

  test('a provider that is not there: it starts, and the client gets a 503 that says so', async () => {
    const { status, body } = await throughUp('http://127.0.0.1:1');
    expect(status).toBe(503);
    expect(body).toContain('upstream connect error');
  });
});
