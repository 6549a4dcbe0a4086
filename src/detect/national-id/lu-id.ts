import { isDate } from '../checks/calendar.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { passesVerhoeff } from '../checks/verhoeff.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'lu-id',
  family: 'pii',
  summary:
    'Luxembourg identification numbers (birth date of eight digits, Luhn and Verhoeff); those of other centuries after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:18|19|20)\d{2}[01]\d[0-3]\d{6}\b/,
  check: isLuxembourgId,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['matricule 1893120105732', '1980010112302', '"matricule":"1992051523410"', 'tax id 1893120105732'],
  ignores: ['matricule 1893120105733', '1980013112347', 'commande 1893120105732', 'at 1893120105739', '0.1893120105732'],
});

/** The check of a candidate (Law of 19 June 2013): both check digits are over the first eleven. */
function isLuxembourgId(candidate: string, before: string): boolean {
  const number = candidate.slice(0, 11);
  if (!passesLuhn(candidate.slice(0, 12)) || !passesVerhoeff(number + candidate[12]) || continuesNumber(candidate, before)) return false;
  const birth = { year: Number(candidate.slice(0, 4)), month: Number(candidate.slice(4, 6)), day: Number(candidate.slice(6, 8)) };
  return isDate(birth) && (birth.year >= 1900 || isNamed(before));
}

const isNamed = wordNearby(['matricule', 'matrikel', 'luxembourg', ...TAX_WORDS, ...IDENTITY_WORDS]);
