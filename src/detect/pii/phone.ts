import { contextWords } from '../checks/context-words.ts';
import { countDigits, digitGroups, isDigit, leadingDigits } from '../checks/digits.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'phone',
  family: 'pii',
  summary: 'Phone numbers: international with +, North American with separators, national or bare ones only after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.85,
  pattern:
    /(?:\+[1-9](?:[ .()/-]{0,3}\d){8,14}|(?:\b1[ .-]?)?\([2-9]\d{2}\) ?\d{3}[ .-]\d{4}|\b(?:1[ .-])?[2-9]\d{2}[ .-]\d{3}[ .-]\d{4}|\b0\d(?:[ ./-]?\d){7,11}|\b[2-9]\d{9})\b/,
  check: isPhone,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'call +1 415 555 2671 now',
    'ring +49 (0)30 901820 tomorrow',
    '+442079460958',
    'office: (415) 555-2671',
    '415-555-2671 is my cell',
    'dial 1-415-555-2671',
    'fax 415.555.2671.',
    'my phone number is 4155552671',
    'Tel. 030 901820-11',
    '+33 1 42 68 53 00, Paris',
    'id,phone 7,415-555-2671',
  ],
  ignores: [
    'order 4155552671',
    'at 2024-11-21 10:30:00',
    'pay 4111 1111 1111 1111',
    'id 550e8400-415-555-2671-446655440000',
    'DE89 3704 0044 0532 0130 00',
    'ip 10.415.555.2671',
    '911-555-2671',
    '415-155-2671',
    'UTC+10 2024-11-21',
    'c++1234567890',
    'x = a+1234567890',
    'ratio 1.234567890',
    'version 2.415.555',
    'epoch 1732190400',
    'ref 030 901820-11',
    '+12 34',
  ],
});

const CONTEXT = ['phone', 'tel', 'call', 'mobile', 'cell', 'fax', 'whatsapp', 'dial', 'sms', 'handy', 'ruf', 'móvil', 'portable'];
/** A North American number without separators; with them, it has at least two more units. */
const BARE_UNITS = 10;
const hasContext = contextWords(CONTEXT, 24);

/** The check of a candidate; its shape says which rules hold. */
function isPhone(candidate: string, before: string): boolean {
  if (continuesToken(before)) return false;
  if (candidate.startsWith('+')) return isInternational(candidate);
  if (candidate.startsWith('0')) return hasContext(before);
  return isNorthAmerican(candidate) && (candidate.length > BARE_UNITS || hasContext(before));
}

/** Part of a longer number, address, identifier or sum: `…-415-555-2671`, `10.415.…`, `c++123`. */
function continuesToken(before: string): boolean {
  const last = before.at(-1) ?? '';
  if (last === '' || last === ' ') return false;
  if (last === '+' || isWordUnit(last)) return true;
  return (last === '-' || last === '.' || last === '/') && isDigit(before.charCodeAt(before.length - 2));
}

function isWordUnit(unit: string): boolean {
  return unit.toLowerCase() !== unit.toUpperCase() || (unit >= '0' && unit <= '9') || unit === '_';
}

/** E.164: up to 15 digits; a lone digit at the end is the next word (`… 2 tickets`). `+1` follows the North American plan. */
function isInternational(candidate: string): boolean {
  const groups = digitGroups(candidate);
  if (groups.length > 1 && groups.at(-1) === 1) return false;
  return candidate.startsWith('+1') ? countDigits(candidate) === 11 && isNorthAmerican(candidate) : true;
}

/** Area and exchange begin with 2–9 and are no service codes (N11). */
function isNorthAmerican(number: string): boolean {
  const isLong = countDigits(number) === 11 && leadingDigits(number, 1) === 1;
  if (!isLong && countDigits(number) !== 10) return false;
  const national = leadingDigits(number, 11) - (isLong ? 10_000_000_000 : 0);
  return isOffice(Math.floor(national / 10_000_000)) && isOffice(Math.floor(national / 10_000) % 1_000);
}

function isOffice(code: number): boolean {
  return code >= 200 && code % 100 !== 11;
}
