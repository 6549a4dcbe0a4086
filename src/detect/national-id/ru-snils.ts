import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ru-snils',
  family: 'pii',
  summary: 'Russian insurance account numbers (SNILS, modulo 101) in printed groups, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b\d{3}(?:-\d{3}-\d{3}[ -]\d{2}| \d{3} \d{3} \d{2}|\d{8})\b/,
  check: isSnils,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['СНИЛС 112-233-445 95', '087-654-303 00 у него', 'снилс: 11223344595', '"snils":"112-233-445-95"', 'SNILS 08765430300'],
  ignores: ['СНИЛС 112-233-445 96', '087-654-303 01', 'заказ 11223344595', 'снилс 00000000000', 'снилс 0.11223344595'],
});

/** The check of a candidate (ПФР): weights 9 to 1, modulo 101, of which 100 gives 00; not used up to 001-001-998. */
function isSnils(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const check = (weightedSum(digits, WEIGHTS) % 101) % 100;
  if (check !== Number(digits.slice(9)) || Number(digits.slice(0, 9)) <= 1_001_998 || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, 1];
const isNamed = wordNearby(['снилс', 'snils', 'страховой номер']);
