import type { FindingAnswer } from './api.ts';

/** Findings that tell one story: the same family, at the same endpoint, with the same outcome. */
export interface Incident {
  readonly key: string;
  readonly family: string;
  readonly taken: string;
  /** Detector ids, the most frequent first: the rules that said so. */
  readonly detectors: readonly string[];
  readonly count: number;
  readonly exchanges: number;
  /** The newest of them. */
  readonly newest: FindingAnswer;
}

/** Groups findings, which come the newest first; the groups keep the order of their newest. */
export function incidentsOf(findings: readonly FindingAnswer[]): readonly Incident[] {
  const groups = Map.groupBy(findings, ({ family, taken, method, host, path }) => [family, taken, method, host, path].join('\0'));
  return [...groups].flatMap(([key, members]) => {
    const [newest] = members;
    if (newest === undefined) return [];
    const byDetector = [...Map.groupBy(members, ({ detector }) => detector)];
    return {
      key,
      family: newest.family,
      taken: newest.taken,
      detectors: byDetector.toSorted(([, left], [, right]) => right.length - left.length).map(([detector]) => detector),
      count: members.length,
      exchanges: new Set(members.map(({ exchangeId }) => exchangeId)).size,
      newest,
    };
  });
}
