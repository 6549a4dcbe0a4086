import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'de-rvnr',
  family: 'pii',
  summary: 'German pension insurance numbers (area, birth date, initial, serial, check digit modulo 10), with or without spaces.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b\d{2} ?[0-9]\d[01]\d{3} ?[A-Z] ?\d{2} ?\d\b/i,
  check: isRvnr,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['RV-Nummer 15 070649 C 103', '65170839J003', 'Sozialversicherungsnummer: 15070649c103', '"svnr":"65 170839 J 003"'],
  ignores: ['RV-Nummer 15 070649 C 104', '65170839J004', '15 071349 C 103', '15 320649 C 103', '99999999Z999', '0.65170839J003'],
});

/** The check of a candidate (VKVV § 2): the letter counts as two digits, sums of digits of the products, modulo 10; days may be 50 higher. */
function isRvnr(candidate: string, before: string): boolean {
  const code = candidate.toUpperCase().replaceAll(' ', '');
  const digits = code.slice(0, 8) + String(code.charCodeAt(8) - 64).padStart(2, '0') + code.slice(9);
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += digitSum(Number(digits[i]) * WEIGHTS[i]!);
  if (sum % 10 !== Number(digits[12]) || continuesNumber(candidate, before)) return false;
  const day = Number(code.slice(2, 4)) % 50;
  return isDate({ year: 2000 + Number(code.slice(6, 8)), month: Number(code.slice(4, 6)), day });
}

function digitSum(product: number): number {
  return Math.floor(product / 10) + (product % 10);
}

const WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
