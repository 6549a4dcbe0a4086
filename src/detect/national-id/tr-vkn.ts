import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['vkn', 'vergi', ...TAX_WORDS]);

export default detector({
  name: 'tr-vkn',
  family: 'pii',
  summary: 'Turkish tax numbers (ten digits, a check digit of powers of two modulo 9) after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: /\b\d{10}\b/,
  check: isVkn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['VKN 4540536920', 'vergi kimlik no: 4540536920', '"vkn":"1729171602"', 'Vergi No 1729171602'],
  ignores: ['VKN 4540536921', 'sipariş 4540536920', 'vkn 0000000000', 'at 1732190400', 'vkn 0.4540536920'],
});

/** The check of a candidate (Gelir İdaresi Başkanlığı). */
function isVkn(candidate: string, before: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) {
    const shifted = (Number(candidate[i]) + 9 - i) % 10;
    sum += shifted === 9 ? 9 : (shifted * 2 ** (9 - i)) % 9;
  }
  if ((10 - (sum % 10)) % 10 !== Number(candidate[9]) || isOneDigit(candidate)) return false;
  return !continuesNumber(candidate, before);
}
