import type { Detector } from '../detector.ts';
import canary from './canary.ts';
import systemPrompt from './system-prompt.ts';

/** Every detector of the family, one per file of this folder; a test compares the list with the folder. */
export const LEAKS: readonly Detector[] = [systemPrompt, canary];
