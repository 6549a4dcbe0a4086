import type { Detector } from '../detector.ts';

/** Ways for data to leave through what a reader or a client does with an answer. */
export const EXFIL: readonly Detector[] = [];
