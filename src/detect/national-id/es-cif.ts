import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'es-cif',
  family: 'pii',
  summary: 'Spanish company numbers (kind, seven digits, check digit or letter) in capitals, small letters after a context word.',
  tier: 'block',
  severity: 'low',
  confidence: 0.92,
  pattern: /\b[ABCDEFGHJNPQRSUVW]-?\d{7}-?[0-9A-J]\b/i,
  check: isCif,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['CIF G06040729', 'A-87038196 emite la factura', 'cif: a35718303', 'NIF de la empresa B-52881570', '"cif":"H34414755"'],
  ignores: ['CIF G06040728', 'part a35718303', 'A-87038197', 'lote A35718303', 'G060407295'],
});

/** The check of a candidate (Orden EHA/451/2008): the Luhn digit of the seven, or for public bodies and foreigners a letter for it. */
function isCif(candidate: string, before: string): boolean {
  const [kind, check] = [candidate[0]!.toUpperCase(), candidate.at(-1)!.toUpperCase()];
  const digit = luhnDigit(digitsOf(candidate).slice(0, 7));
  const isSound = (check === String(digit) && !'NPQRSW'.includes(kind)) || (check === 'JABCDEFGHI'[digit] && !'ABEH'.includes(kind));
  if (!isSound || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

function luhnDigit(number: string): number {
  let digit = 0;
  while (!passesLuhn(number + digit)) digit++;
  return digit;
}

const isNamed = wordNearby(['cif', 'nif', 'identificacion fiscal', ...TAX_WORDS]);
