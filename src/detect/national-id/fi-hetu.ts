import { isClockTime, isDate } from '../checks/calendar.ts';
import { isDigit } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fi-hetu',
  family: 'pii',
  summary: 'Finnish personal identity codes (birth date, century sign, check character modulo 31); like a time stamp, only after a word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b[0-3]\d[01]\d{3}[-+YXWVUABCDEF]\d{3}[0-9A-FHJ-NPR-Y]\b/i,
  check: isHetu,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['henkilötunnus 150787-460L', '131002+308W', '"hetu":"061298-899U"', 'HETU 131052-308T', 'hetu: 280660-512w'],
  ignores: ['131052-308U', '311352-308T', '131052S308T', '290219A111P', '131052-308TT', '131052-001T', 'log 211124-0120.txt'],
});

/** The check of a candidate (Act on the population information system): nine digits modulo 31; serials 000 and 001 are not given. */
function isHetu(candidate: string, before: string): boolean {
  const digits = candidate.slice(0, 6) + candidate.slice(7, 10);
  if (CHECKS[Number(digits) % 31] !== candidate[10]!.toUpperCase() || Number(digits.slice(6)) < 2) return false;
  const century = centuryOf(candidate[6]!.toUpperCase());
  const birth = { year: century + Number(digits.slice(4, 6)), month: Number(digits.slice(2, 4)), day: Number(digits.slice(0, 2)) };
  return isDate(birth) && !continuesNumber(candidate, before) && (!isTimeStamp(candidate) || isNamed(before));
}

/** File names carry `241121-1030`: a hyphen and a time of the day. */
function isTimeStamp(candidate: string): boolean {
  return candidate[6] === '-' && isDigit(candidate.charCodeAt(10)) && isClockTime(candidate.slice(7));
}

/** `+` is the nineteenth century, `-` and the letters U to Y the twentieth, A to F this one (the letters beside A are given since 2024). */
function centuryOf(sign: string): number {
  if (sign === '+') return 1800;
  return 'ABCDEF'.includes(sign) ? 2000 : 1900;
}

const CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const isNamed = wordNearby(['hetu', 'henkilotunnus', 'personbeteckning', ...TAX_WORDS, ...IDENTITY_WORDS]);
