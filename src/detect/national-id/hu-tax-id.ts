import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['adoazonosito', 'adoszam', ...TAX_WORDS]);

export default detector({
  name: 'hu-tax-id',
  family: 'pii',
  summary: 'Hungarian personal tax numbers (ten digits from 8, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b8\d{9}\b/,
  check: isHungarianTaxId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['adóazonosító jel 8071592153', 'adóazonosító: 8363310107', '"adoazonosito":"8440211104"', 'Hungarian tax ID 8071592153'],
  ignores: [
    'adóazonosító jel 8071592152',
    'rendelés 8071592153',
    'adóazonosító 9071592153',
    'tel +8071592153',
    'adóazonosító 0.8071592153',
  ],
});

/** The check of a candidate (Act XX of 1996): weights 1 to 9, modulo 11. */
function isHungarianTaxId(candidate: string, before: string): boolean {
  return weightedSum(candidate, WEIGHTS) % 11 === Number(candidate[9]) && !continuesNumber(candidate, before);
}

const WEIGHTS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
