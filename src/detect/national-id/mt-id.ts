import { leadingDigits } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mt-id',
  family: 'pii',
  summary: 'Maltese identity card numbers (up to seven digits and a letter of their kind) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: /\b\d{3,7}[MGAPLHBZ]\b/i,
  check: isMalteseId,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['Maltese ID 1234567A', 'karta tal-identità 34581M', 'identity card 0381162M', '"tax_id":"1234567A"'],
  ignores: ['part 1234567A', 'identity card 0000000M', 'identity card 1234567C', 'identity card 12345678A', 'order 34581M'],
});

/** The check of a candidate (Identità): there is no check digit. */
function isMalteseId(candidate: string, before: string): boolean {
  return leadingDigits(candidate, 7) > 0 && !continuesNumber(candidate, before) && isNamed(before);
}

const isNamed = wordNearby(['maltese', 'karta tal identita', 'identity card', ...TAX_WORDS]);
