import type { DialectCase } from './dialect-case.ts';
import { GEMINI } from './dialects/gemini.ts';
import { OPENAI_CHAT } from './dialects/openai-chat.ts';

/** Every dialect's cases; a test compares the list with the formats and the folder. */
export const CASES: readonly DialectCase[] = [...GEMINI, ...OPENAI_CHAT];
