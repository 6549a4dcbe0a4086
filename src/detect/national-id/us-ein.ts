import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['EIN', 'fein', 'employer id', 'employer number', 'federal tax', 'irs number', ...TAX_WORDS]);

export default detector({
  name: 'us-ein',
  family: 'pii',
  summary: 'US employer identification numbers after a context word, with a campus prefix that the IRS has assigned.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.9,
  pattern: /\b\d{2}(?:[- ]\d{7}|\d{7})\b/,
  check: isEin,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'EIN 12-3456789',
    'employer identification number: 01-1234567',
    '"fein": "822764819"',
    'Tax ID 94 3160100',
    'Federal tax number is 52-0591081.',
  ],
  ignores: [
    'part 12-3456789',
    'EIN 07-1234567',
    'EIN: 891234567',
    'ein Preis von 12-3456789',
    'order 123456789',
    'EIN 550e8400-12-3456789',
    'EIN 12-34567890',
  ],
});

/** The check of a candidate: there is no check digit, so a prefix (IRS, "How EINs are assigned and valid EIN prefixes") and a word. */
function isEin(candidate: string, before: string): boolean {
  return PREFIXES.has(Number(candidate.slice(0, 2))) && !continuesNumber(candidate, before);
}

const PREFIXES = new Set(
  [
    [1, 6],
    [10, 16],
    [20, 27],
    [30, 48],
    [50, 68],
    [71, 77],
    [80, 88],
    [90, 95],
    [98, 99],
  ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
);
