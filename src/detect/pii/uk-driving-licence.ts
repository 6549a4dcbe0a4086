import { detector } from '../detector.ts';

export default detector({
  name: 'uk-driving-licence',
  family: 'pii',
  summary: 'Driver numbers of Great Britain: 16 characters of name, date of birth and initials, with a month and a day that exist.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b(?:[A-Z]{5}|[A-Z]{4}9|[A-Z]{3}99|[A-Z]{2}999) ?\d[0156]\d[0-3]\d\d ?(?:[A-Z]{2}|[A-Z]9|99) ?[2-9A-Z][A-Z]{2}(?: ?\d\d)?\b/,
  check: isDriverNumber,
  references: ['owasp-llm:LLM02:2026', 'dvla:driver-number'],
  finds: ['licence MORGA657054SM9IJ', 'JONES710238HA3DX.', '{"driverNumber":"LEE99802159SA9AB"}', 'driver no FARME 101165 AB 5CD 12'],
  ignores: [
    'MORGA697054SM9IJ',
    'MORGA657994SM9IJ',
    'SMITH700000AB9CD',
    'order MORGA657054',
    'ABCDE123456',
    'KEYS9123456XY9AB1',
    'morga657054sm9ij',
  ],
});

/** Place of the first digit of the month, to which 5 is added for women, and of the day (DVLA, "driver number"). */
const MONTH_PLACE = 6;
const DAY_PLACE = 8;

function isDriverNumber(candidate: string): boolean {
  const compact = candidate.replaceAll(' ', '');
  const month = Number(compact.slice(MONTH_PLACE, DAY_PLACE)) % 50;
  const day = Number(compact.slice(DAY_PLACE, DAY_PLACE + 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
