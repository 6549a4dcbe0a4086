import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ch-ahv',
  family: 'pii',
  summary: 'Swiss social insurance numbers (AHV/AVS: 756, thirteen digits, EAN check digit), with or without dots.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\b756(?:\.\d{4}\.\d{4}\.| \d{4} \d{4} |\d{8})\d{2}\b/,
  check: isAhv,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'AHV-Nr. 756 4549 8606 91',
    'AHV-Nr. 756.4549.8606.91',
    '7568138174909',
    'no AVS: 756.1306.0314.79',
    '"ahv":"7561231767627"',
    'sie hat 756.8406.2889.32',
  ],
  ignores: [
    'AHV-Nr. 756 4549 8606 92',
    '756.4549.8606.92',
    '7568138174908',
    '757.4549.8606.91',
    '1.756.4549.8606.91',
    '75645498606',
    'tel +7564549860691',
  ],
});

/** The check of a candidate (Zentrale Ausgleichsstelle): the check digit of an EAN-13. */
function isAhv(candidate: string, before: string): boolean {
  return weightedSum(candidate, WEIGHTS) % 10 === 0 && !continuesNumber(candidate, before);
}

const WEIGHTS = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];
