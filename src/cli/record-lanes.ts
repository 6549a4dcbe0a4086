import type { Lane } from '../text/lane.ts';

/** Lanes that a text record of `sluice scan` may name. */
export const RECORD_LANES = [
  'user',
  'system',
  'tool-result',
  'tool-definition',
  'tool-arguments',
  'output',
] as const satisfies readonly Lane[];
