import { digitsOf, leadingDigits } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { hasSpanishLetter } from '../checks/spanish-letter.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'es-dni',
  family: 'pii',
  summary: 'Spanish identity numbers (eight digits and their check letter); small letters only after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: /\b(?:\d{5,8}|\d{1,2}\.\d{3}\.\d{3})[ -]?[A-HJ-NP-TV-Z]\b/i,
  check: isDni,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'DNI 78573278B',
    '64829951-N firmó el contrato',
    'dni: 72999098l',
    'con NIF 55.063.280-S',
    '"documento":"96301727Z"',
    'NIF 54237A',
  ],
  ignores: ['ref 54237A', 'DNI 78573278C', '64829951-M', 'part 72999098l', '12345678 a', '78573278B5', '0.78573278B'],
});

/** The check of a candidate. A letter after a space or a small one may be the next word, zeros in front may be left out: then a word decides. */
function isDni(candidate: string, before: string): boolean {
  const letter = candidate.at(-1)!;
  if (!hasSpanishLetter(leadingDigits(candidate, 8), letter) || continuesNumber(candidate, before)) return false;
  const isWhole = digitsOf(candidate).length === 8 && !candidate.includes(' ') && letter === letter.toUpperCase();
  return isWhole || isNamed(before);
}

const isNamed = wordNearby(['dni', 'nif', 'documento nacional', 'documento de identidad', ...TAX_WORDS, ...IDENTITY_WORDS]);
