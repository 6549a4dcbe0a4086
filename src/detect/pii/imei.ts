import { digitGroups } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'imei',
  family: 'pii',
  summary: 'Mobile device numbers (IMEI) of 15 digits with the Luhn digit: in printed groups, or after a word for them.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.95,
  pattern: /\b\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d\b/,
  check: isImei,
  checksum: 'luhn',
  references: ['owasp-llm:LLM02:2026', '3gpp:23.003'],
  finds: [
    'IMEI 490154203237518',
    '"imei": "35-209900-176148-1"',
    'dial *#06#: 49-015420-323751-8',
    'the device id is 356938035643809',
    'phone serial/IMEI: 35 693803 564380 9.',
  ],
  ignores: [
    'IMEI 490154203237517',
    'order 490154203237518',
    'amex 378282246310005',
    'imei 000000000000000',
    '49-015420-323751-7',
    '490154203237518',
    'imei of 4901542032375181 units',
  ],
});

const hasLabel = labelled(['imei*', 'device id', 'device identifier', 'deviceid', 'handset*', 'mobile equipment*']);
const PRINTED = '2,6,6,1';

function isImei(candidate: string, before: string): boolean {
  if (!passesLuhn(candidate) || isOneDigit(candidate)) return false;
  return (digitGroups(candidate).join(',') === PRINTED && candidate.includes('-')) || hasLabel(before);
}
