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
  ignores: [
    'part 1234567A',
    'identity card 0000000M',
    'identity card 3200100G',
    'identity card 1234567C',
    'identity card 12345678A',
    'order 34581M',
  ],
});

/** The check of a candidate (European Commission, "TIN by country"): no check digit, but a serial up to 32000 before the year. */
function isMalteseId(candidate: string, before: string): boolean {
  const serial = Math.floor(leadingDigits(candidate, 7) / 100);
  return (
    serial > 0 &&
    (serial <= 32_000 || 'AP'.includes(candidate.at(-1)!.toUpperCase())) &&
    !continuesNumber(candidate, before) &&
    isNamed(before)
  );
}

const isNamed = wordNearby(['maltese', 'karta tal identita', 'identity card', ...TAX_WORDS]);
