import { isYymmdd } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['cnp', 'cod numeric', 'codul numeric', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'ro-cnp',
  family: 'pii',
  summary:
    'Romanian personal codes (CNP: sex and century, birth date, county, check digit modulo 11) after a context word; time stamps pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b[1-9]\d{2}[01]\d[0-3]\d{7}\b/,
  check: isCnp,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'CNP 2250718123419',
    'cod numeric personal: 1840213128211',
    '"cnp":"2900715120435"',
    'CNP-ul este 1720114121151',
    'national id 8001011234563',
  ],
  ignores: [
    'CNP 2250718123418',
    'comanda 1840213128211',
    'at 1712081234567',
    'cnp 8000230234563',
    'cnp 2251318123419',
    'cnp 0.2250718123419',
  ],
});

/** The check of a candidate (Law 105/1996): weights 279146358279, modulo 11, ten gives 1; 47–52 are sectors, 70 is a new series. */
function isCnp(candidate: string, before: string): boolean {
  const rest = weightedSum(candidate, WEIGHTS) % 11;
  const county = Number(candidate.slice(7, 9));
  if ((rest === 10 ? 1 : rest) !== Number(candidate[12]) || county === 0 || (county > 52 && county !== 70)) return false;
  return isYymmdd(candidate.slice(1, 7)) && !continuesNumber(candidate, before);
}

const WEIGHTS = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9];
