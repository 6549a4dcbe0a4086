import { isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'be-national-number',
  family: 'pii',
  summary: 'Belgian national register numbers (birth date, modulo 97) as printed; bare ones and unknown birth dates after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b\d{2}(?:\.\d{2}\.\d{2}-\d{3}[.-]\d{2}|[ /]\d{2}[ -]?\d{2}[ -]\d{3}[ -]?\d{2}|\d{9})\b/,
  check: isNationalNumber,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'rijksregisternummer 22.10.09-715.61',
    '01.08.25-068.64 woont in Gent',
    'INSZ 64062709989',
    'numéro national: 00000011115',
    '"nrn":"43092469536"',
  ],
  ignores: [
    'rijksregisternummer 22.10.09-715.62',
    '22.13.09-715.61',
    'order 22100971562',
    '00000011115',
    '/posts/64062709989',
    'phone 31612345678',
    '0.64062709989',
  ],
});

/** The check of a candidate (Royal Decree of 3 April 1984): 97 less the remainder, a 2 in front of numbers of those born since 2000. */
function isNationalNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const check = 97 - Number(digits.slice(9));
  const serial = Number(digits.slice(0, 9));
  if (serial % 97 !== check && (2_000_000_000 + serial) % 97 !== check) return false;
  return !continuesNumber(candidate, before) && ((candidate.length > 11 && isBirthDate(digits)) || isNamed(before));
}

/** Months are 20 or 40 higher in numbers of people who are not in the register (BIS numbers). */
function isBirthDate(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  return isDate({ year: 2000 + Number(digits.slice(0, 2)), month, day: Number(digits.slice(4, 6)) });
}

const isNamed = wordNearby([
  'nrn',
  'rijksregister',
  'registre national',
  'numero national',
  'nationaal nummer',
  'insz',
  'niss',
  ...TAX_WORDS,
  ...IDENTITY_WORDS,
]);
