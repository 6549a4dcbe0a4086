import { isYymmdd } from '../checks/calendar.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mx-curp',
  family: 'pii',
  summary: 'Mexican population register codes (18 characters: name, birth date, sex, state, check digit).',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b[A-Z][AEIOUX][A-Z]{2}\d{2}[01]\d[0-3]\d[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z0-9]\d\b/i,
  check: isCurp,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['CURP BADD110313HCMLNS06', '"curp":"BEMC740909HDFRRS06"', 'clave LOMJ880714MJCPRN09', 'badd110313hcmlns06'],
  ignores: [
    'CURP BADD110313HCMLNS07',
    'BADD111313HCMLNS09',
    'BADD110313HZZLNS09',
    'BADD110313KCMLNS09',
    'BADD110313HCMLNS0',
    '1BADD110313HCMLNS09',
  ],
});

/** The check of a candidate (DOF, 18 October 2021, "Instructivo normativo CURP"): weights 18 to 2 over values in an alphabet with Ñ. */
function isCurp(candidate: string): boolean {
  const code = candidate.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += ALPHABET.indexOf(code[i]!) * (18 - i);
  return (10 - (sum % 10)) % 10 === Number(code[17]) && STATES.includes(code.slice(11, 13)) && isYymmdd(code.slice(4, 10));
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
const STATES = 'AS BC BS CC CL CM CS CH DF CX DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE'.split(' ');
