import { isClockTime, isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'se-personnummer',
  family: 'pii',
  summary: 'Swedish personal numbers (birth date and Luhn) with their sign; bare ones and those like a time stamp after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b(?:1[89]|20)?\d{2}[01]\d[0-9]\d[-+]?\d{4}\b/,
  check: isPersonnummer,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'personnummer 321107-6231',
    'född 19320128-5370',
    '"personnummer":"8205037511"',
    '19640823-3234',
    'samordningsnummer 701063-3035',
    '121212+1212',
  ],
  ignores: [
    'personnummer 321107-6232',
    'backup-20241121-1031',
    'log 191121-0001',
    'order 8205037511',
    '321307-6231',
    '160260-323',
    'at 202411211030',
    '550e8400-e29b-41d4-a716-321107-6231',
  ],
});

/** The check of a candidate (Skatteverket, SKV 704): Luhn over the last ten digits; days are 60 higher in coordination numbers. */
function isPersonnummer(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate).slice(-10);
  if (!passesLuhn(digits) || !isBirthDate(digits) || continuesNumber(candidate, before)) return false;
  const isSigned = candidate.includes('-') || candidate.includes('+');
  return (isSigned && !isTimeStamp(candidate, digits)) || isNamed(before);
}

function isBirthDate(digits: string): boolean {
  const day = Number(digits.slice(4, 6));
  return isDate({ year: 2000 + Number(digits.slice(0, 2)), month: Number(digits.slice(2, 4)), day: day > 60 ? day - 60 : day });
}

/** File names carry `20241121-1030`: a day of the computer age and a time of the day. */
function isTimeStamp(candidate: string, digits: string): boolean {
  const isLastCentury = candidate.length === 13 && candidate.startsWith('19');
  return candidate.includes('-') && !isLastCentury && Number(digits.slice(0, 2)) < 40 && isClockTime(digits.slice(6));
}

const isNamed = wordNearby(['personnummer', 'personnr', 'person nr', 'samordningsnummer', 'org.nr', ...TAX_WORDS, ...IDENTITY_WORDS]);
