import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { behaviour } from './behaviour.ts';
import { dashboard } from './dashboard.ts';
import { detection } from './detection.ts';
import { engine } from './engine.ts';
import { hop } from './hop.ts';
import { inventory } from './inventory.ts';
import { memory } from './memory.ts';
import { model } from './model.ts';
import { slowClients } from './slow-clients.ts';
import { holdback, linearity } from './stream.ts';
import { wire } from './wire.ts';

/** Every benchmark, by the name it is run with. A result has `rows`, which are printed as a table. */
const BENCHES: Readonly<Record<string, () => Promise<object>>> = {
  behaviour,
  dashboard,
  detection,
  engine,
  hop,
  inventory,
  linearity,
  holdback,
  memory,
  model,
  'slow-clients': slowClients,
  wire,
};

const name = process.argv[2] ?? '';
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const result = await bench();
process.stdout.write(`${summary(result)}\n`);
process.stderr.write(`${record(result)}\n`);

/** Rows as a Markdown table, other values above it. */
function summary(result: object): string {
  const { rows = [], ...rest } = result as { rows?: readonly Readonly<Record<string, unknown>>[] };
  const facts = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  const table = [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(columns.map((column) => row[column])))];
  return [...facts, ...(rows.length > 0 ? ['', ...table] : [])].join('\n');
}

/** Keeps the result with the machine it was measured on: `bench/records/<date>-<name>.json`. */
function record(result: object): string {
  const date = new Date().toISOString().slice(0, 10);
  const folder = path.join(import.meta.dirname, 'records');
  const machine = { cores: availableParallelism(), model: cpus()[0]?.model ?? 'unknown', node: process.version };
  const file = path.join(folder, `${date}-${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ bench: name, date, machine, ...result }, undefined, 2)}\n`);
  return file;
}
