import type { Detector } from '../detector.ts';

/** Numbers that states give to people and companies. */
export const NATIONAL_IDS: readonly Detector[] = [];
