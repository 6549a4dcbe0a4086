import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Arm, openFloor } from './harness/arms.ts';
import { heldDelays, type StreamTimes } from './harness/held.ts';
import type { BenchOptions } from './harness/options.ts';
import { buildPeers, GO_REGEXP, RUST_NOOP } from './harness/peers.ts';
import type { BenchResult, Figure, Row } from './harness/record.ts';
import { quantile, rounded, spread } from './harness/statistics.ts';
import { chatBody } from './harness/workloads.ts';
import { readTime } from './harness/written-time.ts';
import { FULL_POLICY } from './hop.ts';

const EVENTS = 75;
const BLOCKS = 7;
/** Blocks and streams. */
const QUICK = [1, 20] as const;
/** Seconds of streams until the hot path is compiled. */
const WARM_BLOCKS = 4;
/** Streams begin one after the other within this time, as clients do. */
const OPENING_MS = 400;
const NONE = 'no filter';
const ENFORCE = 'Sluice, enforce';

interface Lane {
  readonly arm: Arm;
  readonly agent: Agent;
  readonly blocks: Block[];
  failed: number;
}

interface Block {
  readonly heldP50: number;
  readonly heldP99: number;
  readonly firstMs: number;
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly gapP99Ms: number;
  readonly filterMicros: number;
  /** Of a core, in percent. */
  readonly filterBusy: number;
  readonly envoyBusy: number;
}

/** Streams of 50 events a second through Envoy: how many events are held, and what the filter adds to the time of each beyond that. */
export async function streamPace({ quick, streams: asked }: Pick<BenchOptions, 'quick' | 'streams'>): Promise<BenchResult> {
  const [blocks, streams] = quick ? QUICK : [BLOCKS, asked];
  const peers = await buildPeers();
  const floor = await openFloor({ provider: 'stream-upstream' });
  const lanes: Lane[] = [];
  try {
    const arms = [
      await floor.withoutFilter(),
      await floor.echo('bare node:http2', 'bare-echo'),
      await floor.sluice({ name: ENFORCE, policy: FULL_POLICY, telemetry: 'all', enforces: true }),
    ];
    for (const peer of peers.built) if (peer.name !== GO_REGEXP) arms.push(await floor.peer(peer, false));
    for (const arm of arms) lanes.push({ arm, agent: new Agent({ keepAlive: true, maxSockets: streams }), blocks: [], failed: 0 });
    for (let block = -WARM_BLOCKS; block < blocks; block++) {
      process.stderr.write(`\rblock ${Math.max(0, block + 1)} of ${blocks}`);
      for (const lane of lanes) await measure(lane, { streams, keep: block >= 0 });
    }
    process.stderr.write('\n');
    return {
      unit: 'Medians of the blocks. Times beyond what is held: from the next event, of an event that came after it',
      facts: {
        blocks,
        streams,
        'events a second of each': 50,
        'events of each': EVENTS,
        pinned: floor.pinning !== undefined,
      },
      rows: lanes.map(rowOf),
      figures: figuresOf(lanes),
      non200s: lanes.reduce((sum, { failed }) => sum + failed, 0),
      versions: peers.versions,
    };
  } finally {
    for (const { agent } of lanes) agent.destroy();
    await floor.stop();
  }
}

async function measure(lane: Lane, { streams, keep }: { readonly streams: number; readonly keep: boolean }): Promise<void> {
  const { arm, agent, blocks } = lane;
  const before = { filter: arm.filterCpu(), envoy: arm.envoyCpu(), at: performance.now() };
  const read = await Promise.all(
    Array.from({ length: streams }, async (_, at) => {
      await delay((at * OPENING_MS) / streams);
      return readStream(arm.port, agent);
    }),
  );
  const busy = (micros: number): number => micros / 10 / (performance.now() - before.at);
  const [filterBusy, envoyBusy] = [busy(arm.filterCpu() - before.filter), busy(arm.envoyCpu() - before.envoy)];
  const whole = read.filter((stream) => stream !== undefined);
  lane.failed += streams - whole.length;
  if (!keep) return;
  const held = whole.map(heldDelays);
  const all = held.flatMap(({ delaysMs }) => delaysMs);
  const events = held.flatMap((one) => one.held);
  blocks.push({
    heldP50: quantile(events, 0.5),
    heldP99: quantile(events, 0.99),
    firstMs: quantile(
      held.map(({ firstMs }) => firstMs),
      0.5,
    ),
    delayP50Ms: quantile(all, 0.5),
    delayP99Ms: quantile(all, 0.99),
    gapP99Ms: quantile(
      held.flatMap(({ gapsMs }) => gapsMs),
      0.99,
    ),
    filterMicros: (arm.filterCpu() - before.filter) / (streams * EVENTS),
    filterBusy,
    envoyBusy,
  });
}

const BODY = chatBody('Tell me about the branch, please.');
const SENT_AT = Buffer.from('"obfuscation":"');

/** Times of one stream; undefined when it was not answered in full. */
function readStream(port: number, agent: Agent): Promise<StreamTimes | undefined> {
  const headers = {
    'content-type': 'application/json',
    'content-length': BODY.length,
    'x-events': EVENTS,
    'x-agent': 'teller',
    host: 'bench.example',
  };
  const startedMs = nowMs();
  const [sentMs, arrivedMs] = [[] as number[], [] as number[]];
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', agent, headers }, (incoming) => {
      let pending: Buffer = Buffer.alloc(0);
      incoming.on('data', (chunk: Buffer) => {
        const now = nowMs();
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
          const at = pending.indexOf(SENT_AT);
          if (at >= 0 && at < end) {
            sentMs.push(readTime(pending, at + SENT_AT.length));
            arrivedMs.push(now);
          }
          pending = pending.subarray(end + 2);
        }
      });
      const isWhole = (): boolean => incoming.statusCode === 200 && incoming.complete && sentMs.length === EVENTS;
      incoming.on('close', () => resolve(isWhole() ? { startedMs, sentMs, arrivedMs } : undefined));
    });
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(BODY);
  });
}

/** On the clock that the provider writes into its events. */
function nowMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

function rowOf({ arm, blocks, failed }: Lane): Row {
  const median = (of: (block: Block) => number): number => spread(blocks.map(of)).median;
  const p99 = spread(blocks.map(({ delayP99Ms }) => delayP99Ms));
  return {
    arm: arm.name,
    'held p50': median(({ heldP50 }) => heldP50),
    'held p99': median(({ heldP99 }) => heldP99),
    'first event, ms': rounded(median(({ firstMs }) => firstMs)),
    'event p50, ms': rounded(median(({ delayP50Ms }) => delayP50Ms)),
    'event p99, ms': rounded(p99.median),
    iqr: rounded(p99.iqr),
    'gap p99, ms': rounded(median(({ gapP99Ms }) => gapP99Ms)),
    'filter µs an event': rounded(
      median(({ filterMicros }) => filterMicros),
      1,
    ),
    'filter busy, %': Math.round(median(({ filterBusy }) => filterBusy)),
    'Envoy busy, %': Math.round(median(({ envoyBusy }) => envoyBusy)),
    'not 200': failed,
  };
}

function figuresOf(lanes: readonly Lane[]): readonly Figure[] {
  const of = (name: string, read: (block: Block) => number): number =>
    spread((lanes.find(({ arm }) => arm.name === name)?.blocks ?? []).map(read)).median;
  const added = (read: (block: Block) => number): number => (of(ENFORCE, read) - of(NONE, read)) / (of(RUST_NOOP, read) - of(NONE, read));
  return [
    {
      what: 'time to the first event beyond what is held, added ÷ what a Rust no-op adds',
      value: added(({ firstMs }) => firstMs),
      goal: { most: 1.5 },
    },
    {
      what: 'time of an event beyond what is held, p99, added ÷ what a Rust no-op adds',
      value: added(({ delayP99Ms }) => delayP99Ms),
      goal: { most: 1.5 },
    },
    { what: 'streams that were not answered in full', value: lanes.reduce((sum, { failed }) => sum + failed, 0), goal: { most: 0 } },
  ];
}
