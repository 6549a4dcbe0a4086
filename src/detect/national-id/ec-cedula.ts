import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['cedula', 'c.i', 'RUC', ...IDENTITY_WORDS]);

export default detector({
  name: 'ec-cedula',
  family: 'pii',
  summary: 'Ecuadorian identity numbers (province, ten digits, Luhn) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b(?:0[1-9]|1\d|2[0-4]|30)[0-6]\d{6}-?\d\b/,
  check: isEcuadorianCedula,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['cédula 1729434264', 'cedula: 170519068-2', 'C.I. 1757689425', '"cedula":"1741215758"'],
  ignores: ['cédula 1729434265', 'pedido 1705190682', 'cédula 2529434264', 'at 1732190400', 'cédula 0.1729434264'],
});

/** The check of a candidate (Registro Civil): the pattern has the provinces; Luhn. */
function isEcuadorianCedula(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !continuesNumber(candidate, before);
}
