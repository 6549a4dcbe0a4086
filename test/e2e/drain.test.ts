import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectExtProc, header, modes } from '../support/ext-proc-client.ts';
import { startSluice } from '../support/processes.ts';

const requestHeaders = {
  request_headers: { headers: { headers: [header(':method', 'POST'), header(':path', '/'), header('content-type', 'text/plain')] } },
  protocol_config: modes('BUFFERED', 'FULL_DUPLEX_STREAMED'),
};

test('a filter that ends says how many exchanges it broke off', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-drain-'));
  const filter = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], { environment: { XDG_STATE_HOME: folder } });
  try {
    const { listen } = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string };
    const client = connectExtProc({ host: '127.0.0.1', port: Number(listen.split(':').at(-1)) });
    const calls = [client.open(), client.open()];
    for (const call of calls) call.send(requestHeaders);
    await Promise.all(calls.map((call) => call.next()));
    filter.kill('SIGTERM');
    const said = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"broken-off"'))) as object;
    expect(said).toMatchObject({ level: 40, exchanges: 2 });
    expect((await filter.ended).code).toBe(0);
    await client.close();
  } finally {
    filter.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
