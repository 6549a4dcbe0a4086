import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'do-cedula',
  family: 'pii',
  summary: 'Dominican identity numbers (eleven digits, Luhn) with their hyphens, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b\d{3}(?:-\d{7}-|\d{7})\d\b/,
  check: isDominicanCedula,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['cédula 001-1503371-4', '001-1550033-2 vive en Santiago', 'cedula: 00137265609', '"cedula":"00145055513"'],
  ignores: ['cédula 001-1503371-5', '001-1550033-3', 'pedido 00137265609', 'cédula 00000000000', 'cédula 0.00137265609'],
});

/** The check of a candidate (Junta Central Electoral): Luhn. */
function isDominicanCedula(candidate: string, before: string): boolean {
  if (!passesLuhn(candidate) || isOneDigit(digitsOf(candidate)) || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

const isNamed = wordNearby(['cedula', ...IDENTITY_WORDS]);
