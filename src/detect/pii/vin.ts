import { countDigits } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const UNIT = '[A-HJ-NPR-Z0-9]';

export default detector({
  name: 'vin',
  family: 'pii',
  summary: 'Vehicle identification numbers: 17 characters with the check digit of ISO 3779, or after a word for them.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: new RegExp(`\\b${UNIT}{4}${UNIT}{4}${UNIT}{4}${UNIT}\\d{4}\\b`),
  check: isVin,
  references: ['owasp-llm:LLM02:2026', 'iso:3779'],
  finds: [
    'the car 1M8GDM9AXKP042788 was stolen',
    'VIN: 1HGCM82633A004352.',
    '{"vin":"5YJSA1E26HF176983"}',
    'Fahrgestellnummer WVWZZZ1JZXW000123',
    'JH4KA7561PC008269',
  ],
  ignores: [
    '1M8GDM9AYKP042788',
    'order WVWZZZ1JZXW000123',
    '11111111111111111',
    'SKU 1HGCM82633A00435',
    'AAAAAAAAAAAAA0000',
    'batch 12345678901234567',
    'code 1HGIM82633A004352',
  ],
});

const hasLabel = labelled(['vin', 'vehicle*', 'chassis*', 'fahrgestell*', 'fin', 'bastidor', 'telaio', 'chassi', 'chasis']);

/** Values of the letters A–Z and weights of the 17 places (49 CFR 565.15); place 9 is the check digit, X for ten. */
const VALUES = '12345678.12345.7.923456789';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const CHECK_PLACE = 8;
/** One number in eleven has a right check digit: without a label, letters and digits must be mixed as in a real one. */
const LETTERS_MIN = 3;

function isVin(candidate: string, before: string): boolean {
  const digits = countDigits(candidate);
  if (hasLabel(before)) return digits < candidate.length;
  return candidate.length - digits >= LETTERS_MIN && digits >= 6 && candidate[CHECK_PLACE] === checkDigit(candidate);
}

function checkDigit(vin: string): string {
  let sum = 0;
  for (let i = 0; i < vin.length; i++) {
    const unit = vin.charCodeAt(i);
    sum += (unit < 65 ? unit - 48 : Number(VALUES[unit - 65])) * WEIGHTS[i]!;
  }
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}
