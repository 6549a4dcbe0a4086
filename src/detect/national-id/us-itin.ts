import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'us-itin',
  family: 'pii',
  summary: 'US taxpayer identification numbers (9xx) in groups, bare ones after a context word; the group ranges of the IRS.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern:
    /\b9\d{2}(?:-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{4}| (?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9]) \d{4}|(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4})\b/,
  check: isItin,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'ITIN 912-78-1234',
    'his number 975-79-9880 was renewed',
    'itin: 927988344',
    '"taxpayer_id":"968943910"',
    '900 70 0001 is the number on the form',
  ],
  ignores: [
    'order 912781234',
    'ITIN 912-45-1234',
    'itin: 912691234',
    '812-78-1234',
    'call +1 912 78 1234',
    '550e8400-912-78-1234',
    'itin ratio 0.912781234',
  ],
});

/** The check of a candidate; the group ranges are part of the pattern (IRS Publication 4757, section on ITIN structure). */
function isItin(candidate: string, before: string): boolean {
  return !continuesNumber(candidate, before) && (candidate.length > 9 || isNamed(before));
}

const isNamed = wordNearby(['itin', ...TAX_WORDS]);
