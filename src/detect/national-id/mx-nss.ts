import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['nss', 'imss', 'seguridad social', 'seguro social']);

export default detector({
  name: 'mx-nss',
  family: 'pii',
  summary: 'Mexican social security numbers (IMSS, eleven digits, Luhn) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{2}(?:-\d{2}-\d{2}-\d{4}-|\d{8})\d\b/,
  check: isNss,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NSS 12345678903', 'IMSS: 72-96-84-7341-2', '"nss":"12345678903"', 'número de seguridad social 72968473412'],
  ignores: ['NSS 12345678904', 'pedido 12345678903', 'nss 00000000000', 'at 17321904000', 'nss 0.12345678903'],
});

/** The check of a candidate (Instituto Mexicano del Seguro Social): Luhn. */
function isNss(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !isOneDigit(digitsOf(candidate)) && !continuesNumber(candidate, before);
}
