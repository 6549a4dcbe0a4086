import { isYymmdd } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['иин', 'жсн', 'IIN', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'kz-iin',
  family: 'pii',
  summary: 'Kazakh individual numbers (IIN: birth date, century and sex, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{2}[01]\d[0-3]\d[0-6]\d{5}\b/,
  check: isIin,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ИИН 900101300017', 'ЖСН: 851231400120', '"iin":"010515501230"', 'IIN 780704300563'],
  ignores: ['ИИН 900101300018', 'заказ 900101300017', 'иин 901301300017', 'at 202411211030', 'иин 0.900101300017'],
});

/** The check of a candidate (Law on national registers of identification numbers): a second row of weights where the first gives ten. */
function isIin(candidate: string, before: string): boolean {
  const first = weightedSum(candidate, FIRST) % 11;
  const check = first < 10 ? first : weightedSum(candidate, SECOND) % 11;
  if (check !== Number(candidate[11]) || !isYymmdd(candidate)) return false;
  return !continuesNumber(candidate, before);
}

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
