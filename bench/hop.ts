import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom } from '../test/support/random.ts';
import { type Arm, type Floor, openFloor } from './harness/arms.ts';
import type { Load } from './harness/load.ts';
import type { BenchOptions } from './harness/options.ts';
import { buildPeers, GO_REGEXP, RUST_NOOP } from './harness/peers.ts';
import type { Profile } from './harness/profile.ts';
import type { BenchResult, Figure, Row } from './harness/record.ts';
import { poissonSchedule } from './harness/schedule.ts';
import { quantile, rounded, spread } from './harness/statistics.ts';
import { checkVerdicts } from './harness/verdicts.ts';
import { WORKLOADS, type Workload, type WorkloadName } from './harness/workloads.ts';

const BLOCKS = 7;
const QUICK_BLOCKS = 2;
const CONNECTIONS = 32;
const CLOSED_MS = { single: 700, conversation: 400 } as const satisfies Record<WorkloadName, number>;
const OPEN_MS = 800;
const KNEE_MS = 1_000;
/** Until the hot path is compiled and the automata have the states that prose needs. */
const WARM_REQUESTS = { single: 25_000, conversation: 1_500 } as const satisfies Record<WorkloadName, number>;
/** Of an arm that needs milliseconds for each. */
const WARM_MS_MAX = 20_000;
const QUICK_WARM_MS = 500;
const PROFILE_REQUESTS = 3_000;

const BARE = 'bare node:http2';
const NONE = 'no filter';
const ENFORCE = 'Sluice, enforce';

/** The policy of the Sluice arms that enforce: everything is on. */
export const FULL_POLICY = readFileSync(path.join(import.meta.dirname, 'full-policy.yaml'), 'utf8');

interface Lane {
  readonly arm: Arm;
  readonly load: Load;
  readonly blocks: Readonly<Record<WorkloadName, Block[]>>;
  readonly latencies: { readonly p50: number; readonly p99: number }[];
  failed: number;
}

interface Block {
  readonly perSecond: number;
  readonly filterMicros: number;
  readonly envoyMicros: number;
}

/**
 * One hop of a 1 KB chat request with a 450-byte answer, behind a real Envoy: CPU time of the filter, throughput with as many requests under
 * way as there are connections, and latency at one absolute rate for all: half of what the slowest arm that does nothing can take. Arms take
 * turns in short blocks, each block beginning with another one, so that a noisy machine hits all of them.
 */
export async function hop({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const blocks = quick ? QUICK_BLOCKS : BLOCKS;
  const random = createRandom();
  const peers = await buildPeers();
  const floor = await openFloor();
  try {
    const arms = [
      await floor.withoutFilter(),
      await floor.echo(BARE, 'bare-echo'),
      await floor.echo('bare node:net', 'bare-net-echo'),
      await floor.echo('grpc-js', 'grpc-echo'),
      ...(await sluiceArms(floor)),
    ];
    for (const peer of peers.built) arms.push(await floor.peer(peer, peer.name === GO_REGEXP));
    const workloads = { single: WORKLOADS.single(random), conversation: WORKLOADS.conversation(random) };
    const verdicts = await checkVerdicts(arms, workloads.single);
    const lanes = arms.map(
      (arm): Lane => ({ arm, load: arm.connect(CONNECTIONS), blocks: { single: [], conversation: [] }, latencies: [], failed: 0 }),
    );
    for (const lane of lanes) lane.failed += await warm(lane, { workloads, quick });
    const knees = await kneesOf(lanes, workloads.single);
    const perSecond = Math.round(Math.min(...lanes.filter(doesNothing).map((lane) => knees.get(lane)!)) / 2);
    // An arm that cannot take this rate would only show how long its queue grows.
    const reaches = (lane: Lane): boolean => knees.get(lane)! > perSecond;
    for (let block = 0; block < blocks; block++) {
      process.stderr.write(`\rblock ${block + 1} of ${blocks}`);
      for (let at = 0; at < lanes.length; at++) {
        const lane = lanes[(at + block) % lanes.length]!;
        for (const name of Object.keys(CLOSED_MS) as WorkloadName[]) await closedBlock(lane, name, workloads[name]);
        if (reaches(lane)) await openBlock(lane, workloads.single, poissonSchedule({ random, perSecond, durationMs: OPEN_MS }));
      }
    }
    process.stderr.write('\n');
    const profiles = { [ENFORCE]: await profileOf(floor, { workloads, quick }) };
    return {
      facts: {
        seed: random.seed,
        blocks,
        connections: CONNECTIONS,
        'requests a second where latency is measured': perSecond,
        pinned: floor.pinning !== undefined,
      },
      unit: 'Medians of the blocks. CPU in µs of the process per exchange; × bare: the median of the ratios to the bare echo in the same block',
      rows: rowsOf(lanes),
      figures: figuresOf(lanes),
      non200s: failuresOfSluice(lanes),
      verdicts,
      versions: peers.versions,
      tables: {
        'What each arm takes, from which the rate follows': [...knees].map(([{ arm }, rate]) => ({
          arm: arm.name,
          'requests/s': Math.round(rate),
        })),
        ...missing(peers.missing),
      },
      profiles,
    };
  } finally {
    await floor.stop();
  }
}

const missing = (arms: Readonly<Record<string, string>>): Readonly<Record<string, readonly Row[]>> =>
  Object.keys(arms).length === 0 ? {} : { 'Not measured': Object.entries(arms).map(([arm, why]) => ({ arm, why })) };

/** Each differs from the one before it in one thing. */
async function sluiceArms(floor: Floor): Promise<readonly Arm[]> {
  const policy = FULL_POLICY;
  return [
    await floor.sluice({ name: ENFORCE, policy, telemetry: 'all', enforces: true }),
    await floor.sluice({ name: 'Sluice, enforce, no telemetry', policy, telemetry: 'off', enforces: true }),
    await floor.sluice({ name: 'Sluice, observe', policy: `${policy}mode: observe\n`, telemetry: 'all', enforces: false }),
    await floor.sluice({
      name: 'Sluice, scan off',
      policy: `${policy}detectors: {"*": {action: off}}\n`,
      telemetry: 'all',
      enforces: false,
    }),
  ];
}

/** Those of others are in their rows: a server over grpc-js loses some to Envoy's resets. */
function failuresOfSluice(lanes: readonly Lane[]): number {
  return lanes.filter(({ arm }) => arm.name.startsWith('Sluice')).reduce((sum, { failed }) => sum + failed, 0);
}

function doesNothing({ arm }: Lane): boolean {
  return !arm.enforces && arm.filter !== undefined && !arm.name.startsWith('Sluice');
}

interface Warming {
  readonly workloads: Readonly<Record<WorkloadName, Workload>>;
  readonly quick: boolean;
}

async function warm({ arm, load }: Pick<Lane, 'arm' | 'load'>, { workloads, quick }: Warming): Promise<number> {
  process.stderr.write(`warming: ${arm.name}\n`);
  const end = performance.now() + (quick ? QUICK_WARM_MS : WARM_MS_MAX);
  let failed = 0;
  for (const name of ['conversation', 'single'] as const) {
    for (let left = WARM_REQUESTS[name]; left > 0 && performance.now() < end; left -= WARM_PIECE) {
      failed += (await load.count(workloads[name], WARM_PIECE)).failed;
    }
  }
  return failed;
}

const WARM_PIECE = 250;

/** Requests a second that each arm takes at most. */
async function kneesOf(lanes: readonly Lane[], workload: Workload): Promise<ReadonlyMap<Lane, number>> {
  const knees = new Map<Lane, number>();
  for (const lane of lanes) {
    const { answered, failed, seconds } = await lane.load.closed(workload, KNEE_MS);
    lane.failed += failed;
    knees.set(lane, answered / seconds);
  }
  return knees;
}

async function closedBlock(lane: Lane, name: WorkloadName, workload: Workload): Promise<void> {
  const { arm, load } = lane;
  const before = { filter: arm.filterCpu(), envoy: arm.envoyCpu() };
  const { answered, failed, seconds } = await load.closed(workload, CLOSED_MS[name]);
  const [filter, envoy] = [arm.filterCpu() - before.filter, arm.envoyCpu() - before.envoy];
  lane.failed += failed;
  lane.blocks[name].push({ perSecond: answered / seconds, filterMicros: filter / answered, envoyMicros: envoy / answered });
}

async function openBlock(lane: Lane, workload: Workload, schedule: ReturnType<typeof poissonSchedule>): Promise<void> {
  const { failed, latenciesMs } = await lane.load.open(workload, schedule);
  lane.failed += failed;
  lane.latencies.push({ p50: quantile(latenciesMs, 0.5), p99: quantile(latenciesMs, 0.99) });
}

/** A filter of its own, ready to be asked, under the load of the blocks. */
async function profileOf(floor: Floor, warming: Warming): Promise<Profile> {
  process.stderr.write('profile\n');
  const arm = await floor.sluice({ name: 'profiled', policy: FULL_POLICY, telemetry: 'all', enforces: true, probed: true });
  const load = arm.connect(CONNECTIONS);
  await warm({ arm, load }, warming);
  const requests = warming.quick ? WARM_PIECE : PROFILE_REQUESTS;
  return arm.filter!.probe!.profile(() => load.count(warming.workloads.single, requests));
}

function rowsOf(lanes: readonly Lane[]): readonly Row[] {
  const bare = lanes.find(({ arm }) => arm.name === BARE)!;
  return lanes.map(({ arm, blocks, latencies, failed }) => {
    const cpu = spread(blocks.single.map(({ filterMicros }) => filterMicros));
    const ratios = blocks.single.map(({ filterMicros }, at) => filterMicros / bare.blocks.single[at]!.filterMicros);
    const p = (which: 'p50' | 'p99'): Row => {
      const { median, iqr } = spread(latencies.map((latency) => latency[which]));
      return latencies.length === 0 ? {} : { [`${which} ms`]: rounded(median, 3), [`${which} iqr`]: rounded(iqr, 3) };
    };
    return {
      arm: arm.name,
      'filter µs': Math.round(cpu.median),
      iqr: Math.round(cpu.iqr),
      '× bare': rounded(spread(ratios).median),
      'conversation µs': Math.round(spread(blocks.conversation.map(({ filterMicros }) => filterMicros)).median),
      'Envoy µs': Math.round(spread(blocks.single.map(({ envoyMicros }) => envoyMicros)).median),
      'requests/s': Math.round(spread(blocks.single.map(({ perSecond }) => perSecond)).median),
      ...p('p50'),
      ...p('p99'),
      'not 200': failed,
    };
  });
}

function figuresOf(lanes: readonly Lane[]): readonly Figure[] {
  const by = new Map(lanes.map((lane) => [lane.arm.name, lane]));
  const latency = (name: string, which: 'p50' | 'p99'): number => spread(by.get(name)?.latencies.map((one) => one[which]) ?? []).median;
  const added = (which: 'p50' | 'p99'): number =>
    (latency(ENFORCE, which) - latency(NONE, which)) / (latency(RUST_NOOP, which) - latency(NONE, which));
  const ratio = (name: string, to: string, of: (block: Block) => number): number => {
    const [left, right] = [by.get(name)!.blocks.single, by.get(to)?.blocks.single ?? []];
    return spread(right.map((block, at) => of(left[at]!) / of(block))).median;
  };
  return [
    { what: 'latency that the filter adds, p50, ÷ what a Rust no-op adds', value: added('p50'), goal: { most: 1.5 } },
    { what: 'the same, p99', value: added('p99'), goal: { most: 2.5 } },
    { what: 'filter CPU ÷ a bare node:http2 echo', value: ratio(ENFORCE, BARE, ({ filterMicros }) => filterMicros), goal: { most: 1.5 } },
    {
      what: 'requests a second ÷ a Go filter with 257 rules',
      value: ratio(ENFORCE, GO_REGEXP, ({ perSecond }) => perSecond),
      goal: { least: 40 },
    },
    { what: 'answers other than 200 through Sluice', value: failuresOfSluice(lanes), goal: { most: 0 } },
  ];
}
