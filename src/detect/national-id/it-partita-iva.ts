import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'it-partita-iva',
  family: 'pii',
  summary: 'Italian VAT numbers (eleven digits, Luhn, a province code), with IT in front or after a context word.',
  tier: 'flag',
  severity: 'low',
  confidence: 0.88,
  pattern: /\b(?:IT ?)?\d{11}\b/,
  check: isPartitaIva,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['Partita IVA 62014190060', 'P.IVA: 62952420073', 'P. IVA IT82497991008', 'IT31814740242', '"vatNumber":"31814740242"'],
  ignores: ['partita iva 62014190061', 'ordine 62014190060', 'IT12345678901', 'IBAN IT60X0542811101000000123456', 'p.iva 00000000000'],
});

/** The check of a candidate: Luhn; digits 8–10 are the office that gave the number (001–100, 120, 121, 888, 999). */
function isPartitaIva(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const office = Number(digits.slice(7, 10));
  const isOffice = (office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office);
  if (!isOffice || !passesLuhn(digits) || isOneDigit(digits) || continuesNumber(candidate, before)) return false;
  return candidate.length > 11 || isNamed(before);
}

const isNamed = wordNearby(['p.iva', 'p. iva', 'partita iva', 'piva', 'vat', ...TAX_WORDS]);
