import type { Tier } from '../src/detect/detector.ts';
import { mean, type Share, shareWhere } from './statistics.ts';

/** What a detector said about one record, and whether it was right. */
export interface Judgement {
  readonly tier: Tier;
  readonly confidence: number;
  readonly right: boolean;
}

/** Findings of one tier and a band of stated confidence. */
export interface CalibrationRow {
  readonly tier: Tier;
  readonly band: string;
  /** Mean of what the findings state. */
  readonly stated: number;
  readonly precision: Share;
}

const BANDS: readonly (readonly [name: string, least: number])[] = [
  ['0.95 and more', 0.95],
  ['0.90–0.95', 0.9],
  ['0.80–0.90', 0.8],
  ['0.70–0.80', 0.7],
  ['under 0.70', 0],
];

/** Precision beside stated confidence, by tier and band; bands without findings are left out. */
export function calibrate(judgements: readonly Judgement[]): readonly CalibrationRow[] {
  const bandOf = ({ confidence }: Judgement): string => BANDS.find(([, least]) => confidence >= least)![0];
  return (['block', 'flag'] as const).flatMap((tier) =>
    BANDS.flatMap(([band]) => {
      const group = judgements.filter((one) => one.tier === tier && bandOf(one) === band);
      if (group.length === 0) return [];
      return [{ tier, band, stated: mean(group.map(({ confidence }) => confidence)), precision: shareWhere(group, ({ right }) => right) }];
    }),
  );
}
