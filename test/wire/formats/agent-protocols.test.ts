import { describe, expect, test } from 'vitest';
import type { Direction } from '../../../src/text/lane.ts';
import type { Head } from '../../../src/wire/format.ts';
import { a2a } from '../../../src/wire/formats/a2a.ts';
import { graphql } from '../../../src/wire/formats/graphql.ts';
import { recogniseBody, recogniseFormat } from '../../../src/wire/formats/index.ts';
import { jsonRpc } from '../../../src/wire/formats/json-rpc.ts';
import { mcp } from '../../../src/wire/formats/mcp.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { MCP } from '../../contract/dialects/mcp.ts';
import { fill, play } from '../../contract/playing.ts';
import { createRandom, LONG_RUN, type Random } from '../../support/random.ts';
import { smallPolicy } from '../../support/streams.ts';
import { read, values } from '../reading.ts';

const FORMATS = [mcp, a2a, jsonRpc, graphql];

/** Fields that mean something to one of them, in places where they do and where they do not. */
const NAMES =
  `action append arguments artifact artifacts artifactId artifactUpdate blob bytes clientInfo code completion content contents contextId
  data description error file final history icons id input instructions isError jsonrpc kind lastChunk message messages metadata method
  mimeType msg name params parts prompts protected query raw reason request requestId resource resources result role roots serverInfo
  signatures skills src state status statusMessage statusUpdate structuredContent systemPrompt task tasks text tools type uri url variables
  _meta progressToken other`.split(/\s+/);
/** Words that a field of one of them can have as its value. */
const WORDS = ['text', 'tool_use', 'resource', 'user', 'agent', 'assistant', 'artifact-update', 'working', 'completed', '{ me }', ''];
const METHODS = ['tools/call', 'sampling/createMessage', 'message/send', 'SendMessage', 'eth_call'];

/** JSON with canaries in it, each longer than any name and no base64; names may come twice in one object. */
function writer({ below, pick }: Random) {
  const canaries: string[] = [];
  const canary = (): string => {
    const text = `canary ${canaries.length}: ${'it sings '.repeat(16)}`;
    canaries.push(text);
    return JSON.stringify(text);
  };
  const leaf = (): string => (below(3) === 0 ? pick(['true', 'null', '7', '{}', '[]', JSON.stringify(pick(WORDS))]) : canary());
  const value = (depth: number): string => {
    if (depth === 0 || below(4) === 0) return leaf();
    const many = 1 + below(4);
    if (below(3) === 0) return `[${Array.from({ length: many }, () => value(depth - 1)).join()}]`;
    return `{${Array.from({ length: many }, () => `${JSON.stringify(pick(NAMES))}:${value(depth - 1)}`).join()}}`;
  };
  const message = (): string => {
    const part = pick(['params', 'result', 'error']);
    return `{"jsonrpc":"2.0","id":${below(9)},"method":${JSON.stringify(pick(METHODS))},"${part}":${value(5)},"${pick(NAMES)}":${value(2)}}`;
  };
  const root = () => pick([message, message, () => `[${message()},${message()}]`, () => value(5)])();
  return { root, canaries };
}

describe('every long text is in exactly one lane, whatever the fields are called', () => {
  const runs = LONG_RUN ? 50_000 : 400;
  const rows = FORMATS.flatMap((format) => (['request', 'response', 'stream'] as const).map((way) => [format.id, way, format] as const));

  test('there is a row for every dialect and way', () => expect(rows).toHaveLength(12));

  test.each(rows)('%s, %s', (_id, way, format) => {
    const random = createRandom();
    const direction: Direction = way === 'request' ? 'request' : 'response';
    const lost: string[] = [];
    let written = 0;
    for (let run = 0; run < runs; run++) {
      const { root, canaries } = writer(random);
      const bodies = way === 'stream' ? [root(), root(), root()] : [root()];
      const bytes = bodies.map((body) => Buffer.from(way === 'stream' ? `data: ${body}\n\n` : body));
      const { frames } = read(bytes, { format, direction, contentType: way === 'stream' ? 'text/event-stream' : 'application/json' });
      const segments = frames.flatMap((frame) => frame.segments);
      const found = new Map<string, number>();
      for (const { text } of segments) found.set(text, (found.get(text) ?? 0) + 1);
      lost.push(...canaries.filter((text) => found.get(text) !== 1).map((text) => `${text.slice(0, 10)} of ${bodies.join(' ')}`));
      written += canaries.length;
    }
    expect(lost.slice(0, 2)).toEqual([]);
    expect(written).toBeGreaterThan(runs);
  });
});

describe('who speaks', () => {
  const head = (path: string, headers: Readonly<Record<string, string>> = {}): Head => ({
    method: 'POST',
    path,
    host: 'agents.example',
    header: (name) => headers[name],
  });
  const bodyOf = (body: unknown) => {
    const result = readJson(Buffer.from(JSON.stringify(body)), 64);
    return result.ok ? recogniseBody(result.doc)?.id : 'no JSON';
  };

  test('a path of a model’s provider is not overruled by headers of an agent protocol', () => {
    const lies = { 'mcp-session-id': 's', 'mcp-protocol-version': '2025-11-25', 'a2a-version': '1.0' };
    expect(recogniseFormat(head('/v1/chat/completions', lies)).id).toBe('openai-chat');
    expect(recogniseFormat(head('/v1/messages', lies)).id).toBe('anthropic-messages');
    expect(recogniseFormat(head('/graphql', lies)).id).toBe('mcp');
    expect(recogniseFormat(head('/mcp')).id).toBe('mcp');
    expect(recogniseFormat(head('/a2a')).id).toBe('a2a');
    expect(recogniseFormat(head('/graphql')).id).toBe('graphql');
    expect(recogniseFormat(head('/rpc')).id).toBe('generic');
  });

  test('a body behind a path that says nothing is known by what it asks', () => {
    const call = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params });
    expect(bodyOf(call('tools/call'))).toBe('mcp');
    expect(bodyOf(call('message/send'))).toBe('a2a');
    expect(bodyOf(call('tasks/get', { taskId: 't' }))).toBe('mcp');
    expect(bodyOf(call('tasks/get', { id: 't' }))).toBe('a2a');
    expect(bodyOf(call('eth_call'))).toBe('json-rpc');
    expect(bodyOf({ query: 'mutation { pay }' })).toBe('graphql');
    expect(bodyOf({ query: 'what is new?' })).toBeUndefined();
    expect(bodyOf(['x'])).toBeUndefined();
  });

  test.each([mcp, a2a, graphql])('a body that does not fit is read as any JSON, and counted: $id', (format) => {
    const body = Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] }));
    const reading = read([body], { format, direction: 'request' });
    expect(reading.facts.unfit).toBe(true);
    expect(values(reading)).toContainEqual(['user', 'body.messages.0.content', 'hello']);
  });
});

test('a stream that nothing was asked on ends with an error for the request whose answer was denied', () => {
  const policy = smallPolicy('version: 1\ndetectors:\n  secret.*: {action: deny}\n');
  const older = MCP.find(({ name }) => name === 'stream of the older transport')!;
  const body = older.write(fill(older, { slot: 'text', pieces: [`the key ${'AKIA'}QZ7M3KX5TWNB2RVD.`] }));
  const { inspection, released } = play(policy, older, [body]);
  expect(released.toString()).toContain('"id":1,"result"');
  expect(released.toString()).not.toContain('"id":2');
  const ending = inspection.ending(inspection.denial!).toString();
  expect(JSON.parse(ending.split('data: ')[1]!)).toMatchObject({ id: 2, error: { data: { detector: 'secret.aws-access-key' } } });
});
