import { CATALOGUE } from '../src/detect/catalogue.ts';
import { detectorId } from '../src/detect/detector.ts';
import { createEngine } from '../src/detect/engine.ts';
import { isFlagged, isKept, type LookedAt } from './first-look.ts';
import { areaUnderCurve, benignKinds, type Scored, shareFrom } from './model-calibration.ts';
import { type DataRecord, groupNearCopies, readSets } from './model-data.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Flagged shares of held-out folds: benign kinds, then attacks by set. */
export function crossValidationTable(scored: readonly Scored[], flagScore: number): readonly string[] {
  const benign = [...benignKinds(scored)].map(([kind, scores]) => [kind, scores] as const);
  const own = Map.groupBy(
    scored.filter(({ set }) => set === 'own'),
    ({ label, source }) => `own ${label === 1 ? 'attacks' : source === 'prose' ? 'harmless prose' : 'harmless prompts'}`,
  );
  const attacks = Map.groupBy(
    scored.filter(({ set, label }) => set !== 'own' && label === 1),
    ({ set, kind }) => `${set}: ${kind}`,
  );
  const groups = [...benign, ...[...own, ...attacks].map(([name, group]) => [name, group.map(({ score }) => score)] as const)];
  return table(
    ['kind', 'records', 'flagged'],
    groups.map(([name, scores]) => [name, scores.length, percent(shareFrom(scores, flagScore))]),
  );
}

/** What a model flags of a set that it has never seen. */
export function leaveOutTable(scored: readonly Scored[], flagScore: number): readonly string[] {
  const groups = Map.groupBy(scored, ({ set, kind, label }) =>
    [set, set === 'own' ? (label === 1 ? 'attacks' : 'harmless') : kind, label].join(' | '),
  );
  const rows = [...groups].map(([name, group]) => [
    name,
    group.length,
    percent(
      shareFrom(
        group.map(({ score }) => score),
        flagScore,
      ),
    ),
  ]);
  return table(['set', 'kind', 'label', 'records', 'flagged'], rows);
}

/** What the looks said of a text that they had not seen. */
export interface Looked extends Omit<Scored, 'score' | 'learnable'> {
  readonly windows: readonly LookedAt[];
}

interface FirstLooks {
  /** In cross-validation. */
  readonly folds: readonly Looked[];
  /** By looks that have seen nothing of the set. */
  readonly sets: readonly Looked[];
  readonly threshold: number;
}

/** How much of what is harmless the first look has read closely, and how many flagged texts it loses. */
export function firstLookTable({ folds, sets, threshold }: FirstLooks): readonly string[] {
  const lostOf = (group: readonly Looked[]): string => {
    const flagged = group.map(({ windows }) => windows).filter(isFlagged);
    return `${flagged.filter((windows) => !isKept(windows, threshold)).length} of ${flagged.length}`;
  };
  const readOf = (windows: readonly LookedAt[]): string =>
    windows.length === 0 ? '–' : percent(windows.filter(({ first }) => first >= threshold).length / windows.length);
  const groups = [
    ['harmless', ({ label }: Looked) => label === 0],
    ['attacks', ({ label }: Looked) => label === 1],
  ] as const;
  const rows = groups.map(([name, isIn]) => {
    const [group, apart] = [folds.filter(isIn), sets.filter(isIn)];
    const [short, long] = [
      group.filter(({ windows }) => windows.length < LONG_WINDOWS),
      group.filter(({ windows }) => windows.length >= LONG_WINDOWS),
    ];
    const read = [short, long].map((texts) => readOf(texts.flatMap(({ windows }) => windows)));
    return [name, ...read, lostOf(group), lostOf(apart)];
  });
  return table(
    ['texts', 'windows read, of short texts', 'windows read, of longer ones', 'flagged, but not read', 'the same in sets left out'],
    rows,
  );
}

/** A text of more units than a window has, 1,024, has at least so many of them. */
const LONG_WINDOWS = 2;

interface Half {
  readonly folder: string;
  readonly scoreInjection: (text: string) => number;
  readonly flagScore: number;
  /** What the model has learnt from. */
  readonly learnt: readonly DataRecord[];
}

/** The half that nothing was tuned on: the model, the rules, and both. `new`: without near-copies of what was learnt. */
export function halfTable({ folder, scoreInjection, flagScore, learnt }: Half): readonly string[] {
  const half = readSets(folder).filter(({ training }) => !training);
  const known = copiesOf(half, learnt);
  const findsRule = ruleFinder();
  const scored = half.map((record) => ({
    ...record,
    score: scoreInjection(record.text),
    rule: findsRule(record.text),
    known: known.has(record.id),
  }));
  const benign = scored.filter(({ label, kind }) => label === 0 && kind !== 'pii').map(({ score }) => score);
  const groups = Map.groupBy(scored, ({ set, kind, label }) => [set, kind, label].join(' | '));
  const rows = [...groups].map(([name, group]) => {
    const share = (from: typeof group, flags: (record: (typeof group)[number]) => boolean): string =>
      from.length === 0 ? '–' : percent(from.filter(flags).length / from.length);
    const model = ({ score }: { score: number }): boolean => score >= flagScore;
    const fresh = group.filter((record) => !record.known);
    const curve =
      group[0]!.label === 0
        ? ''
        : areaUnderCurve(
            group.map(({ score }) => score),
            benign,
          ).toFixed(3);
    const both = share(group, (record) => record.rule || model(record));
    return [name, group.length, share(group, model), fresh.length, share(fresh, model), curve, share(group, ({ rule }) => rule), both];
  });
  return table(
    ['set', 'kind', 'label', 'records', 'model', 'new', 'model on new', 'AUC', 'rules', 'rules or model'],
    [...rows, macroRow(scored, flagScore)],
  );
}

type Measured = Omit<Scored, 'learnable'> & { readonly rule: boolean };

/** False alarms over the benign kinds with at least 100 records. */
function macroRow(scored: readonly Measured[], flagScore: number): readonly (string | number)[] {
  const rate = (flags: (record: Measured) => boolean): string => {
    const kinds = [...benignKinds(scored.map((record) => ({ ...record, score: flags(record) ? 1 : 0 }))).values()].filter(
      ({ length }) => length >= 100,
    );
    const rates = kinds.map((flagged) => shareFrom(flagged, 1));
    return `${percent(rates.reduce((sum, value) => sum + value, 0) / rates.length)} (most ${percent(Math.max(...rates))})`;
  };
  const model = ({ score }: Measured): boolean => score >= flagScore;
  return [
    'all',
    'benign, mean of kinds',
    0,
    '',
    rate(model),
    '',
    '',
    '',
    rate(({ rule }) => rule),
    rate((record) => record.rule || model(record)),
  ];
}

/** Ids of records that are near-copies of something learnt. */
function copiesOf(half: readonly DataRecord[], learnt: readonly DataRecord[]): ReadonlySet<string> {
  const groups = groupNearCopies([...learnt, ...half].map(({ text }) => text));
  const learntGroups = new Set(groups.slice(0, learnt.length));
  return new Set(half.filter((_, i) => learntGroups.has(groups[learnt.length + i]!)).map(({ id }) => id));
}

/** Whether any rule about attacks finds something in a user's text. */
function ruleFinder(): (text: string) => boolean {
  const detectors = CATALOGUE.filter(
    ({ family, lanes }) => family !== 'pii' && family !== 'secret' && (lanes === undefined || lanes.includes('user')),
  );
  const engine = createEngine(
    detectors.map((detector) => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'observe',
    })),
  );
  return (text) => {
    const scan = engine.open({ stopAtDenial: false });
    scan.push(text);
    scan.end();
    return scan.takeMatches().length > 0;
  };
}
