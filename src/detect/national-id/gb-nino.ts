import { isDigit } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gb-nino',
  family: 'pii',
  summary:
    'UK national insurance numbers in capitals, in small letters or without suffix after a context word; prefixes never issued pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: /\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:\d{6}|(?: \d{2}){3}|-\d{2}-\d{2}-\d{2})[ -]?[A-D]?\b/i,
  check: isNino,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'NI number AA123456A',
    'AB 12 34 56 C is on the payslip',
    'nino: jg103759a',
    'national insurance no. SC 12 34 56',
    '"nino":"WK442212B"',
  ],
  ignores: [
    'GB123456A',
    'BG 12 34 56 A',
    'NI number DA123456A',
    'National insurance ZZ123456C',
    'part ab123456c',
    'SC 12 34 56',
    'AA123456E',
    'colour #ab123456c',
  ],
});

/** The check of a candidate (HMRC, National Insurance Manual NIM39110): seven prefixes are not used. */
function isNino(candidate: string, before: string): boolean {
  const isComplete = !isDigit(candidate.charCodeAt(candidate.length - 1));
  const isCapital = candidate === candidate.toUpperCase();
  if (UNUSED.includes(candidate.slice(0, 2).toUpperCase()) || continuesNumber(candidate, before)) return false;
  if (candidate.endsWith(' ') || candidate.endsWith('-')) return false;
  return (isComplete && isCapital) || isNamed(before);
}

const UNUSED = ['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'];
const isNamed = wordNearby(['nino', 'NI', 'national insurance', 'insurance number', ...TAX_WORDS]);
