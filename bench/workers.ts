import { availableParallelism } from 'node:os';
import { createRandom } from '../test/support/random.ts';
import { type Arm, openFloor } from './harness/arms.ts';
import type { BenchOptions } from './harness/options.ts';
import { cpuMicroseconds } from './harness/processes.ts';
import type { BenchResult, Figure } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { checkVerdicts } from './harness/verdicts.ts';
import { single } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';

const CONNECTIONS = 64;
/** Blocks, milliseconds of each, requests until the hot path is compiled. */
const WHOLE = [9, 1_500, 8_000] as const;
const QUICK = [2, 300, 200] as const;
/** Where there are as many cores, two processes can run beside Envoy, provider and client. */
const FREE_CORES = 6;

interface Block {
  readonly micros: number;
  readonly perSecond: number;
  /** Of the CPU time of all workers, what the first one took, in percent. */
  readonly firstShare: number;
}

/** `sluice serve --workers 2` beside one process: CPU time for an exchange, how the load is split, and throughput. */
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
      await floor.sluice({ name: 'two workers', workers: 2, ...common }),
    ];
    const verdicts = await checkVerdicts(arms, workload);
    const lanes = arms.map((arm) => ({ arm, load: arm.connect(CONNECTIONS), blocks: [] as Block[], failed: 0 }));
    for (const lane of lanes) lane.failed += (await lane.load.count(workload, warm)).failed;
    for (let block = 0; block < blocks; block++) {
      process.stderr.write(`\rblock ${block + 1} of ${blocks}`);
      for (const lane of lanes) {
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
    const [one, two] = lanes;
    const ratio = (of: (block: Block) => number): number => spread(two!.blocks.map((block, at) => of(block) / of(one!.blocks[at]!))).median;
    const share = spread(two!.blocks.map(({ firstShare }) => firstShare)).median;
    const failed = lanes.reduce((sum, lane) => sum + lane.failed, 0);
    const figures: Figure[] = [
      { what: 'CPU for an exchange, two workers ÷ one process', value: ratio(({ micros }) => micros), goal: { most: 1.05 } },
      { what: 'load of the busier of two workers, %', value: Math.max(share, 100 - share), goal: { most: 60 } },
      { what: 'answers other than 200', value: failed, goal: { most: 0 } },
    ];
    if (unpinned)
      figures.push({
        what: 'requests a second, two workers ÷ one process',
        value: ratio(({ perSecond }) => perSecond),
        goal: { least: 1.8 },
      });
    return {
      unit: 'Medians of the blocks. CPU in µs for an exchange, the supervisor of workers included',
      facts: { seed: random.seed, blocks, connections: CONNECTIONS, pinned: floor.pinning !== undefined },
      rows: lanes.map(({ arm, blocks: all, failed: not200 }) => ({
        filter: arm.name,
        'CPU µs': Math.round(spread(all.map(({ micros }) => micros)).median),
        iqr: Math.round(spread(all.map(({ micros }) => micros)).iqr),
        'requests/s': Math.round(spread(all.map(({ perSecond }) => perSecond)).median),
        'of it by the first, %': rounded(spread(all.map(({ firstShare }) => firstShare)).median, 1),
        'not 200': not200,
      })),
      figures,
      non200s: failed,
      verdicts,
    };
  } finally {
    await floor.stop();
  }
}

/** CPU time so far of each process that takes exchanges, in microseconds. */
function workerCpu({ filter }: Arm): readonly number[] {
  return (filter!.workers ?? [filter!]).map(({ pid }) => cpuMicroseconds(pid));
}
