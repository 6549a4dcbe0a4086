import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['my number', 'mynumber', 'individual number', 'マイナンバー', '個人番号', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'jp-my-number',
  family: 'pii',
  summary: 'Japanese individual numbers (My Number, twelve digits, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{4}(?: \d{4} |-\d{4}-|\d{4})\d{4}\b/,
  check: isMyNumber,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'マイナンバー 8694 3328 3275',
    '個人番号：813831690268',
    'My Number: 3666-8459-9857',
    '"myNumber":"548748478120"',
    'mynumber 307889449347',
  ],
  ignores: [
    'マイナンバー 8694 3328 3276',
    '注文番号 869433283275',
    'card 8694 3328 3275',
    'my number is 415 555 2671',
    'My Number 000000000000',
    '個人番号 550e8400-e29b-41d4-a716-813831690268',
  ],
});

/** The check of a candidate (総務省令 No. 85 of 2014, article 5): weights 6 to 2, 7 to 2; a remainder of 0 or 1 gives 0. */
function isMyNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const rest = weightedSum(digits, WEIGHTS) % 11;
  if ((rest < 2 ? 0 : 11 - rest) !== Number(digits[11]) || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
