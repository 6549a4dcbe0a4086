import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderRecord } from './harness/markdown.ts';
import type { BenchOptions } from './harness/options.ts';
import { type BenchResult, recordOf, writeRecord } from './harness/record.ts';

/** Every benchmark, by the name it is run with; loaded when it runs. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  hop: async (options) => (await import('./hop.ts')).hop(options),
  scan: async (options) => (await import('./scan.ts')).scan(options),
  stream: async (options) => (await import('./stream.ts')).stream(options),
  large: async (options) => (await import('./large.ts')).large(options),
  loop: async (options) => (await import('./loop.ts')).loop(options),
  memory: async (options) => (await import('./memory.ts')).memory(options),
  inventory: async (options) => (await import('./inventory.ts')).inventory(options),
  workers: async (options) => (await import('./workers.ts')).workers(options),
  wire: async () => (await import('./wire.ts')).wire(),
  worst: async () => (await import('./worst.ts')).worst(),
  model: async () => (await import('./model.ts')).model(),
  behaviour: async () => (await import('./behaviour.ts')).behaviour(),
  caller: async (options) => (await import('./caller.ts')).caller(options),
  dashboard: async () => (await import('./dashboard.ts')).dashboard(),
  'slow-clients': async () => (await import('./slow-clients.ts')).slowClients(),
};

/** What `all` runs, one after the other: everything that has goals. */
const ALL = ['hop', 'caller', 'scan', 'worst', 'stream', 'large', 'loop', 'workers', 'memory', 'inventory'];

const USAGE = `npm run bench -- NAME [--quick] [--minutes N] [--streams N]

NAME is one of ${Object.keys(BENCHES).join(', ')}, or all (${ALL.join(', ')}).
--quick: fewer and shorter blocks, to see that everything works; nothing is recorded.
--minutes: how long the load of memory lasts (default 4; 60 for the figure of an hour).
--streams: how many streams there are at once in stream (default 200).
SLUICE_BENCH_PEERS: folder with the sources of filters to compare with; SLUICE_BENCH_CACHE: where they are compiled.
SLUICE_TEST_SEED: the seed of an earlier run.
`;

process.exitCode = await main();

/** Resolves to the exit code. */
async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const name = positionals[0] ?? '';
  const [minutes, streams] = [Number(values.minutes ?? 4), Number(values.streams ?? 200)];
  if (positionals.length !== 1 || !(minutes > 0) || !(streams >= 1)) return usage();
  const quick = values.quick === true;
  if (name === 'all') return runAll(['--minutes', String(minutes), '--streams', String(streams), ...(quick ? ['--quick'] : [])]);
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) return usage();
  const record = recordOf(name, await bench({ quick, minutes, streams }));
  process.stdout.write(renderRecord(record));
  if (!quick) process.stderr.write(`${writeRecord(record, path.join(import.meta.dirname, 'records'))}\n`);
  return 0;
}

function readArguments() {
  try {
    return parseArgs({
      options: { quick: { type: 'boolean' }, minutes: { type: 'string' }, streams: { type: 'string' } },
      allowPositionals: true,
    });
  } catch {
    return { values: {}, positionals: [] }; // an option that there is not: the usage says which there are
  }
}

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

/** Each in a process of its own, so that none finds the heap of another. Goes on after one that fails; the exit code is the worst. */
async function runAll(flags: readonly string[]): Promise<number> {
  let worstCode = 0;
  for (const name of ALL) {
    process.stderr.write(`\n== ${name}\n`);
    const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, name, ...flags], { stdio: 'inherit' });
    const code = await new Promise<number>((resolve) => child.on('exit', (exit) => resolve(exit ?? 1)));
    worstCode = Math.max(worstCode, code);
  }
  return worstCode;
}
