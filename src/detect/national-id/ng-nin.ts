import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['NIN', 'nimc', 'national identification number']);

export default detector({
  name: 'ng-nin',
  family: 'pii',
  summary: 'Nigerian identity numbers (NIN, eleven digits) after a context word, never such as look like a phone number.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: /\b[1-9]\d{10}\b/,
  check: isNin,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NIN 54321678902', 'nin: 71234567895', '"nin":"63184726591"', 'National Identification Number is 40918273645'],
  ignores: ['order 54321678902', 'NIN 08031234567', 'NIN 23480312345', 'nin 0.54321678902', 'Anaïs Nin +54321678902', 'NIN 11111111111'],
});

/** The check of a candidate (NIMC): there is no check digit. 234 is the country's dialling code, 0 begins its phone numbers. */
function isNin(candidate: string, before: string): boolean {
  return !candidate.startsWith('234') && !isOneDigit(candidate) && !continuesNumber(candidate, before);
}
