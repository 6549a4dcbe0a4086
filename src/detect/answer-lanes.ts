import type { Lane } from '../text/lane.ts';

/** What a model writes. */
export const ANSWER_LANES: readonly Lane[] = ['output', 'refusal', 'reasoning', 'tool-arguments', 'other'];
