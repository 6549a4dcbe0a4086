import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'au-abn',
  family: 'pii',
  summary: 'Australian business numbers (modulo 89), grouped as printed, with AU in front, or bare after a context word.',
  tier: 'block',
  severity: 'low',
  confidence: 0.93,
  pattern: /\b(?:AU)?[1-9]\d(?: \d{3} \d{3} \d{3}|\d{9})\b/,
  check: isAbn,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ABN 51 824 753 556', 'issued by 17 282 005 964, Sydney', 'abn: 38847964205', '"gst number":"39864446122"', 'AU52539860415'],
  ignores: ['ABN 51 824 753 557', 'order 51824753556', '51 824 753 557', 'AU52539860416', '1 51 824 753 556', 'call +51 824 753 556'],
});

/** The check of a candidate (Australian Business Register, "Format of the ABN"): one less in the first place, weighted sum modulo 89. */
function isAbn(candidate: string, before: string): boolean {
  if ((weightedSum(candidate, WEIGHTS) - 10) % 89 !== 0 || continuesNumber(candidate, before)) return false;
  return candidate.length > 11 || isNamed(before);
}

const WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
const isNamed = wordNearby(['abn', 'gst', 'business number', 'business no', ...TAX_WORDS]);
