import { hasIbanStructure, IBAN_LENGTHS, UNREGISTERED_IBAN_LENGTHS } from '../checks/iban-country.ts';
import { passesMod97 } from '../checks/mod97.ts';
import { detector } from '../detector.ts';

const LENGTHS = new Map([...IBAN_LENGTHS, ...UNREGISTERED_IBAN_LENGTHS]);
const SPACE = '[ \\u00a0]';

export default detector({
  name: 'iban',
  family: 'pii',
  summary: 'International bank account numbers, plain or in groups of four, either case: structure of the country and mod-97.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: new RegExp(`\\b(?:${[...new Set(LENGTHS.values())].map(ofLength).join('|')})\\b`, 'i'),
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
    'Maroc MA64 0115 1900 0001 2050 0053 4921',
    'Malta MT84MALT011000012345MTLCAST001S',
  ],
  ignores: [
    'DE88 3704 0044 0532 0130 00',
    'DE89 3704 0044 0532 0130',
    'XX89 3704 0044 0532 0130 00',
    'part AB12 3456 7890 1234',
    'commit de89370400440532013000ffab',
    'GB82 WEST 1234 5698 7654 33',
    'VG46H07Y0223060094359858',
  ],
});

/** The IBANs of one length (ISO 13616), with or without spaces between groups of four. */
function ofLength(length: number): string {
  const countries = [...LENGTHS].filter(([, own]) => own === length).map(([country]) => country);
  const [groups, rest] = [Math.floor(length / 4) - 1, length % 4];
  return `(?:${countries.join('|')})\\d{2}(?:${SPACE}?[A-Z0-9]{4}){${groups}}${rest === 0 ? '' : `${SPACE}?[A-Z0-9]{${rest}}`}`;
}

/** The check of a candidate: letters and digits where the country has them, and the remainder of ISO 7064. */
function isIban(candidate: string): boolean {
  const iban = candidate.replaceAll(' ', '').replaceAll('\u00a0', '').toUpperCase();
  return hasIbanStructure(iban) && passesMod97(iban);
}
