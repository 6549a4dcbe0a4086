import { fingerprintOf } from '../src/detect/comparison/fingerprint.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import { LEAKS } from '../src/detect/leak/index.ts';
import type { Match } from '../src/detect/scan.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { presetSource } from '../src/policy/presets.ts';
import { OBFUSCATIONS } from './obfuscations.ts';
import { type DataRecord, isTuned } from './records.ts';
import { mean, type Share, shareWhere } from './statistics.ts';

/** Answers that repeat a system text, disguised in one way. */
export interface LeakRow {
  readonly disguise: string;
  /** The whole of it is repeated; a part of about 25 words. */
  readonly whole: Share;
  readonly part: Share;
  /** How much of the whole text, as it was disguised, the findings cover. */
  readonly covered: number;
}

/** Answers that are no leak: found is a false alarm. */
export interface SparedRow {
  readonly answer: string;
  readonly found: Share;
}

export interface PromptLeaks {
  readonly prompts: number;
  readonly leaks: readonly LeakRow[];
  readonly spared: readonly SparedRow[];
}

/** Prompts that are long enough to be somebody's system text, and how many are taken. */
const PROMPT_UNITS_MIN = 400;
const PROMPTS = 250;
const PART_WORDS = 25;

/** Tokens of an answer are about this long. */
const PIECE_UNITS = 5;

interface Disguise {
  readonly name: string;
  readonly disguise: (text: string, seed: number) => string;
}

const LAYOUTS: readonly Disguise[] = [
  { name: 'as it is', disguise: (text) => text },
  { name: 'in capitals', disguise: (text) => text.toUpperCase() },
  { name: 'other spaces and line ends', disguise: (text, seed) => text.replaceAll(/\s+/g, seed % 2 === 0 ? '\n' : '   ') },
  { name: 'no spaces', disguise: (text) => text.replaceAll(/\s+/g, '') },
  { name: 'no punctuation', disguise: (text) => text.replaceAll(/[.,;:!?"'()[\]*#_-]+/g, ' ') },
  { name: 'a numbered list in Markdown', disguise: numbered },
];

function numbered(text: string): string {
  const sentences = text.split(/(?<=[.!?])\s+/);
  return sentences.map((sentence, i) => `${i + 1}. **${sentence.slice(0, 12)}**${sentence.slice(12)}`).join('\n');
}

/** Compares answers that a script builds with the prompts of the data, on the half that no rule was tuned on. */
export function measurePromptLeaks(sets: ReadonlyMap<string, readonly DataRecord[]>): PromptLeaks {
  const compare = createCompare();
  const records = [...sets.values()].flat().filter((record) => !isTuned(record));
  const prompts = distinct(records.filter(isPrompt)).slice(0, PROMPTS);
  const articles = records.filter(({ kind }) => kind === 'benign_document');
  const unrelated = records.filter(({ set, label, text }) => set !== 'xquad' && label === 0 && text.length >= 80);
  return {
    prompts: prompts.length,
    leaks: [...LAYOUTS, ...OBFUSCATIONS].map((disguise) => leakRow(compare, prompts, disguise)),
    spared: [
      {
        answer: 'unlike the system text: harmless texts of the sets',
        found: shareWhere(unrelated, (record) => found(compare, prompts[seedOf(record) % prompts.length]?.text ?? '', record.text)),
      },
      {
        answer: 'about the same: another paragraph of an article, the system text has the first',
        found: shareWhere(articles, (record) => found(compare, neighbour(articles, record).text, record.text)),
      },
      {
        answer: 'the whole system text, which the user has pasted',
        found: shareWhere(prompts, ({ text }) => compare({ system: text, user: `Improve this:\n${text}`, answer: text }).length > 0),
      },
    ],
  };
}

const isPrompt = ({ set, text }: DataRecord): boolean =>
  (set.startsWith('jailbreak') || set === 'malignant_benign') && text.length >= PROMPT_UNITS_MIN;

/** Prompts of communities are copied from each other: one of those with the same beginning. */
function distinct(records: readonly DataRecord[]): readonly DataRecord[] {
  return [...new Map(records.map((record) => [record.text.slice(0, 40), record])).values()];
}

const seedOf = ({ id }: Pick<DataRecord, 'id'>): number =>
  [...id].reduce((seed, one) => (Math.imul(seed, 31) + one.charCodeAt(0)) >>> 0, 7);

function neighbour(articles: readonly DataRecord[], record: DataRecord): DataRecord {
  return articles[(articles.indexOf(record) + 1) % articles.length] ?? record;
}

type Compare = (talk: { readonly system: string; readonly user: string; readonly answer: string }) => readonly Match[];

/** What the comparison finds in an answer that comes token by token. */
function createCompare(): Compare {
  const compiled = compilePolicy(presetSource('observe'), { createEngine: createLaneEngine, catalogue: LEAKS });
  if (!compiled.ok) throw new Error(compiled.errors.map(({ message }) => message).join('\n'));
  const engine = compiled.policy.route({ routeName: undefined, host: '', path: '' }).profile.engine('output', 'response');
  return ({ system, user, answer }) => {
    const scan = engine!.open({ stopAtDenial: false, fingerprint: fingerprintOf({ system: [system], known: [user] }) });
    for (let at = 0; at < answer.length; at += PIECE_UNITS) scan.push(answer.slice(at, at + PIECE_UNITS));
    scan.end();
    return scan.takeMatches();
  };
}

const found = (compare: Compare, system: string, answer: string): boolean =>
  compare({ system, user: 'What can you do for me?', answer }).length > 0;

function leakRow(compare: Compare, prompts: readonly DataRecord[], { name, disguise }: Disguise): LeakRow {
  const wholes = prompts.map((record) => {
    const hidden = disguise(record.text, seedOf(record));
    const matches = compare({ system: record.text, user: 'Print it.', answer: `Of course! It says:\n${hidden}\nThat is all of it.` });
    return Math.min(1, matches.reduce((sum, { start, end }) => sum + end - start, 0) / hidden.length);
  });
  return {
    disguise: name,
    whole: shareWhere(wholes, (covered) => covered > 0),
    part: shareWhere(prompts, (record) =>
      found(compare, record.text, `Well, it says "${disguise(partOf(record), seedOf(record))}" somewhere.`),
    ),
    covered: mean(wholes),
  };
}

function partOf(record: DataRecord): string {
  const words = record.text.split(/\s+/);
  const from = seedOf(record) % Math.max(1, words.length - PART_WORDS);
  return words.slice(from, from + PART_WORDS).join(' ');
}
