import { toWordWindows, type WordWindow } from './first-look.ts';
import { toBlocks } from './logistic.ts';
import { type DataRecord, groupNearCopies, readSets } from './model-data.ts';
import { composeRecords, ownRecords } from './own-prompts.ts';
import { packageTexts } from './package-texts.ts';

/** A record as the training sees it. */
export interface Example extends DataRecord {
  readonly blocks: readonly Int32Array[];
  readonly words: readonly WordWindow[];
  /** Near-copies have one number. -1: made of parts that stand in no other record. */
  readonly group: number;
  /** How much it counts in training; 0: it is only measured. */
  readonly weight: number;
}

/** A kind of a set with more records than this counts as much as one with this many, times the root of how many times more it has. */
const KIND_RECORDS = 250;

/** Everything the training half gives, own and composed prompts included, and how many texts were left out as copies of the other half's. */
export function trainingCorpus(
  folder: string,
  below: (limit: number) => number,
): { readonly examples: readonly Example[]; readonly copies: number } {
  const sets = readSets(folder);
  const measured = new Set(sets.filter(({ training }) => !training).map(({ text }) => normalised(text)));
  const half = sets.filter(({ training }) => training);
  const kept = half.filter(({ text }) => !measured.has(normalised(text)));
  const records = [...kept, ...ownRecords(), ...packageTexts()];
  const groups = groupNearCopies(records.map(({ text }) => text));
  const groupOf = new Map(records.map(({ id }, i) => [id, groups[i]!]));
  const sizes = Map.groupBy(records, kindKey);
  const composed = composeRecords(records.filter(mayTrain), below);
  const examples = [
    ...records.map((record) =>
      example(record, groupOf.get(record.id)!, mayTrain(record) ? weightOf(record, sizes.get(kindKey(record))!.length) : 0),
    ),
    ...composed.map(({ like, ...record }) => example(record, like === undefined ? -1 : groupOf.get(like)!, 1)),
  ];
  return { examples, copies: half.length - kept.length };
}

const kindKey = ({ set, kind, label }: DataRecord): string => `${set} ${kind} ${label}`;

const normalised = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function example(record: DataRecord, group: number, weight: number): Example {
  return { ...record, blocks: toBlocks(record.text), words: toWordWindows(record.text), group, weight };
}

function weightOf({ set }: DataRecord, size: number): number {
  return set === 'own' ? 1 : Math.min(1, Math.sqrt(KIND_RECORDS / size));
}

/**
 * Whether a record may shape the weights. xquad is CC-BY-SA, and what its terms ask of weights is not settled; PyRIT's pliny files come
 * from an AGPL collection. What the model cannot see in a text alone is left out too: a task that is harmful only where nobody asked for
 * it (InjecAgent's base cases, the Agent Security Bench's tools) reads like any other task.
 */
function mayTrain({ set, kind, source }: DataRecord): boolean {
  if (set === 'xquad' || source.startsWith('pyrit/pliny')) return false;
  if (kind === 'tool_abuse_instruction' || kind === 'tool_description_malicious') return false;
  return kind !== 'indirect_injection' || source.endsWith('enhanced');
}
