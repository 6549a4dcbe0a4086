import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'uy-cedula',
  family: 'pii',
  summary: 'Uruguayan identity numbers (seven or eight digits, weighted check digit) with dots and hyphen, others after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b\d\.\d{3}\.\d{3}-\d\b|\b[1-9]\d{6}-?\d\b/,
  check: isUruguayanCedula,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['cédula 1.234.567-2', 'C.I. 3.456.789-4 de Montevideo', 'cedula: 1234567-2', '"ci":"12345672"', '1.234.567-2'],
  ignores: ['cédula 1.234.567-3', 'pedido 12345672', '3.456.789-5', 'version 0.1.234.567-2', 'on 20241121'],
});

/** The check of a candidate (Dirección Nacional de Identificación Civil): weights 2, 9, 8, 7, 6, 3, 4, modulo 10. */
function isUruguayanCedula(candidate: string, before: string): boolean {
  if (weightedSum(candidate, WEIGHTS) % 10 !== 0 || continuesNumber(candidate, before)) return false;
  return candidate.includes('.') || isNamed(before);
}

const WEIGHTS = [2, 9, 8, 7, 6, 3, 4, 1];
const isNamed = wordNearby(['cedula', 'c.i', 'CI', ...IDENTITY_WORDS]);
