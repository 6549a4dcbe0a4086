import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['egn', 'егн', 'граждански номер', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'bg-egn',
  family: 'pii',
  summary: 'Bulgarian civil numbers (EGN: birth date, check digit modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{2}[0-5]\d[0-3]\d{5}\b/,
  check: isEgn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ЕГН 5212192143', 'egn: 6603108882', '"egn":"8709248410"', 'единен граждански номер 8502177169', 'EGN 7541010019'],
  ignores: ['ЕГН 5212192144', 'поръчка 6603108882', 'egn 7521320010', 'at 1732190400', 'егн 0.6603108882'],
});

/** The check of a candidate (ГРАО): months are 20 higher before 1900, 40 higher since 2000. */
function isEgn(candidate: string, before: string): boolean {
  if ((weightedSum(candidate, WEIGHTS) % 11) % 10 !== Number(candidate[9]) || continuesNumber(candidate, before)) return false;
  const month = Number(candidate.slice(2, 4)) % 20;
  return isDate({ year: 2000 + Number(candidate.slice(0, 2)), month, day: Number(candidate.slice(4, 6)) });
}

const WEIGHTS = [2, 4, 8, 5, 10, 9, 7, 3, 6];
