import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['ausweis', 'perso nr', 'perso', 'id card', 'identity card']);

export default detector({
  name: 'de-id-card',
  family: 'pii',
  summary: 'German identity card numbers (nine characters and a check digit of the machine-readable zone) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?\b/i,
  check: isIdCard,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'Personalausweis T220001293',
    'Ausweisnummer: L01X00T471',
    'Perso-Nr. LM3X7GT2V4',
    '"personalausweis":"T22000129"',
    'id card L01X00T47',
  ],
  ignores: ['Personalausweis T220001294', 'part T220001293', 'Ausweis TYPHWRT', 'Ausweisnummer A220001293', 'der Ausweis von FRTZKLMNZ'],
});

/** The check of a candidate (PAuswG, ICAO 9303): weights 7, 3, 1, letters from 10; without check digit at least one digit. */
function isIdCard(candidate: string, before: string): boolean {
  const code = candidate.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += ALPHABET.indexOf(code[i]!) * WEIGHTS[i % 3]!;
  if (code.length === 10 ? sum % 10 !== Number(code[9]) : digitsOf(code).length < 2) return false;
  return !continuesNumber(candidate, before);
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const WEIGHTS = [7, 3, 1];
