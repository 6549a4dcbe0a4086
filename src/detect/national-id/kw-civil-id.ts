import { isYymmdd } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['civil id', 'civil number', 'مدني', 'المدني', 'kuwaiti', ...IDENTITY_WORDS]);

export default detector({
  name: 'kw-civil-id',
  family: 'pii',
  summary: 'Kuwaiti civil identity numbers (century, birth date, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b[1-4]\d{2}[01]\d[0-3]\d{6}\b/,
  check: isKuwaitiId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['Civil ID 280010112347', 'الرقم المدني 290123100018', '"civilId":"301051500039"', 'Kuwaiti ID 285123100011'],
  ignores: ['Civil ID 280010112348', 'order 280010112347', 'civil id 281310112345', 'at 202411211030', 'civil id 0.280010112347'],
});

/** The check of a candidate (Public Authority for Civil Information): eleven less the weighted sum modulo 11. */
function isKuwaitiId(candidate: string, before: string): boolean {
  const check = 11 - (weightedSum(candidate, WEIGHTS) % 11);
  if (check !== Number(candidate[11]) || !isYymmdd(candidate.slice(1, 7))) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
