import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ar-cuit',
  family: 'pii',
  summary: 'Argentine tax and labour numbers (CUIT, CUIL: kind, number, modulo 11) with hyphens, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b(?:2[03-7]|3[034]|5[015])(?:-\d{8}-| \d{8} |\d{8})\d\b/,
  check: isCuit,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'CUIT 20 69952956 8',
    'CUIT 20-69952956-8',
    '27-33323451-9 es su número',
    'cuil: 20786422621',
    '"cuit":"30678561165"',
    'CUIL 20672592004',
  ],
  ignores: [
    'pedido 20 69952956 8',
    'CUIT 20-69952956-7',
    '27-33323451-8',
    'pedido 20786422621',
    '21-69952956-8',
    'cuil 0.20672592004',
    'at 20241121103',
  ],
});

/** The check of a candidate (AFIP): weights 5 to 2 and 7 to 2; eleven gives 0, ten gives 9. */
function isCuit(candidate: string, before: string): boolean {
  const check = 11 - (weightedSum(candidate, WEIGHTS) % 11);
  if ((check === 11 ? 0 : Math.min(check, 9)) !== Number(candidate.at(-1)) || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

const WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['cuit', 'cuil', 'tributaria', ...TAX_WORDS]);
