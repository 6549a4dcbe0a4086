import { isYymmdd } from '../checks/calendar.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mx-rfc',
  family: 'pii',
  summary: 'Mexican tax register codes (name, date, key of three) with the check digit; others only after a context word.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.9,
  pattern: /\b[A-ZÑ&]{3,4}(?:-\d{2}[01]\d[0-3]\d-|\d{2}[01]\d[0-3]\d)[A-Z0-9]{2}[0-9A]\b/i,
  check: isRfc,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['RFC CYMS770810406', 'emitido a MGIQ391224050', 'rfc: gakz-740206-480', '"rfc":"MRJK900816395"', 'R.F.C. IXPW200219010'],
  ignores: ['RFC CYMS771310402', 'CYMS770810403', 'lote cyms770810402', 'ABC241121XYZ', 'file IMG_20241121103', 'CYMS7708104021'],
});

/** The check of a candidate (SAT): weights from 13, modulo 11, over an alphabet with & and Ñ; a company's code has a space in front. */
function isRfc(candidate: string, before: string): boolean {
  const code = candidate.toUpperCase().replaceAll('-', '').padStart(13, ' ');
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += ALPHABET.indexOf(code[i]!) * (13 - i);
  if ('0A987654321'[sum % 11] !== code[12] || !isYymmdd(code.slice(4, 10)) || continuesNumber(candidate, before)) return false;
  return (candidate === candidate.toUpperCase() && code[0] !== ' ') || isNamed(before);
}

const ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';
const isNamed = wordNearby(['rfc', 'r.f.c', 'contribuyentes', ...TAX_WORDS]);
