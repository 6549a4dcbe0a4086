import { isClockTime, isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'dk-cpr',
  family: 'pii',
  summary:
    'Danish personal numbers (birth date, century, modulo 11) with hyphen; bare ones and those like a time stamp after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b[0-3]\d[01]\d{3}(?:-| )?\d{4}\b/,
  check: isCpr,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['CPR 050594-3007', 'født 150181-3091', '"cpr":"0302673063"', 'personnummer: 110562 3042', 'cpr-nummer 010165-4321'],
  ignores: ['CPR 050594-3008', 'ordre 0302673063', '311362-1858', 'backup-211124-1034', '050594-3008', 'tel 11056218'],
});

/** The check of a candidate (CPR-kontoret): modulo 11, given up for those born on some days since 2007, which takes a context word. */
function isCpr(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const isSound = weightedSum(digits, WEIGHTS) % 11 === 0;
  const isFreed = EXEMPT_DAYS.includes(digits.slice(0, 4)) && Number(digits.slice(4, 6)) >= 60;
  if ((!isSound && !isFreed) || !isBirthDate(digits) || continuesNumber(candidate, before)) return false;
  return (isSound && candidate.includes('-') && !isTimeStamp(digits)) || isNamed(before);
}

/** The seventh digit tells the century (CPR-kontoret, "Personnummeret i CPR"). */
function isBirthDate(digits: string): boolean {
  const year = Number(digits.slice(4, 6));
  const seventh = Number(digits[6]);
  const century =
    seventh < 4 ? 1900 : year <= (seventh === 4 || seventh === 9 ? 36 : 57) ? 2000 : seventh === 4 || seventh === 9 ? 1900 : 1800;
  return isDate({ year: century + year, month: Number(digits.slice(2, 4)), day: Number(digits.slice(0, 2)) });
}

/** File names carry `211124-1030`: a day of the computer age and a time of the day. */
function isTimeStamp(digits: string): boolean {
  return Number(digits.slice(4, 6)) < 40 && isClockTime(digits.slice(6));
}

const WEIGHTS = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
/** Days for which the serials ran out: numbers given to immigrants without a known birthday. */
const EXEMPT_DAYS = ['0101'];
const isNamed = wordNearby(['cpr', 'personnummer', ...TAX_WORDS, ...IDENTITY_WORDS]);
