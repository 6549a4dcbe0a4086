import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pt-nif',
  family: 'pii',
  summary: 'Portuguese tax numbers (nine digits, modulo 11, an issued first digit) after a context word or with PT in front.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b(?:PT ?)?[1-35689]\d{2}(?: \d{3} |\d{3})\d{3}\b/,
  check: isPortugueseNif,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NIF 213 042 380', 'contribuinte n.º 261433431', 'nif: 251956067', '"nipc":"156055414"', 'PT261792130'],
  ignores: ['NIF 213 042 381', 'encomenda 261433431', '261 433 431', 'contribuinte 013042380', 'PT261792131', 'nif 0.261433431'],
});

/** The check of a candidate (Autoridade Tributária): weights 9 to 2, modulo 11; a remainder of 0 or 1 gives 0. */
function isPortugueseNif(candidate: string, before: string): boolean {
  const rest = weightedSum(candidate, WEIGHTS) % 11;
  if ((rest < 2 ? 0 : 11 - rest) !== Number(candidate.at(-1)) || continuesNumber(candidate, before)) return false;
  return candidate.startsWith('PT') || isNamed(before);
}

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['nif', 'nipc', 'contribuinte', ...TAX_WORDS]);
