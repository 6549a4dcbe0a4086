import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'co-nit',
  family: 'pii',
  summary:
    'Colombian tax numbers (NIT: eight to ten digits and a check digit modulo 11) with dots and hyphen, others after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.92,
  pattern: /\b\d{2,3}\.\d{3}\.\d{3}-\d\b|\b[1-9]\d{8,9}-?\d\b/,
  check: isNit,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NIT 906.275.025-0', '903.061.375-3 factura', 'nit: 948535012-4', '"nit":"9840332030"', 'NIT 986.314.373-8'],
  ignores: ['NIT 906.275.025-1', '903.061.375-4', 'pedido 948535012-4', 'nit: 984033203-1', 'unit 9840332030', 'nit-pick 0.9840332030'],
});

/** The check of a candidate (DIAN, Orden administrativa 4 of 1989): prime weights from the right, modulo 11. */
function isNit(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  let sum = 0;
  for (let i = 0; i < digits.length - 1; i++) sum += Number(digits.at(-2 - i)) * WEIGHTS[i]!;
  if ('01987654321'[sum % 11] !== digits.at(-1) || continuesNumber(candidate, before)) return false;
  return candidate.includes('.') || isNamed(before);
}

const WEIGHTS = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43];
const isNamed = wordNearby(['nit', 'tributaria', ...TAX_WORDS]);
