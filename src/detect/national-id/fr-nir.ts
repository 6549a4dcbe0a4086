import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { remainder } from '../checks/remainder.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fr-nir',
  family: 'pii',
  summary: 'French social security numbers (NIR, 13 digits and a key modulo 97), Corsica included; kinds other than 1 and 2 after a word.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  pattern: /\b[1-478](?: ?\d{2}){2} ?(?:\d{2}|2[AB])(?: ?\d{3}){2} ?\d{2}\b/i,
  check: isNir,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'numéro de sécu 1 47 01 37 549 885 67',
    '109074817334664',
    'NIR : 2 05 03 75 513 420 07',
    'né en Corse : 1 84 02 2A 524 739 40',
    '"nir":"165044203856603"',
  ],
  ignores: [
    'NIR 1 47 01 37 549 885 68',
    'commande 109074817334665',
    'imei 356938035643809',
    '378282246310005',
    'ref 147 01 37 549 885',
    '0.109074817334664',
  ],
});

/** The check of a candidate (INSEE): the key is 97 less the remainder of the number; 2A and 2B count as 19 and 18 (JO of 30 January 1991). */
function isNir(candidate: string, before: string): boolean {
  const number = digitsOf(candidate.toUpperCase().replace('2A', '19').replace('2B', '18'));
  const month = Number(number.slice(3, 5));
  if (month === 0 || (month > 12 && month < 20)) return false;
  if (97 - remainder(number.slice(0, 13), 97) !== Number(number.slice(13)) || continuesNumber(candidate, before)) return false;
  return (Number(number[0]) <= 2 && month <= 12) || isNamed(before);
}

const isNamed = wordNearby(['nir', 'secu', 'securite sociale', 'insee', 'carte vitale', ...IDENTITY_WORDS]);
