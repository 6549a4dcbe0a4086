import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A record of a data folder (its README.md). */
export interface DataRecord {
  readonly id: string;
  readonly text: string;
  readonly label: 0 | 1;
  readonly kind: string;
  readonly set: string;
  readonly source: string;
  /** Whether its id's SHA-256 begins with 0–7: for training and tuning. The others only measure. */
  readonly training: boolean;
}

/** Sets that are read. Kinds that are no question of injection (secrets, bare values, gateway recordings) are not among them. */
export const SETS = [
  'asb_tools',
  'code_prompts',
  'deepset',
  'injecagent',
  'jailbreak_inthewild',
  'jailbreak_malignant',
  'jailbreak_pyrit',
  'malignant_benign',
  'nlupp',
  'pii_presidio_large',
  'sysprompt_extraction',
  'vicuna_bench',
  'xquad',
] as const;

export function readSets(folder: string): readonly DataRecord[] {
  return SETS.flatMap((set) =>
    readFileSync(path.join(folder, set, 'data.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { id, text, label, kind, source } = JSON.parse(line) as Omit<DataRecord, 'set' | 'training'>;
        // A sentence with somebody's name is harmless here.
        return { id, text, kind, set, source, label: kind === 'pii' ? 0 : label, training: inTrainingHalf(id) } as const;
      }),
  );
}

function inTrainingHalf(id: string): boolean {
  return createHash('sha256').update(id).digest('hex') < '8';
}

/**
 * Numbers texts so that near-copies have one number: two texts are joined when at least half of the shorter one's runs of five words
 * stand in the other. Folds keep a number together, so that no fold is asked about what it has learnt.
 */
export function groupNearCopies(texts: readonly string[]): readonly number[] {
  const parent = texts.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    parent[i] = root;
    return root;
  };
  const shingles = texts.map(shinglesOf);
  const holders = new Map<string, number[]>();
  for (const [i, own] of shingles.entries()) {
    const shared = new Map<number, number>();
    for (const shingle of own) {
      const known = holders.get(shingle) ?? [];
      for (const j of known) shared.set(j, (shared.get(j) ?? 0) + 1);
      // The first holders are enough to join a crowd, and keep templates that thousands share from costing the square.
      if (known.length < 50) holders.set(shingle, [...known, i]);
    }
    for (const [j, count] of shared) if (count * 2 >= Math.min(own.size, shingles[j]!.size)) parent[find(i)] = find(j);
  }
  return texts.map((_, i) => find(i));
}

function shinglesOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < 5) return new Set([words.join(' ')]);
  return new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(' ')));
}
