import { weightedSum } from '../checks/weighted-sum.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ch-uid',
  family: 'pii',
  summary: 'Swiss company numbers (CHE and nine digits, modulo 11), with or without dots.',
  tier: 'block',
  severity: 'low',
  confidence: 0.96,
  pattern: /\bCHE[- ]?\d{3}(?:\.\d{3}\.|\d{3})\d{3}\b/i,
  check: isUid,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['UID CHE-488.197.211', 'CHE155662406', 'CHE-285.981.638 MWST', '"uid":"che-932.444.417"'],
  ignores: ['CHE-488.197.212', 'CHE155662407', 'CH-488.197.211', 'XCHE155662406', 'CHE-488.197'],
});

/** The check of a candidate (Bundesamt für Statistik, UID): weighted sum modulo 11. */
function isUid(candidate: string): boolean {
  return weightedSum(candidate, WEIGHTS) % 11 === 0;
}

const WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 1];
