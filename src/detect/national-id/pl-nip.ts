import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pl-nip',
  family: 'pii',
  summary: 'Polish tax numbers (NIP, ten digits, modulo 11) grouped with hyphens, with PL in front, or after a context word.',
  tier: 'block',
  severity: 'low',
  confidence: 0.92,
  pattern: /\b(?:PL)?[1-9]\d{2}(?:-\d{3}-\d{2}-\d{2}|-\d{2}-\d{2}-\d{3}|\d{7})\b/,
  check: isNip,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NIP 377-504-69-55', '312-26-26-110 na fakturze', 'nip: 9517299856', 'PL9517299856', '"nip":"2234567895"'],
  ignores: ['NIP 377-504-69-54', '312-26-26-111', 'zamówienie 9517299856', 'PL9517299857', 'zip 9517299856', '2-377-504-69-55'],
});

/** The check of a candidate (Ministry of Finance): the weighted sum modulo 11 is the last digit, so 10 never occurs. */
function isNip(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 11 !== Number(digits[9]) || continuesNumber(candidate, before)) return false;
  return candidate.length > 10 || isNamed(before);
}

const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7];
const isNamed = wordNearby(['nip', 'identyfikacji podatkowej', ...TAX_WORDS]);
