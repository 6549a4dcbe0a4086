import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureBehaviour } from './behaviour.ts';
import { behaviourGates, renderBehaviour } from './behaviour-report.ts';
import { measureDetection } from './detection.ts';
import { writeMeasured } from './document.ts';
import { readFlowSeeds } from './flow-seeds.ts';
import { measureFlows } from './flows.ts';
import { flowGates, renderFlows } from './flows-report.ts';
import { gatesOf } from './gates.ts';
import { markdownTable } from './markdown-table.ts';
import { readDataSets } from './records.ts';
import { renderReport } from './report.ts';
import { rulesHash } from './rules-hash.ts';
import { wire } from './wire.ts';

/** Months that are simulated; fixed, so that a page is compared with the one before. */
const BEHAVIOUR_SEEDS = [1, 2];

/** What the calls of the flow corpus are drawn with. */
const FLOW_SEED = 7;

const USAGE = `npm run eval -- [detection | wire | behaviour | flows] [--data FOLDER]
  --set NAME,NAME  detection: these sets alone; the page is not written
  --misses         detection: print what the tuned half has wrong, by record; no text
  --no-write       detection, behaviour, flows: print only, leave the page in docs/ as it is
`;

const { values, positionals } = parseArgs({
  options: { data: { type: 'string' }, set: { type: 'string' }, misses: { type: 'boolean' }, write: { type: 'boolean', default: true } },
  allowPositionals: true,
  allowNegative: true,
});
const folder = path.resolve(values.data ?? process.env['SLUICE_EVAL_DATA'] ?? path.join(import.meta.dirname, '../../shared/data'));

const [what = 'detection'] = positionals;
if (what === 'detection') evaluateDetection();
else if (what === 'wire') evaluateWire();
else if (what === 'behaviour') evaluateBehaviour();
else if (what === 'flows') evaluateFlows();
else stop(USAGE);

function evaluateDetection(): void {
  const all = readDataSets(folder);
  if (all === undefined) return stop(`no data sets (<set>/data*.jsonl) in ${folder}; name their folder with --data or SLUICE_EVAL_DATA\n`);
  const chosen = values.set?.split(',') ?? [...all.keys()];
  const unknown = chosen.filter((name) => !all.has(name));
  if (unknown.length > 0) return stop(`no data set "${unknown[0]}" in ${folder}; there are: ${[...all.keys()].join(', ')}\n`);
  const measured = measureDetection(new Map([...all].filter(([name]) => chosen.includes(name))));
  const gates = gatesOf(measured);
  const report = renderReport(measured, gates, { date: new Date().toISOString().slice(0, 10), rules: rulesHash() });
  process.stdout.write(`${report}\n`);
  if (values.misses) process.stdout.write(`\n${[...measured.misses, ...measured.pii.flatMap(({ misses }) => misses)].join('\n')}\n`);
  if (values.write && values.set === undefined) process.stderr.write(`${writeMeasured(report)}\n`);
  process.exitCode = gates.some(({ pass }) => pass === false) ? 1 : 0;
}

function evaluateWire(): void {
  const result = wire(folder);
  if (result === undefined)
    return stop(`no recordings (stream_fixtures/data-0.jsonl) in ${folder}; name their folder with --data or SLUICE_EVAL_DATA\n`);
  process.stdout.write(`${markdownTable(result.rows)}\n\n`);
  for (const gap of result.gaps) process.stdout.write(`${gap}\n`);
  process.stdout.write(`${result.gaps.length} gaps\n`);
  process.exitCode = result.gaps.length === 0 ? 0 : 1;
}

function evaluateBehaviour(): void {
  const results = BEHAVIOUR_SEEDS.map((seed) => measureBehaviour({ seed, agents: 200, days: 30 }));
  const gates = behaviourGates(results);
  const report = renderBehaviour(results, gates);
  process.stdout.write(`${report}\n`);
  if (values.write) process.stderr.write(`${writeMeasured(report, 'behaviour.md')}\n`);
  process.exitCode = gates.every(({ pass }) => pass) ? 0 : 1;
}

function evaluateFlows(): void {
  const seeds = readFlowSeeds(folder);
  if (seeds === undefined)
    return stop(`no tool results (injecagent/data.jsonl) in ${folder}; name their folder with --data or SLUICE_EVAL_DATA\n`);
  const outcomes = measureFlows(seeds, FLOW_SEED);
  const report = renderFlows(outcomes, { seed: FLOW_SEED });
  process.stdout.write(`${report}\n`);
  if (values.write) process.stderr.write(`${writeMeasured(report, 'flows.md')}\n`);
  process.exitCode = flowGates(outcomes).every(({ pass }) => pass) ? 0 : 1;
}

function stop(message: string): void {
  process.stderr.write(message);
  process.exitCode = 2;
}
