import { IBAN_LENGTHS } from '../checks/iban-country.ts';
import { passesMod97 } from '../checks/mod97.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'iban',
  family: 'pii',
  summary: 'International bank account numbers, plain or in groups of four, either case: the length of the country and mod-97.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?\b/i,
  check: isIban,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'transfer to DE89 3704 0044 0532 0130 00 please',
    'DE89370400440532013000',
    'IBAN: GB82 WEST 1234 5698 7654 32.',
    'iban de89 3704 0044 0532 0130 00',
    'compte FR14 2004 1010 0505 0001 3M02 606',
    'Norway: NO93 8601 1117 947',
    'to ES91 2100 0418 4502 0005 1332 by noon',
    'Malta MT84MALT011000012345MTLCAST001S',
  ],
  ignores: [
    'DE88 3704 0044 0532 0130 00',
    'DE89 3704 0044 0532 0130',
    'XX89 3704 0044 0532 0130 00',
    'part AB12 3456 7890 1234',
    'commit de89370400440532013000ffab',
    'GB82 WEST 1234 5698 7654 33',
  ],
});

/** The check of a candidate: ISO 13616 length and ISO 7064 remainder. */
function isIban(candidate: string): boolean {
  const iban = candidate.replaceAll(' ', '').replaceAll('\u00a0', '').toUpperCase();
  return IBAN_LENGTHS.get(iban.slice(0, 2)) === iban.length && passesMod97(iban);
}
