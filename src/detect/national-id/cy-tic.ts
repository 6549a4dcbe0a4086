import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cy-tic',
  family: 'pii',
  summary: 'Cypriot tax codes (eight digits and a check letter) after a context word or with CY in front.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b(?:CY ?)?\d{8}[A-Z]\b/i,
  check: isCypriotTic,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ΑΦΤ 00123123T', 'TIC 99652156X', 'CY99932139Y', '"tax_id":"99731140I"', 'Cyprus VAT 94145145F'],
  ignores: ['TIC 99652156A', 'part 99652156X', 'CY99652156A', 'tic tac 99652157X', 'tax id 0.99652156X'],
});

/** The check of a candidate (Cyprus Tax Department): odd places through a table, modulo 26. */
function isCypriotTic(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += i % 2 === 0 ? ODD[Number(digits[i])]! : Number(digits[i]);
  if (String.fromCharCode(65 + (sum % 26)) !== candidate.at(-1)!.toUpperCase() || continuesNumber(candidate, before)) return false;
  return candidate.startsWith('CY') || isNamed(before);
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const isNamed = wordNearby(['TIC', 'αφτ', 'cyprus', 'cypriot', ...TAX_WORDS]);
