import { isYymmdd } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['قومي', 'القومي', 'egyptian', ...IDENTITY_WORDS]);

export default detector({
  name: 'eg-national-id',
  family: 'pii',
  summary: 'Egyptian identity numbers (century, birth date, governorate, 14 digits) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b[23]\d{2}[01]\d[0-3]\d[0-38]\d{6}\b/,
  check: isEgyptianId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['الرقم القومي 29001011234567', 'Egyptian ID 30105150123456', 'رقم قومي: 28512312101234', 'national ID 27807048812345'],
  ignores: [
    'order 29001011234567',
    'الرقم القومي 29013011234567',
    'national id 29001014012345',
    'at 20241121103000',
    'national id 0.29001011234567',
  ],
});

/** The check of a candidate (Civil Status Organisation): the check digit is not published; a day and a governorate. */
function isEgyptianId(candidate: string, before: string): boolean {
  const governorate = Number(candidate.slice(7, 9));
  const isGovernorate = (governorate >= 1 && governorate <= 35) || governorate === 88;
  return isGovernorate && isYymmdd(candidate.slice(1, 7)) && !continuesNumber(candidate, before);
}
