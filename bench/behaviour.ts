import { createBehaviour } from '../src/agents/behaviour/behaviour.ts';
import type { BehaviourEvent } from '../src/agents/behaviour/event.ts';
import { builtInPrices } from '../src/agents/behaviour/prices.ts';
import { defaultBehaviourPolicy } from '../src/agents/behaviour/settings.ts';
import { createRandom, type Random } from '../test/support/random.ts';
import type { BenchResult, Row } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { chatBody, prose } from './harness/workloads.ts';

/** Blocks until the optimising compiler has settled. */
const WARM_UP = 20;
const BLOCKS = 15;
const EXCHANGES = 20_000;
const START_MS = Date.UTC(2026, 0, 5);
const AGENTS = 100_000;
const ENDPOINTS = 8;

/**
 * Behaviour over time: CPU microseconds of observe and check an exchange, and as a ratio to `JSON.parse` of a chat request of 1 KB in the same
 * blocks; memory of 100,000 agents with eight endpoints each.
 */
export async function behaviour(): Promise<BenchResult> {
  const held = memory();
  const random = createRandom();
  const rows = [
    { input: '200 agents, a tool call and an id', ...cost(random, 200, withTool) },
    { input: '200 agents, chat without tools', ...cost(random, 200, chat) },
    { input: '20,000 agents, a tool call and an id', ...cost(random, 20_000, withTool) },
  ];
  return {
    unit: 'µs CPU of observe and check an exchange',
    facts: { seed: random.seed, blocks: BLOCKS, 'exchanges of a block': EXCHANGES },
    rows,
    tables: { 'Memory of agents': [held] },
  };
}

function cost(random: Random, agents: number, make: (random: Random, agent: number, unixMs: number) => BehaviourEvent) {
  const policy = { ...defaultBehaviourPolicy(), budgets: { agent: { requestsPerMinute: 1e9, tokensPerDay: 1e12 } } };
  const watched = createBehaviour({ policy, prices: builtInPrices(), key: Buffer.from('bench') });
  const samples = { behaviour: [] as number[], parse: [] as number[] };
  const chatText = chatBody(prose(random, 800)).toString();
  for (let block = -WARM_UP; block < BLOCKS; block++) {
    const start = START_MS + (block + WARM_UP) * EXCHANGES * 10;
    const events = Array.from({ length: EXCHANGES }, (_, at) => make(random, random.below(agents), start + at * 10));
    const taken = {
      behaviour: cpu(() => {
        for (const event of events) {
          watched.check({ agent: event.agent!, endpoint: event.endpoint!, session: event.session! }, event.unixMs);
          watched.observe(event);
        }
      }),
      parse: cpu(() => {
        for (let at = 0; at < EXCHANGES; at++) JSON.parse(chatText);
      }),
    };
    if (block < 0) continue;
    samples.behaviour.push(taken.behaviour);
    samples.parse.push(taken.parse);
  }
  const [micros, parse] = [spread(samples.behaviour).median, spread(samples.parse).median];
  return { behaviour: rounded(micros), 'JSON.parse': rounded(parse), ratio: rounded(micros / parse) };
}

/** Names as the service has them: made once, flat. */
function namesOf(kind: string): (at: number) => string {
  const made: string[] = [];
  return (at) => {
    const known = made[at];
    if (known !== undefined) return known;
    const name = Buffer.from(`${kind}-${at}`).toString('latin1');
    made[at] = name;
    return name;
  };
}

const agentName = namesOf('spiffe://corp.example/ns/team/sa/agent');
const sessionName = namesOf('session');
const credentialName = namesOf('credential');
const addressName = namesOf('address');
const endpointName = namesOf('api.example/v1/orders/{id}');

function chat(random: Random, agent: number, unixMs: number): BehaviourEvent {
  return {
    unixMs,
    agent: agentName(agent),
    session: sessionName(4 * agent + random.below(4)),
    credential: credentialName(agent),
    address: addressName(random.below(50)),
    endpoint: 'api.openai.example/v1/chat/completions',
    status: 200,
    model: 'gpt-5-mini',
    tokensIn: 800,
    tokensOut: 200,
    tools: [],
    ids: [],
    sensitive: [],
    denied: false,
  };
}

function withTool(random: Random, agent: number, unixMs: number): BehaviourEvent {
  const hash = random.below(2 ** 30).toString(16);
  return {
    ...chat(random, agent, unixMs),
    endpoint: endpointName(random.below(ENDPOINTS)),
    tools: [{ name: 'get_order', argumentsHash: hash, ids: [] }],
    ids: [{ hash }],
  };
}

/** Memory for agents and endpoints, counted by the process and by the tables. */
function memory(): Row {
  const held = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  for (let agent = 0; agent < AGENTS; agent++) [agentName, credentialName].map((name) => name(agent));
  for (let session = 0; session < 4 * AGENTS; session++) sessionName(session);
  const before = held();
  const watched = createBehaviour({ policy: defaultBehaviourPolicy(), prices: builtInPrices(), key: Buffer.from('bench') });
  const random = createRandom(1);
  for (let agent = 0; agent < AGENTS; agent++) {
    for (let endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
      const event = withTool(random, agent, START_MS + agent);
      watched.observe({ ...event, endpoint: endpointName(endpoint) });
    }
  }
  const { tables } = watched.stats();
  const tableMB = Object.values(tables).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return {
    agents: tables.agents.held,
    endpoints: ENDPOINTS,
    MB: rounded((held() - before) / 1e6),
    tablesMB: rounded(tableMB),
    forgotten: Object.values(tables).reduce((sum, { forgotten }) => sum + forgotten, 0),
  };
}

function cpu(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / EXCHANGES;
}
