import { isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cz-birth-number',
  family: 'pii',
  summary: 'Czech and Slovak birth numbers (birth date, modulo 11) with slash, bare ones and those before 1954 after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{2}[0-8]\d[0-3]\d\/?\d{3,4}\b/,
  check: isBirthNumber,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['rodné číslo 670416/3741', '950226/2011 je narozena v Brně', 'RČ: 7007141284', '"rodne_cislo":"5003254223"', 'r.č. 530121/999'],
  ignores: ['rodné číslo 670416/3742', '671316/3741', 'objednávka 7007141284', '960121/999', '530121/999', 'rč 0.7007141284'],
});

/** The check of a candidate (Act 133/2000): women add 50 to the month, busy days 20; nine digits, without check digit, until 1953. */
function isBirthNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const isLong = digits.length === 10;
  const year = Number(digits.slice(0, 2));
  if (isLong ? !isSound(digits) : year > 53) return false;
  const month = (Number(digits.slice(2, 4)) % 50) % 20;
  if (!isDate({ year: 2000 + year, month, day: Number(digits.slice(4, 6)) }) || continuesNumber(candidate, before)) return false;
  return (isLong && candidate.includes('/')) || isNamed(before);
}

/** Divisible by 11; until 1985 a remainder of ten was written as 0. */
function isSound(digits: string): boolean {
  return Number(digits) % 11 === 0 || (digits[9] === '0' && Number(digits.slice(0, 9)) % 11 === 10);
}

const isNamed = wordNearby(['rodne', 'rodneho', 'rodnym', 'birth number', 'RC', 'r.c', ...TAX_WORDS, ...IDENTITY_WORDS]);
