import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['dowod', 'dowodu', 'id card', 'identity card']);

export default detector({
  name: 'pl-id-card',
  family: 'pii',
  summary: 'Polish identity card numbers (three letters, six digits, weights 7, 3, 1) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b[A-Z]{3} ?\d{6}\b/i,
  check: isPolishIdCard,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['dowód osobisty ABA300000', 'seria i numer dowodu: ABS 123456', '"dowod_osobisty":"ABA300000"', 'Polish id card abs123456'],
  ignores: ['dowód osobisty ABA400000', 'part ABA300000', 'dowód wpłaty ABC123456', 'lot ABS 123456', 'dowód ABAA300000'],
});

/** The check of a candidate (MSWiA): the first digit checks the others, letters count from 10. */
function isPolishIdCard(candidate: string, before: string): boolean {
  const code = candidate.toUpperCase();
  const letters = (code.charCodeAt(0) - 55) * 7 + (code.charCodeAt(1) - 55) * 3 + (code.charCodeAt(2) - 55);
  return (letters + weightedSum(code, WEIGHTS)) % 10 === 0 && !continuesNumber(candidate, before);
}

const WEIGHTS = [9, 7, 3, 1, 7, 3];
