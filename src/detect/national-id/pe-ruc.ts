import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['ruc', 'r.u.c', 'contribuyente', ...TAX_WORDS]);

export default detector({
  name: 'pe-ruc',
  family: 'pii',
  summary: 'Peruvian taxpayer numbers (RUC, eleven digits, modulo 11) after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.94,
  pattern: /\b(?:10|15|16|17|20)\d{9}\b/,
  check: isRuc,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['RUC 20936807845', 'ruc: 20481200149', '"ruc":"20795490605"', 'R.U.C. 20511937818'],
  ignores: ['RUC 20936807846', 'pedido 20481200149', 'at 20241121103', 'ruc 0.20481200149', 'cruces 20795490605'],
});

/** The check of a candidate (SUNAT): weights 5 to 2 and 7 to 2, eleven less the remainder, its last digit. */
function isRuc(candidate: string, before: string): boolean {
  if ((11 - (weightedSum(candidate, WEIGHTS) % 11)) % 10 !== Number(candidate[10])) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
