import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ie-pps',
  family: 'pii',
  summary: 'Irish personal public service numbers (seven digits, check letter) with two letters, those with one after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{7} ?[A-W][A-IW]?\b/i,
  check: isPps,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'PPS number 7786878 V',
    'PPS number 7786878V',
    'pps: 1826744p',
    'PPSN 1234567FA',
    '"ppsNumber":"4527795R"',
    'her number 1234567FA',
  ],
  ignores: [
    '7786878 V',
    'PPS 7786878 W',
    'PPS 7786878W',
    'part 7786878V',
    'commit 1234567fa',
    'PPSN 1234567GA',
    '1826744PX',
    'pps 182674P',
  ],
});

/** The check of a candidate (Department of Social Protection): weights 8 to 2, and 9 for the second letter, modulo 23. */
function isPps(candidate: string, before: string): boolean {
  const code = candidate.replace(' ', '').toUpperCase();
  const second = code[8] === undefined || code[8] === 'W' ? 0 : code.charCodeAt(8) - 64;
  const letter = 'WABCDEFGHIJKLMNOPQRSTUV'[(weightedSum(code, WEIGHTS) + 9 * second) % 23];
  if (letter !== code[7] || continuesNumber(candidate, before)) return false;
  return (code.length === 9 && code === candidate) || isNamed(before);
}

const WEIGHTS = [8, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['pps', 'ppsn', 'public service number', ...TAX_WORDS]);
