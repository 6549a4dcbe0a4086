import { digitGroups, isDigit } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const NAME = "[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{1,12}";
const NAMES = `${NAME}(?: ${NAME}){0,2}`;
const UK_POSTCODE = '[A-Z]{1,2}\\d[A-Z0-9]? ?\\d[A-Z]{2}';
const ENGLISH_STREET =
  '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Terrace|Way|Parkway|Pkwy|Circle|Cir|Square|Sq|Highway|Hwy|Close|Crescent|Gardens|Grove|Mews|Row)';
const UNIT = '(?:,? (?:Apt|Suite|Ste|Unit|Flat|Apartment|#)\\.? ?[A-Z0-9]{1,5})?';
const ENGLISH_TOWN = `(?:,? ${NAME}(?: ${NAME})?,? (?:[A-Z]{2}\\.? \\d{5}(?:-\\d{4})?|${UK_POSTCODE}|[A-Z]{2,3} \\d{4}))?`;
const TOWN = `(?:,? (?:[A-Z]{1,2}-)?\\d{4,5} (?:[A-Z]{2} )?${NAME}(?: ${NAME})?)?`;
const GERMANIC = '(?:[Ss]tra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|damm|ufer|straat|laan|plein|gracht|gatan|vägen|vej|gade|veien)';
const ROMANCE = '(?:[Cc]alle|C/|[Aa]venida|Avda\\.|[Pp]laza|[Pp]aseo|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Rr]ua|[Pp]raça)';
const SMALL_WORD = '(?:de|des|du|la|le|les|del|della|di|da|do|dos|das|los|las|el)';

export default detector({
  name: 'postal-address',
  family: 'pii',
  summary: 'Street addresses of Europe and English-speaking countries: with town and postcode, or after words for an address.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.85,
  pattern: new RegExp(
    `\\b(?:${[
      `\\d{1,5}[a-zA-Z]? (?:[NSEW]\\.? )?(?:${NAMES}|\\d{1,3}(?:st|nd|rd|th)) ${ENGLISH_STREET}${UNIT}${ENGLISH_TOWN}`,
      // One word before it: two capital words are in every text, and the first would be held until the word behind the second has come.
      `${NAME}(?:-${NAME})?[ -]?${GERMANIC} \\d{1,4} ?[a-z]?${TOWN}`,
      `\\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|cours)(?: ${SMALL_WORD}){0,2} (?:l['’]|d['’])?${NAMES}${TOWN}`,
      `${ROMANCE}(?: ${SMALL_WORD}){0,2} ${NAMES},? (?:n[º°]\\.? )?\\d{1,4}${TOWN}`,
      `P\\.? ?O\\.? Box \\d{2,6}${ENGLISH_TOWN}`,
    ].join('|')})\\b`,
  ),
  check: isAddress,
  references: ['owasp-llm:LLM02:2026', 'hipaa:164.514(b)(2)'],
  finds: [
    'ship it to 742 Evergreen Terrace, Springfield, OR 97403 by Friday',
    'my address is 12 High Street',
    '10 Downing Street, London SW1A 2AA',
    'She lives at 1600 N Amphitheatre Pkwy Suite 200',
    'Anschrift: Hauptstraße 12a, 10115 Berlin',
    'wohnhaft in der Alten Landstrasse 14',
    'Karl-Marx-Straße 3, 10178 Berlin',
    'adresse 12 rue de la Paix, 75002 Paris',
    'Calle Mayor 14, 28013 Madrid',
    'write to P.O. Box 1234, Austin, TX 78701',
  ],
  ignores: [
    'meet me at 5 Main Street',
    'Wall Street fell 300 points',
    '2 Broke Girls Drive Around',
    'the 3 Musketeers Road Movie',
    'Chapter 12 High Street',
    'der Weg 12 war lang',
    'via Email 12',
    'rue the day',
  ],
});

const hasLabel = labelled([
  'address*',
  'live at',
  'lives at',
  'lived at',
  'living at',
  'reside at',
  'resides at',
  'residing at',
  'ship to',
  'deliver to',
  'mail to',
  'move to',
  'moved to',
  'residence',
  'adres*',
  'anschrift*',
  'wohne*',
  'wohnt*',
  'wohnhaft*',
  'habite*',
  'domicil*',
  'direccion*',
  'dirección*',
  'indirizzo*',
  'vive en',
  'vivo en',
  'abito in',
  'abita in',
  'endereco*',
  'endereço*',
]);

function isAddress(candidate: string, before: string): boolean {
  return isComplete(candidate) || hasLabel(before);
}

/** A house number and a postcode: of four or five digits, or a British one, which ends in a digit and two letters. */
function isComplete(address: string): boolean {
  const groups = digitGroups(address);
  if (groups.length < 2) return false;
  return groups.slice(1).some((digits) => digits >= 4) || (isDigit(address.charCodeAt(address.length - 3)) && address.includes(','));
}
