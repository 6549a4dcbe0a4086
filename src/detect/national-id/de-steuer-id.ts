import { digitsOf } from '../checks/digits.ts';
import { passesMod1110 } from '../checks/mod11-10.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'de-steuer-id',
  family: 'pii',
  summary: 'German tax identification numbers (eleven digits, ISO 7064, one digit repeated) in printed groups, bare ones after a word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b[1-9]\d(?: \d{3} \d{3} \d{3}|\d\/\d{3}\/\d{4}\/\d|\d{9})\b/,
  check: isSteuerId,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'Steuer-ID 86 095 742 719',
    'steuerliche Identifikationsnummer: 26954371827',
    '65 929 970 489 steht auf dem Bescheid',
    'IdNr. 91337280649',
    '"tax_id":"98726480535"',
  ],
  ignores: [
    'Steuer-ID 86 095 742 718',
    'Bestellung 86095742719',
    'Steuer-ID 12345678903',
    'ruf 86 095 742 710 an',
    'Steuer-ID 0.86095742719',
    'steuernummer 11111111111',
  ],
});

/** The check of a candidate: the digits of an IdNr (§ 139b AO, BZSt "Prüfziffernberechnung") repeat once, and ISO 7064 MOD 11,10. */
function isSteuerId(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (!passesMod1110(digits) || !repeatsOne(digits) || continuesNumber(candidate, before)) return false;
  return candidate.length > 11 || isNamed(before);
}

/** Whether exactly one of the first ten digits stands there more than once: twice or, since 2016, three times. */
function repeatsOne(digits: string): boolean {
  const counts = new Uint8Array(10);
  for (let i = 0; i < 10; i++) counts[Number(digits[i])]!++;
  return counts.filter((count) => count > 1).length === 1 && Math.max(...counts) <= 3;
}

const isNamed = wordNearby(['steuer', 'idnr', 'id nr', 'identifikationsnummer', 'finanzamt', ...TAX_WORDS]);
