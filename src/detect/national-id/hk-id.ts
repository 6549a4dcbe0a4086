import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hk-id',
  family: 'pii',
  summary: 'Hong Kong identity card numbers (letters, six digits, check digit) with brackets, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[A-Z]{1,2}\d{6}(?:\([0-9A]\)|[0-9A]\b)/i,
  check: isHongKongId,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['HKID A123456(3)', '香港身份證 Z683365(A)', 'G123456(A) of Kowloon', 'hkid: a1234563', '"hkid":"AB987654(3)"'],
  ignores: ['HKID A123456(4)', 'A1234563', 'f123456(3) = call', 'item AB987654(2)', 'hkid 123456(3)'],
});

/** The check of a candidate (Immigration Department): letters count 10–35, a missing first one 36; weights 9 to 1, modulo 11. */
function isHongKongId(candidate: string, before: string): boolean {
  const code = candidate.toUpperCase().replace('(', '').replace(')', '').padStart(9, ' ');
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += placeValue(code[i]!) * (9 - i);
  if (sum % 11 !== 0 || continuesNumber(candidate, before)) return false;
  return (candidate.endsWith(')') && candidate === candidate.toUpperCase()) || isNamed(before);
}

function placeValue(character: string): number {
  return character === ' ' ? 36 : '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(character);
}

const isNamed = wordNearby(['hkid', 'hong kong', '身份證', '身份证', '香港', ...IDENTITY_WORDS]);
