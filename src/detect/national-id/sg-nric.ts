import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sg-nric',
  family: 'pii',
  summary: 'Singapore NRIC and FIN numbers (S, T, F, G, M, seven digits, check letter); small letters only after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[STFGM]\d{7}[A-Z]\b/i,
  check: isNric,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NRIC S1234567D', 'T0123456G lives in Bedok', 'fin: g1234567x', '"nric":"F7654321Q"', 'work pass FIN M1234567K'],
  ignores: ['NRIC S1234567E', 'serial s1234567d', 'T0123456H', 'XS1234567D', 'S1234567D8', 'A1234567D'],
});

/** The check of a candidate (Immigration and Checkpoints Authority): weighted sum modulo 11, and a row of letters for each series. */
function isNric(candidate: string, before: string): boolean {
  const series = candidate[0]!.toUpperCase();
  const rest = (weightedSum(candidate, WEIGHTS) + OFFSETS[series]!) % 11;
  if (LETTERS[series]![rest] !== candidate.at(-1)!.toUpperCase() || continuesNumber(candidate, before)) return false;
  return candidate === candidate.toUpperCase() || isNamed(before);
}

const WEIGHTS = [2, 7, 6, 5, 4, 3, 2];
const OFFSETS: Readonly<Record<string, number>> = { S: 0, T: 4, F: 0, G: 4, M: 3 };
const LETTERS: Readonly<Record<string, string>> = {
  S: 'JZIHGFEDCBA',
  T: 'JZIHGFEDCBA',
  F: 'XWUTRQPNMLK',
  G: 'XWUTRQPNMLK',
  M: 'XWUTRQPNJLK',
};
const isNamed = wordNearby(['nric', 'FIN', 'foreign identification', 'work pass', ...IDENTITY_WORDS]);
