import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectExtProc, type ExtProcClient, header, modes } from '../support/ext-proc-client.ts';
import { runSluice, type StartedProcess, startSluice, waitFor } from '../support/processes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-agents-'));
const environment = { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
const policy = path.join(folder, 'policy.yaml');
let filter: StartedProcess;
let client: ExtProcClient;

beforeAll(async () => {
  writeFileSync(
    policy,
    `version: 1
identity: {headers: {x-agent: {sanitizedBy: envoy}}}
agents:
  billing-bot:
    identify: {header: {x-agent: billing}}
    models: [gpt-5*, claude-*]
    tools: {allow: ['*_order'], deny: [shell]}
  idle-bot: {identify: {header: {x-agent: idle}}, models: [gpt-5*]}
`,
  );
  filter = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--policy', policy], { environment });
  const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"event":"ready"'))) as { listen: string };
  client = connectExtProc({ host: '127.0.0.1', port: Number(ready.listen.split(':').at(-1)) });
});

afterAll(async () => {
  await client?.close();
  filter?.kill('SIGTERM');
  await filter?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** One request of the agent, to its end. */
async function ask(tools: readonly string[]): Promise<void> {
  const stream = client.open();
  const headers = [
    header(':method', 'POST'),
    header(':path', '/v1/chat/completions'),
    header(':authority', 'api.openai.com'),
    header('content-type', 'application/json'),
    header('x-agent', 'billing'),
  ];
  const declared = tools.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));
  const body = Buffer.from(JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }], tools: declared }));
  stream.send({ request_headers: { headers: { headers } }, protocol_config: modes('BUFFERED', 'NONE') });
  await stream.next();
  stream.send({ request_body: { body, end_of_stream: true } });
  await stream.next();
  stream.reset();
}

const run = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runSluice(['agents', ...args, '--policy', policy], { environment });
  return { code, stdout, stderr };
};

interface Listed {
  readonly agents: readonly { readonly agent: string; readonly entries: number; readonly entriesUsed: number; readonly refused: number }[];
}

describe('what agents are granted and used', () => {
  test('is listed, explained and tightened from what a running filter saw', async () => {
    await ask(['lookup_order', 'shell']);
    await ask(['lookup_order']);
    const { agents } = await waitFor(async () => {
      const listed = JSON.parse((await run('list', '--json')).stdout) as Listed;
      return (listed.agents[0]?.entriesUsed ?? 0) > 0 ? listed : undefined;
    });
    expect(agents.map(({ agent, entries, entriesUsed, refused }) => [agent, entries, entriesUsed, refused])).toEqual([
      ['billing-bot', 3, 2, 1],
      ['idle-bot', 1, 0, 0],
    ]);

    const { stdout } = await run('explain', 'billing-bot');
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ {4}claude-\* {2}never used$/),
        expect.stringMatching(/^ {4}\*_order {2}used 2×, last \d{4}-\d\d-\d\d$/),
        expect.stringMatching(/^ {4}shell {2}refused 1×/),
        expect.stringMatching(/^ {4}POST api\.openai\.com\/v1\/chat\/completions {2}used 2×/),
      ]),
    );

    const tightened = await run('tighten', 'billing-bot');
    expect(tightened.code).toBe(1);
    expect(tightened.stdout.split('\n')).toEqual(
      expect.arrayContaining(['-      - claude-*', '+      - gpt-5-mini', '+        - lookup_order', '         - shell']),
    );
  });

  test('before the window does not count', async () => {
    const { stdout } = await run('tighten', 'idle-bot', '--since', '1h', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ agent: 'idle-bot', row: { models: { allow: [] } } });
  });

  test.each([
    ['an agent that the policy does not name', ['explain', 'biling-bot'], 'did you mean "billing-bot"'],
    ['a time that is none', ['list', '--since', 'ever'], '--since takes a time'],
  ])('refuses %s', async (_, args, says) => {
    const { code, stderr } = await run(...args);
    expect({ code, says: stderr.includes(says) }).toEqual({ code: 2, says: true });
  });
});
