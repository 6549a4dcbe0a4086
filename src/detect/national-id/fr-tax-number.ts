import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fr-tax-number',
  family: 'pii',
  summary: 'French tax numbers (SPI, 13 digits, modulo 511) in printed groups, bare ones after a context word; time stamps pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[0-3]\d(?: \d{2} \d{3} \d{3} \d{3}|\d{11})\b/,
  check: isFrenchTaxNumber,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'numéro fiscal 30 23 217 600 053',
    'SPI : 3715752408067',
    "04 18 900 576 150 figure sur l'avis",
    '"numero_fiscal":"1859412431450"',
    'Tax ID 2067245805415',
  ],
  ignores: ['numéro fiscal 30 23 217 600 054', 'at 1732190400000', 'SPI 3715752408068', 'commande 3715752408067', '33 01 42 685 300 053'],
});

/** The check of a candidate: the last three digits are the remainder of the first ten modulo 511 (OECD, tax identification numbers of France). */
function isFrenchTaxNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (Number(digits.slice(0, 10)) % 511 !== Number(digits.slice(10)) || continuesNumber(candidate, before)) return false;
  return candidate.length > 13 || isNamed(before);
}

const isNamed = wordNearby(['SPI', 'fiscal', 'impot', ...TAX_WORDS]);
