import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['身分證', '身份證', '統一編號', '統一證號', '居留證', 'taiwan', 'ROC', ...IDENTITY_WORDS]);

export default detector({
  name: 'tw-national-id',
  family: 'pii',
  summary: 'Taiwanese identity and resident numbers (a letter, nine digits, check digit modulo 10) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b[A-Z][1289]\d{8}\b/i,
  check: isTaiwaneseId,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['身分證字號 A123456789', '統一證號：A800000014', 'ROC ID F131104093', 'Taiwan ID: b229876546', '身份證 O158238845'],
  ignores: ['身分證字號 A123456788', 'part A123456789', '訂單 F131104093', '身分證 A323456789', '身分證 AA123456789'],
});

/** The check of a candidate (內政部戶政司): the letter is two digits by the county, weights 1, 9 and 8 to 1. */
function isTaiwaneseId(candidate: string, before: string): boolean {
  const county = 10 + COUNTIES.indexOf(candidate[0]!.toUpperCase());
  const sum = Math.floor(county / 10) + (county % 10) * 9 + weightedSum(candidate, WEIGHTS);
  return sum % 10 === 0 && !continuesNumber(candidate, before);
}

const COUNTIES = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 1, 1];
