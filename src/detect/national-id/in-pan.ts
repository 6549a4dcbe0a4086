import { continuesNumber } from '../checks/number-edges.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'in-pan',
  family: 'pii',
  summary:
    'Indian permanent account numbers (five letters, four digits, one letter) of an issued kind of holder; small letters after a word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: /\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b/i,
  check: isPan,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'PAN AFZPK7190K',
    'the tax office wrote to GABPP7308L',
    'pan: qrjcf0541n',
    '"PAN":"UMSCL5699Z"',
    'permanent account number AAACB1234C',
  ],
  ignores: ['ABCDE1234F', 'pan AUJDS3027I', 'AAAPA0000A', 'key qrjcf0541n', 'PAN AFZPK7190', 'XAFZPK7190K', 'id-AFZPK-7190-K'],
});

/** The check of a candidate (Income Tax Department): the fourth letter, in the pattern, is the kind of holder; serials begin with 0001. */
function isPan(candidate: string, before: string): boolean {
  if (candidate.slice(5, 9) === '0000' || continuesNumber(candidate, before)) return false;
  return candidate === candidate.toUpperCase() || isNamed(before);
}

const isNamed = wordNearby(['PAN', 'permanent account', 'income tax', 'पैन', ...TAX_WORDS]);
