import { isYymmdd } from '../checks/calendar.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'za-id',
  family: 'pii',
  summary: 'South African identity numbers (13 digits: birth date, citizenship, Luhn) in printed groups, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b\d{2}[01]\d[0-3]\d(?: \d{4} [0-2]\d ?\d|\d{4}[0-2]\d{2})\b/,
  check: isSouthAfricanId,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'SA ID 911011 3391 08 8',
    'ID number 911011 3391 088',
    '"idNumber":"3505076457089"',
    'RSA ID: 4203191898085',
    'South African ID 5301055049081',
    '450813 4958 089 is his',
  ],
  ignores: [
    'SA ID 911011 3391 08 9',
    '911011 3391 087',
    'RSA ID 9113113391085',
    'order 3505076457089',
    'at 1712081234080',
    'at 1732190400000',
    '0.3505076457089',
  ],
});

/** The check of a candidate (Department of Home Affairs): a day, 0–2 for citizen, resident or refugee, and Luhn. */
function isSouthAfricanId(candidate: string, before: string): boolean {
  if (!passesLuhn(candidate) || !isYymmdd(candidate.slice(0, 6)) || continuesNumber(candidate, before)) return false;
  return candidate.includes(' ') || isNamed(before);
}

const isNamed = wordNearby(['RSA', 'south african', 'southafrican', 'sa id', 'id number', 'idnumber', 'identiteit', ...IDENTITY_WORDS]);
