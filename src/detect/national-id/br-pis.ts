import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'br-pis',
  family: 'pii',
  summary: 'Brazilian social integration numbers (PIS, PASEP, NIS: modulo 11) as printed, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{3}(?:\.\d{5}\.\d{2}-|\d{7}-?)\d\b/,
  check: isPis,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['PIS 120.56412.54-5', '120.56412.54-5 no contracheque', 'pasep: 12056412545', '"nis":"12056412545"'],
  ignores: ['PIS 120.56412.54-6', 'pedido 12056412545', 'pis 00000000000', 'at 17321904000', 'pis 0.12056412545'],
});

/** The check of a candidate (Caixa Econômica Federal): weights 3, 2, 9 to 2, modulo 11. */
function isPis(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const check = (11 - (weightedSum(digits, WEIGHTS) % 11)) % 11;
  if (check % 10 !== Number(digits[10]) || isOneDigit(digits) || continuesNumber(candidate, before)) return false;
  return candidate.includes('.') || isNamed(before);
}

const WEIGHTS = [3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['pis', 'pasep', 'nis', 'NIT']);
