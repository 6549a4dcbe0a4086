import { digitsOf } from '../checks/digits.ts';
import { passesMod1110 } from '../checks/mod11-10.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hr-oib',
  family: 'pii',
  summary: 'Croatian personal identification numbers (OIB, eleven digits, ISO 7064) after a context word or with HR in front.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b(?:HR ?)?\d{11}\b/,
  check: isOib,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['OIB 32827984895', 'oib: 78136058909', '"oib":"73398506565"', 'HR19379738607', 'osobni identifikacijski broj 67941130207'],
  ignores: ['OIB 32827984896', 'narudžba 78136058909', 'HR19379738608', 'oib 0.67941130207', 'at 17321904000'],
});

/** The check of a candidate (Zakon o osobnom identifikacijskom broju): ISO 7064 MOD 11,10. */
function isOib(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (!passesMod1110(digits) || isOneDigit(digits) || continuesNumber(candidate, before)) return false;
  return candidate.startsWith('HR') || isNamed(before);
}

const isNamed = wordNearby(['oib', 'osobni identifikacijski', ...TAX_WORDS, ...IDENTITY_WORDS]);
