import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['iqama', 'saudi', 'absher', 'الهوية', 'هوية', 'اقامة', 'إقامة', ...IDENTITY_WORDS]);

export default detector({
  name: 'sa-national-id',
  family: 'pii',
  summary: 'Saudi identity and residence numbers (ten digits from 1 or 2, Luhn) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b[12]\d{9}\b/,
  check: isSaudiId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['Iqama 2123456788', 'الهوية الوطنية 1012345672', 'Saudi ID: 1098765439', 'رقم الإقامة 2345678904'],
  ignores: ['Iqama 2123456789', 'order 1012345672', 'iqama 3123456780', 'at 1732190400', 'iqama 0.2123456788'],
});

/** The check of a candidate (Ministry of Interior): Luhn. */
function isSaudiId(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !isOneDigit(candidate) && !continuesNumber(candidate, before);
}
