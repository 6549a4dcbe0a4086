import { isDate } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['nik', 'ktp', 'induk kependudukan', ...IDENTITY_WORDS]);

export default detector({
  name: 'id-nik',
  family: 'pii',
  summary: 'Indonesian identity numbers (NIK: district, birth date, 16 digits) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b[1-9]\d[0-7]\d{3}[0-7]\d[01]\d{7}\b/,
  check: isNik,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'NIK 3171234508900001',
    'nik: 3273015507950003',
    '"nik":"5171021203800002"',
    'nomor KTP 3578106601880004',
    'Nomor Induk Kependudukan 1271050912730001',
  ],
  ignores: [
    'NIK 3171233213900001',
    'pesanan 3273015507950003',
    'card 5171021203800002',
    'NIK 1071234508900001',
    'NIK 3171234508900000',
    'pernik 3578106601880004',
  ],
});

/** The check of a candidate (Law 23/2006). There is no check digit: a province, a day (40 higher for women), a serial that is not 0000. */
function isNik(candidate: string, before: string): boolean {
  const day = Number(candidate.slice(6, 8)) % 40;
  const birth = { year: 2000 + Number(candidate.slice(10, 12)), month: Number(candidate.slice(8, 10)), day };
  if (!isDate(birth) || Number(candidate.slice(0, 2)) < 11 || candidate.endsWith('0000')) return false;
  return !continuesNumber(candidate, before);
}
