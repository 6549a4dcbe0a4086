import { createBehaviourBook } from '../src/cli/behaviour-book.ts';
import { createCallerWatch } from '../src/cli/caller-watch.ts';
import { hashWith } from '../src/cli/identity-hash.ts';
import type { Effect, EnvoyEvent, Header } from '../src/exchange/events.ts';
import { openExchange } from '../src/exchange/machine.ts';
import { remembered } from '../src/lib/remembered.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type AgentDesk, createAgentDesk } from '../src/services/agent-desk.ts';
import { createConversationStore } from '../src/services/conversation-store.ts';
import { createIdentifier } from '../src/services/identity.ts';
import { createRandom } from '../test/support/random.ts';
import { policyFrom } from '../test/support/streams.ts';
import { openFloor } from './harness/arms.ts';
import { profileHere } from './harness/in-process.ts';
import type { BenchOptions } from './harness/options.ts';
import type { BenchResult } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { WORKLOADS } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';

const BLOCKS = 15;
const QUICK_BLOCKS = 2;
/** Blocks until the optimising compiler has settled. */
const WARM_BLOCKS = 5;
const EXCHANGES = 4_000;
const BARE_MS = 700;
const CONNECTIONS = 32;
const BODY_MODES = { request: 'buffered', response: 'full-duplex' } as const;
/** Detection has a bench of its own, and would hide what callers cost. */
const NO_DETECTORS = 'detectors: {"*": {action: off}}\n';

const ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5-mini',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'The branch opens at nine on weekdays.' } }],
    usage: { prompt_tokens: 200, completion_tokens: 9, total_tokens: 209 },
  }),
);

/**
 * What it costs to know who calls, what it may do and how it behaves: CPU microseconds of an exchange with the callers of
 * `bench/full-policy.yaml`, less those of the same exchange where the policy names nobody, in this process and without detectors. What that
 * adds to an exchange is shown beside the CPU of a bare `node:http2` echo behind Envoy in the same blocks.
 */
export async function caller({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const random = createRandom();
  const workload = WORKLOADS.single(random);
  const bodies = Array.from({ length: EXCHANGES }, () => workload.next());
  const known = settingOf(FULL_POLICY, true);
  const open = settingOf('version: 1\nextends: builtin/balanced\nflows: []\n', false);
  const floor = await openFloor();
  try {
    const bare = await floor.echo('bare node:http2', 'bare-echo');
    const load = bare.connect(CONNECTIONS);
    const samples = { known: [] as number[], open: [] as number[], added: [] as number[], bare: [] as number[], ratio: [] as number[] };
    for (let block = quick ? 0 : -WARM_BLOCKS; block < (quick ? QUICK_BLOCKS : BLOCKS); block++) {
      const before = bare.filterCpu();
      const { answered } = await load.closed(workload, BARE_MS);
      const micros = { bare: (bare.filterCpu() - before) / answered, open: cpu(open, bodies), known: cpu(known, bodies) };
      if (block < 0) continue;
      const added = micros.known - micros.open;
      samples.bare.push(micros.bare);
      samples.open.push(micros.open);
      samples.known.push(micros.known);
      samples.added.push(added);
      samples.ratio.push((micros.bare + added) / micros.bare);
    }
    const row = (what: string, values: readonly number[]) => {
      const { median, iqr } = spread(values);
      return { what, 'µs CPU': rounded(median), iqr: rounded(iqr) };
    };
    return {
      unit: 'Medians of the blocks, for an exchange',
      facts: { seed: random.seed, blocks: samples.ratio.length, 'exchanges of a block': EXCHANGES, pinned: floor.pinning !== undefined },
      rows: [
        row('bare node:http2 echo behind Envoy', samples.bare),
        row('exchange, the policy names nobody', samples.open),
        row('exchange, callers known', samples.known),
        row('that is for identity, permissions and behaviour', samples.added),
      ],
      figures: [
        {
          what: 'a bare exchange with identity, permissions and behaviour ÷ without',
          value: spread(samples.ratio).median,
          goal: { most: 1.2 },
        },
      ],
      profiles: { 'exchange, callers known': await profileHere(() => run(known, bodies)) },
    };
  } finally {
    await floor.stop();
  }
}

function settingOf(policyText: string, consults: boolean): Setting {
  const policy = policyFrom(`${policyText}${NO_DETECTORS}`);
  const key = Buffer.from('bench');
  const hash = hashWith(key);
  return { policy, hash, hashAddress: remembered(hash), consults, desk: deskOf(policy, key) };
}

function deskOf({ behaviour }: Policy, key: Uint8Array): AgentDesk {
  const hash = hashWith(key);
  const book = createBehaviourBook({ policy: behaviour, key, counters: undefined, onStop: () => {} });
  return createAgentDesk({
    identifier: createIdentifier({ hash, now: Date.now }),
    conversations: createConversationStore(),
    stops: () => [],
    watch: createCallerWatch({ policy: behaviour, book, key, hash, redact: (name) => name }),
    hash,
    now: Date.now,
  });
}

interface Setting {
  readonly policy: Policy;
  readonly hash: (text: string) => string;
  readonly hashAddress: (text: string) => string;
  readonly consults: boolean;
  readonly desk: AgentDesk;
}

const HEAD: readonly Header[] = [
  [':method', 'POST'],
  [':path', '/v1/chat/completions'],
  [':authority', 'bench.example'],
  [':scheme', 'http'],
  ['content-type', 'application/json'],
  ['user-agent', 'bench'],
  ['x-agent', 'teller'],
  ['x-request-id', '6f1c2f0a-4f3f-4f7e-9a39-0d5c8d6e2b11'],
];
const ANSWER_HEAD: readonly Header[] = [
  [':status', '200'],
  ['content-type', 'application/json'],
];

function play({ desk, ...setting }: Setting, body: Buffer): void {
  const exchange = openExchange({ ...setting, exchangeId: 'bench', fallbackModes: BODY_MODES });
  const step = (event: EnvoyEvent): void => {
    for (const effect of exchange.step(event)) take(effect);
  };
  const take = (effect: Effect): void => {
    if (effect.kind === 'consult') desk.advise(effect.question, (advice) => step({ kind: 'advised', advice, unixMs: Date.now() }));
    if (effect.kind === 'record' && setting.consults) desk.finished(effect.record, () => {});
  };
  step({ kind: 'open', modes: BODY_MODES, observability: false, attributes: ATTRIBUTES });
  step({ kind: 'request-headers', headers: HEAD, endOfStream: false, unixMs: Date.now() });
  step({ kind: 'request-body', bytes: body, endOfStream: true, unixMs: Date.now() });
  step({ kind: 'response-headers', headers: ANSWER_HEAD, endOfStream: false, unixMs: Date.now() });
  step({ kind: 'response-body', bytes: ANSWER, endOfStream: true, unixMs: Date.now() });
}

const ATTRIBUTES = new Map([['source.address', '10.1.2.3:40000']]);

function run(setting: Setting, bodies: readonly Buffer[]): number {
  for (const body of bodies) play(setting, body);
  return bodies.length;
}

/** CPU microseconds of one exchange. */
function cpu(setting: Setting, bodies: readonly Buffer[]): number {
  const before = process.cpuUsage();
  const exchanges = run(setting, bodies);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / exchanges;
}
