import type { Detector } from '../detector.ts';

/** Tool definitions that say more than what the tool does. */
export const TOOLS: readonly Detector[] = [];
