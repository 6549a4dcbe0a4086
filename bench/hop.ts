import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { renderEnvoyConfig } from '../src/cli/envoy-config.ts';
import { type RunningEnvoy, startEnvoy } from '../test/support/envoy.ts';
import { type StartedProcess, startSluice } from '../test/support/processes.ts';
import { cpuMicroseconds, type Load, openLoad, spread, startArm } from './support.ts';

const BLOCKS = 9;
const REQUESTS_PER_BLOCK = 2_000;
const PARALLEL = 32;
/** Until the hot path is compiled. */
const WARM_REQUESTS = 15_000;

/** Arms beside the bare echo: name, and the policy `sluice serve` runs with. */
const ARMS = {
  'scan off': 'version: 1\ndetectors: {"*": {action: off}}\n',
  observe: 'version: 1\nmode: observe\n',
  enforce: 'version: 1\n',
} as const;

interface Arm {
  readonly name: string;
  readonly pid: number;
  readonly load: Load;
  readonly samples: number[];
  failed: number;
}

/**
 * The filter's CPU time per exchange behind a real Envoy: 1 KB chat request, 400-byte answer, BUFFERED/FDS, beside a bare `node:http2` echo.
 * Arms take turns in short blocks, so that a noisy machine hits all of them.
 */
export async function hop(): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
  const started: StartedProcess[] = [];
  const envoys: RunningEnvoy[] = [];
  try {
    const upstream = await startArm('upstream');
    started.push(upstream.process);
    const echo = await startArm('bare-echo');
    started.push(echo.process);
    const arms = [
      await armBehindEnvoy({
        name: 'bare node:http2 echo',
        pid: echo.process.pid,
        filterPort: echo.port,
        upstreamPort: upstream.port,
        envoys,
      }),
    ];
    for (const [name, policy] of Object.entries(ARMS)) {
      const file = path.join(folder, `${name}.yaml`);
      writeFileSync(file, policy);
      const filter = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--policy', file], {
        environment: { SLUICE_INVENTORY: '' },
      });
      started.push(filter);
      const ready = JSON.parse(await filter.line('stderr', (line) => line.includes('"ready"'))) as { listen: string };
      arms.push(
        await armBehindEnvoy({
          name,
          pid: filter.pid,
          filterPort: Number(ready.listen.split(':').at(-1)),
          upstreamPort: upstream.port,
          envoys,
        }),
      );
    }
    for (const arm of arms) arm.failed += await arm.load.run(WARM_REQUESTS);
    for (let block = 0; block < BLOCKS; block++) {
      process.stderr.write(`\rblock ${block + 1} of ${BLOCKS}`);
      for (const arm of arms) await measure(arm);
    }
    process.stderr.write('\n');
    return summary(arms);
  } finally {
    for (const envoy of envoys) await envoy.stop();
    for (const { kill } of started) kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function armBehindEnvoy(options: {
  name: string;
  pid: number;
  filterPort: number;
  upstreamPort: number;
  envoys: RunningEnvoy[];
}): Promise<Arm> {
  const { name, pid, filterPort, upstreamPort, envoys } = options;
  const configYaml = renderEnvoyConfig({
    profile: 'default',
    listen: { host: '127.0.0.1', port: 0 },
    filter: { host: '127.0.0.1', port: filterPort },
    upstream: { host: '127.0.0.1', port: upstreamPort, name: 'bench.example', caFile: undefined },
    admin: undefined,
  });
  const envoy = await startEnvoy({ configYaml });
  envoys.push(envoy);
  return { name, pid, load: openLoad({ port: envoy.port, parallel: PARALLEL }), samples: [], failed: 0 };
}

async function measure(arm: Arm): Promise<void> {
  const before = cpuMicroseconds(arm.pid);
  arm.failed += await arm.load.run(REQUESTS_PER_BLOCK);
  arm.samples.push((cpuMicroseconds(arm.pid) - before) / REQUESTS_PER_BLOCK);
}

function summary(arms: readonly Arm[]): object {
  const baseline = spread(arms[0]!.samples).median;
  return {
    unit: 'µs of the filter process CPU per exchange',
    requestsPerBlock: REQUESTS_PER_BLOCK,
    blocks: BLOCKS,
    rows: arms.map(({ name, samples, failed, load }) => {
      load.close();
      const { median, iqr } = spread(samples);
      return { arm: name, median: Math.round(median), iqr: Math.round(iqr), ratio: Number((median / baseline).toFixed(2)), failed };
    }),
  };
}
