import { ANSWERS } from './answers/index.ts';
import type { Detector } from './detector.ts';
import { EXFIL } from './exfil/index.ts';
import { INDIRECT } from './indirect/index.ts';
import { INJECTION } from './injection/index.ts';
import { LEAKS } from './leak/index.ts';
import { NATIONAL_IDS } from './national-id/index.ts';
import { PII } from './pii/index.ts';
import { SECRETS } from './secrets/index.ts';
import { TOOLS } from './tools/index.ts';

/** Every built-in detector. Each file of a family folder is in its folder's list; a test compares them. */
export const CATALOGUE: readonly Detector[] = [
  ...INJECTION,
  ...INDIRECT,
  ...TOOLS,
  ...LEAKS,
  ...EXFIL,
  ...PII,
  ...NATIONAL_IDS,
  ...SECRETS,
  ...ANSWERS,
];
