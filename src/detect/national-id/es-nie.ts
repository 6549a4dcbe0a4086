import { leadingDigits } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { hasSpanishLetter } from '../checks/spanish-letter.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'es-nie',
  family: 'pii',
  summary: 'Spanish identity numbers of foreigners and children (X, Y, Z, K, L, M, check letter); small letters only after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[K-MXYZ][ -]?\d{7}[ -]?[A-HJ-NP-TV-Z]\b/i,
  check: isNie,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'NIE Z2691499K',
    'X-1551134-Z vive en Madrid',
    'nie: y4267453r',
    'su NIE es Y6598557D.',
    '"doc":"Z3774748Q"',
    'menor con NIF K2691499Q',
  ],
  ignores: ['NIE Z2691499L', 'X1551134A', 'part y4267453r', 'XZ2691499K', 'Z2691499K1'],
});

/** The check of a candidate: Y and Z stand for a first digit 1 and 2, X for none (Orden INT/2058/2008), nor K, L and M (RD 1065/2007). */
function isNie(candidate: string, before: string): boolean {
  const first = Math.max(0, 'XYZ'.indexOf(candidate[0]!.toUpperCase()));
  const number = first * 10_000_000 + leadingDigits(candidate, 7);
  if (!hasSpanishLetter(number, candidate.at(-1)!) || continuesNumber(candidate, before)) return false;
  return candidate === candidate.toUpperCase() || isNamed(before);
}

const isNamed = wordNearby(['NIE', 'extranjero', ...TAX_WORDS, ...IDENTITY_WORDS]);
