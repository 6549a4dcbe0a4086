import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FlowSeed } from './flow-case.ts';

interface InjectedResult {
  readonly text: string;
  readonly label: 0 | 1;
  readonly kind: string;
  readonly source: string;
  readonly meta?: { readonly attack_type?: string; readonly tool?: string };
}

/** What the data set of hijacked tool results gives: an attack and its twin for each; undefined without it. */
export function readFlowSeeds(folder: string): readonly FlowSeed[] | undefined {
  const file = path.join(folder, 'injecagent/data.jsonl');
  if (!existsSync(file)) return undefined;
  const records = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as InjectedResult);
  const pairs = harmlessPairs(records);
  const privateResults = records.filter(({ source }) => source === 'injecagent_simulated').map(({ text }) => text);
  return records.flatMap(({ label, text, meta }) => {
    if (label === 0 || meta?.attack_type === undefined || meta.tool === undefined) return [];
    return [{ attackType: meta.attack_type, tool: meta.tool, poisoned: text, ...nearest(text, pairs), privateResults }];
  });
}

/** Requests and the harmless results they got: a request stands in front of its result. */
function harmlessPairs(records: readonly InjectedResult[]) {
  return records.flatMap(({ kind, text }, i) => {
    const result = records[i + 1]?.text;
    return kind === 'benign_agent_task' && result !== undefined ? [{ user: text, harmless: result }] : [];
  });
}

/** The harmless result of the same form: both begin and end alike around what was put in. */
function nearest(poisoned: string, pairs: ReturnType<typeof harmlessPairs>) {
  const alike = ({ harmless }: (typeof pairs)[number]): number => {
    let start = 0;
    while (start < harmless.length && harmless[start] === poisoned[start]) start++;
    let end = 0;
    while (end < harmless.length - start && harmless.at(-1 - end) === poisoned.at(-1 - end)) end++;
    return (start + end) / harmless.length;
  };
  const [best] = pairs.toSorted((a, b) => alike(b) - alike(a));
  if (best === undefined) throw new Error('no harmless results in the data set');
  return best;
}
