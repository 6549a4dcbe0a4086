import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['emso', 'jmbg', 'јмбг', 'ембг', 'embg', 'maticni broj', 'maticna stevilka', ...IDENTITY_WORDS]);

export default detector({
  name: 'si-emso',
  family: 'pii',
  summary: 'Unique citizen numbers of Slovenia and its neighbours (EMŠO, JMBG: birth date, region, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[0-3]\d[01]\d[09]\d{8}\b/,
  check: isEmso,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['EMŠO 1011950502709', 'emso: 2807966505387', 'JMBG 2505960500298', '"jmbg":"1310997505762"', 'ЕМБГ 0808990500603'],
  ignores: ['EMŠO 1011950502708', 'naročilo 2807966505387', 'at 1712081234567', 'jmbg 3213950502709', 'jmbg 0.1011950502709'],
});

/** The check of a candidate (Uredba o EMŠO): weights 7 to 2, twice, modulo 11; the year has its last three digits. */
function isEmso(candidate: string, before: string): boolean {
  if (weightedSum(candidate, WEIGHTS) % 11 !== 0 || continuesNumber(candidate, before)) return false;
  const year = (candidate[4] === '9' ? 1000 : 2000) + Number(candidate.slice(4, 7));
  return isDate({ year, month: Number(candidate.slice(2, 4)), day: Number(candidate.slice(0, 2)) });
}

const WEIGHTS = [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
