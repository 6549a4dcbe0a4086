import type { Detector } from '../detector.ts';
import refusal from './refusal.ts';
import refusalCjk from './refusal-cjk.ts';
import schema from './schema.ts';
import toolSchema from './tool-schema.ts';

/** What is told of answers as such: family `output`. */
export const ANSWERS: readonly Detector[] = [refusal, refusalCjk, schema, toolSchema];
