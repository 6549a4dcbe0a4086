import type { Finding } from '../src/policy/finding.ts';
import type { Lane } from '../src/text/lane.ts';
import type { Inspect } from './inspect.ts';
import { PII_KINDS, type PiiKind } from './pii-kinds.ts';
import { type DataRecord, isTuned } from './records.ts';
import { type Share, shareOf, shareWhere } from './statistics.ts';

/** One kind of personal data, on the half that no rule was tuned on. */
export interface PiiRow {
  readonly kind: string;
  readonly set: string;
  /** Wanted values and look-alikes of both halves. */
  readonly wanted: number;
  readonly lookAlikes: number;
  readonly recall: Share;
  readonly recallOutput: Share;
  readonly spared: Share;
  /** Of the found values: those whose finding begins and ends where the annotation does. */
  readonly exact: Share;
  /** Of the tuned half: what was missed and what was taken for it, as `set kind id: …`. */
  readonly misses: readonly string[];
}

/** Measures every kind that the given records have. */
export function measurePii(inspect: Inspect, records: readonly DataRecord[]): readonly PiiRow[] {
  const sets = new Set(records.map(({ set }) => set));
  return PII_KINDS.filter(({ set }) => sets.has(set)).map((kind) =>
    measureKind(
      inspect,
      kind,
      records.filter(({ set }) => set === kind.set),
    ),
  );
}

/** A wanted value with what was found of it. */
interface Looked {
  readonly id: string;
  readonly found: boolean;
  readonly exact: boolean;
}

function measureKind(inspect: Inspect, kind: PiiKind, records: readonly DataRecord[]): PiiRow {
  const judged = records.filter((record) => !isTuned(record));
  const isOurs = ({ detector, family }: Finding): boolean => kind.detectors?.includes(detector) ?? family === 'pii';
  const looked = (lane: Lane): Looked[] => judged.flatMap((record) => lookAt(record, lane));
  const spares = ({ text }: DataRecord): boolean => !inspect(text, 'user').some(isOurs);
  const user = looked('user');
  const lookAlikes = records.filter(kind.isLookAlike);
  const tuned = records.filter(isTuned);
  const found = ({ found: is }: Looked): boolean => is;
  return {
    kind: kind.name,
    set: kind.set,
    wanted: records.flatMap(kind.wanted).length,
    lookAlikes: lookAlikes.length,
    recall: shareWhere(user, found),
    recallOutput: shareWhere(looked('output'), found),
    spared: shareWhere(
      lookAlikes.filter((record) => !isTuned(record)),
      spares,
    ),
    exact: shareOf(user.filter(({ exact }) => exact).length, user.filter(found).length),
    misses: [
      ...tuned
        .flatMap((record) => lookAt(record, 'user'))
        .flatMap((one) => (one.found ? [] : [`${kind.set} ${kind.name} ${one.id}: nothing found`])),
      ...lookAlikes
        .filter((record) => isTuned(record) && !spares(record))
        .map(({ id }) => `${kind.set} ${kind.name} ${id}: a look-alike was taken for it`),
    ],
  };

  function lookAt(record: DataRecord, lane: Lane): Looked[] {
    const wanted = kind.wanted(record);
    if (wanted.length === 0) return [];
    const { context = '' } = kind;
    const findings = inspect(context + record.text, lane).filter(isOurs);
    return wanted.map(({ start, end }) => {
      const touching = findings.filter((one) => one.start < end + context.length && start + context.length < one.end);
      const isExact = touching.some((one) => one.start === start + context.length && one.end === end + context.length);
      return { id: record.id, found: touching.length > 0, exact: isExact };
    });
  }
}
