import { countDigits } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { passportPattern } from '../checks/passport-format.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled([
  'passport*',
  'travel document*',
  'reisepass*',
  'passeport*',
  'pasaporte*',
  'passaport*',
  'paspoort*',
  'paszport*',
  'pasaport*',
  'pasnummer',
  'pas nr',
  'паспорт*',
  'загранпаспорт*',
  'passinumero',
  'passnummer',
  '护照',
  '護照',
  'パスポート',
  '旅券',
  '여권',
  'جواز',
  'पासपोर्ट',
]);

export default detector({
  name: 'passport',
  family: 'pii',
  summary: 'Passport numbers in the shapes of some sixty countries, after a word for passport in one of many languages.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  pattern: new RegExp(`\\b(?:${passportPattern()})\\b`),
  check: isPassport,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'icao:9303'],
  finds: [
    'my passport number is 925076473',
    'Passport no. C01X00T47, valid to 2031',
    '{"passportNumber":"A1234567"}',
    'Reisepass C26VMVVC3',
    'passeport 60RF19342',
    'passport: pa0940443',
    'travel document EF1234567',
    '护照号码 E12345678',
    'паспорт 753456789',
  ],
  ignores: [
    'order 925076473',
    'passport order 925076473',
    'passport renewal in 2024',
    'PASSPORT RENEWALS ACCEPTED',
    'my passport was stolen at gate 12',
    'npm i passport-local@1.0.0',
    'call 925076473 about a flight',
    'passport fee 130',
  ],
});

/** A number of eight or nine letters and digits must have some of both; `PASSPORT ACCEPTED` has the shape of a Lithuanian one. */
const DIGITS_MIN = 2;

function isPassport(candidate: string): boolean {
  return countDigits(candidate) >= DIGITS_MIN;
}
