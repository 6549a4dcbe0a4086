import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'si-tax-number',
  family: 'pii',
  summary: 'Slovenian tax numbers (eight digits, modulo 11) after a context word or with SI in front.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: /\b(?:SI ?)?[1-9]\d{7}\b/,
  check: isSlovenianTaxNumber,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['davčna številka 51106469', 'davčna: 12320447', 'ID za DDV: SI37173383', '"davcna":"87398435"', 'SI46225617'],
  ignores: ['davčna številka 51106468', 'naročilo 12320447', 'SI37173384', 'davčna 0.12320447', 'dne 20241121'],
});

/** The check of a candidate (FURS): weights 8 to 2, eleven less the remainder, ten gives 0; a remainder of 0 is not issued. */
function isSlovenianTaxNumber(candidate: string, before: string): boolean {
  const rest = weightedSum(candidate, WEIGHTS) % 11;
  if (rest === 0 || (11 - rest) % 10 !== Number(candidate.at(-1)) || continuesNumber(candidate, before)) return false;
  return candidate.startsWith('SI') || isNamed(before);
}

const WEIGHTS = [8, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['davcna', 'davcno', 'ddv', ...TAX_WORDS]);
