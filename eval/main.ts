import path from 'node:path';
import { parseArgs } from 'node:util';
import { wire } from './wire.ts';

const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
const folder = path.resolve(values.data ?? process.env['SLUICE_EVAL_DATA'] ?? path.join(import.meta.dirname, '../../shared/data'));

if (positionals[0] !== 'wire') {
  process.stderr.write('npm run eval -- wire [--data FOLDER]\n');
  process.exit(2);
}
const result = wire(folder);
if (result === undefined) {
  process.stderr.write(`no recordings (stream_fixtures/data-0.jsonl) in ${folder}; name their folder with --data or SLUICE_EVAL_DATA\n`);
  process.exit(2);
}
process.stdout.write(`${table(result.rows)}\n\n`);
for (const gap of result.gaps) process.stdout.write(`${gap}\n`);
process.stdout.write(`${result.gaps.length} gaps\n`);
process.exitCode = result.gaps.length === 0 ? 0 : 1;

function table(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(Object.values(row)))].join('\n');
}
