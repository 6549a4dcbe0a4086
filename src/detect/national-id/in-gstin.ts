import { detector } from '../detector.ts';

export default detector({
  name: 'in-gstin',
  family: 'pii',
  summary: 'Indian tax registration numbers of businesses (state, PAN, check character modulo 36).',
  tier: 'block',
  severity: 'low',
  confidence: 0.96,
  pattern: /\b[0-3]\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b/i,
  check: isGstin,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['GSTIN 27AAPFU0939F1ZV', '29AAGCB7383J1Z4 issued the invoice', 'gstin: 27aapfu0939f1zv', '"gstin":"29AAGCB7383J1Z4"'],
  ignores: ['GSTIN 27AAPFU0939F1ZW', '00AAPFU0939F1ZV', '39AAPFU0939F1ZV', '27AAPFU0939F1YV', 'X27AAPFU0939F1ZV'],
});

/** The check of a candidate (GSTN): a factor of 1 and 2 in turn, quotient and remainder by 36; states are 01–38. */
function isGstin(candidate: string): boolean {
  const code = candidate.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 14; i++) {
    const product = ALPHABET.indexOf(code[i]!) * (1 + (i % 2));
    sum += Math.floor(product / 36) + (product % 36);
  }
  const state = Number(code.slice(0, 2));
  return state >= 1 && state <= 38 && ALPHABET[(36 - (sum % 36)) % 36] === code[14];
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
