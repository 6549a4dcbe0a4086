import type { Lane } from '../text/lane.ts';

/** Lanes of data that somebody else wrote and the model only reads: what is normal from a user is an attack here. */
export const DATA_LANES: readonly Lane[] = ['tool-result', 'document', 'other'];

/** Those, and what a client or a server says about its tools. */
export const DATA_AND_TOOL_LANES: readonly Lane[] = [...DATA_LANES, 'tool-definition'];
