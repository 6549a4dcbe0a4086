import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createExtProcServer } from '../../src/extproc/server.ts';
import { makeAuthority } from '../support/certificate.ts';
import { echoExchange } from './echo-exchange.ts';

/** Built by `node setup/h2spec.js`. */
const program = path.resolve(import.meta.dirname, '../../.tools/h2spec/h2spec');
const isHere = existsSync(program);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The filter's server, with so few streams at once that a test can exceed them. */
async function start(isTls: boolean): Promise<number> {
  const { cert, key } = makeAuthority().issue({ serial: 1 });
  const server = createExtProcServer({
    openExchange: echoExchange,
    onRecord: () => {},
    onError: () => {},
    tls: isTls ? { cert, key, clientCa: undefined } : undefined,
    maxConcurrentStreams: 100,
  });
  cleanups.push(() => server.close({ deadlineMs: 0 }));
  return ((await server.listen({ host: '127.0.0.1', port: 0 })) as { port: number }).port;
}

/** The last line of h2spec: "146 tests, 146 passed, 0 skipped, 0 failed"; its failures before it, if there are any. */
function h2spec(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 240_000, killSignal: 'SIGKILL' }, (_error, stdout) => {
      resolve(
        stdout
          .slice(Math.max(0, stdout.indexOf('Failures:')))
          .trim()
          .split('\n')
          .slice(stdout.includes('Failures:') ? 0 : -1)
          .join('\n'),
      );
    });
  });
}

test.skipIf(isHere)('h2spec is not on this machine: node setup/h2spec.js', () => {});

describe.runIf(isHere)('the server is HTTP/2 as h2spec knows it', { timeout: 300_000 }, () => {
  test.each([
    ['in plain text', false],
    ['over TLS', true],
  ])('%s', async (_name, isTls) => {
    const port = await start(isTls);
    const server = ['-h', '127.0.0.1', '-p', String(port), '--strict', ...(isTls ? ['--tls', '--insecure'] : [])];
    // Section 4.2 sends a frame that is too large; with the usual header fields it is smaller than what this server allows.
    const sections = ['generic', 'hpack', 'http2/3', 'http2/4.1', 'http2/4.3', 'http2/5', 'http2/6', 'http2/7', 'http2/8'];
    const usual = await h2spec([...sections, ...server]);
    const large = await h2spec(['http2/4.2', ...server, '--max-header-length', '60000']);
    expect([usual, large]).toEqual(['143 tests, 143 passed, 0 skipped, 0 failed', '3 tests, 3 passed, 0 skipped, 0 failed']);
  });
});
