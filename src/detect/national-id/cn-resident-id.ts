import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cn-resident-id',
  family: 'pii',
  summary: 'Chinese resident identity numbers (18 characters: region, birth date, modulo 11-2).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  pattern: /\b[1-689]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d{4}[0-9X]\b/i,
  check: isResidentId,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    '身份证号 110105199407288768',
    '他的号码是 110105198904136189',
    '"id":"110105198111099904"',
    'ID 11010519491231002X',
    '11010519491231002x',
  ],
  ignores: [
    '身份证 110105199407288769',
    '110105199413288768',
    '700105199407288768',
    'at 173219040000000000',
    'card 4111111111111111',
    '0.110105199407288768',
  ],
});

/** The check of a candidate (GB 11643-1999): ISO 7064 MOD 11-2, X for ten. */
function isResidentId(candidate: string, before: string): boolean {
  const check = CHECKS[weightedSum(candidate, WEIGHTS) % 11];
  return check === candidate[17]!.toUpperCase() && isBirthDate(candidate) && !continuesNumber(candidate, before);
}

function isBirthDate(number: string): boolean {
  return isDate({ year: Number(number.slice(6, 10)), month: Number(number.slice(10, 12)), day: Number(number.slice(12, 14)) });
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
