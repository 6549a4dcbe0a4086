import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby([
  'ת.ז',
  'ת"ז',
  'ת״ז',
  'תעודת זהות',
  'מספר זהות',
  'זהות',
  'teudat',
  'zehut',
  'israeli id',
  'israel id',
  ...IDENTITY_WORDS,
]);

export default detector({
  name: 'il-id',
  family: 'pii',
  summary: 'Israeli identity numbers (nine digits, Luhn) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{8}-?\d\b/,
  check: isIsraeliId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ת.ז. 366397081', 'תעודת זהות: 100461383', 'Teudat Zehut 478884901', 'Israeli ID 933586851', 'מספר זהות 73646444-7'],
  ignores: ['ת.ז. 366397082', 'הזמנה 100461383', 'order 478884901', 'teudat zehut 000000000', 'Israeli id 0.933586851'],
});

/** The check of a candidate (Population and Immigration Authority): Luhn over nine digits. */
function isIsraeliId(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !isOneDigit(digitsOf(candidate)) && !continuesNumber(candidate, before);
}
