import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gr-afm',
  family: 'pii',
  summary: 'Greek tax numbers (AFM, nine digits, powers of two modulo 11) after a context word or with EL in front.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b(?:EL ?)?\d{9}\b/,
  check: isAfm,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ΑΦΜ 145689798', 'afm: 180280187', 'Α.Φ.Μ.: 150111621', 'EL061900845', '"tax_id":"054100004"'],
  ignores: ['ΑΦΜ 145689799', 'παραγγελία 180280187', 'EL061900846', 'afm 000000000', 'afm 0.180280187'],
});

/** The check of a candidate (ΑΑΔΕ): powers of two from the right, modulo 11, modulo 10. */
function isAfm(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if ((weightedSum(digits, WEIGHTS) % 11) % 10 !== Number(digits[8]) || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before) && (candidate.startsWith('EL') || isNamed(before));
}

const WEIGHTS = [256, 128, 64, 32, 16, 8, 4, 2];
const isNamed = wordNearby(['afm', 'αφμ', 'α.φ.μ', 'φορολογικου μητρωου', ...TAX_WORDS]);
