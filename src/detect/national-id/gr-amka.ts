import { isDdmmyy } from '../checks/calendar.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['amka', 'αμκα', 'κοινωνικησ ασφαλισησ', ...IDENTITY_WORDS]);

export default detector({
  name: 'gr-amka',
  family: 'pii',
  summary: 'Greek social security numbers (AMKA: birth date, serial, Luhn) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[0-3]\d[01]\d{8}\b/,
  check: isAmka,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ΑΜΚΑ 12080086163', 'amka: 12018605993', '"amka":"18084660143"', 'ο ΑΜΚΑ της είναι 21088983008'],
  ignores: ['ΑΜΚΑ 12080086164', 'παραγγελία 12018605993', 'amka 32018605993', 'amka 0.12018605993', 'AMKA 12138605991'],
});

/** The check of a candidate (ΗΔΙΚΑ): a day and Luhn. */
function isAmka(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && isDdmmyy(candidate) && !continuesNumber(candidate, before);
}
