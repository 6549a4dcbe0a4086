import { isYymmdd } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'my-nric',
  family: 'pii',
  summary: 'Malaysian identity numbers (birth date and place of birth) with hyphens, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{2}[01]\d[0-3]\d(?:-\d{2}-| \d{2} |\d{2})\d{4}\b/,
  check: isMyKad,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'No. Kad Pengenalan 971224 14 8686',
    'MyKad 971224-14-8686',
    '551025-14-1091 tinggal di Ipoh',
    'no. kad pengenalan: 751013143971',
    '"nric":"500121147023"',
    'IC number 740326-14-3407',
  ],
  ignores: [
    'pesanan 971224 14 8686',
    'MyKad 971324-14-8686',
    '971224-17-8686',
    'order 751013143971',
    'at 202411211030',
    '551025-00-1091',
    '0.751013143971',
  ],
});

/** The check of a candidate (Jabatan Pendaftaran Negara). There is no check digit: a day, and a code of a state or country in use. */
function isMyKad(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const place = Number(digits.slice(6, 8));
  const isPlace = place > 0 && !UNUSED_PLACES.has(place);
  if (!isPlace || !isYymmdd(digits) || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

const UNUSED_PLACES = new Set([17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97]);
const isNamed = wordNearby(['mykad', 'nric', 'IC', 'kad pengenalan', 'ic number', 'malaysian', ...IDENTITY_WORDS]);
