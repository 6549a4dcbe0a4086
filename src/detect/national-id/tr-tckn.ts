import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['tckn', 'kimlik', 'TC', 't.c', 'vatandas', 'nufus', 'turkish id', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'tr-tckn',
  family: 'pii',
  summary: 'Turkish identity numbers (eleven digits, two check digits) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[1-9]\d{9}[02468]\b/,
  check: isTckn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'TC Kimlik No: 78394219766',
    'tckn 70450407940',
    'T.C. 14243469418',
    '"tcKimlikNo":"45839559244"',
    'vatandaşlık numarası 63408329814',
  ],
  ignores: ['tckn 78394219768', 'sipariş 70450407940', 'T.C. 12345678900', 'kimlik 0.70450407940', 'tel +70450407940', 'tckn 7045040794'],
});

/** The check of a candidate (Nüfus ve Vatandaşlık İşleri): seven times the odd places less the even ones, then the sum of all, modulo 10. */
function isTckn(candidate: string, before: string): boolean {
  const tenth = ((weightedSum(candidate, FIRST) % 10) + 10) % 10;
  if (tenth !== Number(candidate[9]) || weightedSum(candidate, SECOND) % 10 !== Number(candidate[10])) return false;
  return !continuesNumber(candidate, before);
}

const FIRST = [7, -1, 7, -1, 7, -1, 7, -1, 7];
const SECOND = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
