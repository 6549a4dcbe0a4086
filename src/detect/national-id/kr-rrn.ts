import { isYymmdd } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'kr-rrn',
  family: 'pii',
  summary:
    'Korean resident registration numbers (birth date, sex, check digit) with hyphen; bare ones and those since 2020 after a context word.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  pattern: /\b\d{2}[01]\d[0-3]\d(?:-| - )?[1-8]\d{6}\b/,
  check: isRrn,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    '주민등록번호 820808-2531704',
    '891122-2166111 입니다',
    'RRN: 6904111156959',
    '"resident_registration":"680409-1935141"',
    '주민번호 210305-3123456',
  ],
  ignores: [
    '주민등록번호 820808-2531705',
    '821308-2531704',
    'order 8208082531704',
    'at 1712081234567',
    '820808-9531704',
    '0.8208082531704',
  ],
});

/** The check of a candidate: weights 2 to 9 and again, modulo 11. Serials given since October 2020 are random (행정안전부). */
function isRrn(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const isSound = (11 - (weightedSum(digits, WEIGHTS) % 11)) % 10 === Number(digits[12]);
  const isRandom = '3478'.includes(digits[6]!) && Number(digits.slice(0, 2)) >= 20;
  if ((!isSound && !isRandom) || !isYymmdd(digits) || continuesNumber(candidate, before)) return false;
  return (isSound && candidate.includes('-')) || isNamed(before);
}

const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
const isNamed = wordNearby(['rrn', 'resident', '주민', '등록번호', '외국인등록', ...IDENTITY_WORDS]);
