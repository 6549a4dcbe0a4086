import type { Lane } from '../text/lane.ts';

/** Lanes whose text comes from outside the application: where somebody else's instructions can stand. */
export const UNTRUSTED_LANES: readonly Lane[] = ['user', 'tool-result', 'tool-definition', 'document', 'query', 'other'];
