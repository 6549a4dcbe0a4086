import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['cnic', 'nicop', 'nadra', 'شناختی', ...IDENTITY_WORDS]);

export default detector({
  name: 'pk-cnic',
  family: 'pii',
  summary: 'Pakistani identity numbers (region, family, sex: 5-7-1 digits) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b[1-7]\d{4}(?:-\d{7}-|\d{7})\d\b/,
  check: isCnic,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'CNIC 42101-1234567-1',
    'NADRA record 35202-7654321-3',
    'cnic: 6110112345679',
    '"cnic":"17301-1122334-5"',
    'شناختی کارڈ 42101-7654321-2',
  ],
  ignores: ['part 42101-1234567-1', 'CNIC 92101-1234567-1', 'at 1732190400000', 'order 4210112345671', 'CNIC +4210112345671'],
});

/** The check of a candidate (NADRA): there is no check digit; regions begin with 1–7, in the pattern. */
function isCnic(candidate: string, before: string): boolean {
  return !isOneDigit(digitsOf(candidate)) && !continuesNumber(candidate, before);
}
