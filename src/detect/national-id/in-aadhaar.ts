import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { passesVerhoeff } from '../checks/verhoeff.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['aadhaar', 'aadhar', 'adhaar', 'uidai', 'UID', 'आधार', ...IDENTITY_WORDS]);

export default detector({
  name: 'in-aadhaar',
  family: 'pii',
  summary: 'Indian Aadhaar numbers (twelve digits, Verhoeff) after a context word; the start of a card number passes.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[2-9]\d{3}(?: \d{4} |-\d{4}-|\d{4})\d{4}\b/,
  check: isAadhaar,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'Aadhaar 3526 3297 5945',
    'aadhar no: 900204756055',
    'UIDAI 8220-1909-9519',
    'आधार संख्या 5568 2214 2832',
    '"aadhaarNumber":"491150742069"',
  ],
  ignores: [
    'Aadhaar 3526 3297 5946',
    'order 352632975945',
    'card 3526 3297 5945',
    'aadhaar 222222222222',
    'Aadhaar 1526 3297 5945',
    'uidai 550e8400-e29b-41d4-a716-446655440000',
  ],
});

/** The check of a candidate (UIDAI): Verhoeff, and neither 0 nor 1 in the first place. */
function isAadhaar(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  return passesVerhoeff(digits) && !isOneDigit(digits) && !continuesNumber(candidate, before);
}
