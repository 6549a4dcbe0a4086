import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cl-rut',
  family: 'pii',
  summary: 'Chilean RUT and RUN numbers (modulo 11, K for ten) with dots and hyphen, those without dots after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{1,2}(?:\.\d{3}\.\d{3}|\d{6})-?[\dK]\b/i,
  check: isRut,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['RUT 10.548.453-4', '11.289.296-6 firmó', 'rut: 11796024-2', '"run":"14180774-9"', 'RUT 158365359'],
  ignores: ['RUT 10.548.453-5', '11.289.296-7', 'pedido 11796024-2', 'ran 14180774-9 times', 'ip 1.10.548.453-4', 'lote 20241121-5'],
});

/** The check of a candidate (Servicio de Registro Civil): weights 2 to 7 from the right and again, modulo 11. */
function isRut(candidate: string, before: string): boolean {
  const number = digitsOf(candidate.slice(0, -1));
  let sum = 0;
  for (let i = 0; i < number.length; i++) sum += Number(number.at(-1 - i)) * (2 + (i % 6));
  if ('0K987654321'[sum % 11] !== candidate.at(-1)!.toUpperCase() || continuesNumber(candidate, before)) return false;
  return candidate.includes('.') || isNamed(before);
}

const isNamed = wordNearby(['RUT', 'RUN', 'rol unico', 'cedula', 'carnet de identidad', ...TAX_WORDS]);
