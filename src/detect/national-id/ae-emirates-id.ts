import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ae-emirates-id',
  family: 'pii',
  summary: 'Emirates identity numbers (784, year of birth, Luhn), with or without hyphens.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b784(?:-(?:19|20)\d{2}-\d{7}-| (?:19|20)\d{2} \d{7} |(?:19|20)\d{9})\d\b/,
  check: isEmiratesId,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'EID 784 1985 1234567 3',
    'Emirates ID 784-1985-1234567-3',
    '784199012345676',
    'رقم الهوية 784-2001-7654321-1',
    '"emiratesId":"784-1990-1234567-6"',
  ],
  ignores: [
    'EID 784 1985 1234567 4',
    'Emirates ID 784-1985-1234567-4',
    '784199012345677',
    '784-2185-1234567-8',
    '785-1985-1234567-8',
    'tel +784199012345676',
  ],
});

/** The check of a candidate (Federal Authority for Identity): Luhn over 15 digits. */
function isEmiratesId(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !continuesNumber(candidate, before);
}
