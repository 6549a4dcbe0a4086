import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['pesel', 'numer ewidencyjny', 'numer identyfikacyjny', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'pl-pesel',
  family: 'pii',
  summary: 'Polish personal numbers (PESEL: birth date, weighted check digit) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b\d{4}[0-3]\d{6}\b/,
  check: isPesel,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['PESEL 62011980999', 'pesel: 56101774409', '"pesel":"02270800010"', 'numer PESEL to 43052464666', 'Personal ID 81092806367'],
  ignores: [
    'PESEL 62011980998',
    'zamówienie 62011980999',
    'PESEL 62131980999',
    'PESEL 62013280991',
    'pesel 0.62011980999',
    'at 17321904000',
  ],
});

/** The check of a candidate (Act on population registration): the century is added to the month in steps of 20. */
function isPesel(candidate: string, before: string): boolean {
  if (weightedSum(candidate, WEIGHTS) % 10 !== 0 || continuesNumber(candidate, before)) return false;
  const month = Number(candidate.slice(2, 4)) % 20;
  const isBirth = isDate({ year: 2000 + Number(candidate.slice(0, 2)), month, day: Number(candidate.slice(4, 6)) });
  return isBirth;
}

const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];
