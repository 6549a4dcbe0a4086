import { CATALOGUE } from '../src/detect/catalogue.ts';
import { detectorId, type Tier } from '../src/detect/detector.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import { inspectText } from '../src/exchange/text-inspection.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import type { Finding } from '../src/policy/finding.ts';
import { presetSource } from '../src/policy/presets.ts';
import type { Lane } from '../src/text/lane.ts';

/** Everything found in one text of one lane. */
export type Inspect = (text: string, lane: Lane) => readonly Finding[];

/** Judges texts as the product does with the preset that only watches: the policy's own engines, the path of `sluice scan`. */
export function createInspect(): Inspect {
  const compiled = compilePolicy(presetSource('observe'), { createEngine: createLaneEngine, catalogue: CATALOGUE });
  if (!compiled.ok) throw new Error(compiled.errors.map(({ message }) => message).join('\n'));
  const { policy } = compiled;
  const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
  const options = { profile, mode: policy.mode, failMode: policy.failMode, limits: policy.limits, pieceUnits: undefined };
  return (text, lane) => inspectText(text, { ...options, lane }).findings;
}

const TIERS: ReadonlyMap<string, Tier> = new Map(CATALOGUE.map((detector) => [detectorId(detector), detector.tier]));

/** The tier of a finding. What is no rule of the catalogue (the model) may flag and no more. */
export function tierOf({ detector }: Pick<Finding, 'detector'>): Tier {
  return TIERS.get(detector) ?? 'flag';
}
