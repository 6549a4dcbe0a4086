import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['siren', 'siret', 'rcs']);

export default detector({
  name: 'fr-siren',
  family: 'pii',
  summary: 'French company numbers (SIREN, SIRET: Luhn) after a context word.',
  tier: 'flag',
  severity: 'low',
  confidence: 0.85,
  pattern: /\b\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?\b/,
  check: isSiren,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['SIREN 676 015 985', 'siret: 69305857060256', 'RCS Paris 416 392 389', 'SIRET 482 181 179 38904', '"siren":"616152823"'],
  ignores: ['SIREN 676 015 986', 'prix 676 015 985', 'commande 616152823', 'siren at 676015986', 'siret 0.616152823'],
});

/** The check of a candidate (INSEE): Luhn over the nine digits of the company and over all of an establishment. */
function isSiren(candidate: string, before: string): boolean {
  if (!passesLuhn(candidate) || !passesLuhn(digitsOf(candidate).slice(0, 9))) return false;
  return !continuesNumber(candidate, before);
}
