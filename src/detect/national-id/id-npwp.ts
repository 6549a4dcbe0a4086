import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'id-npwp',
  family: 'pii',
  summary: 'Indonesian taxpayer numbers (NPWP, 15 digits, Luhn over nine) as printed, bare ones after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.94,
  pattern: /\b\d{2}(?:\.\d{3}\.\d{3}\.\d-\d{3}\.|\d{10})\d{3}\b/,
  check: isNpwp,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NPWP 01.010.500.5-057.746', '01.593.999.4-612.542 di faktur', 'npwp: 014162242512906', '"npwp":"011100765338656"'],
  ignores: [
    'NPWP 01.010.500.6-057.746',
    '01.593.999.5-612.542',
    'pesanan 014162242512906',
    'imei 356938035643809',
    'npwp 0.014162242512906',
  ],
});

/** The check of a candidate (Direktorat Jenderal Pajak): the ninth digit is the Luhn digit of the first eight. */
function isNpwp(candidate: string, before: string): boolean {
  const number = digitsOf(candidate).slice(0, 9);
  if (!passesLuhn(number) || isOneDigit(number) || continuesNumber(candidate, before)) return false;
  return candidate.includes('.') || isNamed(before);
}

const isNamed = wordNearby(['npwp', 'pajak', ...TAX_WORDS]);
