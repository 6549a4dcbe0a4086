import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'at-tax-number',
  family: 'pii',
  summary: 'Austrian tax office numbers (nine digits, Luhn-like) as printed with hyphen and slash, bare ones after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: /\b\d{2}(?:-\d{3}\/\d{4}|\d{7})\b/,
  check: isAustrianTaxNumber,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'Steuernummer 15-601/7162',
    'StNr 903764710',
    '12-127/0409 beim Finanzamt Wien',
    'Abgabenkontonummer: 618975619',
    '"tax_id":"594162224"',
  ],
  ignores: ['Steuernummer 15-601/7163', '12-127/0408', 'Bestellung 903764710', 'am 21-112/0246', 'StNr 0.903764710'],
});

/** The check of a candidate (BMF, "Abgabenkontonummer"): Luhn over nine digits. */
function isAustrianTaxNumber(candidate: string, before: string): boolean {
  if (!passesLuhn(candidate) || continuesNumber(candidate, before)) return false;
  return candidate.includes('/') || isNamed(before);
}

const isNamed = wordNearby(['steuernummer', 'stnr', 'st nr', 'abgabenkonto', 'finanzamt', ...TAX_WORDS]);
