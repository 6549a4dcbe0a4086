import { createRandom } from '../test/support/random.ts';
import { type Arm, openFloor } from './harness/arms.ts';
import type { Load } from './harness/load.ts';
import type { BenchOptions } from './harness/options.ts';
import { buildPeers, GO_REGEXP, RUST_NOOP } from './harness/peers.ts';
import type { BenchResult, Figure } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { checkVerdicts } from './harness/verdicts.ts';
import { promptOf, type Workload } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';

const PROMPT_UNITS = 220 * 1024;
const BLOCK_MS = 1_500;
const CONNECTIONS = 4;
/** Blocks, milliseconds until the hot path is compiled, requests under the profiler. */
const WHOLE = [9, 4_000, 300] as const;
const QUICK = [2, 500, 10] as const;
const ENFORCE = 'Sluice, enforce';

interface Lane {
  readonly arm: Arm;
  readonly load: Load;
  readonly micros: number[];
  failed: number;
}

/** A prompt of 220 KB, another one each time: CPU of the filter beside filters that do nothing, and the bytes that a core reads in a second. */
export async function large({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const [blocks, warmMs, requests] = quick ? QUICK : WHOLE;
  const random = createRandom();
  const workload: Workload = { next: () => promptOf(random, PROMPT_UNITS) };
  const bytes = workload.next().length;
  const peers = await buildPeers();
  const floor = await openFloor();
  try {
    const arms = [
      await floor.echo('bare node:http2', 'bare-echo'),
      await floor.sluice({ name: ENFORCE, policy: FULL_POLICY, telemetry: 'all', enforces: true }),
    ];
    for (const peer of peers.built) if (peer.name !== GO_REGEXP) arms.push(await floor.peer(peer, false));
    const verdicts = await checkVerdicts(arms, workload);
    const lanes = arms.map((arm): Lane => ({ arm, load: arm.connect(CONNECTIONS), micros: [], failed: 0 }));
    for (const lane of lanes) lane.failed += (await lane.load.closed(workload, warmMs)).failed;
    for (let block = 0; block < blocks; block++) {
      process.stderr.write(`\rblock ${block + 1} of ${blocks}`);
      for (let at = 0; at < lanes.length; at++) await measure(lanes[(at + block) % lanes.length]!, workload);
    }
    process.stderr.write('\n');
    const probed = await floor.sluice({ name: 'profiled', policy: FULL_POLICY, telemetry: 'all', enforces: true, probed: true });
    const load = probed.connect(CONNECTIONS);
    await load.closed(workload, warmMs);
    const profile = await probed.filter!.probe!.profile(() => load.count(workload, requests));
    const failed = lanes.reduce((sum, lane) => sum + lane.failed, 0);
    return {
      unit: 'Medians of the blocks: µs CPU of the filter for a prompt, and MB/s that a core of it would read',
      facts: { seed: random.seed, blocks, 'bytes of a request': bytes, pinned: floor.pinning !== undefined },
      rows: lanes.map(({ arm, micros, failed: not200 }) => {
        const { median, iqr } = spread(micros);
        return {
          arm: arm.name,
          'filter µs': Math.round(median),
          iqr: Math.round(iqr),
          'MB/s': rounded(bytes / median, 1),
          'not 200': not200,
        };
      }),
      figures: [...figuresOf(lanes, bytes), { what: 'answers other than 200', value: failed, goal: { most: 0 } }],
      non200s: failed,
      verdicts,
      versions: peers.versions,
      profiles: { [ENFORCE]: profile },
    };
  } finally {
    await floor.stop();
  }
}

async function measure(lane: Lane, workload: Workload): Promise<void> {
  const before = lane.arm.filterCpu();
  const { answered, failed } = await lane.load.closed(workload, BLOCK_MS);
  lane.micros.push((lane.arm.filterCpu() - before) / answered);
  lane.failed += failed;
}

function figuresOf(lanes: readonly Lane[], bytes: number): readonly Figure[] {
  const own = lanes.find(({ arm }) => arm.name === ENFORCE)!.micros;
  const rust = lanes.find(({ arm }) => arm.name === RUST_NOOP)?.micros ?? [];
  return [
    { what: 'filter CPU for 220 KB ÷ a Rust no-op', value: spread(rust.map((micros, at) => own[at]! / micros)).median, goal: { most: 4 } },
    { what: 'MB/s that a core reads', value: bytes / spread(own).median, goal: { least: 150 } },
  ];
}
