import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['کد ملی', 'کدملی', 'شماره ملی', 'melli', 'iranian', ...IDENTITY_WORDS]);

export default detector({
  name: 'ir-national-code',
  family: 'pii',
  summary: 'Iranian national codes (ten digits, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{3}(?:-\d{6}-|\d{6})\d\b/,
  check: isIranianCode,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['کد ملی 0123456789', 'kod melli: 0499370899', '"codeMelli":"0684159414"', 'شماره ملی 049-937089-9'],
  ignores: ['کد ملی 0123456788', 'سفارش 0499370899', 'کد ملی 1111111111', 'at 1732190400', 'کد ملی 0.0499370899'],
});

/** The check of a candidate (ثبت احوال): weights 10 to 2, modulo 11; remainders 0 and 1 stand for themselves. */
function isIranianCode(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const rest = weightedSum(digits, WEIGHTS) % 11;
  if ((rest < 2 ? rest : 11 - rest) !== Number(digits[9]) || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];
