import { countDigits } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled([
  'drivers license*',
  'drivers licence*',
  'driver license*',
  'driver licence*',
  'driving license*',
  'driving licence*',
  'drivers lic',
  'driver lic',
  'driverlicense*',
  'driverslicense*',
  'dl',
  'dln',
  'führerschein*',
  'fuhrerschein*',
  'fuehrerschein*',
  'permis de conduire',
  'numero de permis',
  'licencia de conducir',
  'licencia de conduccion',
  'carnet de conducir',
  'permiso de conducir',
  'patente di guida',
  'carta de conducao',
  'carta de condução',
  'rijbewijs*',
  'prawo jazdy',
  'prawa jazdy',
  'водительск*',
  'ehliyet*',
  'körkort*',
  'førerkort*',
  'kørekort*',
  'ajokort*',
  '驾驶证',
  '運転免許',
  '운전면허',
]);

export default detector({
  name: 'driver-licence',
  family: 'pii',
  summary: 'Driving licence numbers in the shapes of US states, Canada, Europe, India and Australia, after a word for them.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern:
    /\b(?:(?:[a-z]{1,3}-?)?\d{5,14}[a-z]{0,2}|[a-z]\d{3,4}(?:[ -]\d{2,6}){2,4}|\d{2,3}(?:[ -]\d{2,6}){2,3}|\d{2}[a-z]{2}\d{5}|[a-z]{2}[ -]?\d{2}[ -]?\d{4}[ -]?\d{7}|(?-i:[A-Z*]{1,7}\d{3}[A-Z0-9]{2}|[A-Z]\d{2}[A-Z0-9]{6}\d[A-Z0-9]))\b/i,
  check: isLicence,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    "my driver's license is D1234567",
    'DL# 123456789',
    'driver’s license number: S123-4567-8901-23',
    '{"driversLicense":"F255921000000"}',
    'driving licence number 19 06 850342',
    'Führerschein B072RRE2I55',
    'permis de conduire 13AA00002',
    'DL MH12 20110012345',
    'licencia de conducir 12345678Z',
  ],
  ignores: [
    'order D1234567',
    'driver 535.54.03 is old',
    'install the driver 1234567',
    'a license for 2024',
    "lost my driver's license in May",
    'software license key 12345678',
    'the MIT license 1234567',
    'dl 1234',
  ],
});

const DIGITS_MIN = 5;

function isLicence(candidate: string): boolean {
  return countDigits(candidate) >= DIGITS_MIN;
}
