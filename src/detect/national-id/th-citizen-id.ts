import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'th-citizen-id',
  family: 'pii',
  summary: 'Thai citizen numbers (13 digits, modulo 11) with their hyphens or spaces, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b[1-8](?:-\d{4}-\d{5}-\d{2}-| \d{4} \d{5} \d{2} |\d{11})\d\b/,
  check: isThaiId,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'เลขบัตรประชาชน 1-4625-39125-03-9',
    '3-9533-72969-30-4',
    'Thai ID: 3522216746436',
    '"citizenId":"5713923002089"',
    'บัตร 5 0099 99656 91 0',
  ],
  ignores: ['1-4625-39125-03-8', 'order 3522216746436', 'at 1732190400000', 'เลขบัตรประชาชน 1462539125038', '9-4625-39125-03-9'],
});

/** The check of a candidate (กรมการปกครอง): weights 13 to 2, eleven less the remainder. */
function isThaiId(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if ((11 - (weightedSum(digits, WEIGHTS) % 11)) % 10 !== Number(digits[12]) || continuesNumber(candidate, before)) return false;
  return candidate.length > 13 || isNamed(before);
}

const WEIGHTS = [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['ประชาชน', 'ประจำตัว', 'thai id', 'thai national', ...TAX_WORDS, ...IDENTITY_WORDS]);
