import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Sending, send, startGateway } from '../support/gateway.ts';
import { type StartedProcess, startSluice, waitFor } from '../support/processes.ts';

/** A word that stands nowhere else: letters and digits, as ids of customers and sessions have them. */
const canary = (at: number): string => `q7x${(0x1a2b3c + at * 7919).toString(36)}k9${(0x5d6e7f - at * 104_729).toString(36)}z4`;

/** The same without digits, as names of people are: nothing but its place says that it is no field. */
const lettersOf = (word: string): string =>
  Array.from(word, (one) => (one >= '0' && one <= '9' ? 'abcdefghij'[Number(one)] : one)).join('');

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const json = (value: unknown): string => JSON.stringify(value);
const user = (content: unknown) => ({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });
const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'search', arguments: args } });
const described = (description: string, parameters: object) => [
  { type: 'function', function: { name: 'search', description, parameters } },
];
const claude = (change: object) => ({ model: 'claude-sonnet-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...change });
const rpc = (method: string, params: object, id: unknown = 1) => json({ jsonrpc: '2.0', id, method, params });

/** Where a canary stands in a request, and the request. */
const REQUEST_PLACES: readonly (readonly [place: string, request: (word: string) => Sending])[] = [
  ['a user text', (word) => ({ body: json(user(word)) })],
  ['a user text with a finding', (word) => ({ body: json(user(`${word} pays with ${CARD} ${word}`)) })],
  ['a user text in parts', (word) => ({ body: json(user([{ type: 'text', text: word }])) })],
  ['an address of a picture', (word) => ({ body: json(user([{ type: 'image_url', image_url: { url: `https://i.example/${word}` } }])) })],
  ['a system text', (word) => ({ body: json({ ...user('hi'), messages: [{ role: 'system', content: word }] }) })],
  ['a name of a speaker', (word) => ({ body: json({ ...user('hi'), messages: [{ role: 'user', name: word, content: 'hi' }] }) })],
  ['a person', (word) => ({ body: json({ ...user('hi'), user: word }) })],
  ['metadata', (word) => ({ body: json({ ...user('hi'), metadata: { [word]: word } }) })],
  ['a stop word', (word) => ({ body: json({ ...user('hi'), stop: [word] }) })],
  ['a description of a tool', (word) => ({ body: json({ ...user('hi'), tools: described(word, { type: 'object' }) }) })],
  [
    'a parameter of a tool',
    (word) => ({
      body: json({ ...user('hi'), tools: described('finds', { type: 'object', properties: { [word]: { type: 'string' } } }) }),
    }),
  ],
  [
    'arguments of an earlier call',
    (word) => ({ body: json({ ...user('hi'), messages: [{ role: 'assistant', tool_calls: [call('call_1', json({ q: word }))] }] }) }),
  ],
  ['an id of a call', (word) => ({ body: json({ ...user('hi'), messages: [{ role: 'tool', tool_call_id: word, content: 'x' }] }) })],
  ['a result of a tool', (word) => ({ body: json({ ...user('hi'), messages: [{ role: 'tool', tool_call_id: 'c', content: word }] }) })],
  ['a field that nobody knows', (word) => ({ body: json({ ...user('hi'), [word]: word }) })],
  ['a body that is no JSON', (word) => ({ body: `{${word}` })],
  ['a body of a type that nobody knows', (word) => ({ body: word, headers: { 'content-type': `text/${word}` } })],
  ['a conversation', (word) => ({ path: '/v1/responses', body: json({ model: 'gpt-5-mini', input: 'hi', conversation: word }) })],
  [
    'an earlier answer',
    (word) => ({ path: '/v1/responses', body: json({ model: 'gpt-5-mini', input: 'hi', previous_response_id: word }) }),
  ],
  ['a prompt cache key', (word) => ({ path: '/v1/responses', body: json({ model: 'gpt-5-mini', input: word, prompt_cache_key: word }) })],
  ['a system text of Anthropic', (word) => ({ path: '/v1/messages', body: json(claude({ system: word })) })],
  ['a person of Anthropic', (word) => ({ path: '/v1/messages', body: json(claude({ metadata: { user_id: word } })) })],
  ['an argument of an MCP tool', (word) => ({ path: '/mcp', body: rpc('tools/call', { name: 'search', arguments: { q: word } }) })],
  ['an id of JSON-RPC', (word) => ({ path: '/mcp', body: rpc('tools/list', {}, word) })],
  ['a resource of MCP', (word) => ({ path: '/mcp', body: rpc('resources/read', { uri: `file:///home/${word}?${word}#${word}` }) })],
  ['a session of MCP', (word) => ({ path: '/mcp', body: rpc('ping', {}), headers: { 'mcp-session-id': word } })],
  ['an argument of a prompt of MCP', (word) => ({ path: '/mcp', body: rpc('prompts/get', { name: 'p', arguments: { q: word } }) })],
  ['a credential', (word) => ({ body: json(user('hi')), headers: { authorization: `Bearer ${word}` } })],
  ['a key of an API', (word) => ({ body: json(user('hi')), headers: { 'x-api-key': word } })],
  ['a user and password', (word) => ({ body: json(user('hi')), headers: { authorization: `Basic ${btoa(`${word}:${word}`)}` } })],
  ['a cookie', (word) => ({ body: json(user('hi')), headers: { cookie: `sid=${word}; ${word}=1` } })],
  ['a header of its own', (word) => ({ body: json(user('hi')), headers: { 'x-customer': word } })],
  ['a name of a header', (word) => ({ body: json(user('hi')), headers: { [`x-${word}`]: '1' } })],
  ['a referer', (word) => ({ body: json(user('hi')), headers: { referer: `https://shop.example/${word}?${word}` } })],
  ['an address that forwards', (word) => ({ body: json(user('hi')), headers: { forwarded: `for=${word}` } })],
  ['an id of a request', (word) => ({ body: json(user('hi')), headers: { 'x-client-request-id': word } })],
  ['baggage and trace state', (word) => ({ body: json(user('hi')), headers: { baggage: `user=${word}`, tracestate: `v=${word}` } })],
  ['a value of a query', (word) => ({ path: `/v1/chat/completions?key=${word}`, body: json(user('hi')) })],
  ['a name in a query', (word) => ({ path: `/v1/chat/completions?${word}=1`, body: json(user('hi')) })],
  ['an id in a path', (word) => ({ method: 'GET', path: `/accounts/${word}`, body: '' })],
  ['an id in the middle of a path', (word) => ({ method: 'GET', path: `/accounts/${word}/cards`, body: '' })],
  ['an id of an AI path', (word) => ({ method: 'GET', path: `/v1/responses/${word}`, body: '' })],
  ['a file in a path', (word) => ({ method: 'GET', path: `/files/${word}.pdf`, body: '' })],
  ['a mail address in a path', (word) => ({ method: 'GET', path: `/users/${word}@bank.example`, body: '' })],
  ['an encoded path', (word) => ({ method: 'GET', path: `/docs/a%2F${word}`, body: '' })],
  ['a parameter of a matrix path', (word) => ({ method: 'GET', path: `/map;owner=${word}/x`, body: '' })],
  ['a method that overrides', (word) => ({ method: 'PUT', path: '/x', headers: { 'x-http-method-override': word } })],
  ['a text of a plain body', (word) => ({ path: '/transfers', body: json({ to: word, list: [{ id: word }], amount: 1 }) })],
  ['a key of a plain body', (word) => ({ path: '/transfers', body: json({ amount: 1, [word]: 1 }) })],
  [
    'a key of a table in a plain body',
    (word) => ({ path: '/limits', body: json({ of: { [word]: { amount: 1 }, [`${word}b`]: { amount: 2 } } }) }),
  ],
  [
    'a name that nobody knows, as a key of a short table',
    (word) => ({ path: '/people', body: json({ [lettersOf(word)]: { age: 1, city: 'x' }, quorvan: { age: 2 } }) }),
  ],
  ['a first name as a key of a plain body', (word) => ({ path: '/shares', body: json({ [`anna_${lettersOf(word)}`]: 1, amount: 2 }) })],
  ['a text as a key of a plain body', (word) => ({ path: '/notes', body: json({ [`pay ${word} back`]: true, amount: 1 }) })],
  ['a cursor of MCP', (word) => ({ path: '/mcp', body: rpc('tools/list', { cursor: word }) })],
  [
    'a form',
    (word) => ({ path: '/login', body: `user=${word}&${word}=1`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  ],
];

/** Where a canary stands in an answer: its headers and its body. */
const ANSWER_PLACES: readonly (readonly [place: string, answer: (word: string) => { headers?: Record<string, string>; body: string }])[] = [
  ['an id of an answer', (word) => ({ body: json({ id: word, model: 'gpt-5-mini', choices: [] }) })],
  ['a text of an answer', (word) => ({ body: json({ choices: [{ index: 0, message: { role: 'assistant', content: word } }] }) })],
  ['a reason to stop', (word) => ({ body: json({ choices: [{ index: 0, finish_reason: word, message: { content: 'x' } }] }) })],
  [
    'arguments of a call',
    (word) => ({ body: json({ choices: [{ index: 0, message: { tool_calls: [call(word, json({ q: word }))] } }] }) }),
  ],
  ['an error', (word) => ({ body: json({ error: { message: word, code: word } }) })],
  ['a fingerprint', (word) => ({ body: json({ system_fingerprint: word, service_tier: word, choices: [] }) })],
  ['a header of an answer', (word) => ({ headers: { 'x-account': word, 'set-cookie': `sid=${word}` }, body: '{}' })],
  ['a type of an answer', (word) => ({ headers: { 'content-type': `application/${word}` }, body: '{}' })],
  [
    'a stream',
    (word) => ({
      headers: { 'content-type': 'text/event-stream' },
      body: `: ${word}\nid: ${word}\ndata: ${json({ id: word, choices: [{ index: 0, delta: { content: `a ${word} ${CARD}` } }] })}\n\ndata: [DONE]\n\n`,
    }),
  ],
  ['an event of a stream', (word) => ({ headers: { 'content-type': 'text/event-stream' }, body: `event: ${word}\ndata: ${word}\n\n` })],
];

/** What the filter does not let through: the provider never had it, the filter did. */
const REFUSED = ['a body that is no JSON'];

const LISTS = ['endpoints', 'models', 'providers', 'callers', 'agents', 'people', 'tools', 'servers', 'flows', 'orphans'] as const;

let folder: string;
let inventory: StartedProcess;
let inventoryUrl: string;
let gateway: Gateway;
let answering: { headers?: Record<string, string>; body: string } = { body: '{}' };
let received = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-privacy-'));
  const args = ['inventory', 'serve', '--listen', '127.0.0.1:0', '--database', path.join(folder, 'i.sqlite')];
  inventory = startSluice(args, { environment: { XDG_STATE_HOME: folder } });
  inventoryUrl = await inventory.line('stdout', (line) => line.startsWith('http'));
  gateway = await startGateway({
    profile: 'default',
    filterFlags: ['--inventory', inventoryUrl],
    upstream: async (incoming, outgoing) => {
      received += `${incoming.url}\n${incoming.rawHeaders.join('\n')}\n${(await incoming.toArray()).join('')}\n`;
      outgoing.writeHead(200, { 'content-type': 'application/json', ...answering.headers }).end(answering.body);
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  inventory?.kill('SIGKILL');
  await inventory?.ended;
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (what: string): Promise<string> => (await fetch(`${inventoryUrl}${what}`)).text();

/** Everything that can be asked of the inventory. */
async function everyAnswer(): Promise<string> {
  const lists = await Promise.all(LISTS.map(async (kind) => [kind, await ask(`/api/v1/${kind}?limit=1000`)] as const));
  const details = lists.flatMap(([kind, text]) =>
    (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => ask(`/api/v1/${kind}/${id}`)),
  );
  const others = ['overview', 'findings?limit=1000', 'findings/counts?by=host', 'changes?limit=1000', 'export/ai-bom', 'export/openapi'];
  const more = await Promise.all([...others, 'export/sarif', 'openapi.json'].map((what) => ask(`/api/v1/${what}`)));
  return [...lists.map(([, text]) => text), ...(await Promise.all(details)), ...more].join('\n');
}

function everyRow(): string {
  const database = new DatabaseSync(path.join(folder, 'i.sqlite'), { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  const rows = tables.map(({ name }) => JSON.stringify(database.prepare(`select * from "${String(name)}"`).all()));
  database.close();
  const files = readdirSync(folder).filter((name) => name.startsWith('i.sqlite'));
  return [...rows, ...files.map((name) => readFileSync(path.join(folder, name), 'latin1'))].join('\n');
}

/** Reads the live tail until it is told to stop. */
function followTail() {
  const stop = new AbortController();
  let text = '';
  const reading = (async () => {
    const answer = await fetch(`${inventoryUrl}/api/v1/events`, { signal: stop.signal });
    for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString();
  })().catch(() => {}); // ended by the signal
  return {
    read: () => text,
    async stop() {
      stop.abort();
      await reading;
    },
  };
}

test('no text, header, query, id or path segment of traffic is in a row, an answer, an export, the live tail or a log', async () => {
  expect([REQUEST_PLACES.length, ANSWER_PLACES.length]).toEqual([55, 10]);
  const tail = followTail();
  let returned = '';
  const words = [...REQUEST_PLACES, ...ANSWER_PLACES].map((_, at) => canary(at));
  expect(new Set(words).size).toBe(65);

  for (const [at, [, request]] of REQUEST_PLACES.entries()) await send(gateway.port, request(words[at]!));
  for (const [at, [, answer]] of ANSWER_PLACES.entries()) {
    answering = answer(words[REQUEST_PLACES.length + at]!);
    const { headers, body } = await send(gateway.port, { body: json(user('hi')) });
    returned += `${JSON.stringify(headers)}\n${body.toString()}\n`;
  }
  const planted = `${received}\n${returned}`.toLowerCase();
  // A user and password are in base64 on their way.
  const passed = words.filter((word) => formsOf(word).some((form) => planted.includes(form)));
  expect(words.filter((word) => !passed.includes(word)).map((word) => places[words.indexOf(word)])).toEqual(REFUSED);

  const exchanges = async () => (JSON.parse(await ask('/api/v1/overview')) as { exchanges: number }).exchanges;
  await waitFor(async () => ((await exchanges()) >= 50 && tail.read().includes('event: change') ? true : undefined));
  const { process: filter } = gateway.filter();
  filter.kill('SIGTERM');
  await filter.ended;
  const said = { answers: await everyAnswer(), tail: tail.read() };
  await tail.stop();
  inventory.kill('SIGTERM');
  await inventory.ended;
  const everything: Readonly<Record<string, string>> = {
    ...said,
    rows: everyRow(),
    filterLog: [...filter.stdout, ...filter.stderr].join('\n'),
    inventoryLog: [...inventory.stdout, ...inventory.stderr].join('\n'),
  };
  expect(said.answers).toContain('pii.card');
  expect(said.tail).toContain('event: finding');
  expect(leaksIn(everything, words)).toEqual([]);
});

/** As it is, without digits, and in base64. */
const formsOf = (word: string): readonly string[] => [word, lettersOf(word), btoa(`${word}:${word}`).toLowerCase()];

const places: readonly string[] = [...REQUEST_PLACES, ...ANSWER_PLACES].map(([place]) => place);

/** `<where>: <place>` of each canary that stands there. */
function leaksIn(everything: Readonly<Record<string, string>>, words: readonly string[]): readonly string[] {
  return Object.entries(everything).flatMap(([where, text]) => {
    const lower = text.toLowerCase();
    return words.flatMap((word, at) => (formsOf(word).some((form) => lower.includes(form)) ? [`${where}: ${places[at]}`] : []));
  });
}
