import { availableParallelism } from 'node:os';
import { createRandom } from '../test/support/random.ts';
import { type Arm, openFloor } from './harness/arms.ts';
import type { Load } from './harness/load.ts';
import type { BenchOptions } from './harness/options.ts';
import { cpuMicroseconds } from './harness/processes.ts';
import type { BenchResult, Figure } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { checkVerdicts } from './harness/verdicts.ts';
import { single } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';

const CONNECTIONS = 64;
/**
 * Blocks, milliseconds of each, requests to each process until its hot path is compiled: each compiles for itself, until it has seen some
 * twenty thousand; after eight thousand an exchange still costs half as much again.
 */
const WHOLE = [9, 1_500, 20_000] as const;
const QUICK = [2, 300, 100] as const;
/** Where there are as many cores, two processes can run beside Envoy, provider and client. */
const FREE_CORES = 6;

interface Lane {
  readonly arm: Arm;
  readonly load: Load;
  readonly blocks: Block[];
  failed: number;
}

interface Block {
  readonly micros: number;
  readonly perSecond: number;
  /** Of the CPU time of all workers, what the first one took, in percent. */
  readonly firstShare: number;
}

/**
 * `sluice serve --workers 2` beside one process and beside two filters that share nothing: CPU time for an exchange, how the load is split,
 * and throughput. Where one core has to do for all processes of a filter, two of them take the caches from each other and find half as much
 * to do in a turn, whatever they share. There workers are compared with two filters; where each process has a core, with one.
 */
export async function workers({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const [blocks, blockMs, warm] = quick ? QUICK : WHOLE;
  const random = createRandom();
  const workload = single(random);
  const unpinned = availableParallelism() >= FREE_CORES;
  const floor = await openFloor({ unpinned });
  try {
    const common = { policy: FULL_POLICY, telemetry: 'all', enforces: true } as const;
    const arms = [
      await floor.sluice({ name: 'one process', ...common }),
      await floor.sluice({ name: 'two filters', filters: 2, ...common }),
      await floor.sluice({ name: 'two workers', workers: 2, ...common }),
    ];
    const verdicts = await checkVerdicts(arms, workload);
    const lanes = arms.map((arm): Lane => ({ arm, load: arm.connect(CONNECTIONS), blocks: [], failed: 0 }));
    for (const lane of lanes) lane.failed += (await lane.load.count(workload, warm * workerCpu(lane.arm).length)).failed;
    for (let block = 0; block < blocks; block++) {
      process.stderr.write(`\rblock ${block + 1} of ${blocks}`);
      for (const lane of beginningWith(lanes, block % lanes.length)) {
        const before = { all: lane.arm.filterCpu(), each: workerCpu(lane.arm) };
        const { answered, failed, seconds } = await lane.load.closed(workload, blockMs);
        const each = workerCpu(lane.arm).map((micros, at) => micros - before.each[at]!);
        const sum = each.reduce((total, micros) => total + micros, 0);
        lane.blocks.push({
          micros: (lane.arm.filterCpu() - before.all) / answered,
          perSecond: answered / seconds,
          firstShare: (100 * each[0]!) / sum,
        });
        lane.failed += failed;
      }
    }
    process.stderr.write('\n');
    const [one, apart, two] = lanes as [Lane, Lane, Lane]; // one for each arm
    const alike = unpinned ? one : apart;
    const share = spread(two.blocks.map(({ firstShare }) => firstShare)).median;
    const failed = lanes.reduce((sum, lane) => sum + lane.failed, 0);
    const figures: Figure[] = [
      {
        what: `CPU for an exchange, two workers ÷ ${alike.arm.name}`,
        value: ratio(two, alike, cpu),
        goal: { most: 1.05 },
      },
      { what: 'load of the busier of two workers, %', value: Math.max(share, 100 - share), goal: { most: 60 } },
      { what: 'answers other than 200', value: failed, goal: { most: 0 } },
    ];
    if (unpinned)
      figures.push({
        what: 'requests a second, two workers ÷ one process',
        value: ratio(two, one, ({ perSecond }) => perSecond),
        goal: { least: 1.8 },
      });
    return {
      unit: 'Medians of the blocks. CPU in µs for an exchange, the supervisor of workers included',
      facts: { seed: random.seed, blocks, connections: CONNECTIONS, pinned: floor.pinning !== undefined },
      rows: lanes.map((lane) => ({
        filter: lane.arm.name,
        'CPU µs': Math.round(spread(lane.blocks.map(({ micros }) => micros)).median),
        iqr: Math.round(spread(lane.blocks.map(({ micros }) => micros)).iqr),
        '÷ one process': rounded(ratio(lane, one, cpu), 3),
        'requests/s': Math.round(spread(lane.blocks.map(({ perSecond }) => perSecond)).median),
        'of it by the first, %': rounded(spread(lane.blocks.map(({ firstShare }) => firstShare)).median, 1),
        'not 200': lane.failed,
      })),
      figures,
      non200s: failed,
      verdicts,
    };
  } finally {
    await floor.stop();
  }
}

const cpu = ({ micros }: Block): number => micros;

/** In the same order, each in its turn the first: what a noisy machine does hits all of them. */
function beginningWith<T>(all: readonly T[], first: number): readonly T[] {
  return [...all.slice(first), ...all.slice(0, first)];
}

/** The median of the ratios in the same block. */
function ratio(lane: Pick<Lane, 'blocks'>, to: Pick<Lane, 'blocks'>, of: (block: Block) => number): number {
  return spread(lane.blocks.map((block, at) => of(block) / of(to.blocks[at]!))).median;
}

/** CPU time so far of each process that takes exchanges, in microseconds. */
function workerCpu({ filter }: Arm): readonly number[] {
  return (filter!.workers ?? [filter!]).map(({ pid }) => cpuMicroseconds(pid));
}
